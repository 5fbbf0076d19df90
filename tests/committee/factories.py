"""Proposals and meetings for tests, each made through the portal's own actions where there is one."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from committee import actions
from committee.actions.budget import Figure
from committee.choices import BudgetStage, ItemKind, Outcome, ProposalAction, ProposalState
from committee.models import (
    ActionItem,
    AgendaItem,
    BudgetAmount,
    BudgetLine,
    Comment,
    Decision,
    EffectReview,
    Execution,
    FundingSource,
    ItemPaper,
    Meeting,
    Minutes,
    MinutesReply,
    Pack,
    ProjectTeam,
    Proposal,
    ProposalAttachment,
    TeamMember,
    WrittenAnswer,
)
from initiatives.models import Initiative, Plan
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from townhall.changes import create_row
from townhall.models import Section, User

COMPLETE = {
    "title": "書かない窓口の導入",
    "problem": "同じ氏名と住所を平均3枚の用紙に書いている。",
    "solution": "職員が聞き取り、申請書を作る。",
    "procedures": "転入・転出など38手続",
    "starts_when": "令和9年10月",
    "yearly_volume": 14_500,
    "minutes_saved": Decimal(6),
    "initial_cost": 4300,
    "yearly_cost": 1500,
    "personal_data": "あり。読取画像は保存しない。",
    "network": "マイナンバー利用事務系",
    "standardisation": "住民記録システムと連携",
}


def create_initiative() -> Initiative:
    """取組1 of a small plan: loading the whole adopted plan takes longer than most tests here."""
    plan = Plan(code="small", name="小さな計画", starts_on=date(2023, 4, 1), ends_on=date(2026, 3, 31))
    create_row(plan, by=TESTS, today=TODAY)
    initiative = Initiative(plan=plan, kind="priority", number=1, code="1", name="業務の改善", text="計画の記載")
    return create_row(initiative, by=TESTS, today=TODAY)


def create_source(*, name: str = "一般財源", kind: str = "general", **values: Any) -> FundingSource:
    return create_row(FundingSource(name=name, kind=kind, **values), by=TESTS, today=TODAY)


def create_budget_line(
    *, by: User, section: Section, initiative: Initiative, name: str = "書かない窓口", year: int = 2027, **values: Any
) -> BudgetLine:
    given = {"budget_year": year, "spending_year": year, "creation_key": uuid4()} | values
    line = BudgetLine(name=name, section=section, initiative=initiative, **given)
    return actions.add_budget_line(line, by=by, today=TODAY)


def record(
    line: BudgetLine,
    stage: BudgetStage,
    thousands: int,
    *,
    by: User,
    parts: dict[FundingSource, int] | None = None,
    number: int = 0,
    today: date = TODAY,
    seen_version: int | None = 0,
    reason: str = "",
    **values: Any,
) -> BudgetAmount:
    """An amount, from 一般財源 unless its parts are named."""
    if parts is None:
        general = FundingSource.objects.filter(kind="general").first() or create_source()
        parts = {general: thousands}
    shares = {source.pk: share for source, share in parts.items()}
    figure = Figure(thousands=thousands, parts=shares, **({"decided_on": today} | values))
    return actions.record_amount(
        line, stage, figure, number=number, by=by, today=today, now=NOW, seen_version=seen_version, reason=reason
    )


def create_draft(*, by: User, section: Section, initiative: Initiative | None = None, **values: Any) -> Proposal:
    """A complete draft, unless `values` empty a field."""
    draft = Proposal(section=section, initiative=initiative, creation_key=uuid4(), **(COMPLETE | values))
    return actions.create_proposal(draft, by=by, today=TODAY, now=NOW)


def attach(proposal: Proposal, name: str, text: str, *, by: User) -> ProposalAttachment:
    return actions.attach_to_proposal(proposal, name, text.encode(), by=by, today=TODAY, now=NOW)


def step(proposal: Proposal, action: ProposalAction, *, by: User, comment: str = "") -> Proposal:
    return actions.take_step(
        proposal, action, by=by, today=TODAY, now=NOW, comment=comment, seen_version=proposal.version
    )


def create_meeting(*, by: User, number: int = 7, held_on: date = TODAY, today: date = TODAY, **values: Any) -> Meeting:
    meeting = Meeting(number=number, held_on=held_on, creation_key=uuid4(), **values)
    return actions.schedule_meeting(meeting, by=by, today=today)


def table(proposal: Proposal, meeting: Meeting, *, by: User) -> AgendaItem:
    return actions.table_proposal(proposal, meeting, by=by, today=TODAY, now=NOW, seen_version=proposal.version)


def make_pack(meeting: Meeting, *, by: User, today: date = TODAY) -> Pack:
    return actions.make_pack(meeting, by=by, today=today, now=NOW)


def add_item(meeting: Meeting, *, by: User, title: str = "5-3を繰り越すか", **values: Any) -> AgendaItem:
    item = AgendaItem(meeting=meeting, title=title, creation_key=uuid4(), **values)
    return actions.add_agenda_item(item, by=by, today=TODAY)


def decide(item: AgendaItem, *, by: User, outcome: Outcome = Outcome.ADOPTED, **values: Any) -> Decision:
    decision = Decision(item=item, outcome=outcome, **({"reason": "効果が大きい。", "decided_on": TODAY} | values))
    return actions.record_decision(decision, by=by, today=TODAY, now=NOW, seen_version=item.version)


def convene(meeting: Meeting, *, by: User, reply_by: date = TODAY) -> Meeting:
    meeting.refresh_from_db()
    return actions.convene_meeting(
        meeting, reply_by=reply_by, by=by, today=TODAY, now=NOW, seen_version=meeting.version
    )


def assign(meeting: Meeting, *, by: User, text: str = "協定の案を作る。", **values: Any) -> ActionItem:
    task = ActionItem(meeting=meeting, text=text, creation_key=uuid4(), **values)
    return actions.assign_action_item(task, by=by, today=TODAY)


def lay_paper(item: AgendaItem, name: str, text: str, *, by: User, is_reference: bool = False) -> ItemPaper:
    return actions.lay_paper(item, name, text.encode(), is_reference=is_reference, by=by, today=TODAY, now=NOW)


def say_about(item: AgendaItem, *, by: User, text: str = "よく確かめてください。") -> Comment:
    comment = Comment(item=item, text=text, creation_key=uuid4())
    return actions.write_comment(comment, by=by, today=TODAY, now=NOW)


def draft_minutes(meeting: Meeting, *, by: User, text: str = "会議録の文") -> Minutes:
    return actions.draft_minutes(meeting, text, by=by, today=TODAY)


def create_team(person: User, *, by: User, task: str = "調べる。") -> ProjectTeam:
    term = {"starts_on": TODAY, "ends_on": date(2027, 3, 31)}
    team = create_row(ProjectTeam(name="窓口部会", task=task, **term), by=by, today=TODAY)
    create_row(TeamMember(team=team, person=person, is_leader=True, **term), by=by, today=TODAY)
    # an answer and a check of minutes are kept too
    meeting = create_meeting(by=by, number=90, way="written")
    item = add_item(meeting, by=by, team=team, title="部会の報告")
    create_row(WrittenAnswer(item=item, person=person, seat="部会員", vote="agree"), by=by, today=TODAY)
    minutes = draft_minutes(meeting, by=by)
    create_row(MinutesReply(minutes=minutes, person=person, seat="部会員"), by=by, today=TODAY)
    return team


def close(meeting: Meeting, *, by: User) -> Meeting:
    meeting.refresh_from_db()
    return actions.close_meeting(meeting, by=by, today=TODAY, now=NOW, seen_version=meeting.version)


def put_in_state(proposal: Proposal, state: ProposalState, *, by: User, meeting: Meeting | None = None) -> Proposal:
    """Place a proposal in a state without walking there, for tests of what is possible from it."""
    proposal.state = state
    if state not in (ProposalState.DRAFT, ProposalState.SECTION_REVIEW):
        proposal.fiscal_year, proposal.serial, proposal.edition = 2026, proposal.pk, 1
    if state == ProposalState.WITHDRAWN:
        proposal.withdrawn_reason = "やめた"
    proposal.save()
    if state == ProposalState.RUNNING:
        execution = create_row(Execution(proposal=proposal, started_on=TODAY), by=by, today=TODAY)
        create_row(EffectReview(execution=execution, months=6, due_on=TODAY), by=by, today=TODAY)
    if state == ProposalState.TABLED and meeting is not None:
        item = AgendaItem(meeting=meeting, order=1, kind=ItemKind.REVIEW, title=str(proposal), proposal=proposal)
        create_row(item, by=by, today=TODAY)
    return proposal
