"""Forms of the training ledger: whom a course is for, its sessions, who was there."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from schedule.audience import Audience
from schedule.choices import AttendanceState, Employment
from schedule.models import Attendance, Training, TrainingSession
from schedule.models.training import name_key
from townhall import fiscal
from townhall.cells import quoted
from townhall.fields import DayField
from townhall.forms import CleanTextMixin, VersionedForm
from townhall.models import Section
from townhall.once import OnceForm, keep_all_that_is_typed

MOST_NAMES = 2000
MOST_NAMED = 20  # of those that are not known
LONGEST_PASTE = 60_000


class AudienceForm(VersionedForm):
    """Whom a course is for. Nothing chosen means everybody."""

    sections = forms.MultipleChoiceField(
        label="対象の課", required=False, widget=forms.CheckboxSelectMultiple, help_text="選ばないときは、全課です。"
    )
    employments = forms.MultipleChoiceField(
        label="対象の任用の区分",
        required=False,
        choices=Employment.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="選ばないときは、すべてです。",
    )

    class Meta:
        model = Training
        fields = ["sections", "employments", "only_newcomers"]
        labels = {"only_newcomers": "この年度に採用された人だけを対象にする"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = Section.objects.values_list("code", "name")
        self.fields["sections"].choices = list(sections)  # type: ignore[attr-defined]


class SessionForm(OnceForm):
    held_on = DayField(label="実施日", error_messages={"required": "実施日を入力してください。"})

    class Meta:
        model = TrainingSession
        fields = ["held_on", "kind", "place", "note"]
        help_texts = {"place": "例　役場 大会議室", "note": "例　標的型メールの見分け方（講師：例）"}


class PeopleField(forms.ModelMultipleChoiceField):
    """A number that no row can have is an unknown person, not an error of the database."""

    def clean(self, value: Any) -> Any:
        if any(str(each).isdecimal() and len(str(each)) > 18 for each in value or ()):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


OF_A_SESSION: dict[str, Any] = {
    "queryset": TrainingSession.objects.none(),
    "widget": forms.RadioSelect,
    "empty_label": None,
    "error_messages": {
        "required": "実施回を選んでください。",
        "invalid_choice": "その実施回はありません。選び直してください。",
    },
}


class RecordForm(CleanTextMixin, forms.Form):
    """Who was at a session: ticked, or pasted as a list of names. One name that is not known stops all of it."""

    use_required_attribute = False
    session = forms.ModelChoiceField(label="実施回", **OF_A_SESSION)
    people = PeopleField(
        label="受講した人（未受講の人だけが並びます）",
        queryset=Attendance.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "選んだ人の中に、もう対象者でない人がいます。画面を開き直してください。",
            "invalid_pk_value": "選んだ人を読めませんでした。画面を開き直してください。",
        },
    )
    names = forms.CharField(
        label="受講した人の一覧を貼り付ける",
        required=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="1行に1人です。Excelの列をそのまま貼り付けられます。氏名の前後に職員番号や課があっても読みます。",
    )

    def __init__(self, *args: Any, training: Training, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.training = training
        missing = training.attendances.missing().select_related("trainee", "section")
        self.fields["session"].queryset = training.sessions.all()  # type: ignore[attr-defined]
        self.fields["session"].label_from_instance = session_label  # type: ignore[attr-defined]
        self.fields["people"].queryset = missing  # type: ignore[attr-defined]
        self.fields["people"].label_from_instance = person_label  # type: ignore[attr-defined]
        keep_all_that_is_typed(self)

    def clean_names(self) -> list[Attendance]:
        lines = [line for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if len(lines) > MOST_NAMES:
            raise ValidationError(f"{len(lines):,}行あります。{MOST_NAMES:,}行までに分けてください。")
        found, unknown, doubtful = _Known(self.training).read(lines)
        errors = []
        if unknown:
            errors.append(f"この研修の対象者にいない氏名です（{len(unknown)}人）：{_listed(unknown)}")
        if doubtful:
            errors.append(f"同じ氏名の人が2人以上います。課か職員番号を同じ行に書いてください：{_listed(doubtful)}")
        if errors:
            raise ValidationError(errors)
        return found

    def clean(self) -> Any:
        data = super().clean()
        if not self.errors and not self.rows:
            raise ValidationError("受講した人を選ぶか、一覧を貼り付けてください。")
        return data

    @property
    def rows(self) -> list[Attendance]:
        chosen = [each for name in ("people", "names") for each in self.cleaned_data[name]]
        return list({row.pk: row for row in chosen}.values())


class AttendanceFileForm(forms.Form):
    """A list of those who were at a session, for the wizard."""

    use_required_attribute = False
    session = forms.ModelChoiceField(label="実施回", **OF_A_SESSION)
    file = forms.FileField(
        label="受講した人の一覧のファイル",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="Excel（.xlsx）か CSV。「氏名」の列が要ります。「職員番号」「課」「状況」「受講日」もあれば読みます。",
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "ファイルが空です。表の入ったファイルを選んでください。",
        },
    )

    def __init__(self, *args: Any, training: Training, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = training.sessions.all()  # type: ignore[attr-defined]
        self.fields["session"].label_from_instance = session_label  # type: ignore[attr-defined]


def _listed(lines: list[str]) -> str:
    return "、".join(map(quoted, lines[:MOST_NAMED]))


def session_label(session: TrainingSession) -> str:
    return f"{session}　{fiscal.format_date(session.held_on)}　{session.get_kind_display()}　{session.place}".strip()


def person_label(row: Attendance) -> str:
    return f"{row.section}　{row.trainee}"


class _Known:
    """The people of one training, to be found again by what stands in a pasted line."""

    def __init__(self, training: Training) -> None:
        self.people = Audience(training.attendances.select_related("trainee", "section").order_by("pk"))

    def read(self, lines: list[str]) -> tuple[list[Attendance], list[str], list[str]]:
        """Found, unknown and doubtful lines, in the order of the lines."""
        found: list[Attendance] = []
        unknown: list[str] = []
        doubtful: list[str] = []
        for line in lines:
            candidates = self._candidates(line)
            if len(candidates) == 1:
                found.append(candidates[0])
            else:
                (doubtful if candidates else unknown).append(line)
        return found, unknown, doubtful

    def _candidates(self, line: str) -> list[Attendance]:
        """By number, by the whole line, by one of its cells; of several the one whose section stands in the line."""
        by_number, by_name = self.people.by_number, self.people.by_name
        cells = [name_key(cell) for cell in line.split("\t") if cell.strip()]
        numbered = [by_number[cell] for cell in cells if cell in by_number]
        if numbered:
            return numbered[:1]
        named = by_name.get(name_key(line)) or next((by_name[c] for c in cells if c in by_name), [])
        if len(named) < 2:
            return named
        return [row for row in named if name_key(row.section.name) in cells] or named


class AttendanceForm(VersionedForm):
    """One person. The action decides what belongs to a state."""

    attended_on = DayField(
        label="受講日", required=False, help_text="実施回を選んだときは、空欄でその実施日になります。"
    )

    class Meta:
        model = Attendance
        fields = ["state", "session", "attended_on", "reason"]
        widgets = {"state": forms.RadioSelect}
        help_texts = {"reason": "例　育児休業中、長期の病気休暇"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = AttendanceState.choices  # type: ignore[attr-defined]
        sessions = self.fields["session"]
        sessions.queryset = TrainingSession.objects.filter(training=self.instance.training_id)  # type: ignore[attr-defined]
        sessions.label_from_instance = session_label  # type: ignore[attr-defined]
        sessions.empty_label = "（実施回の外で受講）"  # type: ignore[attr-defined]
        keep_all_that_is_typed(self)

    def _post_clean(self) -> None:
        """The row is checked when the action saves it, with what belongs to the state only."""
