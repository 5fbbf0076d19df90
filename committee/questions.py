"""照会 and 回答: several questions go out at once, and each gets its own answer. No database here."""

from collections.abc import Mapping, Sequence

from townhall.refusal import Refused

MOST_AT_ONCE = 5


def as_one(texts: Sequence[str]) -> str:
    """Several texts as the one text of an event: 「(1) …」 per line; a single one as it is."""
    said = [text.strip() for text in texts if text.strip()]
    return said[0] if len(said) == 1 else "\n".join(f"({number}) {text}" for number, text in enumerate(said, start=1))


def check_answers(open_numbers: Sequence[int], answers: Mapping[int, str]) -> dict[int, str]:
    """One answer for each open question. Raises Refused for the first that has none."""
    given = {number: answers.get(number, "").strip() for number in open_numbers}
    for number, text in given.items():
        if not text:
            raise Refused(f"照会{number}への回答を入力してください。")
    return given
