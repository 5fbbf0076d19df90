"""研修: who has to take part, the sessions, and who was there, excused or still missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from schedule.actions.duties import WrongStateError
from schedule.actions.once import create_once
from schedule.choices import AttendanceState
from schedule.due_training import TRAINING, attendance_subject
from schedule.models import Attendance, DutyOccurrence, Trainee, Training, TrainingSession
from schedule.models.duty import DutyKind
from schedule.reminders import settle
from townhall import fiscal
from townhall.changes import create_row, save_row

LEFT = "名簿から外れたため（退職・異動など）"


@dataclass(frozen=True)
class RosterChange:
    """What following the roster would do, or did."""

    new: tuple[Trainee, ...]
    moved: tuple[Attendance, ...]  # still missing, and now in another section
    gone: tuple[Attendance, ...]  # still missing, and no longer on the roster or in the audience

    def __bool__(self) -> bool:
        return bool(self.new or self.moved or self.gone)

    @property
    def sentence(self) -> str:
        return (
            f"新しい対象者 {len(self.new)}人、課が変わった人 {len(self.moved)}人、対象から外れた人 {len(self.gone)}人"
        )


@transaction.atomic
def start_training(training: Training, *, by: Any, today: date, source: str = "画面") -> Training:
    """Begin to keep attendance of a year's training, for the people the roster has today. A second time changes nothing."""
    occurrence: DutyOccurrence = training.occurrence
    if occurrence.duty.kind != DutyKind.TRAINING:
        raise WrongStateError("研修の義務ではないため、受講の記録を始められません。")
    known = Training.objects.filter(occurrence=occurrence).first()
    if known is not None:
        return known
    create_row(training, by=by, today=today, source=source)
    follow_roster(training, by=by, today=today, source=source)
    return training


def audience_of(training: Training, *, today: date) -> list[Trainee]:
    """The people of the roster who have to take part."""
    people = Trainee.objects.on(today).select_related("section")
    if training.sections:
        people = people.filter(section__code__in=training.sections)
    if training.employments:
        people = people.filter(employment__in=training.employments)
    if training.only_newcomers:
        year = training.occurrence.fiscal_year
        people = people.filter(hired_on__range=(fiscal.fiscal_year_start(year), fiscal.fiscal_year_end(year)))
    return list(people)


def roster_change(training: Training, *, today: date) -> RosterChange:
    """Who would be added, moved or taken out. Those who attended or are excused stay as they are recorded."""
    wanted = {person.pk: person for person in audience_of(training, today=today)}
    rows = list(training.attendances.select_related("trainee__section", "section"))
    known = {row.trainee_id for row in rows}
    open_rows = [row for row in rows if row.state == AttendanceState.MISSING]
    return RosterChange(
        new=tuple(person for pk, person in wanted.items() if pk not in known),
        moved=tuple(row for row in open_rows if row.trainee_id in wanted and row.section_id != row.trainee.section_id),
        gone=tuple(row for row in open_rows if row.trainee_id not in wanted),
    )


@transaction.atomic
def follow_roster(training: Training, *, by: Any, today: date, source: str = "画面") -> RosterChange:
    """Bring the people of a training in line with the roster of today."""
    change = roster_change(training, today=today)
    for person in change.new:
        row = Attendance(training=training, trainee=person, section=person.section)
        create_row(row, by=by, today=today, source=source)
    for row in change.moved:
        row.section = row.trainee.section
        save_row(row, by=by, seen_version=row.version, today=today, source=source, reason="名簿の課に合わせて")
    for row in change.gone:
        row.record(AttendanceState.EXCUSED, reason=LEFT)
        _save(row, by=by, seen_version=row.version, today=today, source=source)
    return change


@transaction.atomic
def change_audience(
    training: Training, *, by: Any, today: date, seen_version: int | None, source: str = "画面"
) -> RosterChange:
    save_row(training, by=by, seen_version=seen_version, today=today, source=source)
    return follow_roster(training, by=by, today=today, source=source)


@transaction.atomic
def add_session(
    session: TrainingSession, *, by: Any, today: date, source: str = "画面", history_reason: str = ""
) -> TrainingSession:
    """The next 回 of its training. Raises ValidationError."""
    _in_its_year(session)
    locked = Training.objects.select_for_update().get(pk=session.training_id)
    last = locked.sessions.order_by("-number").first()
    session.number = last.number + 1 if last else 1
    return create_once(session, by=by, today=today, source=source, history_reason=history_reason)


@transaction.atomic
def edit_session(
    session: TrainingSession,
    *,
    by: Any,
    today: date,
    seen_version: int | None,
    source: str = "画面",
    history_reason: str = "",
) -> TrainingSession:
    _in_its_year(session)
    return save_row(session, by=by, seen_version=seen_version, today=today, source=source, reason=history_reason)


def _in_its_year(session: TrainingSession) -> None:
    year = session.training.occurrence.fiscal_year
    if session.held_on and fiscal.fiscal_year(session.held_on) != year:
        first, last = fiscal.fiscal_year_start(year), fiscal.fiscal_year_end(year)
        raise ValidationError(
            {"held_on": f"{fiscal.format_date(first)}から{fiscal.format_date(last)}までの日を入力してください。"}
        )


@transaction.atomic
def record_attended(
    session: TrainingSession, rows: Iterable[Attendance], *, by: Any, today: date, source: str = "画面"
) -> list[Attendance]:
    """These people were there. Who has attended already keeps the first record; all of them or none.

    Raises WrongStateError for a session that has not been held yet.
    """
    if session.held_on > today:
        raise WrongStateError(f"{session}（{fiscal.format_date(session.held_on)}）は、まだ実施の日が来ていません。")
    recorded = []
    for row in rows:
        if row.training_id != session.training_id:
            raise WrongStateError("ほかの研修の対象者が含まれています。")
        if row.state != AttendanceState.ATTENDED:
            row.record(AttendanceState.ATTENDED, session=session)
            recorded.append(_save(row, by=by, seen_version=row.version, today=today, source=source))
    return recorded


@transaction.atomic
def set_attendance(
    row: Attendance,
    state: str,
    *,
    by: Any,
    today: date,
    seen_version: int | None,
    session: TrainingSession | None = None,
    on: date | None = None,
    reason: str = "",
    source: str = "画面",
    history_reason: str = "",
) -> Attendance:
    """One person: 受講 with its day, 免除 with its reason, or back to 未受講. Raises StaleVersion, ValidationError."""
    day = on or (session.held_on if session else None)
    if state == AttendanceState.ATTENDED and day and day > today:
        raise ValidationError({"attended_on": "まだ来ていない日です。今日までの日を入力してください。"})
    if state == AttendanceState.EXCUSED and not reason.strip():
        raise ValidationError({"reason": "免除の理由を入力してください。"})
    row.record(state, session=session, on=on, reason=reason.strip())
    return _save(row, by=by, seen_version=seen_version, today=today, source=source, reason=history_reason)


def _save(
    row: Attendance, *, by: Any, seen_version: int | None, today: date, source: str, reason: str = ""
) -> Attendance:
    save_row(row, by=by, seen_version=seen_version, today=today, source=source, reason=reason)
    stop_notices(row)
    return row


def stop_notices(row: Attendance) -> None:
    """Whoever attended or is excused is asked no more, at once."""
    if row.state != AttendanceState.MISSING:
        settle(
            kind=TRAINING, subject=attendance_subject(row.pk), reason=f"「{row.get_state_display()}」と記録されました。"
        )
