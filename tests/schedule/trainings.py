"""Courses, the roster and attendance, made the way people make them."""

from datetime import date
from typing import Any

from schedule.actions import training as actions
from schedule.models import Attendance, DutyOccurrence, Trainee, Training, TrainingSession
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.schedule.duties import create_duty, create_occurrence
from townhall.changes import create_row
from townhall.models import Section


def create_trainee(name: str, *, section: Section, **values: Any) -> Trainee:
    return create_row(Trainee(name=name, section=section, **values), by=TESTS, today=TODAY)


def start(*, occurrence: DutyOccurrence | None = None, today: date = TODAY, **values: Any) -> Training:
    """情報セキュリティ研修 of 令和8年度, due on 30 November, for the roster as it is."""
    training = Training(occurrence=occurrence or create_occurrence(duty=create_duty()), **values)
    return actions.start_training(training, by=TESTS, today=today)


def hold(training: Training, *, held_on: date = date(2026, 11, 10), **values: Any) -> TrainingSession:
    return actions.add_session(TrainingSession(training=training, held_on=held_on, **values), by=TESTS, today=TODAY)


def row_of(training: Training, name: str) -> Attendance:
    return training.attendances.select_related("trainee", "section").get(trainee__name=name)


def attend(session: TrainingSession, *names: str) -> list[Attendance]:
    rows = [row_of(session.training, name) for name in names]
    return actions.record_attended(session, rows, by=TESTS, today=TODAY)


def excuse(training: Training, name: str, *, reason: str = "育児休業中") -> Attendance:
    row = row_of(training, name)
    return actions.set_attendance(row, "excused", by=TESTS, today=TODAY, seen_version=row.version, reason=reason)
