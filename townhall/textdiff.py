"""What changed between two texts, in runs of characters a reader takes in at one glance. Pure.

Japanese has no blanks between words, so a difference by character falls apart into single signs, and one by line says
「everything」. Runs of one script (漢字, かな, カナ, letters, digits, signs) come close to words without a dictionary.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from enum import Enum
from typing import NamedTuple

# Beyond either limit lines are compared, and beyond the second one the text as a whole: a page stays quick whatever
# somebody pasted. Pairs = how often a run of the one text meets its like in the other; difflib's work grows with it.
MOST_CHARACTERS = 4_000
MOST_PAIRS = 60_000

# So short a remainder between two changes is no orientation, only noise.
_TOO_SHORT_TO_KEEP = 2

_KANJI = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3005-\u3007"  # with 々〆〇
_HIRAGANA = r"\u3041-\u309f"
_KATAKANA = r"\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # with ー, without ・
_DIGITS = r"0-9\uff10-\uff19"
_RUNS = re.compile(
    rf"[{_KANJI}]+|[{_HIRAGANA}]+|[{_KATAKANA}]+"
    rf"|[{_DIGITS}]+(?:[.,\uff0e\uff0c][{_DIGITS}]+)*"  # 1,450 and 0.5 are one number
    rf"|(?:(?![{_KANJI}{_HIRAGANA}{_KATAKANA}])[^\W\d_])+"  # letters of any other script
    r"|\n|[^\S\n]+"
    r"|(.)\1*",  # any other sign, repeated: ………
    re.DOTALL,
)


class Kind(Enum):
    SAME = "same"
    DELETED = "deleted"
    ADDED = "added"


class Part(NamedTuple):
    kind: Kind
    text: str


def text_diff(old: str, new: str) -> tuple[Part, ...]:
    """SAME and DELETED parts joined are `old`, SAME and ADDED ones `new`; what is deleted stands before what is added.

    No two neighbours are of one kind and no part is empty.
    """
    if old == new:
        return _joined([Part(Kind.SAME, old)])
    if max(len(old), len(new)) <= MOST_CHARACTERS:
        parts = _compared(old, new, _runs_of)
        if parts is not None:
            return parts
    parts = _compared(old, new, _lines_of)
    return parts if parts is not None else _joined([Part(Kind.DELETED, old), Part(Kind.ADDED, new)])


def _runs_of(text: str) -> list[str]:
    return [match.group() for match in _RUNS.finditer(text)]


def _lines_of(text: str) -> list[str]:
    # Not `splitlines`: it would break at signs that stay within a line here.
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _compared(old: str, new: str, split: Callable[[str], list[str]]) -> tuple[Part, ...] | None:
    """None when it would cost too much."""
    before, after = split(old), split(new)
    head = _same_at_start(before, after)
    tail = _same_at_start(before[head:][::-1], after[head:][::-1])
    left, right = before[head : len(before) - tail], after[head : len(after) - tail]
    counts = Counter(right)
    if sum(counts[token] for token in left) > MOST_PAIRS:
        return None
    parts = [
        Part(Kind.SAME, "".join(before[:head])),
        *_without_noise(_matched(left, right)),
        Part(Kind.SAME, "".join(before[len(before) - tail :])),
    ]
    return _joined(parts)


def _same_at_start(before: Sequence[str], after: Sequence[str]) -> int:
    pairs = zip(before, after, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))


def _matched(before: list[str], after: list[str]) -> Iterable[Part]:
    # autojunk would call 「の」 junk in a long text, and with it everything between two of them a change.
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, start_after, end_after in matcher.get_opcodes():
        if tag == "equal":
            yield Part(Kind.SAME, "".join(before[start:end]))
        else:
            yield Part(Kind.DELETED, "".join(before[start:end]))
            yield Part(Kind.ADDED, "".join(after[start_after:end_after]))


def _without_noise(parts: Iterable[Part]) -> Iterable[Part]:
    """A sign or two between changes joins them: 「R7年の」→「R8年の」 reads better than four pieces."""
    known = [part for part in parts if part.text]
    for at, part in enumerate(known):
        between_changes = 0 < at < len(known) - 1
        if part.kind is Kind.SAME and between_changes and _is_noise(part.text):
            yield Part(Kind.DELETED, part.text)
            yield Part(Kind.ADDED, part.text)
        else:
            yield part


def _is_noise(text: str) -> bool:
    """Line ends stay: they are what a reader finds his place by."""
    return len(text) <= _TOO_SHORT_TO_KEEP and "\n" not in text


def _joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Neighbouring changes become one deletion and one addition."""
    joined: list[Part] = []
    deleted, added = "", ""
    for part in [*parts, Part(Kind.SAME, "")]:
        if part.kind is Kind.DELETED:
            deleted += part.text
        elif part.kind is Kind.ADDED:
            added += part.text
        else:
            joined += [each for each in (Part(Kind.DELETED, deleted), Part(Kind.ADDED, added)) if each.text]
            deleted, added = "", ""
            if part.text and joined and joined[-1].kind is Kind.SAME:
                joined[-1] = Part(Kind.SAME, joined[-1].text + part.text)
            elif part.text:
                joined.append(part)
    return tuple(joined)


def shortened(parts: Iterable[Part], around: int) -> tuple[Part, ...]:
    """For lists: of what stayed the same only `around` characters beside each change, the rest as 「…」."""
    known = tuple(parts)
    return tuple(
        Part(part.kind, _cut(part.text, around, is_first=at == 0, is_last=at == len(known) - 1))
        if part.kind is Kind.SAME
        else part
        for at, part in enumerate(known)
    )


def _cut(text: str, around: int, *, is_first: bool, is_last: bool) -> str:
    kept_left, kept_right = 0 if is_first else around, 0 if is_last else around
    if is_first and is_last:
        kept_left = around
    if len(text) <= kept_left + kept_right + 1:
        return text
    return f"{text[:kept_left]}…{text[len(text) - kept_right :]}"
