"""Indicators, their targets and their values."""

from datetime import date
from typing import Any

from django import forms

from initiatives.choices import GoodDirection, PartOfYear
from initiatives.forms.fields import NumberField, YearField
from initiatives.models import Indicator, IndicatorTarget, IndicatorValue
from initiatives.national_indicators import NationalIndicator
from townhall import fiscal
from townhall.fields import DayField
from townhall.forms import VersionedForm
from townhall.once import OnceForm, keep_all_that_is_typed


class IndicatorForm(OnceForm):
    baseline_year = YearField(label="基準年度", required=False, help_text="例 令和4年度、R4")
    baseline_value = NumberField(label="基準値", required=False, help_text="取組を始める前の値")

    class Meta:
        model = Indicator
        fields = [
            *("name", "unit", "kind", "direction", "initiative", "formula", "source"),
            *("baseline_year", "baseline_value", "note", "is_active"),
        ]
        help_texts = {
            "unit": "例 %、件、時間、千円",
            "formula": "例 受講した職員数 ÷ 対象の職員数",
            "source": "例 総務課の受講記録",
            "is_active": "外すと一覧に出ません。記録は残ります。",
        }
        widgets = {
            "kind": forms.RadioSelect,
            "direction": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {
            "name": {"required": "指標名を入力してください。"},
            "unit": {"required": "単位を入力してください。"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        initiatives = self.instance.plan.initiatives.in_plan_order()
        self.fields["initiative"].queryset = initiatives  # type: ignore[attr-defined]
        self.fields["initiative"].empty_label = "（計画全体）"  # type: ignore[attr-defined]
        self.fields["baseline_value"].unit = self.data.get("unit", "") or self.instance.unit  # type: ignore[attr-defined]
        if self.instance.pk is None:
            del self.fields["is_active"]

    def _get_validation_exclusions(self) -> set[str]:
        """The action gives the number."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"number"} if self.instance.pk is None else excluded


class TargetForm(VersionedForm):
    use_required_attribute = False
    value = NumberField(label="目標値", error_messages={"required": "目標値を入力してください。"})
    upper = NumberField(label="目標の上限", required=False)

    class Meta:
        model = IndicatorTarget
        fields = ["value", "upper", "decided_by"]
        help_texts = {"decided_by": "例 第7回情報化推進委員会、総務第123号"}
        error_messages = {"decided_by": {"required": "目標を決めた会議・文書を入力してください。"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.instance.indicator.unit
        self.fields["value"].unit = self.fields["upper"].unit = unit  # type: ignore[attr-defined]
        if self.instance.indicator.direction == GoodDirection.RANGE:
            self.fields["value"].label = "目標の下限"
        else:
            del self.fields["upper"]
        keep_all_that_is_typed(self)


class ValueForm(VersionedForm):
    """A figure for the first time: which period, measured or estimated, and where it comes from."""

    use_required_attribute = False
    fiscal_year = YearField(
        label="年度", help_text="例 令和7年度、R7", error_messages={"required": "年度を入力してください。"}
    )
    part = forms.TypedChoiceField(label="期間", choices=PartOfYear.choices, coerce=int, initial=0)
    value = NumberField(label="値", error_messages={"required": "値を入力してください。"})
    as_of = DayField(
        label="基準日", help_text="いつの時点の値か", error_messages={"required": "基準日を入力してください。"}
    )

    class Meta:
        model = IndicatorValue
        fields = ["fiscal_year", "part", "basis", "value", "as_of", "source", "is_public"]
        widgets = {"basis": forms.RadioSelect}
        help_texts = {
            "basis": "実測と見込は別々に並べ、足したり一つの線にしたりしません。",
            "source": "空欄のときは、指標の出典です。",
            "is_public": "住民向けのページに出してよい値です。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].unit = self.instance.indicator.unit  # type: ignore[attr-defined]
        keep_all_that_is_typed(self)

    def validate_unique(self) -> None:
        """The action tells who was first."""

    def validate_constraints(self) -> None:
        """Likewise."""


class CorrectionForm(ValueForm):
    reason = forms.CharField(
        label="訂正の理由",
        max_length=200,
        error_messages={"required": "訂正の理由を入力してください。"},
        help_text="値の横に残り、あとから読めます。",
    )

    class Meta(ValueForm.Meta):
        fields = ["value", "as_of", "source", "is_public"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["fiscal_year"], self.fields["part"]


class NationalForm(forms.Form):
    """Which of the national comparison indicators the town wants."""

    codes = forms.MultipleChoiceField(
        label="国の比較指標",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "加える指標に印をつけてください。",
            "invalid_choice": "一覧にない指標です。画面を開き直してください。",
        },
    )

    def __init__(self, *args: Any, entries: list[NationalIndicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = [(each.code, f"{each.name}（{each.unit}）") for each in entries]  # type: ignore[attr-defined]


def suggested_day(year: int, *, today: date) -> date:
    """The last day of the fiscal year, or today while it is running."""
    return min(fiscal.fiscal_year_end(year), today)
