"""Forms about a round: the rule, its days, 締切, 開け直し, 訂正, 差戻し. What may be done is asked in the actions."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms

from schedule.actions.reporting import LONGEST_REASON, ReportError
from schedule.choices import ScheduleKind
from schedule.forms.duties import TownDateField
from schedule.forms.reporting import CompletionField, PercentField, numbered_choices
from schedule.models import Activity, ProgressReport, ReportingRound, RoundRule
from schedule.report_rules import LABELS, ReportValues
from townhall.changes import StaleVersion
from townhall.forms import CleanTextMixin, VersionedForm

DONE, AGAIN, CONFLICT = 0, 422, 409


def reason_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": f"{label}を入力してください。"},
    )


class SeenForm(CleanTextMixin, forms.Form):
    """A form beside a versioned row. An unreadable version is None, which every action refuses."""

    use_required_attribute = False
    seen_version = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def seen(self) -> int | None:
        typed = str(self.data.get("seen_version", ""))
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None

    def attempt(self, action: Callable[[], object]) -> int:
        """0 when it is done, else the status with which the form is shown again, with the sentence in it."""
        try:
            action()
        except ReportError as refused:
            for name, sentence in refused.errors.items():
                self.add_error(name if name in self.fields else None, sentence)
            return CONFLICT if type(refused).__name__ in CONFLICTS else AGAIN
        except StaleVersion as stale:
            self.add_error(None, stale.sentence)
            self.see(stale)
            return CONFLICT
        return DONE

    def see(self, stale: StaleVersion) -> None:
        """The sentence has told of the newer version, so pressing again acts on that one."""
        if stale.current is not None and stale.seen_version is not None:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["seen_version"] = str(stale.current.version)  # type: ignore[index]


CONFLICTS = {"ChangedMeanwhileError", "RoundNotOpenError", "WrongStateError", "UnsavedDraftsError"}


class CloseRoundForm(SeenForm):
    seen_stamp = forms.CharField(required=False, widget=forms.HiddenInput)


class ReopenForm(SeenForm):
    reason = reason_field("開け直す理由")


class ReturnForm(SeenForm):
    reason = reason_field("差し戻す理由")


class DatesForm(SeenForm):
    opens_on = TownDateField(label="入力の始め", error_messages={"required": "入力の始めの日を入力してください。"})
    due_on = TownDateField(label="提出期限", error_messages={"required": "提出期限を入力してください。"})
    closes_on = TownDateField(label="締切の予定", required=False, help_text="空欄のときは、提出期限の日です。")
    reason = reason_field("日付を変える理由")

    @classmethod
    def showing(cls, round: ReportingRound, *, opens_on: date | None = None) -> "DatesForm":
        names = ("opens_on", "due_on", "closes_on")
        initial = {name: getattr(round, name) for name in names} | {"seen_version": round.version}
        return cls(initial=initial | ({"opens_on": opens_on} if opens_on else {}))


class RuleForm(VersionedForm):
    class Meta:
        model = RoundRule
        fields = ["interval", "opens_after", "due_after", "closes_after", "final_after", "head_confirms"]


class CorrectionForm(SeenForm):
    standing = forms.ChoiceField(label=LABELS["standing"], error_messages={"required": "状況を選んでください。"})
    percent = PercentField()
    text = forms.CharField(
        label=LABELS["text"],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "今期の実績を入力してください。"},
    )
    reason = forms.CharField(label=LABELS["reason"], required=False, widget=forms.Textarea(attrs={"rows": 2}))
    next_step = forms.CharField(label=LABELS["next_step"], required=False, widget=forms.Textarea(attrs={"rows": 2}))
    completes_on = CompletionField()
    to_committee = forms.BooleanField(label=LABELS["to_committee"], required=False)
    why = reason_field("訂正の理由")

    def __init__(self, activity: Activity, report: ProgressReport | None, data: Any = None) -> None:
        initial = {**vars(ReportValues.of(report)), "seen_version": report.version if report else 0}
        super().__init__(data, initial=initial)
        self.fields["standing"].choices = numbered_choices(activity.kind)  # type: ignore[attr-defined]
        if activity.is_study:
            del self.fields["percent"]
        if activity.kind not in ScheduleKind.WITH_END:
            del self.fields["completes_on"]

    @property
    def values(self) -> ReportValues:
        return ReportValues(**{name: self.cleaned_data[name] for name in LABELS if name in self.cleaned_data})
