"""委員名簿 and 出欠."""

from committee.choices import SeatState
from committee.models import Seat
from committee.papers.words import NOTHING
from committee.summaries.attendance import Roll
from townhall.paper.content import Column, Line, Section, Table, Text


def roll_sections(roll: Roll) -> tuple[Section, ...]:
    """None before the meeting is convened: an empty sheet helps nobody."""
    if not roll.seats:
        return ()
    return (Section("roll", "名簿と出欠", (roll_table(roll), Text("quorum", quorum_sentence(roll), is_small=True))),)


def roll_table(roll: Roll) -> Table:
    columns = (Column("職・氏名", 10), Column("区分", 3), Column("出欠", 4), Column("代理・書面の意見", 9))
    lines = tuple(_seat(seat) for seat in roll.seats)
    return Table("roll", columns, lines, empty="名簿はまだありません。招集すると名簿ができます。")


def _seat(seat: Seat) -> Line:
    said = (f"代理 {seat.proxy}" if seat.proxy else "", f"意見：{seat.opinion}" if seat.opinion else "")
    return Line(
        f"seat-{seat.pk}",
        (
            seat.seat,
            "委員" if seat.is_member else "委員外",
            SeatState(seat.state).label,
            "\n".join(filter(None, said)) or NOTHING,
        ),
    )


def quorum_sentence(roll: Roll) -> str:
    if not roll.members:
        return ""
    counted = f"出席{roll.present}人、代理{roll.proxies}人、欠席{roll.absent}人、未回答{roll.unknown}人。"
    quorate = {None: "", True: "定足数に達しています。", False: "定足数に達していません。"}[roll.is_quorate]
    confirmed = "" if roll.is_confirmed else "（町の要綱による確認前の例です）"
    return f"{counted}{quorate}{roll.definition}{confirmed}"
