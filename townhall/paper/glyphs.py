"""Which characters the fonts of the documents can show. What they cannot is printed as 〓, as printers always did. Pure."""

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent.parent / "fonts"
MISSING = "〓"

# Signs that choose between forms of the character before them, and blanks of every width: no glyph of their own.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LONG_RUN = re.compile(r"[!-~]{24,}")
_PIECE = 12


def printable(text: str) -> str:
    """The text with 〓 for what no font has, without signs that turn lines around or show nothing."""
    kept = _SELECTORS.sub("", text)
    return "".join(each if each == "\n" or ord(each) in covered() else _instead(each) for each in kept)


def breakable(text: str) -> str:
    """A run of letters without a blank (an address, a code) would leave the paper: it may be broken anywhere."""
    return _LONG_RUN.sub(lambda run: "\u200b".join(_pieces(run.group())), text)


def _pieces(run: str) -> Iterator[str]:
    return (run[at : at + _PIECE] for at in range(0, len(run), _PIECE))


def _instead(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Zs" or character == "\t":
        return " "
    composed = unicodedata.normalize("NFKC", character)
    if composed != character and all(ord(each) in covered() for each in composed):
        return composed
    return "" if category in ("Cf", "Cc") else MISSING


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    return frozenset().union(*(characters_of(font) for font in sorted(FONTS.glob("*.ttf"))))


def characters_of(font: Path) -> frozenset[int]:
    """From the font's `cmap`: its subtables of format 4 (16 bits) and 12 (32 bits)."""
    with font.open("rb") as file:
        count = struct.unpack(">4xH6x", file.read(12))[0]
        tables = {row[0]: row for row in struct.iter_unpack(">4s4xII", file.read(16 * count))}
        _, offset, length = tables[b"cmap"]
        file.seek(offset)
        cmap = file.read(length)
    found: set[int] = set()
    for _, _, start in struct.iter_unpack(">HHI", cmap[4 : 4 + 8 * struct.unpack_from(">H", cmap, 2)[0]]):
        found |= _in_subtable(cmap[start:])
    return frozenset(found)


def _in_subtable(table: bytes) -> set[int]:
    kind = struct.unpack_from(">H", table)[0]
    if kind == 12:
        groups = struct.unpack_from(">I", table, 12)[0]
        rows = struct.iter_unpack(">III", table[16 : 16 + 12 * groups])
        return {code for first, last, glyph in rows for code in range(first, last + 1) if glyph or code > first}
    return _in_segments(table) if kind == 4 else set()


def _in_segments(table: bytes) -> set[int]:
    size = struct.unpack_from(">H", table, 6)[0]
    at = {"end": 14, "start": 16 + size, "delta": 16 + 2 * size, "offset": 16 + 3 * size}
    columns = {name: struct.unpack_from(f">{size // 2}H", table, start) for name, start in at.items()}
    found: set[int] = set()
    for number, (start, end) in enumerate(zip(columns["start"], columns["end"], strict=True)):
        delta, offset = columns["delta"][number], columns["offset"][number]
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code + delta
            if offset:
                place = at["offset"] + 2 * number + offset + 2 * (code - start)
                glyph = struct.unpack_from(">H", table, place)[0]
            if glyph & 0xFFFF:
                found.add(code)
    return found
