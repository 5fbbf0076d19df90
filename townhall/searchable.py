"""Comparing Japanese text as people read it: 全角/半角, 大文字/小文字, ひらがな/カタカナ are the same word."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_VOICED_MARKS = "ﾞﾟ\u3099\u309a"
_KATAKANA = range(0x30A1, 0x30F7)
_TO_HIRAGANA = 0x60


@dataclass(frozen=True)
class Searchable:
    """`text` to look in, and for each of its characters where it came from: half-width ｶﾞ is two that become one."""

    text: str
    origins: tuple[int, ...]
    original: str

    def places(self, word: str) -> Iterator[tuple[int, int]]:
        """Start and end in the original of each place where the folded `word` stands."""
        at = self.text.find(word) if word else -1
        while at >= 0:
            end = at + len(word)
            last = self.origins[end] if end < len(self.origins) else len(self.original)
            yield self.origins[at], last
            at = self.text.find(word, end)


def searchable(text: str) -> Searchable:
    characters: list[str] = []
    origins: list[int] = []
    for start, cluster in _clusters(text):
        for character in _folded(cluster):
            characters.append(character)
            origins.append(start)
    return Searchable("".join(characters), tuple(origins), text)


def query_words(text: str) -> list[str]:
    """The words of a query; blanks of any width part them."""
    return list(dict.fromkeys(searchable(word).text for word in text.split()))


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and text[end] in _VOICED_MARKS:
            end += 1
        yield start, text[start:end]
        start = end


def _folded(cluster: str) -> str:
    normal = unicodedata.normalize("NFKC", cluster).casefold()
    return "".join(chr(ord(each) - _TO_HIRAGANA) if ord(each) in _KATAKANA else each for each in normal)


def merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, overlapping ones joined."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
