"""変更履歴: of everything, of one row, and the whole plan on two days."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.models import Plan
from otaki_dx.days import KnownDay, known_days, read_day
from otaki_dx.history_filters import HistoryFilterForm
from otaki_dx.history_sources import sources_for
from otaki_dx.plan_pages import count_own_items
from otaki_dx.recent_changes import ShownChange, recent_changes, shown
from otaki_dx.viewpoint import asked_day, chooser
from schedule.choices import ReportState
from schedule.models import Activity, ProgressReport
from schedule.summaries.compare import Comparison, compare
from townhall import fiscal
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


@dataclass(frozen=True)
class NamedChange:
    """A change with the name of what was changed: the row itself, or its report of one round."""

    what: str
    change: ShownChange


@require_safe
@requires(Permission.VIEW_HISTORY)
def history(request: PortalRequest) -> HttpResponse:
    form = HistoryFilterForm(request.GET, plan=_plan(request), sources=sources_for(request.user, today=request.today))
    changes = recent_changes(
        request.user,
        today=request.today,
        wanted=form.wanted(),
        older_than=request.GET.get("older", ""),
        newer_than=request.GET.get("newer", ""),
    )
    return _page(request, "otaki_dx/history.html", {"changes": changes, "form": form, "conditions": form.conditions()})


@require_safe
@requires(Permission.VIEW_HISTORY)
def activity_history(request: PortalRequest, code: str) -> HttpResponse:
    rows = Activity.objects.select_related("plan", "owner_section", "initiative__owner_section")
    activity = rows.filter(plan=_plan(request), code=code).first()
    if activity is None:
        raise Http404(f"行 {code} は、この計画の全体スケジュールにありません。")
    sees_drafts = can(request.user, Permission.RECORD_PROGRESS, today=request.today, section=activity.section_id or 0)
    changes = _changes_of(activity, sees_drafts=sees_drafts)
    whats = list(dict.fromkeys(named.what for named in changes))
    labels = sorted({field.label for named in changes for field in named.change.fields})
    what, label = request.GET.get("what", ""), request.GET.get("field", "")
    context = {
        "activity": activity,
        "changes": _only(changes, what=what if what in whats else "", label=label if label in labels else ""),
        "has_changes": bool(changes),
        "whats": whats,
        "labels": labels,
        "what": what,
        "label": label,
    }
    return _page(request, "otaki_dx/activity_history.html", context)


@dataclass(frozen=True)
class TwoDays:
    """What somebody asked to compare, in order, and what had to be said about it."""

    earlier: date
    later: date
    sentences: tuple[str, ...]

    @property
    def is_one_day(self) -> bool:
        return self.earlier == self.later


@require_safe
@requires(Permission.VIEW_HISTORY)
def history_compare(request: PortalRequest) -> HttpResponse:
    plan = _plan(request)
    may_see_meetings = can(request.user, Permission.VIEW_MEETING, today=request.today)
    known = known_days(plan, today=request.today, with_meetings=may_see_meetings)
    days = _two_days(request, default=known[0].day if known else None)
    comparison: Comparison | None = None
    if plan and not days.is_one_day:
        comparison = compare(plan, earlier=days.earlier, later=days.later)
    choices = (KnownDay(request.today, f"今日（{fiscal.format_date(request.today)}）"), *known)
    context = {
        "plan": plan,
        "days": days,
        "choosers": (
            chooser("from", "はじめの日", days.earlier, choices),
            chooser("to", "あとの日", days.later, choices),
        ),
        "comparison": comparison,
    }
    return _page(request, "otaki_dx/history_compare.html", context)


def _two_days(request: PortalRequest, *, default: date | None) -> TwoDays:
    """?from= and ?to=, chosen from the list (from_day, to_day) or typed; swapped when they stand the wrong way round."""
    asked = [asked_day(request, "from"), asked_day(request, "to")]
    (first, first_said), (last, last_said) = (read_day(text, today=request.today) for text in asked)
    if not asked[0] and default and default < last:
        first = default
    sentences = [
        sentence.replace("今日の状況を表示しています", "今日にしました") for sentence in (first_said, last_said)
    ]
    if first > last:
        first, last = last, first
        sentences.append("はじめの日があとの日より新しかったので、入れ替えて比べています。")
    return TwoDays(first, last, tuple(dict.fromkeys(sentence for sentence in sentences if sentence)))


def _page(request: PortalRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    count_own_items(request)
    return render(request, template, context)


def _plan(request: PortalRequest) -> Plan | None:
    return Plan.objects.current(today=request.today)


def _changes_of(activity: Activity, *, sees_drafts: bool) -> list[NamedChange]:
    """Two queries: the row's own changes and those of all its reports, newest first."""
    own = activity.history.select_related("plan", "initiative", "owner_section").order_by("history_id")
    reports = ProgressReport.history.filter(activity=activity).select_related("activity__initiative", "round")
    if not sees_drafts:
        reports = reports.exclude(state=ReportState.DRAFT)
    changes = _paired(own, "行の内容")
    by_report: dict[int, list[Any]] = {}
    for record in reports.order_by("history_id"):
        by_report.setdefault(record.id, []).append(record)
    for records in by_report.values():
        changes += _paired(records, records[-1].round.label)
    return sorted(changes, key=lambda named: named.change.at, reverse=True)


def _paired(records: Any, what: str) -> list[NamedChange]:
    """Each record against the one before it; oldest first in, in the same order out."""
    found, older = [], None
    for record in records:
        found.append(NamedChange(what, shown(record, older)))
        older = record
    return found


def _only(changes: list[NamedChange], *, what: str, label: str) -> list[NamedChange]:
    """Of one subject, and of one field: then each change without its other fields."""
    kept = [named for named in changes if not what or named.what == what]
    if not label:
        return kept
    narrowed = [
        replace(named, change=replace(named.change, fields=tuple(f for f in named.change.fields if f.label == label)))
        for named in kept
    ]
    return [named for named in narrowed if named.change.fields]
