from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q

from committee.costs import YEARS_COUNTED, FundingEntry
from committee.course import Thread
from committee.forms.fields import NeededChoice, NeededText, NeededToSubmit
from committee.forms.funding import FundingLines, in_words
from committee.forms.parts import Part, parts_of
from committee.models import Proposal
from committee.questions import MOST_AT_ONCE
from committee.workflow import Step
from initiatives.models import BusinessProcess, HourlyCost, Initiative, Plan
from townhall import fiscal
from townhall.changes import StaleVersion, VersionedModel
from townhall.fields import MONEY_UNITS, FigureField, SeenVersionField
from townhall.forms import BLANK, CleanTextMixin, Conflict
from townhall.models import Section, User
from townhall.once import OnceForm, keep_all_that_is_typed
from townhall.permissions import Permission, sections_open_to


class NeededFigure(NeededToSubmit, FigureField):
    pass


MOST_MONEY = 10_000_000  # 千円


def _text(label: str, help_text: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=False, max_length=2000, help_text=help_text, widget=widget)


class ProposalForm(OnceForm):
    """The whole proposal on one page. Saving a draft asks for nothing; ※必須 is asked for on submission."""

    title = NeededText(label="提案名", max_length=100)
    initiative = NeededChoice(label="対象の取組", queryset=Initiative.objects.none(), empty_label="（選んでください）")
    problem = NeededText(
        label="いまの困りごと",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="だれが、何に、どのくらい困っているか。数が分かれば数で。",
    )
    solution = NeededText(
        label="やること",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="だれが、いつ、どう変わるか。",
    )
    stops_first = _text(
        "先にやめる・減らすこと", "新しく始める前に、やめられる作業・書類・会議。ないときは、調べたことを書きます。"
    )
    citizen_effect = _text("住民への効果", "来庁の回数、待ち時間、書く枚数など。測った数か、見込みかも書きます。")
    milestones = _text("日程", "例 4月 見積、7月 契約、10月 稼働")
    team = _text("体制", "担当者、ほかの課、事業者の役割。")
    risks = _text("リスクと備え", "止まったとき、間違えたとき、事業者が替わるときにどうするか。")
    other_towns = _text("ほかの団体の事例", "どの団体が、いつ、何を行い、どうなったか。出典も書きます。")
    starts_when = NeededText(label="始める時期", max_length=100, help_text="例 令和9年10月（繁忙期を避ける）")
    yearly_volume = NeededFigure(label="年間の件数", most=10_000_000, units={"件": Decimal(1)})
    minutes_saved = NeededFigure(
        label="1件あたりの短縮", most=10_000, units={"分": Decimal(1), "時間": Decimal(60)}, decimals=1
    )
    initial_cost = NeededFigure(label="導入時の費用", most=MOST_MONEY, units=MONEY_UNITS)
    yearly_cost = NeededFigure(label="1年の運用費", most=MOST_MONEY, units=MONEY_UNITS)
    personal_data = NeededText(label="個人情報", max_length=200, help_text="扱うかどうか、扱うなら何をどう守るか。")
    network = NeededText(
        label="使うネットワーク",
        max_length=200,
        help_text="例 LGWAN接続系、インターネット接続系、マイナンバー利用事務系",
    )
    standardisation = NeededText(
        label="標準化との関係", max_length=200, help_text="標準準拠システムとの連携など。ないときは「なし」と書きます。"
    )

    class Meta:
        model = Proposal
        fields = [
            "section",
            "title",
            "category",
            "initiative",
            "process",
            "problem",
            "solution",
            "stops_first",
            "procedures",
            "starts_when",
            "milestones",
            "contact",
            "yearly_volume",
            "minutes_saved",
            "initial_cost",
            "yearly_cost",
            "citizen_effect",
            "indicator",
            "procurement",
            "personal_data",
            "network",
            "standardisation",
            "privacy_assessment",
            "team",
            "risks",
            "other_towns",
        ]

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_sections(by, today)
        self.fields["procedures"].help_text = "例 転入・転出・転居、証明書交付など 38手続"
        self.fields["indicator"].help_text = "例 1件あたりの時間、窓口の待ち時間、紙の枚数。始める前に測れるもの。"
        self.fields["initiative"].queryset = self._initiatives(today)  # type: ignore[attr-defined]
        self._offer_processes(by, today)
        self.funding = FundingLines(self, self.instance, fiscal_year=fiscal.fiscal_year(today))
        self.funding_entries: tuple[FundingEntry, ...] = ()
        self.hourly_cost = HourlyCost.in_force(today)

    def _offer_sections(self, by: User, today: date) -> None:
        """Nobody is asked for a section when there is only one to choose; an existing proposal keeps its own."""
        own = sections_open_to(by, Permission.WRITE_PROPOSAL, today=today) or []
        if self.instance.pk is not None:
            del self.fields["section"]
        elif len(own) == 1:
            del self.fields["section"]
            self.instance.section_id = own[0]
        else:
            self.fields["section"].queryset = Section.objects.filter(pk__in=own)  # type: ignore[attr-defined]

    def _offer_processes(self, by: User, today: date) -> None:
        """業務 of the sections that the person writes for; the one already chosen stays."""
        own = sections_open_to(by, Permission.WRITE_PROPOSAL, today=today) or []
        offered = BusinessProcess.objects.filter(Q(section__in=own) | Q(pk=self.instance.process_id))
        field: Any = self.fields["process"]
        field.queryset, field.empty_label = offered, "（なし）"
        field.help_text = "現行と見直し後の時間を棚卸ししてあるときに選びます。"

    def _initiatives(self, today: date) -> Any:
        plan = Plan.objects.current(today=today)
        offered = Initiative.objects.filter(plan=plan)
        if self.instance.initiative_id:
            offered |= Initiative.objects.filter(pk=self.instance.initiative_id)
        return offered.in_plan_order()

    def clean(self) -> Any:
        cleaned = super().clean()
        self.funding_entries = self.funding.entries()
        return cleaned

    @property
    def parts(self) -> tuple[Part, ...]:
        return parts_of(self)

    @property
    def cost_by_year(self) -> tuple[int | None, ...]:
        """As saved; while somebody types, the page's script keeps up."""
        plan = self.instance.cost_plan
        return (None,) * YEARS_COUNTED if plan is None else plan.cost

    @property
    def rest_by_year(self) -> tuple[int | None, ...]:
        plan = self.instance.cost_plan
        return (None,) * YEARS_COUNTED if plan is None else plan.rest

    def differs_from(self, first: VersionedModel) -> bool:
        return super().differs_from(first) or self._funding_of(first) != self._funding_typed()

    def take_conflict(self, stale: StaleVersion) -> Conflict:
        """The lines of 財源 are rows of their own; they are compared as one field more."""
        conflict = super().take_conflict(stale)
        theirs, mine = self._funding_of(stale.current), self._funding_typed()
        if not conflict.is_deleted and stale.current is not None and theirs != mine:
            line = ("財源の内訳", theirs or BLANK, mine or BLANK)
            self.conflict = replace(conflict, fields=(*conflict.fields, line))
        return self.conflict or conflict

    def _funding_of(self, proposal: VersionedModel | None) -> str:
        if not isinstance(proposal, Proposal):
            return ""
        return in_words((row.source.name, row.amounts) for row in proposal.funding.select_related("source"))

    def _funding_typed(self) -> str:
        names = self.funding.names
        return in_words((names[entry.source_id], entry.amounts) for entry in self.funding_entries)


