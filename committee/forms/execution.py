"""計画に反映する, 実施を始める, 効果を記録する."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from committee.actions.execution import Measurement, Placement
from committee.models import EffectReview, Proposal
from committee.workflow import Step
from initiatives.models import Initiative
from schedule.choices import ScheduleKind
from townhall import fiscal
from townhall.fields import DayField, FigureField, SeenVersionField
from townhall.forms import CleanTextMixin
from townhall.once import keep_all_that_is_typed

KINDS = [(kind.value, kind.label) for kind in ScheduleKind if kind in ScheduleKind.IN_THE_SCHEDULE]


def places_open_on(today: date) -> Any:
    """取組 of every plan that has not ended, the plan in force first."""
    open_plans = Initiative.objects.filter(plan__ends_on__gte=today).select_related("plan")
    return open_plans.order_by("plan__starts_on", "kind", "number")


def _place_label(initiative: Initiative) -> str:
    return f"{initiative.plan.name}（{initiative.plan.period_label}）　{initiative}"


class PlacementForm(CleanTextMixin, forms.Form):
    """Prefilled from the proposal; the person confirms it."""

    use_required_attribute = False
    initiative = forms.ModelChoiceField(
        label="計画と取組",
        queryset=Initiative.objects.none(),
        empty_label="（選んでください）",
        error_messages={"required": "計画と取組を選んでください。", "invalid_choice": "その取組はもう選べません。"},
    )
    kind = forms.ChoiceField(
        label="区分", choices=KINDS, help_text="検討事項には工程がないので、区分と年度は使いません。"
    )
    first_year = forms.TypedChoiceField(label="始めの年度", coerce=int, empty_value=None, required=False)
    last_year = forms.TypedChoiceField(label="終わりの年度", coerce=int, empty_value=None, required=False)
    due_on = DayField(label="期限", required=False, help_text="期限型のときだけ入れます。")
    seen_version = SeenVersionField()

    def __init__(
        self, *args: Any, proposal: Proposal, today: date, offered: list[Initiative] | None = None, **kwargs: Any
    ) -> None:
        """`offered`: the open places, where several forms on one page ask for them."""
        offered = list(places_open_on(today)) if offered is None else offered
        super().__init__(*args, **kwargs)
        field: Any = self.fields["initiative"]
        field.queryset = places_open_on(today)
        field.choices = [("", field.empty_label), *((each.pk, _place_label(each)) for each in offered)]
        years = sorted({year for initiative in offered for year in initiative.plan.years})
        for name in ("first_year", "last_year"):
            self.fields[name].choices = [("", "―"), *((year, fiscal.format_fiscal_year(year)) for year in years)]  # type: ignore[attr-defined]
        self._suggest(proposal, offered, today)

    def _suggest(self, proposal: Proposal, offered: list[Initiative], today: date) -> None:
        code = proposal.initiative.code if proposal.initiative else None
        same = next((initiative for initiative in offered if initiative.code == code), None)
        self.fields["seen_version"].initial = proposal.version
        if same is not None:
            self.fields["initiative"].initial = same.pk
            self.fields["first_year"].initial = max(same.plan.first_year, fiscal.fiscal_year(today) + 1)
            self.fields["last_year"].initial = same.plan.last_year
        self.fields["kind"].initial = ScheduleKind.FROM

    @property
    def placement(self) -> Placement:
        data = self.cleaned_data
        return Placement(**{name: data[name] for name in ("initiative", "kind", "first_year", "last_year", "due_on")})


class PlacementOnDecisionForm(PlacementForm):
    """On the form of the decision: counts when the proposal is adopted, and nobody says 「あとで」."""

    later = forms.BooleanField(label="計画には、あとで反映する", required=False)

    def __init__(self, data: Any, *, proposal: Proposal, today: date, **kwargs: Any) -> None:
        super().__init__(data, prefix="place", proposal=proposal, today=today, **kwargs)

    @property
    def is_put_off(self) -> bool:
        return self.add_prefix("later") in self.data


class StartForm(CleanTextMixin, forms.Form):
    use_required_attribute = False
    started_on = DayField(label="開始日", error_messages={"required": "開始日を入力してください。"})
    comment = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    seen_version = SeenVersionField()

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].label = step.comment or "説明"
        self.fields["comment"].required = bool(step.comment)
        self.fields["comment"].error_messages["required"] = f"{step.comment}を入力してください。"
        keep_all_that_is_typed(self)


class EffectForm(CleanTextMixin, forms.Form):
    """What was measured. Hours and yen are not here: they follow from it."""

    use_required_attribute = False
    measured_on = DayField(label="測定日", error_messages={"required": "測定日を入力してください。"})
    volume = FigureField(
        label="この期間の件数",
        most=10_000_000,
        units={"件": Decimal(1)},
        error_messages={"required": "この期間の件数を入力してください。"},
    )
    minutes_saved = FigureField(
        label="1件あたりの短縮（実測）",
        most=10_000,
        least=-10_000,
        units={"分": Decimal(1), "時間": Decimal(60)},
        decimals=1,
        help_text="前より長くかかるようになったときは、-2 のように書きます。",
        error_messages={"required": "1件あたり何分短くなったかを入力してください。"},
    )
    source = forms.CharField(
        label="測り方・出典",
        max_length=200,
        help_text="例 受付システムの記録、10月の5日間を計測した平均",
        error_messages={"required": "測り方・出典を入力してください。"},
    )
    note = forms.CharField(
        label="住民への効果・気づいたこと",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label="訂正の理由",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "訂正の理由を入力してください。"},
    )
    seen_version = SeenVersionField()

    def __init__(self, data: Any = None, *, review: EffectReview, today: date) -> None:
        names = ("measured_on", "volume", "minutes_saved", "source", "note")
        known = {name: getattr(review, name) for name in names}
        initial = known | {"measured_on": review.measured_on or today, "seen_version": review.version}
        super().__init__(data, initial=initial)
        if not review.is_measured:
            del self.fields["reason"]
        keep_all_that_is_typed(self)

    @property
    def measurement(self) -> Measurement:
        data = self.cleaned_data
        names = ("measured_on", "volume", "minutes_saved", "source", "note")
        return Measurement(**{name: data[name] for name in names})
