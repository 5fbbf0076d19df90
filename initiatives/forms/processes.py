from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from initiatives.choices import Ecrs
from initiatives.models import BusinessProcess, HourlyCost, Initiative, Plan, ProcessStep
from initiatives.models.processes import MOST_MINUTES, MOST_VOLUME
from townhall.fields import DayField, FigureField, SeenVersionField
from townhall.forms import CleanTextMixin
from townhall.models import Section, User
from townhall.once import OnceForm, keep_all_that_is_typed
from townhall.permissions import Permission, sections_open_to

EMPTY_ROWS = 3
MOST_ROWS = 60


class ProcessForm(OnceForm):
    yen_per_hour = FigureField(label="時間あたりの人件費", most=100_000, units={"円": Decimal(1)})
    surveyed_on = DayField(label="現行を調べた日", required=False)
    measured_on = DayField(label="見直し後を測った日", required=False)
    remeasure_on = DayField(label="次に測る日", required=False)

    class Meta:
        model = BusinessProcess
        fields = [
            *("section", "name", "initiative", "summary", "is_routine", "is_core"),
            *("yen_per_hour", "surveyed_on", "measured_on", "remeasure_on"),
        ]
        help_texts = {"name": "例　住民票の写しの交付（窓口）"}
        error_messages = {
            "name": {"required": "業務名を入力してください。"},
            "section": {"required": "担当課を選んでください。"},
        }

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        open_to = sections_open_to(user, Permission.MANAGE_PROCESS, today=today)
        sections = Section.objects.on(today)
        chosen: Any = self.fields["section"]
        chosen.queryset = sections if open_to is None else sections.filter(pk__in=open_to)
        if open_to:
            chosen.initial = open_to[0]
        plan = Plan.objects.current(today=today)
        linked: Any = self.fields["initiative"]
        linked.queryset = Initiative.objects.filter(plan=plan).in_plan_order()
        linked.empty_label = "（なし）"
        self._suggest_price(today)

    def _suggest_price(self, today: date) -> None:
        """The setting in force; a 業務 that has one keeps its own until somebody changes it."""
        cost = HourlyCost.in_force(today)
        example = "。例で、町の確認前です" if cost.is_example else ""
        price = self.fields["yen_per_hour"]
        price.help_text = (
            f"時間を金額に換算する単価です（予算の減額ではありません）。設定の値は{cost.yen:,}円{example}。"
        )
        if self.instance.pk is None:
            price.initial = cost.yen

    def _past(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and day > self.today:
            raise ValidationError("まだ来ていない日です。")
        return day

    def clean_surveyed_on(self) -> date | None:
        return self._past("surveyed_on")

    def clean_measured_on(self) -> date | None:
        return self._past("measured_on")

    def _get_validation_exclusions(self) -> set[str]:
        """A second press of the button finds the first one's row: its name is then no error."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        twin = BusinessProcess.objects.filter(creation_key=self.instance.creation_key)
        return excluded | {"name"} if self.instance.pk is None and twin.exists() else excluded


def minutes_field(label: str, *, required: bool = False) -> FigureField:
    units = {"分": Decimal(1), "時間": Decimal(60)}
    return FigureField(label=label, required=required, most=MOST_MINUTES, units=units, decimals=1)


class StepRowForm(CleanTextMixin, forms.ModelForm):
    """One line of the list. An empty new line is left out; a known one goes with 「外す」."""

    use_required_attribute = False
    minutes = minutes_field("1件の分", required=True)
    volume = FigureField(label="年間の件数", most=MOST_VOLUME, units={"件": Decimal(1)})
    minutes_planned = minutes_field("見直し後の分（見込）")
    minutes_measured = minutes_field("見直し後の分（実測）")
    position = forms.DecimalField(label="順", required=False, max_digits=5, decimal_places=1, widget=forms.TextInput)
    remove = forms.BooleanField(label="外す", required=False)

    class Meta:
        model = ProcessStep
        fields = [
            *("name", "person", "medium", "system", "minutes", "volume", "frequency", "legal_basis"),
            *("problem", "change", "minutes_planned", "minutes_measured", "note"),
        ]

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        kwargs["empty_permitted"] = kwargs["instance"].pk is None
        super().__init__(*args, **kwargs)
        self.number = number
        self.fields["position"].initial = number
        self.fields["name"].error_messages["required"] = "工程の名前を入力してください。"
        self.fields["minutes"].error_messages["required"] = "1件にかかる分を入力してください。"
        self.fields["volume"].error_messages["required"] = "年間の件数を入力してください。"
        keep_all_that_is_typed(self)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{number}行目の{field.label}"

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {"position", "remove"})

    def clean(self) -> Any:
        data = super().clean()
        if data.get("change") == Ecrs.ELIMINATE and data.get("minutes_planned") not in (None, 0):
            self.add_error("minutes_planned", "「なくす」工程の見直し後の分は 0 にしてください。")
        elif data.get("change") == Ecrs.ELIMINATE:
            data["minutes_planned"] = self.instance.minutes_planned = Decimal(0)
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """Process and order are given by the action."""
        return super()._get_validation_exclusions() | {"process", "order"}  # type: ignore[misc]

    @property
    def is_left_out(self) -> bool:
        return bool(self.cleaned_data.get("remove")) or (self.instance.pk is None and not self.has_changed())


class VersionForm(forms.Form):
    seen_version = SeenVersionField()


def row_forms(process: BusinessProcess, posted: Mapping[str, Any] | None) -> list[StepRowForm]:
    """One form per step and a few empty ones; as many as were sent, when something was."""
    steps = list(process.steps.all())
    rows = len(steps) + EMPTY_ROWS
    while posted is not None and rows < MOST_ROWS and f"row-{rows + 1}-name" in posted:
        rows += 1
    return [
        StepRowForm(
            posted,
            instance=steps[at] if at < len(steps) else ProcessStep(),
            prefix=f"row-{at + 1}",
            number=at + 1,
        )
        for at in range(rows)
    ]


def steps_in(forms_: list[StepRowForm]) -> list[ProcessStep]:
    """In the order of their numbers; lines with one number stay as they stood."""
    kept = [form for form in forms_ if not form.is_left_out]
    kept.sort(key=lambda form: (form.cleaned_data.get("position") or Decimal(form.number), form.number))
    return [form.instance for form in kept]