class StepForm(CleanTextMixin, forms.Form):
    """One step of the workflow: the version that was shown, and the text the step asks for."""

    use_required_attribute = False
    comment = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    seen_version = SeenVersionField()

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.comment:
            self.fields["comment"].label = step.comment
            self.fields["comment"].error_messages["required"] = f"{step.comment}を入力してください。"
        else:
            del self.fields["comment"]
        keep_all_that_is_typed(self)


class QuestionsForm(StepForm):
    """照会: up to five questions at once. The first is the step's own text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].label = "照会1"
        self.fields["comment"].help_text = "1つの欄に1つのことを尋ねると、課は1つずつ答えられます。"
        for number in range(2, MOST_AT_ONCE + 1):
            widget = forms.Textarea(attrs={"rows": 2})
            self.fields[f"question_{number}"] = forms.CharField(
                label=f"照会{number}", max_length=4000, required=False, widget=widget
            )
        keep_all_that_is_typed(self)

    @property
    def texts(self) -> list[str]:
        names = ["comment", *(f"question_{number}" for number in range(2, MOST_AT_ONCE + 1))]
        return [self.cleaned_data.get(name, "") for name in names]


class AnswersForm(StepForm):
    """回答: one text for each open question. The first of them is the step's own text.

    `typed`: what was typed and not sent, by the number of the question.
    """

    def __init__(
        self, *args: Any, asked: Sequence[Thread], typed: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = {
            "comment" if place == 0 else f"answer_{thread.number}": thread.number for place, thread in enumerate(asked)
        }
        for name, number in self.numbers.items():
            self.fields[name] = forms.CharField(
                label="回答" if len(asked) == 1 else f"照会{number}への回答",
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 4}),
                initial=(typed or {}).get(str(number)),
                error_messages={"required": f"照会{number}への回答を入力してください。"},
            )
        keep_all_that_is_typed(self)

    def asking(self) -> list[tuple[int, Any]]:
        """For the template: the number of the question, and the field of its answer."""
        return [(number, self[name]) for name, number in self.numbers.items()]

    @property
    def answers(self) -> dict[int, str]:
        return {number: self.cleaned_data.get(name, "") for name, number in self.numbers.items()}
