"""What one stage says about one initiative, and the correction of a fixed year."""

from typing import Any

from django import forms

from initiatives.grading import PRESETS
from initiatives.models import Evaluation, EvaluationGrade, Plan
from townhall.fields import SeenVersionField
from townhall.forms import VersionedForm
from townhall.once import keep_all_that_is_typed


class EvaluationForm(VersionedForm):
    use_required_attribute = False

    class Meta:
        model = Evaluation
        fields = ["grade", "direction", "comment"]
        widgets = {"grade": forms.RadioSelect, "comment": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "direction": "次の年度にどうするか。決まっていないときは空欄。",
            "comment": "評価の理由。「評価できない」のときは必ず書きます。",
        }
        error_messages = {"grade": {"required": "評価を選んでください。"}}

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = EvaluationGrade.objects.filter(scale__plan=plan).order_by("order")
        self.fields["grade"].queryset = grades  # type: ignore[attr-defined]
        self.fields["grade"].empty_label = None  # type: ignore[attr-defined]
        self.fields["grade"].label_from_instance = grade_words  # type: ignore[attr-defined]
        keep_all_that_is_typed(self)

    def _get_validation_exclusions(self) -> set[str]:
        """The action gives the year and who evaluated when."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"year", "given_on", "given_by"}


def grade_words(grade: EvaluationGrade) -> str:
    return f"{grade.code} {grade.label}" + (f"（{grade.meaning}）" if grade.meaning else "")


class CorrectEvaluationForm(EvaluationForm):
    reason = forms.CharField(
        label="訂正の理由",
        max_length=200,
        error_messages={"required": "訂正の理由を入力してください。"},
        help_text="確定した評価の横に残り、あとから読めます。",
    )


class FixForm(forms.Form):
    seen_version = SeenVersionField()


class ScaleForm(forms.Form):
    preset = forms.ChoiceField(
        label="はじめの区分",
        choices=[(each.code, f"{each.name} ― {each.like}") for each in PRESETS],
        widget=forms.RadioSelect,
        error_messages={"required": "区分を選んでください。", "invalid_choice": "一覧にない区分です。"},
    )
