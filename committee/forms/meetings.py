from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from committee.choices import Outcome
from committee.forms.fields import ClockField
from committee.models import AgendaItem, Decision, Meeting
from schedule.models import Activity
from townhall.fields import DayField, FigureField, SeenVersionField
from townhall.forms import CleanTextMixin, VersionedForm
from townhall.once import OnceForm, keep_all_that_is_typed


class MeetingForm(OnceForm):
    number = FigureField(
        label="回",
        most=9999,
        units={"回": Decimal(1)},
        error_messages={"required": "第何回の会議かを入力してください。"},
    )
    held_on = DayField(label="開催日", error_messages={"required": "開催日を入力してください。"})
    starts_at = ClockField(label="開始時刻", required=False)

    class Meta:
        model = Meeting
        fields = ["number", "held_on", "starts_at", "place"]
        help_texts = {"place": "例 役場 大会議室"}

    def _get_validation_exclusions(self) -> set[str]:
        """A second press of the button finds the first one's row: its number is then no error."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        twin = Meeting.objects.filter(creation_key=self.instance.creation_key, number=self.instance.number)
        return excluded | {"number"} if self.instance.pk is None and twin.exists() else excluded


class AgendaItemForm(OnceForm):
    """A subject that is no proposal: those come through 次第に載せる."""

    class Meta:
        model = AgendaItem
        fields = ["kind", "title", "activity", "note"]
        labels = {"activity": "関係する取組内容"}
        error_messages = {"title": {"required": "議題を入力してください。"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.proposal_id:
            del self.fields["activity"]
        else:
            self.fields["activity"].queryset = Activity.objects.in_plan_order()  # type: ignore[attr-defined]
            self.fields["activity"].empty_label = "（なし）"  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    seen_version = SeenVersionField()


class RemoveItemForm(CleanTextMixin, forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label="外す理由",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "外す理由を入力してください。"},
    )
    seen_version = SeenVersionField()


class TableForm(CleanTextMixin, forms.Form):
    """Which meeting a proposal is put before."""

    use_required_attribute = False
    meeting = forms.ModelChoiceField(
        label="会議",
        queryset=Meeting.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "会議を選んでください。", "invalid_choice": "その会議はもう選べません。"},
    )
    seen_version = SeenVersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = Meeting.objects.open_for_items()  # type: ignore[attr-defined]
        self.fields["meeting"].label_from_instance = Meeting.describe  # type: ignore[attr-defined]


class DecisionForm(VersionedForm):
    """`seen_version` is that of the agenda item: two people deciding at once are told of each other."""

    use_required_attribute = False
    decided_on = DayField(label="決定日")

    class Meta:
        model = Decision
        fields = ["outcome", "reason", "conditions", "decided_on", "document_number"]
        widgets = {
            "outcome": forms.RadioSelect,
            "reason": forms.Textarea(attrs={"rows": 4}),
            "conditions": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, item: AgendaItem, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.item = item
        self.fields["seen_version"].initial = item.version
        self.fields["decided_on"].initial = min(item.meeting.held_on, today)
        wanted = Outcome.FOR_PROPOSALS if item.proposal_id else Outcome.values
        self.fields["outcome"].choices = [(o.value, o.label) for o in Outcome if o.value in wanted]  # type: ignore[attr-defined]
        self.fields["outcome"].error_messages["required"] = "決定を選んでください。"
        self.fields["reason"].error_messages["required"] = "決定の理由を入力してください。"
        self.fields["reason"].help_text = "なぜそう決めたか。提案した課にそのまま伝わります。"
        self.fields["conditions"].help_text = "条件付き採択のときは必ず書きます。"
        self.fields["document_number"].help_text = "例 総務第123号。決裁は文書管理で行い、ここには番号だけを控えます。"
        keep_all_that_is_typed(self)

    def clean(self) -> Any:
        data = super().clean()
        if data.get("outcome") == Outcome.CONDITIONAL and not data.get("conditions"):
            self.add_error("conditions", "条件付き採択のときは、条件を入力してください。")
        return data
