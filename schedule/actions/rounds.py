"""期: made from the rule, moved, closed, reopened. Each change of a round, and the rule about it, stands here."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from schedule.actions.chasing import settle_round
from schedule.actions.reporting import (
    InvalidReportError,
    NotYoursError,
    ReportError,
    RoundNotOpenError,
    WrongStateError,
    locked,
)
from schedule.closing import changed_since, closing_check
from schedule.models import ReportingRound, RoundRule, RoundVisit
from schedule.rounds import RoundDates, rounds_of
from townhall.cells import clean_text
from townhall.changes import create_row, save_row
from townhall.models import ClosingDay, User
from townhall.permissions import Permission, refusal, sections_open_to

LONGEST_REASON = 1000
FROM_THE_RULE = "期の決まり"


class ChangedMeanwhileError(ReportError):
    """A report was saved after the check before closing was opened."""


class UnsavedDraftsError(ReportError):
    """The one who closes has typed something in this round that is not saved."""


@dataclass(frozen=True)
class Generated:
    """What one generation changed; a second one right after changes nothing."""

    created: tuple[ReportingRound, ...] = ()
    changed: tuple[ReportingRound, ...] = ()
    kept: tuple[ReportingRound, ...] = ()  # moved by a person, begun or closed: the rule leaves them alone
    passed: int = 0  # would have been over already; not made unless asked for


@transaction.atomic
def generate_rounds(rule: RoundRule, *, by: Any, today: date, with_passed: bool = False) -> Generated:
    """Make the rounds of the rule's plan and bring those that have not begun up to date with the rule.

    Rounds whose 提出期限 has passed are only counted, unless `with_passed`. Dates that a person moved are kept.
    """
    _require_management(by, today=today)
    plan, closing_days = rule.plan, ClosingDay.days()
    known = {(each.fiscal_year, each.quarter): each for each in ReportingRound.objects.filter(plan=plan)}
    wanted = rounds_of(rule, starts_on=plan.starts_on, ends_on=plan.ends_on, today=today, closing_days=closing_days)
    has_final = any(each.is_final for each in known.values())
    created, changed, kept, passed = [], [], [], 0
    for dates in wanted:
        found = known.get(dates.key)
        if found is not None:
            if _follow(found, dates, by=by, today=today):
                changed.append(found)
            else:
                kept.append(found)
        elif dates.is_final and has_final:
            continue
        elif dates.due_on < today and not with_passed:
            passed += 1
        else:
            created.append(_create(rule, dates, by=by, today=today))
    return Generated(tuple(created), tuple(changed), tuple(kept), passed)


def _create(rule: RoundRule, dates: RoundDates, *, by: Any, today: date) -> ReportingRound:
    return create_row(ReportingRound(plan=rule.plan, **vars(dates)), by=by, today=today, source=FROM_THE_RULE)


def _follow(round: ReportingRound, dates: RoundDates, *, by: Any, today: date) -> bool:
    """Give a round that has not begun the dates of the rule; False when it is left as it is."""
    if round.is_moved or round.is_closed or round.opens_on <= today:
        return False
    if all(getattr(round, name) == value for name, value in vars(dates).items()):
        return False
    for name, value in vars(dates).items():
        setattr(round, name, value)
    save_row(round, by=by, seen_version=round.version, today=today, source=FROM_THE_RULE)
    return True


@transaction.atomic
def move_round(
    round: ReportingRound,
    *,
    by: User,
    today: date,
    seen_version: int | None,
    opens_on: date,
    due_on: date,
    closes_on: date | None,
    reason: str,
) -> ReportingRound:
    """Move the dates by hand, also 「いま開く」 and 「期限を延ばす」; the rule does not touch them any more."""
    _require_management(by, today=today)
    round = locked(round)
    if round.is_closed:
        raise RoundNotOpenError(f"{round.label}は締め切っています。日付を変えるには、先に開け直してください。")
    reason = _reason(reason, "日付を変える理由")
    round.opens_on, round.due_on, round.closes_on, round.is_moved = opens_on, due_on, closes_on, True
    return _saved(round, by=by, seen_version=seen_version, today=today, reason=reason)


@transaction.atomic
def close_round(
    round: ReportingRound, *, by: User, today: date, now: datetime, seen_version: int | None, seen_stamp: str
) -> ReportingRound:
    """締切: from now on reports change only by 訂正, and what is missing is fixed as 未報告.

    `seen_stamp` is that of the check the person looked at (schedule/closing.py). Raises ChangedMeanwhileError when a
    report was saved since, UnsavedDraftsError when the person has unsaved rows of this round, else StaleVersion.
    """
    _require_management(by, today=today)
    round = locked(round)
    if round.is_closed:
        raise RoundNotOpenError(f"{round.label}は、もう締め切られています（{round.closed_by}）。")
    if not round.is_open_on(today):
        raise RoundNotOpenError(f"{round.label}は、まだ始まっていません。始まる前に締め切ることはできません。")
    check = closing_check(round, by=by)
    if check.own_drafts:
        rows = "・".join(draft.activity.label for draft in check.own_drafts)
        raise UnsavedDraftsError(f"保存していない入力があります（{rows}）。保存するか、消してから締め切ってください。")
    if check.stamp != seen_stamp:
        changed = changed_since(check, seen_stamp)
        raise ChangedMeanwhileError(
            f"確認の画面を開いたあとに、報告が変わりました{f'：{changed}' if changed else ''}。"
            "締め切っていません。もう一度確かめてください。"
        )
    round.closed_at, round.closed_by = now, by.described_on(today)
    round.unreported_at_close = [row.label for row in check.missing]
    saved = save_row(round, by=by, seen_version=seen_version, today=today)
    settle_round(saved)
    return saved


@transaction.atomic
def reopen_round(
    round: ReportingRound, *, by: User, today: date, now: datetime, seen_version: int | None, reason: str
) -> ReportingRound:
    """開け直す: the round takes reports again. Who, when and why stay on the round."""
    _require_management(by, today=today)
    round = locked(round)
    if not round.is_closed:
        raise WrongStateError(f"{round.label}は、締め切っていません。")
    reason = _reason(reason, "開け直す理由")
    round.closed_at, round.closed_by, round.unreported_at_close = None, "", []
    round.reopened_at, round.reopened_by, round.reopen_reason = now, by.described_on(today), reason
    return _saved(round, by=by, seen_version=seen_version, today=today, reason=reason)


def note_visit(round: ReportingRound, *, user: User, today: date) -> None:
    """閲覧: remember the last day; written once a person and day."""
    if RoundVisit.objects.filter(round=round, user=user, seen_on__gte=today).exists():
        return
    RoundVisit.objects.update_or_create(round=round, user=user, defaults={"seen_on": today})


def _require_management(by: Any, *, today: date) -> None:
    if isinstance(by, User) and sections_open_to(by, Permission.MANAGE_ROUND, today=today) is not None:
        raise NotYoursError(refusal(Permission.MANAGE_ROUND))


def _reason(typed: str, name: str) -> str:
    reason = clean_text(typed).strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidReportError({"reason": f"{name}を、{LONGEST_REASON}文字までで入力してください。"})
    return reason


def _saved(round: ReportingRound, *, by: User, seen_version: int | None, today: date, reason: str) -> ReportingRound:
    try:
        return save_row(round, by=by, seen_version=seen_version, today=today, reason=reason)
    except ValidationError as refused:
        raise InvalidReportError("".join(refused.messages)) from None
