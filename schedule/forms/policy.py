"""Forms of the policy ledger: a version with its 新旧対照表, a review, something to mend."""

from datetime import date
from typing import Any

from django import forms

from schedule.choices import ReviewOutcome
from schedule.models import Activity, DutyOccurrence, PolicyDocument, PolicyFinding, PolicyReview, PolicyVersion
from schedule.models.duty import DutyKind
from schedule.models.policy import months_after
from townhall.attachments import WARNING
from townhall.fields import DayField
from townhall.forms import VersionedForm
from townhall.once import OnceForm, keep_all_that_is_typed


class DocumentForm(VersionedForm):
    """Its code follows from the kind; another document of the same name is the action's to refuse."""

    use_required_attribute = False
    next_review_on = DayField(
        label="次の見直しの期限", required=False, help_text="改定や見直しを記録すると、自動で進みます"
    )

    class Meta:
        model = PolicyDocument
        fields = [
            *("name", "kind", "is_public", "owner_section", "review_months", "next_review_on"),
            *("activity", "is_example", "is_active"),
        ]
        help_texts = {
            "name": "例　情報セキュリティ基本方針",
            "is_example": "町の文書と確かめたら、外します。",
            "is_active": "外すと、一覧に出なくなり、期限のお知らせも止まります。記録は残ります。",
        }
        error_messages = {
            "name": {"required": "文書名を入力してください。"},
            "kind": {"required": "区分を選んでください。"},
            "review_months": {"required": "何か月ごとに見直すかを入力してください。"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Activity.objects.select_related("plan").order_by("plan", "order")
        self.fields["activity"].queryset = rows  # type: ignore[attr-defined]
        self.fields["activity"].empty_label = "（計画の行に結び付けない）"  # type: ignore[attr-defined]
        self.fields["owner_section"].empty_label = "（担当課を決めていない）"  # type: ignore[attr-defined]
        keep_all_that_is_typed(self)


class VersionForm(OnceForm):
    revised_on = DayField(label="改定日", error_messages={"required": "改定日を入力してください。"})
    in_force_on = DayField(label="施行日", error_messages={"required": "施行日を入力してください。"})
    approved_on = DayField(label="承認の日", required=False)
    file = forms.FileField(
        label="新旧対照表",
        required=False,
        help_text=WARNING,
        error_messages={"empty": "ファイルが空です。"},
    )

    class Meta:
        model = PolicyVersion
        fields = [
            *("label", "revised_on", "in_force_on", "trigger", "reason"),
            *("approved_by", "approved_on", "document_number"),
        ]
        error_messages = {
            "label": {"required": "版を入力してください。"},
            "reason": {"required": "改定の理由を入力してください。"},
        }


class ReviewForm(OnceForm):
    reviewed_on = DayField(label="見直した日", error_messages={"required": "見直した日を入力してください。"})
    next_review_on = DayField(
        label="次の見直しの期限", error_messages={"required": "次の見直しの期限を入力してください。"}
    )
    occurrence = forms.ModelChoiceField(
        label="同時に「済み」とする毎年度の義務",
        queryset=DutyOccurrence.objects.none(),
        required=False,
        empty_label="（義務の記録は変えない）",
        help_text="その年度の文書をすべて見直したときに選びます。",
        error_messages={"invalid_choice": "その義務は、もう選べません。"},
    )

    class Meta:
        model = PolicyReview
        fields = ["reviewed_on", "trigger", "outcome", "note"]
        widgets = {"outcome": forms.RadioSelect, "note": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"note": "何と照らして確かめたか。例　国のガイドライン（令和7年3月版）"}
        error_messages = {"outcome": {"required": "結果を選んでください。"}}

    def __init__(self, *args: Any, document: PolicyDocument, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = ReviewOutcome.choices  # type: ignore[attr-defined]
        self.fields["next_review_on"].initial = months_after(today, document.review_months)
        owed = DutyOccurrence.objects.owed().filter(duty__kind=DutyKind.POLICY).select_related("duty")
        self.fields["occurrence"].queryset = owed.order_by("due_on", "pk")  # type: ignore[attr-defined]


class FindingForm(OnceForm):
    found_on = DayField(label="指摘の日", error_messages={"required": "指摘の日を入力してください。"})
    due_on = DayField(label="期限", error_messages={"required": "期限を入力してください。"})

    class Meta:
        model = PolicyFinding
        fields = ["document", "source", "found_on", "content", "task", "owner_section", "due_on"]
        widgets = {"task": forms.Textarea(attrs={"rows": 4})}
        error_messages = {
            "content": {"required": "指摘の内容を入力してください。"},
            "task": {"required": "直すことを入力してください。"},
            "owner_section": {"required": "担当課を選んでください。"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].empty_label = "（文書の指定なし）"  # type: ignore[attr-defined]


class MendForm(VersionedForm):
    use_required_attribute = False
    done_on = DayField(label="直した日", error_messages={"required": "直した日を入力してください。"})

    class Meta:
        model = PolicyFinding
        fields = ["done_on", "done_note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields["done_note"]
        note.required = True
        note.error_messages["required"] = "どう直したかを入力してください。"
        keep_all_that_is_typed(self)


class ReopenForm(VersionedForm):
    use_required_attribute = False
    reason = forms.CharField(
        label="取り消す理由", max_length=200, error_messages={"required": "取り消す理由を入力してください。"}
    )

    class Meta:
        model = PolicyFinding
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_all_that_is_typed(self)
