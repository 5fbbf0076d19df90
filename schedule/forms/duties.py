"""Recording a yearly duty: 済み, 行わない, and taking either back."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from schedule.actions import duties as actions
from schedule.models import DutyOccurrence
from schedule.models.duty import DutyKind
from townhall import fiscal
from townhall.changes import StaleVersion
from townhall.forms import VersionedForm

LONGEST_REASON = 200  # as long as 行わない理由 of an occurrence


def reason_field(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_REASON,
        error_messages={"required": f"{label}を入力してください。"},
    )


class TownDateField(forms.DateField):
    """A day from the browser's own date field, or typed as 令和8年11月24日 or R8.11.24."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            return fiscal.parse_date(value)
        except fiscal.DateTextError as error:
            raise ValidationError(str(error), code="invalid") from error


class OccurrenceForm(VersionedForm):
    """Saves through an action; False means that somebody was faster (`conflict`) or the step does not fit (errors)."""

    def save_as(self, *, by: Any, today: date, reason: str = "", source: str = "画面") -> bool:
        try:
            self.act(by=by, today=today, seen_version=self.cleaned_data.get("seen_version"))
        except StaleVersion as stale:
            self.take_conflict(stale)
            return False
        except actions.WrongStateError as error:
            self.add_error(None, str(error))
            return False
        except ValidationError as error:
            self.add_error(None, error.messages)
            return False
        return True

    def act(self, *, by: Any, today: date, seen_version: int | None) -> None:
        raise NotImplementedError


class DoneForm(OccurrenceForm):
    done_on = TownDateField(
        label="済ませた日",
        help_text="実際に行った日、見直しを終えた日",
        error_messages={"required": "済ませた日を入力してください。"},
    )

    class Meta:
        model = DutyOccurrence
        fields = ["done_on", "evidence", "note", "no_change"]
        labels = {"evidence": "証拠（文書番号など）", "no_change": "見直した結果、変更なし"}
        help_texts = {
            "evidence": "例　総務第123号、受講者名簿。ないときは空欄",
            "note": "参加人数、改定した点など",
            "no_change": "変更がなかったことも記録になります",
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if self.instance.duty.kind != DutyKind.POLICY:
            del self.fields["no_change"]

    def clean_done_on(self) -> date:
        day: date = self.cleaned_data["done_on"]
        try:
            actions.require_done_on(self.instance, day, today=self.today)
        except ValidationError as error:
            raise ValidationError(error.messages) from None
        return day

    def act(self, *, by: Any, today: date, seen_version: int | None) -> None:
        names = ("done_on", "evidence", "note", "no_change")
        values = {name: self.cleaned_data[name] for name in names if name in self.fields}
        actions.mark_done(self.instance, by=by, today=today, seen_version=seen_version, **values)


class ReasonForm(OccurrenceForm):
    """One sentence why; what it does to the row is the action's business."""

    reason = reason_field("理由")
    action: Callable[..., DutyOccurrence]

    class Meta:
        model = DutyOccurrence
        fields: list[str] = []

    def act(self, *, by: Any, today: date, seen_version: int | None) -> None:
        type(self).action(
            self.instance, by=by, today=today, seen_version=seen_version, reason=self.cleaned_data["reason"]
        )


class SkipForm(ReasonForm):
    reason = reason_field("行わない理由", "例　対象のシステムを今年度で廃止したため")
    action = staticmethod(actions.skip)


class ReopenForm(ReasonForm):
    reason = reason_field("取り消す理由", "例　日付を誤ったため")
    action = staticmethod(actions.reopen)
