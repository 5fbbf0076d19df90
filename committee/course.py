"""How far a proposal has come, told from its events: seven steps, questions and answers, what happened. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from committee.choices import ProposalAction, ProposalState
from townhall import fiscal

if TYPE_CHECKING:
    from committee.models import Decision, Meeting, Proposal, ProposalEvent, ProposalQuestion

A, S = ProposalAction, ProposalState

NAMES = ("作成", "課内の決裁", "事務局の確認", "委員会の審査", "決定の通知", "予算要求", "実施・効果の検証")
STANDS_AT = {
    **{S.DRAFT: 1, S.SECTION_REVIEW: 2, S.SUBMITTED: 3, S.RETURNED: 3, S.TABLED: 4, S.CONTINUED: 4, S.REJECTED: 5},
    **{S.ADOPTED: 6, S.CONDITIONAL: 6, S.REQUESTED: 6, S.UNFUNDED: 6, S.BUDGETED: 7},
    **{S.RUNNING: 7, S.MEASURED: 7, S.COMPLETED: 7},
}
DECIDED_STEP = 5
OVER = (S.REJECTED, S.COMPLETED)  # the step it stands at is done
STOPPED = {S.WITHDRAWN: A.WITHDRAW, S.DROPPED: A.DROP}
WAITING_WORDS = {
    S.DRAFT: "作成中",
    S.SECTION_REVIEW: "決裁待ち",
    S.SUBMITTED: "確認中",
    S.RETURNED: "照会中",
    S.CONTINUED: "継続審議",
    S.WITHDRAWN: "取下げ",
    S.ADOPTED: "要求の前",
    S.CONDITIONAL: "要求の前",
    S.REQUESTED: "査定待ち",
    S.UNFUNDED: "予算見送り",
    S.BUDGETED: "実施の前",
    S.RUNNING: "実施中",
    S.MEASURED: "検証済み",
    S.DROPPED: "見送り",
}


@dataclass(frozen=True)
class FlowStep:
    number: int
    name: str
    who: str
    when: str
    status: str  # done, current, todo


@dataclass(frozen=True)
class Thread:
    """照会 and its 回答; `answer` is empty while it is open."""

    number: int
    question: str
    asked_by: str
    asked_on: date
    answer: str = ""
    answered_by: str = ""
    answered_on: date | None = None


@dataclass(frozen=True)
class Moment:
    """One line of 経過."""

    day: date
    text: str
    actor: str
    comment: str


def month_day(day: date, *, today: date) -> str:
    """11月5日; with the year when it is not this year's."""
    return fiscal.format_date(day) if day.year != today.year else f"{day.month}月{day.day}日"


def step_of(proposal: "Proposal", events: Sequence["ProposalEvent"]) -> int:
    """1–7: the step that is going on; for a closed proposal the last one it reached."""
    state = proposal.state_choice
    if state in STOPPED:
        last = next((event.from_state for event in reversed(events) if event.action == STOPPED[state]), S.DRAFT)
        return STANDS_AT[S(last)]
    return STANDS_AT[state]


def flow(
    proposal: "Proposal",
    events: Sequence["ProposalEvent"],
    *,
    today: date,
    meeting: "Meeting | None",
    decision: "Decision | None",
) -> tuple[FlowStep, ...]:
    """The seven steps with who and when. `meeting`: the one it is before; `decision`: the last one made."""
    here = step_of(proposal, events)
    decided, over = proposal.state in S.DECIDED, proposal.state in OVER
    section, done = proposal.section.name, _days_done(events)
    if decision is not None and decided:
        done[4] = done[5] = decision.decided_on
    who = {1: section, 2: f"{section}長", 3: "事務局", 4: "情報化推進委員会", 5: "委員長", 6: section, 7: section}
    held = meeting or (decision.item.meeting if decision is not None and decided else None)
    if held is not None:
        who[4] = held.short_name
    steps = []
    for number, name in enumerate(NAMES, start=1):
        status = "done" if number < here or (over and number <= here) else "current" if number == here else "todo"
        day = done.get(number)
        when = month_day(day, today=today) if day and status == "done" else ""
        if status == "current":
            when = WAITING_WORDS.get(proposal.state_choice, "")
        if number == 4 and meeting is not None:
            when = f"{month_day(meeting.held_on, today=today)}{'予定' if meeting.held_on >= today else ''}"
        if number > DECIDED_STEP and proposal.state == S.REJECTED:
            when = "行いません"
        steps.append(FlowStep(number, name, who[number], when, status))
    return tuple(steps)


def _days_done(events: Sequence["ProposalEvent"]) -> dict[int, date]:
    """Step → the day it was last completed."""
    days: dict[int, date] = {}
    for event in events:
        day = fiscal.japan_date(event.at)
        if event.action in (A.CREATE, A.SUBMIT):
            days[1] = day
        if event.to_state == S.SUBMITTED and event.from_state in (S.DRAFT, S.SECTION_REVIEW, S.RETURNED):
            days[2] = day
        if event.action == A.TABLE:
            days[3] = day
        if event.action in (A.FUND, A.FUND_PARTLY) or (event.action == A.START and 6 not in days):
            days[6] = day
        if event.action == A.COMPLETE:
            days[7] = day
    return days


def threads(questions: Sequence["ProposalQuestion"]) -> tuple[Thread, ...]:
    """Questions numbered as they were asked, each with its answer; the open ones first."""
    found = [
        Thread(
            question.number,
            question.question,
            question.asked_by,
            fiscal.japan_date(question.asked_at),
            question.answer,
            question.answered_by,
            fiscal.japan_date(question.answered_at) if question.answered_at else None,
        )
        for question in questions
    ]
    return tuple(sorted(found, key=lambda thread: bool(thread.answer)))


def moments(events: Sequence["ProposalEvent"], *, inside: bool) -> tuple[Moment, ...]:
    """経過, newest first. Questions and answers stand in full in `threads`, so here they have no text.

    `inside`: the reader belongs to the section. What its head told its clerk is nobody else's.
    """
    without_text = (A.RETURN, A.ANSWER) if inside else (A.RETURN, A.ANSWER, A.SEND_BACK)
    return tuple(
        Moment(
            day=fiscal.japan_date(event.at),
            text=_told(event),
            actor=event.actor,
            comment="" if event.action in without_text else event.comment,
        )
        for event in reversed(events)
    )


def _told(event: "ProposalEvent") -> str:
    label = A(event.action).label
    submitted = event.to_state == S.SUBMITTED and event.action in (A.SUBMIT, A.APPROVE, A.ANSWER)
    if submitted:
        return (
            f"{label}（第{event.edition}版として提出）" if event.action != A.SUBMIT else f"提出（第{event.edition}版）"
        )
    if event.action == A.SUBMIT:
        return "課長の決裁へ提出"
    return label
