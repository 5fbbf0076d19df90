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

WHY = "会議が終了しているため、必ず書きます。変更履歴と会議のページに残ります。"


class MeetingForm(OnceForm):
    number = FigureField(
        label="回",
        most=9999,
        units={"回": Decimal(1)},
        error_messages={"required": "第何回の会議かを入力してください。"},
    )
    held_on = DayField(label="開催日", error_messages={"required": "開催日を入力してください。"})
    starts_at = ClockField(label="開始時刻", required=False)
    correction_reason = forms.CharField(label="訂正の理由", required=False, max_length=500, help_text=WHY)

    class Meta:
        model = Meeting
        fields = ["number", "held_on", "starts_at", "place", "chaired_by", "way"]
        widgets = {"way": forms.RadioSelect}
        help_texts = {
            "place": "例 役場 大会議室",
            "way": "書面（持ち回り）では、委員が議題ごとに回答期限までに答えます。軽易なことや急ぐことに使います。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "way") if self.instance.is_closed else ("correction_reason",):
            del self.fields[name]

    def _get_validation_exclusions(self) -> set[str]:
        """A second press of the button finds the first one's row: its number is then no error."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        twin = Meeting.objects.filter(creation_key=self.instance.creation_key, number=self.instance.number)
        return excluded | {"number"} if self.instance.pk is None and twin.exists() else excluded


class AgendaItemForm(OnceForm):
    """A subject that is no proposal: those come through 次第に載せる."""

    minutes_planned = FigureField(label="予定の時間", most=480, units={"分": Decimal(1)}, required=False)
    correction_reason = forms.CharField(label="訂正の理由", required=False, max_length=500, help_text=WHY)

    class Meta:
        model = AgendaItem
        fields = ["kind", "title", "activity", "team", "presenter", "minutes_planned", "note", "options"]
        labels = {"activity": "関係する取組内容"}
        widgets = {"options": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "presenter": "例 企画課",
            "options": "委員会が選ぶ案を、1行に1つ。例「案A 令和8年度へ繰り越す」。なければ空けておきます。",
        }
        error_messages = {"title": {"required": "議題を入力してください。"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.meeting.is_closed:
            del self.fields["correction_reason"]
        self.fields["team"].empty_label = "（なし）"  # type: ignore[attr-defined]
        if self.instance.proposal_id:
            del self.fields["activity"]
        else:
            self.fields["activity"].queryset = Activity.objects.in_plan_order()  # type: ignore[attr-defined]
            self.fields["activity"].empty_label = "（なし）"  # type: ignore[attr-defined]


class ConveneForm(forms.Form):
    use_required_attribute = False
    reply_by = DayField(label="回答期限", error_messages={"required": "回答期限を入力してください。"})
    seen_version = SeenVersionField()


class AnyOf(forms.MultipleChoiceField):
    """What was offered a moment ago may be on the agenda by now: the action knows, and says so."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        return True


class BuildForm(forms.Form):
    """Which of the candidates go onto the agenda."""

    use_required_attribute = False
    chosen = AnyOf(label="次第に載せるもの", error_messages={"required": "次第に載せるものを選んでください。"})


class MoveForm(forms.Form):
    up = forms.BooleanField(required=False)
    seen_version = SeenVersionField()


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
    conditions_due_on = DayField(
        label="条件の期限", required=False, help_text="条件は宿題になります。空けておくと、次の会議までです。"
    )
    decided_on = DayField(label="決定日")
    drafted_on = DayField(label="起案日", required=False)
    approved_on = DayField(label="決裁日", required=False)

    class Meta:
        model = Decision
        fields = [
            "outcome",
            "chosen_option",
            "reason",
            "conditions",
            "conditions_due_on",
            "decided_on",
            "drafted_on",
            "approval_class",
            "approved_on",
            "document_number",
        ]
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
        self._offer_options(item)
        self.fields["approval_class"].help_text = "例 町長決裁、副町長専決"
        wanted = Outcome.FOR_PROPOSALS if item.proposal_id else Outcome.values
        self.fields["outcome"].choices = [(o.value, o.label) for o in Outcome if o.value in wanted]  # type: ignore[attr-defined]
        self.fields["outcome"].error_messages["required"] = "決定を選んでください。"
        self.fields["reason"].error_messages["required"] = "決定の理由を入力してください。"
        self.fields["reason"].help_text = "なぜそう決めたか。提案した課にそのまま伝わります。"
        self.fields["conditions"].help_text = "条件付き採択のときは必ず書きます。"
        self.fields["document_number"].help_text = "例 総務第123号。決裁は文書管理で行い、ここには番号だけを控えます。"
        keep_all_that_is_typed(self)

    def _offer_options(self, item: AgendaItem) -> None:
        if not item.option_list:
            del self.fields["chosen_option"]
            return
        chosen = [("", "（案を選ばない）"), *((option, option) for option in item.option_list)]
        self.fields["chosen_option"] = forms.ChoiceField(
            label="選んだ案", choices=chosen, widget=forms.RadioSelect, required=False
        )

    def clean(self) -> Any:
        data = super().clean()
        if data.get("outcome") == Outcome.CONDITIONAL and not data.get("conditions"):
            self.add_error("conditions", "条件付き採択のときは、条件を入力してください。")
        drafted, approved = data.get("drafted_on"), data.get("approved_on")
        if drafted and approved and approved < drafted:
            self.add_error("approved_on", "決裁日は、起案日からあとの日にしてください。")
        return data


class CorrectDecisionForm(DecisionForm):
    """訂正: as recording, with a reason; `seen_version` is the decision's own."""

    correction_reason = forms.CharField(
        label="訂正の理由",
        max_length=500,
        error_messages={"required": "訂正の理由を入力してください。"},
        help_text="変更履歴に残り、この会議を見る人が読みます。",
    )

    def __init__(self, *args: Any, instance: Decision, today: date, **kwargs: Any) -> None:
        super().__init__(*args, item=instance.item, instance=instance, today=today, **kwargs)
        self.fields["seen_version"].initial = instance.version
        for name in ("decided_on",):
            self.fields[name].initial = None
        if instance.item.proposal_id is not None:
            del self.fields["outcome"]
