"""How the text of a chapter is written down. Pure.

Paragraphs are separated by an empty line. 「■ 」 begins a heading, ［基本理念］ alone is replaced by that list, and
【※n】 refers to a term of the glossary.
"""

import re
from enum import StrEnum


class Insert(StrEnum):
    """Lists of the plan that stand inside a chapter; the value is what is written between ［ and ］."""

    PRINCIPLES = "基本理念"
    PRIORITIES = "重点的に取り組む事項"
    STUDIES = "検討事項"
    SCHEDULE = "全体スケジュール"
    ROLES = "役割の一覧"


HEADING = "■ "
INSERT_LINE = re.compile(r"［([^［］]*)］")


def paragraphs_of(text: str) -> list[str]:
    return [paragraph for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if paragraph]


def join_lines(paragraph: str) -> str:
    """One paragraph from its lines: Japanese runs on without a blank, two words of Latin letters keep one."""
    lines = [line.strip() for line in paragraph.split("\n")]
    return re.sub(r"(?<=[0-9A-Za-z])\n(?=[0-9A-Za-z])", " ", "\n".join(lines)).replace("\n", "")
