"""期の設定: the rounds of each plan with their days and how far they are reported, and what the rule would make."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from initiatives.models import Plan
from schedule.choices import ReportState, RoundState
from schedule.letters import day_in_words
from schedule.models import ReportingRound, RoundRule
from schedule.rounds import RoundDates, rounds_of
from townhall import fiscal
from townhall.models import ClosingDay

AHEAD = timedelta(days=366)  # how far the preview of a rule looks


@dataclass(frozen=True)
class RoundLine:
    round: ReportingRound
    state: RoundState
    due_on: date  # as a working day
    closes_on: date
    reported: int
    total: int


@dataclass(frozen=True)
class PlanRounds:
    plan: Plan
    lines: tuple[RoundLine, ...]  # newest first


@dataclass(frozen=True)
class PlannedRound:
    """A round as the rule wants it, and what becomes of it when the rounds are made."""

    label: str
    period_label: str
    dates: RoundDates
    outcome: str


def rounds_page(plans: Iterable[Plan], *, today: date) -> list[PlanRounds]:
    """Two queries and two per plan."""
    closing_days = ClosingDay.days()
    return [_of_plan(plan, closing_days, today=today) for plan in plans]


def _of_plan(plan: Plan, closing_days: frozenset[date], *, today: date) -> PlanRounds:
    total = plan.activities.count()
    is_reported = Count("reports", filter=Q(reports__state__in=ReportState.REPORTED))
    rounds = plan.rounds.latest_first().select_related("plan").annotate(reported=is_reported)
    lines = tuple(
        RoundLine(
            each,
            each.state_on(today),
            each.deadline(closing_days),
            each.closing_day(closing_days),
            each.reported,
            total,
        )
        for each in rounds
    )
    return PlanRounds(plan, lines)


def rule_in_words(rule: RoundRule) -> str:
    who = "課長が確認してから提出になります" if rule.head_confirms else "そのまま提出になります"
    return (
        f"{rule.get_interval_display()}に集めます。対象期間の{_from_the_end(rule.opens_after)}に入力を始め、"
        f"{_from_the_end(rule.due_after)}を提出期限、{_from_the_end(rule.closes_after)}を締切の予定にします。"
        f"最終評価は、計画期間の{_from_the_end(rule.final_after)}に始めます。担当が入力した報告は、{who}。"
    )


def _from_the_end(days: int) -> str:
    if days == 0:
        return "末日"
    return f"末日の{days}日後" if days > 0 else f"末日の{-days}日前"


def planned_rounds(rule: RoundRule, *, today: date) -> tuple[PlannedRound, ...]:
    """What the rule gives for the coming year; the last round of all when nothing lies ahead. Two queries."""
    plan, closing_days = rule.plan, ClosingDay.days()
    wanted = rounds_of(rule, starts_on=plan.starts_on, ends_on=plan.ends_on, today=today, closing_days=closing_days)
    ahead = [each for each in wanted if each.due_on >= today and each.opens_on <= today + AHEAD]
    known = {(each.fiscal_year, each.quarter): each for each in ReportingRound.objects.filter(plan=plan)}
    final = next((each for each in known.values() if each.is_final), None)
    lines = []
    for each in ahead or wanted[-1:]:
        unsaved = ReportingRound(plan=plan, **vars(each))
        found = final if each.is_final and final else known.get(each.key)
        lines.append(PlannedRound((found or unsaved).label, unsaved.period_label, each, _outcome(found, each, today)))
    return tuple(lines)


def _outcome(found: ReportingRound | None, wanted: RoundDates, today: date) -> str:
    if found is None:
        return "まだありません"
    if all(getattr(found, name) == getattr(wanted, name) for name in ("opens_on", "due_on", "closes_on")):
        return "できています"
    until = fiscal.format_date(found.due_on)
    if found.is_moved:
        return f"手で決めた日付のまま（提出期限 {until}）"
    if found.is_closed or found.opens_on <= today:
        return f"始まっているため、そのまま（提出期限 {until}）"
    return f"そろえると変わります（いまは{until}）"


def days_in_words(round: ReportingRound) -> tuple[tuple[str, str], ...]:
    return (
        ("いまの入力の始め", day_in_words(round.opens_on)),
        ("いまの提出期限", day_in_words(round.due_on)),
        ("いまの締切の予定", day_in_words(round.closes_on) if round.closes_on else "提出期限の日"),
    )


def closed_days_in_words(round: ReportingRound) -> str:
    """Which day counts where the round's own day is no working day; "" when every day is one."""
    closing_days = ClosingDay.days()
    due_on, closes_on = round.deadline(closing_days), round.closing_day(closing_days)
    told = []
    if due_on != round.due_on:
        told.append(
            f"提出期限の{day_in_words(round.due_on)}は閉庁日です。{day_in_words(due_on)}までの報告が、期限内になります。"
        )
    if round.closes_on and closes_on != round.closes_on:
        told.append(
            f"締切の予定の{day_in_words(round.closes_on)}は閉庁日です。{day_in_words(closes_on)}に締め切る予定になります。"
        )
    return "".join(told)
