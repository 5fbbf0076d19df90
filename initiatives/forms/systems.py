from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from initiatives.actions import systems as actions
from initiatives.choices import StepState
from initiatives.models import StandardizedSystem, SystemStep
from initiatives.models.systems import MOST_MONEY
from townhall.changes import StaleVersion
from townhall.fields import MONEY_UNITS, DayField, FigureField, add_errors
from townhall.forms import VersionedForm
from townhall.once import keep_all_that_is_typed


class ThroughActionForm(VersionedForm):
    """Saves through an action; False means that somebody was faster (`conflict`) or a rule said no (errors)."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_all_that_is_typed(self)

    def save_as(self, *, by: Any, today: date, reason: str = "", source: str = "画面") -> bool:
        try:
            self.act(by=by, today=today, seen_version=self.cleaned_data.get("seen_version"))
        except StaleVersion as stale:
            self.take_conflict(stale)
            self.add_error(None, stale.sentence)
            return False
        except ValidationError as error:
            add_errors(self, error)
            return False
        return True

    def act(self, *, by: Any, today: date, seen_version: int | None) -> None:
        raise NotImplementedError


def money(label: str) -> FigureField:
    return FigureField(label=label, required=False, most=MOST_MONEY, units=MONEY_UNITS)


class SystemForm(ThroughActionForm):
    planned_live_on = DayField(label="本番稼働日（予定）", required=False)
    live_on = DayField(label="本番稼働日（実績）", required=False)
    transition_until = DayField(label="特定移行の期限", required=False)
    initial_cost = money("初期の経費")
    yearly_cost = money("1年の運用経費")
    subsidy = money("補助金")

    class Meta:
        model = StandardizedSystem
        fields = [
            *("owner_section", "is_target", "exclusion_reason", "is_example"),
            *("vendor_now", "product_now", "vendor_after", "product_after", "hosting", "cloud_provider", "method"),
            *("planned_live_on", "live_on", "initial_cost", "yearly_cost", "subsidy"),
            *("is_transitional", "transition_reason", "transition_until", "risk", "note"),
        ]
        help_texts = {
            "exclusion_reason": "対象外とするときは必ず書きます。",
            "is_example": "町で確かめたら、印を外してください。",
            "risk": "遅れそうな理由、制度改正の影響など",
        }
        widgets = {"risk": forms.Textarea(attrs={"rows": 3}), "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, today: date, may_choose_section: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if not may_choose_section:  # giving a 業務 to another section, or taking it out, is for 事務局
            for name in ("owner_section", "is_target", "exclusion_reason", "is_example"):
                del self.fields[name]

    def clean_live_on(self) -> date | None:
        day: date | None = self.cleaned_data["live_on"]
        if day and day > self.today:
            raise ValidationError("まだ来ていない日です。これから稼働するときは「予定」に入力してください。")
        return day

    def act(self, *, by: Any, today: date, seen_version: int | None) -> None:
        actions.edit_system(self.instance, by=by, today=today, seen_version=seen_version)


class StepForm(ThroughActionForm):
    planned_on = DayField(label="予定日", required=False)
    done_on = DayField(label="完了日", required=False)

    class Meta:
        model = SystemStep
        fields = ["state", "planned_on", "done_on", "vendor", "note"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name, field in self.fields.items():
            if name != "seen_version":
                field.widget.attrs["aria-label"] = f"{self.instance.number} {self.instance.name}の{field.label}"

    def clean(self) -> Any:
        data = super().clean()
        day = data.get("done_on")
        if day and day > self.today:
            self.add_error("done_on", "完了日がまだ来ていない日です。")
        if day and data.get("state") and data["state"] != StepState.DONE:
            self.add_error("done_on", "完了日は、状態が「完了済み」のときだけ入力してください。")
        return data

    def act(self, *, by: Any, today: date, seen_version: int | None) -> None:
        actions.edit_step(self.instance, by=by, today=today, seen_version=seen_version)


def step_forms(system: StandardizedSystem, posted: Mapping[str, Any] | None, *, today: date) -> list[StepForm]:
    return [StepForm(posted, instance=step, prefix=f"step-{step.number}", today=today) for step in system.steps.all()]
