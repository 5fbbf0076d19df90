from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from committee.forms.fields import NeededChoice, NeededText, NeededToSubmit
from committee.models import Proposal
from committee.models.proposal import YEN_PER_HOUR
from committee.workflow import Step
from initiatives.models import Initiative, Plan
from townhall.fields import MONEY_UNITS, FigureField, SeenVersionField
from townhall.forms import CleanTextMixin
from townhall.models import Section, User
from townhall.once import OnceForm, keep_all_that_is_typed
from townhall.permissions import Permission, sections_open_to


class NeededFigure(NeededToSubmit, FigureField):
    pass


MOST_MONEY = 10_000_000  # 千円


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
        help_text="先にやめる・減らすことがあれば、それも書きます。",
    )
    starts_when = NeededText(label="始める時期", max_length=100, help_text="例 令和9年10月（繁忙期を避ける）")
    yearly_volume = NeededFigure(label="年間の件数", most=10_000_000, units={"件": Decimal(1)})
    minutes_saved = NeededFigure(
        label="1件あたりの短縮", most=10_000, units={"分": Decimal(1), "時間": Decimal(60)}, decimals=1
    )
    initial_cost = NeededFigure(label="導入時の費用", most=MOST_MONEY, units=MONEY_UNITS)
    yearly_cost = NeededFigure(label="1年の運用費", most=MOST_MONEY, units=MONEY_UNITS)
    subsidy = FigureField(label="国・県の補助（5年間）", required=False, most=50_000_000, units=MONEY_UNITS)
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
            "initiative",
            "problem",
            "solution",
            "procedures",
            "starts_when",
            "yearly_volume",
            "minutes_saved",
            "initial_cost",
            "yearly_cost",
            "subsidy",
            "personal_data",
            "network",
            "standardisation",
        ]

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_sections(by, today)
        self.fields["procedures"].help_text = "例 転入・転出・転居、証明書交付など 38手続"
        self.fields["initiative"].queryset = self._initiatives(today)  # type: ignore[attr-defined]

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

    def _initiatives(self, today: date) -> Any:
        plan = Plan.objects.current(today=today)
        offered = Initiative.objects.filter(plan=plan)
        if self.instance.initiative_id:
            offered |= Initiative.objects.filter(pk=self.instance.initiative_id)
        return offered.in_plan_order()

    @property
    def yen_per_hour(self) -> int:
        return YEN_PER_HOUR


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
