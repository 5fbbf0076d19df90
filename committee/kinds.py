"""The ledgers of this package that go in and out as files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F

from committee import budget_line_resource, funding_resource, proposal_resource
from committee.choices import BudgetStage
from committee.models import BudgetAmount, BudgetLine, FundingSource, Proposal
from committee.resources import BudgetAmountResource, column_notes
from townhall.changes import Written
from townhall.models import User
from townhall.permissions import Permission
from townhall.sheets.kinds import ImportKind

AMOUNT = "committee.budgetamount"
LINE = "committee.budgetline"
PROPOSAL = "committee.proposal"


def _amount_lines(user: User, today: date) -> list[list[Any]]:
    """Inside, everybody reads every line of the budget."""
    return BudgetAmountResource().lines_of(BudgetLine.objects.with_figures().in_order())


def _later_stages(written: Sequence[Written], today: date) -> str:
    """A stage stands on those before it."""
    mine = {each.pk for each in written if each.model == AMOUNT}
    lines = BudgetAmount.objects.filter(pk__in=mine).values("line")
    later = BudgetAmount.objects.filter(line__in=lines, pk__gt=max(mine, default=0)).select_related("line").first()
    return f"「{later.line}」に次の段階の金額が入ったため、取り消せません。" if later else ""


BUDGET = ImportKind(
    code="budget",
    label="予算の金額",
    about="事業ごとの要求・査定・当初予算・補正予算・決算見込・決算（千円）と財源の内訳。",
    view=Permission.VIEW_BUDGET,
    change=Permission.MANAGE_BUDGET,
    resource=lambda: BudgetAmountResource,
    lines=_amount_lines,
    notes=column_notes(),
    example={"事業番号": 1, "段階": "要求", "金額（千円）": 1500, "財源の内訳": "一般財源 1500", "日付": "R8.10.20"},
    undoable=(AMOUNT, "committee.budgetpart"),
    words={"金額": "金額（千円）", "財源": "財源の内訳", "査定": "査定の結果"},
    keeps=_later_stages,
)


def _budget_lines(user: User, today: date) -> list[list[Any]]:
    lines = BudgetLine.objects.select_related("section", "initiative__plan", "activity__plan")
    return budget_line_resource.BudgetLineResource().lines_of(lines.in_order())


def _money_since(written: Sequence[Written], today: date) -> str:
    """A line that has amounts stays; what was voted stays in its year."""
    created = {each.pk for each in written if each.model == LINE and each.kind == "+"}
    if amount := BudgetAmount.objects.filter(line__in=created).select_related("line").first():
        return f"「{amount.line}」に金額が入ったため、取り消せません。"
    first = {each.pk: each.version for each in reversed(written) if each.model == LINE}
    voted = BudgetLine.objects.filter(pk__in=first, amounts__stage__in=BudgetStage.VOTED).distinct()
    for line in voted:
        before = line.history.filter(version=first[line.pk] - 1).first()
        if before is not None and before.budget_year != line.budget_year:
            return f"「{line}」の予算が議決されたため、年度を元に戻せません。"
    return ""


BUDGET_LINES = ImportKind(
    code="budget-lines",
    label="予算の事業",
    about="事業の名称、予算と執行の年度、要求する課、取組、科目。金額は「予算の金額」です。",
    view=Permission.VIEW_BUDGET,
    change=Permission.MANAGE_BUDGET,
    resource=lambda: budget_line_resource.BudgetLineResource,
    lines=_budget_lines,
    notes=budget_line_resource.column_notes(),
    example={"予算の年度": "令和9年度", "要求する課": "企画課", "取組": "r5-r7 1", "事業名": "書かない窓口（例）"},
    undoable=(LINE,),
    words={"番号": "事業番号", "年度": "予算の年度", "課": "要求する課", "担当課": "要求する課", "事業": "事業名"},
    keeps=_money_since,
)


def _source_lines(user: User, today: date) -> list[list[Any]]:
    return funding_resource.FundingSourceResource().lines_of(FundingSource.objects.all())


FUNDING = ImportKind(
    code="funding-sources",
    label="財源",
    about="財源の名称と区分、予算で選べる年度。終わった財源には、終わりの年度を入れます。",
    view=Permission.VIEW_BUDGET,
    change=Permission.MANAGE_BUDGET,
    resource=lambda: funding_resource.FundingSourceResource,
    lines=_source_lines,
    notes=funding_resource.column_notes(),
    example={"財源の名称": "デジタル基盤改革支援補助金（例）", "区分": "国庫", "始めの年度": "令和9年度"},
    undoable=("committee.fundingsource",),
    words={"名称": "財源の名称", "財源": "財源の名称", "説明": "備考"},
)


def _proposal_lines(user: User, today: date) -> list[list[Any]]:
    """Those whose page this person may open."""
    seen = Proposal.objects.visible_to(user, today=today).select_related("section", "initiative__plan")
    return proposal_resource.ProposalResource().lines_of(
        seen.order_by(F("fiscal_year").asc(nulls_last=True), "serial", "pk")
    )


def _begun_drafts(written: Sequence[Written], today: date) -> str:
    """A proposal has its course from the first step on, and is withdrawn, not deleted."""
    created = [each.pk for each in written if each.model == PROPOSAL and each.kind == "+"]
    draft = Proposal.objects.filter(pk__in=created).first()
    return (
        f"新しい下書き「{draft}」があるため、取り消せません。要らない下書きは、提案の画面で取り下げます。"
        if draft
        else ""
    )


PROPOSALS = ImportKind(
    code="proposals",
    label="提案",
    about="提案の内容。自分の課の下書きをまとめて書き、直します。提出した提案は読むだけです。",
    view=Permission.VIEW_PROPOSAL,
    change=Permission.WRITE_PROPOSAL,
    resource=lambda: proposal_resource.ProposalResource,
    lines=_proposal_lines,
    notes=proposal_resource.column_notes(),
    example={
        "提案する課": "企画課",
        "提案名": "書かない窓口（例）",
        "いまの困りごと": "例：同じ氏名を何度も書いている。",
    },
    undoable=(PROPOSAL,),
    words={"課": "提案する課", "担当課": "提案する課", "件名": "提案名", "取組": "対象の取組", "内容": "やること"},
    keeps=_begun_drafts,
    of_own_sections=True,
)

KINDS = (PROPOSALS, BUDGET_LINES, BUDGET, FUNDING)
