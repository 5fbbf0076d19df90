"""The roster, the sessions and the attendance of trainings as files."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse

from schedule import attendance_resource, session_resource, trainee_resource
from schedule.models import Attendance, Trainee, TrainingSession
from townhall.changes import Written
from townhall.models import User
from townhall.permissions import Permission, sections_open_to
from townhall.sheets.kinds import ImportKind


def _trainee_lines(user: User, today: date) -> list[list[Any]]:
    """Names: a 課長 sees those of the own section."""
    sections = sections_open_to(user, Permission.VIEW_TRAINEE, today=today)
    people = Trainee.objects.select_related("section", "user")
    return trainee_resource.TraineeResource().lines_of(
        people if sections is None else people.filter(section__in=sections)
    )


TRAINEES = ImportKind(
    code="trainees",
    label="研修の名簿",
    about="研修の対象になる人の氏名、課、任用の区分。氏名は取り扱いに注意してください。",
    view=Permission.VIEW_TRAINEE,
    change=Permission.MANAGE_TRAINING,
    resource=lambda: trainee_resource.TraineeResource,
    lines=_trainee_lines,
    notes=trainee_resource.column_notes(),
    example={"職員番号": "1001", "氏名": "見本 花子", "課": "企画課", "任用の区分": "常勤の職員", "採用日": "R8.4.1"},
    undoable=("schedule.trainee",),
    words={"名前": "氏名", "所属": "課", "所属課": "課", "職員コード": "職員番号", "採用年月日": "採用日"},
)


def _session_lines(user: User, today: date) -> Iterable[list[Any]]:
    return session_resource.session_lines()


def _later_sessions(written: Sequence[Written], today: date) -> str:
    """The numbers of a course have no gap."""
    new = TrainingSession.objects.filter(pk__in=[each.pk for each in written if each.kind == "+"])
    trainings = new.values("training")
    last = max((each.pk for each in written), default=0)
    later = TrainingSession.objects.filter(training__in=trainings, pk__gt=last).select_related("training").first()
    return f"あとから{later}が加わったため、取り消せません。" if later else ""


SESSIONS = ImportKind(
    code="trainings",
    label="研修の実施回",
    about="研修ごとの実施日、方法、場所、内容・講師。",
    view=Permission.VIEW_DUTY,
    change=Permission.MANAGE_TRAINING,
    resource=lambda: session_resource.SessionResource,
    lines=_session_lines,
    notes=session_resource.column_notes(),
    example={
        **{"義務の記号": "security-training", "年度": "令和8年度", "回": 1, "実施日": "R8.11.10", "方法": "集合"},
        **{"場所": "例：大会議室", "内容・講師": "例：標的型メールの見分け方"},
    },
    undoable=("schedule.trainingsession",),
    words={"記号": "義務の記号", "開催日": "実施日", "会場": "場所", "内容": "内容・講師", "講師": "内容・講師"},
    keeps=_later_sessions,
)


def _attendance_lines(user: User, today: date) -> list[list[Any]]:
    """Names: a 課長 sees those of the own section."""
    sections = sections_open_to(user, Permission.VIEW_TRAINEE, today=today)
    rows = Attendance.objects.of_sections(sections).select_related(
        "training__occurrence__duty", "trainee", "section", "session"
    )
    order = ("section__order", "trainee__name_key", "pk")
    return attendance_resource.lines_of(rows.order_by("training__occurrence__fiscal_year", "training", *order))


def session_subject(session: TrainingSession) -> str:
    return f"session:{session.pk}"


def _of_one_session(subject: str) -> ImportKind | None:
    """A list of those who were at one 実施回, chosen on 「受講を記録する」."""
    number = subject.removeprefix("session:")
    sessions = TrainingSession.objects.select_related("training__occurrence__duty")
    session = sessions.filter(pk=int(number)).first() if number.isdecimal() else None
    if session is None:
        return None
    return replace(
        ATTENDANCE,
        label=f"受講の記録（{session.training} {session}）",
        resource=lambda: attendance_resource.resource_for(session),
        chosen_at=reverse("training_record", args=[session.training_id]),
    )


ATTENDANCE = ImportKind(
    code="attendance",
    label="受講の記録",
    about="研修の対象者ごとの受講・免除・未受講と、回、受講日、理由。氏名は取り扱いに注意してください。",
    view=Permission.VIEW_TRAINEE,
    change=Permission.MANAGE_TRAINING,
    resource=lambda: attendance_resource.AttendanceResource,
    lines=_attendance_lines,
    notes=attendance_resource.column_notes(),
    example={
        **{"義務の記号": "security-training", "年度": "令和8年度", "職員番号": "1001", "氏名": "見本 花子"},
        **{"課": "企画課", "状況": "受講", "回": "第1回"},
    },
    undoable=("schedule.attendance",),
    words={
        **{"記号": "義務の記号", "名前": "氏名", "職員氏名": "氏名", "受講者": "氏名", "出席者": "氏名"},
        **{"所属": "課", "所属課": "課", "職員コード": "職員番号", "実施回": "回", "受講年月日": "受講日"},
        **{"番号": "", "No": "", "No.": "", "備考": ""},
    },
    narrowed=_of_one_session,
)

KINDS = (TRAINEES, SESSIONS, ATTENDANCE)
