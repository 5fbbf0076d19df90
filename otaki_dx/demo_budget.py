"""Made-up budgets of the demonstration, and one proposal on its whole way to what was measured."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from committee import actions
from committee.actions.budget import Figure
from committee.actions.execution import Measurement
from committee.choices import Assessment, BudgetStage, FundingKind, Outcome, ProposalAction
from committee.models import BudgetLine, Decision, EffectReview, FundingSource, Meeting, Proposal
from initiatives.models import Initiative
from townhall import calendar, fiscal
from townhall.models import Section, User

S = BudgetStage
RPA = {
    "title": "軽自動車税の申告入力の自動化（RPA）",
    "problem": "申告書の入力を職員が1件ずつ行い、4月と5月に時間外が集中している。",
    "solution": "読み取ったデータの入力をRPAで行う。職員は結果を確かめる。",
    "procedures": "軽自動車税の申告",
    "starts_when": "次年度の4月",
    "yearly_volume": 4200,
    "minutes_saved": Decimal("4"),
    "initial_cost": 900,
    "yearly_cost": 350,
    "personal_data": "あり。処理後のデータは残さない。",
    "network": "マイナンバー利用事務系",
    "standardisation": "標準準拠の軽自動車税システムの画面を使う",
}


@transaction.atomic
def load_budget(*, today: date) -> None:
    """Past, running and coming years; a proposal that was asked for money, and one whose effect was measured."""
    year = fiscal.fiscal_year(today)
    _systems(year - 1, today=today)
    _training(year, today=today)
    _booking_asks(today)
    _measured_rpa(today)


def _who(username: str) -> User:
    return User.objects.get(username=username)


def _source(kind: FundingKind) -> FundingSource:
    return FundingSource.objects.filter(kind=kind)[0]


def _line(name: str, year: int, section: str, initiative: str, **values: Any) -> BudgetLine:
    line = BudgetLine(
        name=name,
        budget_year=year,
        spending_year=year,
        section=Section.objects.get(code=section),
        initiative=Initiative.objects.get(plan__code="r5-r7", code=initiative),
        creation_key=uuid4(),
        **values,
    )
    return actions.add_budget_line(line, by=_who("jimukyoku"), today=fiscal.fiscal_year_start(year))


def _record(
    line: BudgetLine, stage: BudgetStage, thousands: int, day: date, *, outside: int = 0, number: int = 0, **more: Any
) -> None:
    """`outside`: what 国庫 pays of it; the rest is 一般財源."""
    parts = {_source(FundingKind.NATIONAL).pk: outside, _source(FundingKind.GENERAL).pk: thousands - outside}
    figure = Figure(thousands=thousands, decided_on=day, parts=parts, **more)
    actions.record_amount(
        line, stage, figure, number=number, by=_who("jimukyoku"), today=day, now=_at(day), seen_version=0
    )


def _systems(year: int, *, today: date) -> None:
    """The year that is over, with a supplement, and settled when its books are closed."""
    line = _line("標準準拠システムへの移行", year, "somu", "6", account="2款1項6目 12節 委託料")
    _record(line, S.REQUEST, 42_000, date(year - 1, 12, 5), outside=38_000)
    _record(line, S.ASSESSED, 40_000, date(year, 1, 28), outside=38_000, result=Assessment.PART)
    _record(line, S.INITIAL, 40_000, date(year, 3, 19), outside=38_000, document_number="議案第12号")
    _record(line, S.SUPPLEMENT, -1_500, date(year, 12, 18), outside=-1_500, number=1, document_number="議案第48号")
    _record(line, S.ESTIMATE, 38_200, date(year + 1, 2, 20), outside=36_200)
    settled_on = date(year + 1, 6, 10)
    if today >= settled_on:
        _record(line, S.SETTLED, 38_115, settled_on, outside=36_115)


def _training(year: int, *, today: date) -> None:
    line = _line("DX研修・情報セキュリティ研修", year, "somu", "2", account="2款1項1目 12節 委託料")
    _record(line, S.REQUEST, 660, date(year - 1, 12, 5))
    _record(line, S.ASSESSED, 660, date(year, 1, 28), result=Assessment.FULL)
    _record(line, S.INITIAL, 660, date(year, 3, 19), document_number="議案第9号")


def _booking_asks(today: date) -> None:
    """The section has asked for what the committee adopted; 査定 is next."""
    proposal = Proposal.objects.filter(state__in=("adopted", "conditional")).first()
    line = BudgetLine.objects.filter(proposal=proposal).first() if proposal else None
    if line is not None:
        _record(line, S.REQUEST, 1_500, calendar.working_days_before(today, 5), outside=600)


def _measured_rpa(today: date) -> None:
    """Adopted in an earlier meeting, budgeted, started, and measured after six months; twelve are to come."""
    started = calendar.working_day_on_or_after(today - timedelta(days=200))
    held = calendar.working_day_on_or_before(started - timedelta(days=170))
    secretary, head, day = _who("jimukyoku"), _who("zeimu-kacho"), calendar.working_days_before(held, 12)
    meeting = Meeting(number=1, held_on=held, starts_at=time(13, 30), place="役場 大会議室")
    actions.schedule_meeting(meeting, by=secretary, today=day)
    draft = Proposal(
        section=Section.objects.get(code="zeimu"),
        initiative=Initiative.objects.get(plan__code="r5-r7", code="k2"),
        **RPA,
    )
    proposal = actions.create_proposal(draft, by=head, today=day, now=_at(day))
    proposal = actions.take_step(
        proposal, ProposalAction.SUBMIT, by=head, today=day, now=_at(day), seen_version=proposal.version
    )
    item = actions.table_proposal(
        proposal, meeting, by=secretary, today=day, now=_at(day), seen_version=proposal.version
    )
    decision = Decision(item=item, outcome=Outcome.ADOPTED, reason="時間外の削減が見込めるため。", decided_on=held)
    actions.record_decision(decision, by=secretary, today=held, now=_at(held), seen_version=item.version)
    meeting.refresh_from_db()
    actions.close_meeting(meeting, by=secretary, today=held, now=_at(held), seen_version=meeting.version)
    line = BudgetLine.objects.get(proposal=proposal)
    _record(line, S.REQUEST, 1_250, calendar.add_working_days(held, 10))
    _record(line, S.ASSESSED, 1_250, calendar.add_working_days(held, 40), result=Assessment.FULL)
    _record(line, S.INITIAL, 1_250, calendar.working_days_before(started, 10), document_number="議案第9号")
    proposal.refresh_from_db()
    actions.start_work(
        proposal, started_on=started, by=head, today=started, now=_at(started), seen_version=proposal.version
    )
    _measure(EffectReview.objects.get(execution__proposal=proposal, months=6), head)


def _measure(review: EffectReview, by: User) -> None:
    day = calendar.working_day_on_or_before(review.due_on)
    measured = Measurement(
        measured_on=day,
        volume=2_350,
        minutes_saved=Decimal("3.5"),
        source="RPAの実行記録と、5日間の計測",
        note="4月・5月の時間外がなくなった。読み取れない申告書が1割あり、手で入力している。",
    )
    actions.record_effect(review, measured, by=by, today=day, now=_at(day), seen_version=review.version)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))
