"""Mend text that was extracted from a typeset page of the plan. Pure: a string in, a string out.

Blanks cannot simply be deleted: 「ひと まち みどり」 and "Robotic Process Automation" keep theirs. What is joined are
runs of *single* characters, which no one writes on purpose.
"""

import re

KANJI = r"[々\u3400-\u9fff]"
JAPANESE = r"[\u3001-\u303f\u3040-\u30ff\u3400-\u9fff\uff01-\uff60]"

# Found in the plan's schedule: letters of another alphabet that an extraction put in place of Katakana.
LOOK_ALIKES = str.maketrans({"й": "イ", "д": "ド"})

# Words whose own blank is lost when their letters are joined.
DICTIONARY = {"Society5.0": "Society 5.0"}

PARAGRAPH_TAG = re.compile(r"\s*</?p>\s*")
SPACED_LETTERS = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z](?: [0-9A-Za-z.\-])+(?![0-9A-Za-z])")
SPACED_KANJI = re.compile(rf"(?<!\S){KANJI}(?: {KANJI})+(?!\S)")
SPACED_YEAR = re.compile(r"令 ?和 ?(元|[0-9]+) ?年( ?度)?")
BRACKETS = re.compile(r"\(([^()]*)\)")
LIST_NUMBER = re.compile(r"((?<!\S)\([0-9]+\)(?=\s))")

TERM_MARK = re.compile(r"【※([0-9]+)】")


def normalise_source(text: str) -> str:
    """The text as its authors meant it; paragraphs stand on lines of their own. Applying it twice changes nothing."""
    mended = "\n".join(part for part in PARAGRAPH_TAG.split(text.translate(LOOK_ALIKES)) if part)
    mended = SPACED_YEAR.sub(lambda m: f"令和{m[1]}年{'度' if m[2] else ''}", mended)
    mended = SPACED_KANJI.sub(_joined, mended)
    mended = SPACED_LETTERS.sub(_joined_letters, mended)
    # Only now: a blank beside the joined letters belonged to the run, not to the sentence.
    mended = mended.replace("\ue000 ", "").replace(" \ue000", "").replace("\ue000", "")
    for run, word in DICTIONARY.items():
        mended = mended.replace(run, word)
    return _tidy_punctuation(mended)


def normalise_cell(text: str) -> str:
    """A narrow cell such as 実施時期: its words were broken over lines, so every blank is a stray one."""
    return re.sub(r"\s+", "", normalise_source(text))


def without_marks(text: str) -> str:
    """「デジタルデバイド【※7】対策」 → 「デジタルデバイド対策」"""
    return TERM_MARK.sub("", text)


def mark_numbers(text: str) -> list[int]:
    return [int(number) for number in TERM_MARK.findall(text)]


def _joined(run: re.Match[str]) -> str:
    return run[0].replace(" ", "")


def _joined_letters(run: re.Match[str]) -> str:
    """The joined letters, with a private mark on each side that touches a blank and then Japanese text."""
    before, after = run.string[: run.start()], run.string[run.end() :]
    left = "\ue000" if re.search(rf"{JAPANESE} $", before) else ""
    right = "\ue000" if re.match(rf" {JAPANESE}", after) else ""
    return left + _joined(run) + right


def _tidy_punctuation(text: str) -> str:
    text = re.sub(r"～ +", "～", text)
    text = re.sub(r" +(?=【※)", "", text)
    text = re.sub(r"。 +", "。\n", text)
    text = re.sub(r" +・", "\n・", text)
    lines = (_full_width_brackets(line) for line in text.split("\n"))
    return "\n".join(line.strip() for line in lines)


def _full_width_brackets(line: str) -> str:
    """「空間 (仮想空間) と」 → 「空間（仮想空間）と」. A list number such as (1) stays; its dash goes."""
    line = re.sub(r"^\s*-\s+(?=\([0-9]+\)\s)", "", line)
    parts = LIST_NUMBER.split(line)
    parts[::2] = (re.sub(r" *（|） +", lambda m: m[0].strip(), BRACKETS.sub(r"（\1）", part)) for part in parts[::2])
    return "".join(parts)
