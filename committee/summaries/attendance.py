"""出欠 and 定足数 as pages show them."""

from dataclasses import dataclass

from committee.choices import QuorumRule, SeatState
from committee.models import CommitteeRules, Meeting, Seat


@dataclass(frozen=True)
class Roll:
    """Who was called and who came. `quorum`: how many of the members must attend; None: the town asks for no number."""

    seats: tuple[Seat, ...]
    quorum: int | None
    rule: str
    counts_proxies: bool
    is_confirmed: bool  # did a person check the rule against the town's own 要綱?
    answered: frozenset[int] | None = None  # 書面開催: the people who answered every subject

    @property
    def members(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.is_member)

    @property
    def observers(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if not seat.is_member)

    def _count(self, state: SeatState) -> int:
        return sum(seat.state == state for seat in self.members)

    @property
    def present(self) -> int:
        return self._count(SeatState.PRESENT)

    @property
    def proxies(self) -> int:
        return self._count(SeatState.PROXY)

    @property
    def absent(self) -> int:
        return self._count(SeatState.ABSENT)

    @property
    def unknown(self) -> int:
        return self._count(SeatState.UNKNOWN)

    @property
    def attending(self) -> int:
        """What is compared with the quorum."""
        if self.answered is not None:
            return sum(seat.person_id in self.answered for seat in self.members)
        return self.present + (self.proxies if self.counts_proxies else 0)

    @property
    def is_quorate(self) -> bool | None:
        """None where no number is asked for."""
        return None if self.quorum is None else self.attending >= self.quorum

    @property
    def opinions(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.opinion)

    @property
    def definition(self) -> str:
        """How the number comes about, said beside it."""
        if self.quorum is None:
            return "定足数は定めていません。" if self.members else "名簿に委員がいません。"
        if self.answered is not None:
            return f"定足数 {self.quorum}人＝{self.rule}（委員{len(self.members)}人、すべての議題に回答した人を数えます）。"
        proxies = "代理出席を数えます" if self.counts_proxies else "代理出席は数えません"
        return f"定足数 {self.quorum}人＝{self.rule}（委員{len(self.members)}人、{proxies}）。"


def roll_of(meeting: Meeting, rules: CommitteeRules) -> Roll:
    """One query, two for 書面開催."""
    seats = tuple(meeting.seats.order_by("order", "pk"))
    return Roll(
        seats=seats,
        quorum=rules.quorum_of(sum(seat.is_member for seat in seats)),
        rule=QuorumRule(rules.quorum_rule).label,
        counts_proxies=rules.counts_proxies,
        is_confirmed=rules.is_confirmed,
        answered=_answered(meeting) if meeting.is_written else None,
    )


def _answered(meeting: Meeting) -> frozenset[int]:
    """Who answered every subject: each answer is one of a person and a subject."""
    subjects: dict[int, set[int]] = {}
    rows = meeting.items.filter(follows_up=False).values_list("pk", "answers__person")
    for subject, person in rows:
        subjects.setdefault(subject, set()).add(person)
    return frozenset.intersection(*map(frozenset, subjects.values())) if subjects else frozenset()
