"""受講の記録 in and out of Excel: one person in one training. Who has to take part follows from the roster, never from a file.

A file that was given to one 実施回 needs no more than names: whoever stands in it was there.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from initiatives.resources import YearCell
from schedule.actions.training import set_attendance
from schedule.audience import Audience
from schedule.choices import AttendanceState
from schedule.models import Attendance, Training, TrainingSession
from schedule.models.training import name_key
from schedule.occurrence_resource import PartCell, YearKey
from schedule.session_resource import training_in, trainings_by_key
from townhall.cells import CellError, fold, quoted
from townhall.sheets.by_action import ActionResource, word_in
from townhall.sheets.columns import DayCell
from townhall.sheets.resource import Column, as_text

NUMBER, NAME, SECTION, STATE, SESSION, DAY, REASON = (
    *("職員番号", "氏名", "課", "状況", "回", "受講日", "免除の理由"),
)


class StateCell(Widget):
    WORDS = {each.label: each.value for each in AttendanceState} | {
        **dict.fromkeys(("出席", "受講済", "受講済み", "修了", "○", "〇", "◯"), AttendanceState.ATTENDED.value),
        **dict.fromkeys(("欠席", "×"), AttendanceState.MISSING.value),
    }

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        word = fold(as_text(value))
        if word not in self.WORDS:
            raise CellError(
                f"{quoted(value)}は使えません。{'・'.join(AttendanceState.labels)}のどれかで書いてください。"
            )
        return self.WORDS[word]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return AttendanceState(value).label if value else ""


class SessionCell(Widget):
    """「第1回」 or 「1」 of the training that the line is about."""

    def clean(self, value: Any, row: Any = None, instance: Any = None, **kwargs: Any) -> TrainingSession:
        known: dict[str, TrainingSession] = instance.sessions
        word = fold(as_text(value)).removeprefix("第").removesuffix("回")
        if word not in known:
            raise CellError(f"この研修に、実施回{quoted(value)}はありません。")
        return known[word]

    def render(self, value: TrainingSession | None, obj: Any = None, **kwargs: Any) -> str:
        return str(value) if value else ""


class AttendanceResource(ActionResource):
    code = Column(YearKey.CODE, "training__occurrence__duty__code", is_key=True)
    year = Column(YearKey.YEAR, "training__occurrence__fiscal_year", widget=YearCell(), is_key=True)
    part = Column(YearKey.PART, "training__occurrence__part", widget=PartCell(), is_key=True)
    training = Column("研修", "training__occurrence__duty__name", is_shown_only=True)
    number = Column(NUMBER, "trainee__staff_number", is_key=True)
    name = Column(NAME, "trainee__name", is_key=True)
    section = Column(SECTION, "section__name", is_key=True)
    state = Column(STATE, "state", widget=StateCell())
    session = Column(SESSION, "session", widget=SessionCell())
    attended_on = Column(DAY, "attended_on", widget=DayCell())
    reason = Column(REASON, "reason")

    WIDTHS = (20, 12, 10, 30, 12, 20, 18, 10, 8, 18, 30)
    compared = ("state", "session_id", "attended_on", "reason")
    held: TrainingSession | None = None  # the 実施回 that the whole file was given to

    class Meta:
        model = Attendance
        import_id_fields = ("name",)
        fields = (
            *("code", "year", "part", "training", "number", "name", "section"),
            *("state", "session", "attended_on", "reason"),
        )

    @classmethod
    def key_headings(cls) -> list[str]:
        return [NAME] if cls.held else [YearKey.CODE, YearKey.YEAR, NAME]

    # --- whom a line means

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._trainings = trainings_by_key()
        self._sessions: dict[int, dict[str, TrainingSession]] = defaultdict(dict)
        for session in TrainingSession.objects.all():
            self._sessions[session.training_id][str(session.number)] = session
        rows = Attendance.objects.select_related("trainee", "section", "session").order_by("pk")
        self._rows = {str(row.pk): row for row in (rows.filter(training=self.held.training) if self.held else rows)}
        of_training: dict[int, list[Attendance]] = defaultdict(list)
        for row in self._rows.values():
            of_training[row.training_id].append(row)
        self._people = {pk: Audience(members) for pk, members in of_training.items()}

    def key_of(self, row: dict[str, Any]) -> str:
        training = self._training_of(row)
        people = self._people.get(training.pk) or Audience(())
        found = _person(people, word_in(row, NUMBER).replace(" ", ""), row)
        found.training = training
        return str(found.pk)

    def _training_of(self, row: dict[str, Any]) -> Training:
        is_named = word_in(row, YearKey.CODE) or word_in(row, YearKey.YEAR)
        if self.held is None or is_named:
            named = training_in(self._trainings, YearKey.of(row))
            if self.held and named != self.held.training:
                raise ValidationError({"code": f"選んだ実施回の研修（{self.held.training}）の行ではありません。"})
            return named
        return self.held.training

    def find(self, key: str) -> tuple[Any, bool]:
        row: Any = self._rows[key]
        row.sessions = self._sessions[row.training_id]
        return row, False

    def name_of(self, instance: Any) -> str:
        return f"{instance.trainee}（{instance.section}）"

    # --- what it says of them

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """The row as it would be: a state with exactly what belongs to it."""
        before = {name: getattr(instance, name) for name in ("state", "session", "attended_on", "reason")}
        super().import_instance(instance, row, **kwargs)
        if self.held and STATE not in self.sheet.headers:
            instance.state = AttendanceState.ATTENDED.value
            if before["state"] == instance.state:  # the first record of a person stays
                instance.record(instance.state, session=before["session"], on=before["attended_on"])
                return
        _require_what_belongs(instance.state, row)
        if instance.state == AttendanceState.ATTENDED:
            self._say_when(instance, before, row)
        instance.record(instance.state, session=instance.session, on=instance.attended_on, reason=instance.reason)

    def _say_when(self, instance: Any, before: dict[str, Any], row: dict[str, Any]) -> None:
        """What the line says, else the 実施回 that the file was given to, else what is recorded."""
        if self.held and before["state"] != instance.state and not word_in(row, SESSION):
            instance.session = self.held
        if instance.session and instance.session != before["session"] and not word_in(row, DAY):
            instance.attended_on = instance.session.held_on
        if instance.attended_on is None:
            raise ValidationError({"attended_on": "「受講」の行には、回か受講日を入れてください。"})

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        set_attendance(
            instance,
            instance.state,
            seen_version=seen_version,
            session=instance.session,
            on=instance.attended_on,
            reason=instance.reason,
            history_reason=self.reason,
            **self.told,
        )


def _person(people: Audience, number: str, row: dict[str, Any]) -> Attendance:
    """By number, else by name; of several the one of that section. Raises ValidationError."""
    name = name_key(word_in(row, NAME))
    if number in people.by_number:
        found = people.by_number[number]
        if name and name != found.trainee.name_key:
            raise ValidationError(
                {
                    "name": f"職員番号{quoted(number)}の対象者は{quoted(found.trainee.name)}です。どちらかを直してください。"
                }
            )
        return found
    if not name:
        raise ValidationError({"name": "氏名がありません。"})
    named = [each for each in people.by_name.get(name, ()) if not (number and each.trainee.staff_number)]
    if len(named) > 1:
        section = name_key(word_in(row, SECTION))
        named = [each for each in named if name_key(each.section.name) == section] or named
    if len(named) > 1:
        raise ValidationError({"name": "同じ氏名の人が2人以上います。課か職員番号を入れてください。"})
    if not named:
        raise ValidationError(
            {"name": "この研修の対象者にいない氏名です。名簿に加え、名簿に合わせてから取り込みます。"}
        )
    return named[0]


def _require_what_belongs(state: str, row: dict[str, Any]) -> None:
    wrong = {}
    if state != AttendanceState.ATTENDED:
        named = {"session": SESSION, "attended_on": DAY}
        sentence = "「受講」の行だけに入れます。空欄にしてください。"
        wrong = {field: sentence for field, heading in named.items() if word_in(row, heading)}
    if state != AttendanceState.EXCUSED and word_in(row, REASON):
        wrong["reason"] = "「免除」の行だけに入れます。空欄にしてください。"
    if wrong:
        raise ValidationError(wrong)


def resource_for(session: TrainingSession) -> type[AttendanceResource]:
    """For a list of those who were at this 実施回."""
    return type("AttendanceAtSession", (AttendanceResource,), {"held": session})


def lines_of(rows: Iterable[Attendance]) -> list[list[Any]]:
    return AttendanceResource.written(rows)


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        (
            "義務の記号・年度・氏名",
            "行を見つける鍵です。研修の「受講を記録する」で選んだファイルは、氏名だけでかまいません。",
        ),
        ("職員番号・課", "同姓同名の人には、どちらかを入れます。職員番号があれば、これで見つけます。"),
        ("研修", "確かめるための列です。対象者は名簿で決まり、取り込みでは増えません。"),
        (STATE, "・".join(AttendanceState.labels) + "。出席・欠席、○・×とも書けます。"),
        ("回・受講日", "「受講」の行に、どちらかを入れます。受講日が空欄のときは、その回の実施日になります。"),
        (REASON, "「免除」の行には必ず入れます。"),
    ]
