"""予算: a line, and one amount with its sources."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from committee.actions.budget import Figure
from committee.choices import Assessment, BudgetStage, FundingKind
from committee.models import BudgetAmount, BudgetLine, FundingSource, Proposal
from committee.models.budget import MOST_THOUSANDS
from initiatives.models import Initiative
from schedule.models import Activity
from townhall import fiscal
from townhall.fields import MONEY_UNITS, DayField, FigureField, SeenVersionField
from townhall.forms import CleanTextMixin
from townhall.models import Section, User
from townhall.once import OnceForm, keep_all_that_is_typed
from townhall.permissions import Permission, sections_open_to

YEARS_BACK, YEARS_AHEAD = 5, 3


def year_choices(today: date, *known: int | None) -> list[tuple[int, str]]:
    this = fiscal.fiscal_year(today)
    years = {*range(this - YEARS_BACK, this + YEARS_AHEAD + 1), *(year for year in known if year)}
    return [(year, fiscal.format_fiscal_year(year)) for year in sorted(years, reverse=True)]


class BudgetLineForm(OnceForm):
    budget_year = forms.TypedChoiceField(label="予算の年度", coerce=int)
    spending_year = forms.TypedChoiceField(
        label="執行の年度", coerce=int, help_text="翌年度へ繰り越したときだけ、予算の年度と違う年度にします。"
    )

    class Meta:
        model = BudgetLine
        fields = [
            *("name", "budget_year", "spending_year", "section", "initiative", "activity", "proposal"),
            *("account", "note"),
        ]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"account": "例 2款1項6目 12節 委託料", "name": "例 書かない窓口 申請書作成支援システム"}

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("budget_year", "spending_year"):
            self.fields[name].choices = year_choices(today, getattr(self.instance, name))  # type: ignore[attr-defined]
        self._offer_sections(by, today)
        self._offer("initiative", Initiative.objects.select_related("plan"), "（選んでください）", _with_plan)
        self._offer("activity", Activity.objects.scheduled().select_related("plan").in_plan_order(), "（なし）", _row)
        visible = Proposal.objects.visible_to(by, today=today) | Proposal.objects.filter(pk=self.instance.proposal_id)
        self._offer("proposal", visible.filter(Q(edition__gt=0)).order_by("-fiscal_year", "-serial"), "（なし）", str)
        self.fields["name"].error_messages["required"] = "事業名を入力してください。"
        self.fields["initiative"].error_messages["required"] = "取組を選んでください。"
        keep_all_that_is_typed(self)

    def _offer_sections(self, by: User, today: date) -> None:
        open_to = sections_open_to(by, Permission.REQUEST_BUDGET, today=today)
        if open_to is not None and len(open_to) == 1 and self.instance.pk is None:
            del self.fields["section"]
            self.instance.section_id = open_to[0]
            return
        sections = Section.objects.on(today) if open_to is None else Section.objects.filter(pk__in=open_to)
        sections = sections | Section.objects.filter(pk=self.instance.section_id)
        self._offer("section", sections, "（選んでください）", str)
        self.fields["section"].error_messages["required"] = "要求する課を選んでください。"

    def _offer(self, name: str, rows: Any, nothing: str, label: Any) -> None:
        field: Any = self.fields[name]
        field.queryset, field.empty_label, field.label_from_instance = rows, nothing, label


def _with_plan(initiative: Initiative) -> str:
    return f"{initiative}（{initiative.plan.period_label}）"


def _row(activity: Activity) -> str:
    return f"{str(activity)[:60]}（{activity.plan.period_label}）"


class AmountForm(CleanTextMixin, forms.Form):
    """One stage of one line. The fields of the sources are those of the budget's year, and those already used."""

    use_required_attribute = False
    result = forms.ChoiceField(
        label="査定の結果",
        choices=[(each.value, each.label) for each in Assessment],
        widget=forms.RadioSelect,
        error_messages={"required": "査定の結果（計上・一部計上・見送り）を選んでください。"},
    )
    thousands = FigureField(
        label="金額（千円）",
        most=MOST_THOUSANDS,
        units=MONEY_UNITS,
        error_messages={"required": "金額を入力してください。"},
    )
    decided_on = DayField(label="日付", error_messages={"required": "日付を入力してください。"})
    document_number = forms.CharField(
        label="決裁・文書番号",
        required=False,
        max_length=60,
        help_text="例 総務第123号、議案第12号。番号だけを控えます。",
    )
    note = forms.CharField(label="説明", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(
        label="訂正の理由",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "訂正の理由を入力してください。"},
    )
    seen_version = SeenVersionField()

    def __init__(
        self,
        data: Any = None,
        *,
        stage: BudgetStage,
        sources: list[FundingSource],
        is_correction: bool,
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self.sources = sources
        takes_away = -MOST_THOUSANDS if stage == BudgetStage.SUPPLEMENT else 0
        self.fields["thousands"].least = takes_away  # type: ignore[attr-defined]
        if takes_away:
            self.fields["thousands"].help_text = "減らすときは、△500 のように書きます。"
        for source in sources:
            self.fields[f"source_{source.pk}"] = FigureField(
                label=source.label, required=False, most=MOST_THOUSANDS, least=takes_away, units=MONEY_UNITS
            )
        if stage != BudgetStage.ASSESSED:
            del self.fields["result"]
        if not is_correction:
            del self.fields["reason"]
        keep_all_that_is_typed(self)

    @property
    def source_fields(self) -> Iterator[forms.BoundField]:
        return (self[f"source_{source.pk}"] for source in self.sources)

    @property
    def figure(self) -> Figure:
        data = self.cleaned_data
        parts = {source.pk: data.get(f"source_{source.pk}") or 0 for source in self.sources}
        return Figure(
            thousands=data["thousands"],
            decided_on=data["decided_on"],
            parts=parts,
            result=data.get("result", ""),
            document_number=data["document_number"],
            note=data["note"],
        )


def first_year_of(proposal: Proposal, sources: list[FundingSource]) -> dict[str, Any]:
    """What the proposal says its first year costs and who pays; the rest is 一般財源. Two queries."""
    plan = proposal.cost_plan
    if plan is None:
        return {}
    values: dict[str, Any] = {f"source_{row.source_id}": row.year_1 for row in proposal.funding.all() if row.year_1}
    general = next((source for source in sources if source.kind == FundingKind.GENERAL), None)
    if general is not None and plan.rest[0] > 0:
        key = f"source_{general.pk}"
        values[key] = values.get(key, 0) + plan.rest[0]
    return values | {"thousands": plan.cost[0]}


def initial_of(
    amount: BudgetAmount | None, before: BudgetAmount | None, *, today: date, planned: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What the form opens with: what is recorded, else the stage before or what is `planned`, to be checked."""
    shown = amount or before
    values: dict[str, Any] = {"seen_version": amount.version if amount else 0, "decided_on": today}
    if shown is None:
        values |= planned or {}
    if shown is not None:
        values |= {f"source_{part.source_id}": part.thousands for part in shown.parts.all()}
        values["thousands"] = shown.thousands
    if amount is not None:
        values |= {name: getattr(amount, name) for name in ("result", "decided_on", "document_number", "note")}
    return values
