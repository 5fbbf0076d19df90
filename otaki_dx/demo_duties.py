"""Made-up trainings, a roster and a security policy of the demonstration, recorded like real ones."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from schedule.actions import policy, training
from schedule.choices import AttendanceState, Employment, PolicyKind, PolicyTrigger, ReviewOutcome
from schedule.models import (
    Activity,
    Attendance,
    DutyOccurrence,
    PolicyDocument,
    PolicyFinding,
    PolicyReview,
    PolicyVersion,
    Trainee,
    Training,
    TrainingSession,
)
from townhall import calendar, fiscal
from townhall.changes import System, create_row
from townhall.models import Section, User

SOURCE = "例のデータ"
BY = System("例のデータ")
# People of the roster by section: so many of them have taken part in 情報セキュリティ研修 so far.
ROSTER = {"somu": (9, 9), "kikaku": (6, 6), "zeimu": (8, 7), "kenko": (10, 6), "norin": (5, 5)}
ACCOUNTS_ON_THE_ROSTER = {"kikaku": "kikaku-tanto", "zeimu": "zeimu-kacho", "kenko": "kenko-kacho"}
GIVEN_NAMES = ("一子", "二郎", "三代", "四郎", "五月", "六郎", "七海", "八郎", "九美", "十郎")
EVERY_FIFTH = 5

DOCUMENTS = (
    ("basic", "情報セキュリティ基本方針", PolicyKind.BASIC, True, "3-2"),
    ("standard", "情報セキュリティ対策基準", PolicyKind.STANDARD, False, None),
    ("procedure", "情報セキュリティ実施手順", PolicyKind.PROCEDURE, False, None),
)


@transaction.atomic
def load_duties(*, today: date) -> None:
    _load_roster(today)
    _load_training("security-training", today)
    _load_policy(today)


def _load_roster(today: date) -> None:
    for code, (size, _) in ROSTER.items():
        section = Section.objects.get(code=code)
        for number in range(size):
            person = Trainee(section=section, name=f"例 {section.name.removesuffix('課')}{GIVEN_NAMES[number]}")
            if number % EVERY_FIFTH == EVERY_FIFTH - 1:
                person.employment = Employment.FIXED_TERM
            if number == 0 and code in ACCOUNTS_ON_THE_ROSTER:
                person.user = User.objects.get(username=ACCOUNTS_ON_THE_ROSTER[code])
                person.name = person.user.name
            create_row(person, by=BY, today=today, source=SOURCE)


def _load_training(duty: str, today: date) -> None:
    """Two sessions were held; one person is on leave."""
    year = fiscal.fiscal_year(today)
    occurrence = DutyOccurrence.objects.filter(duty__code=duty, fiscal_year__gte=year).order_by("fiscal_year").first()
    if occurrence is None or occurrence.fiscal_year != year:
        return  # late in the year this year's course is no longer owed
    course = training.start_training(Training(occurrence=occurrence), by=BY, today=today, source=SOURCE)
    first_day = fiscal.fiscal_year_start(year)
    days = [max(calendar.working_days_before(today, back), first_day) for back in (15, 6)]
    sessions = [_hold(course, day, today) for day in days if day <= today]
    rows = list(course.attendances.select_related("section", "trainee").order_by("pk"))
    there = [row for code, (_, number) in ROSTER.items() for row in _last_of(rows, code, number)]
    for at, session in enumerate(sessions):
        training.record_attended(session, there[at::2], by=BY, today=today, source=SOURCE)
    leave = next(row for row in rows if row.section.code == "kenko" and row.pk not in {each.pk for each in there})
    who: dict[str, Any] = {"by": BY, "today": today, "seen_version": leave.version, "source": SOURCE}
    training.set_attendance(leave, AttendanceState.EXCUSED, reason="育児休業中（例）", **who)


def _last_of(rows: list[Attendance], code: str, number: int) -> list[Attendance]:
    """The last so many of a section: the first, who may have an account, is missing where anybody is."""
    mine = [row for row in rows if row.section.code == code]
    return mine[len(mine) - number :]


def _hold(course: Training, day: date, today: date) -> TrainingSession:
    session = TrainingSession(training=course, held_on=day, place="役場 大会議室", note="標的型メールの見分け方（例）")
    return training.add_session(session, by=BY, today=today, source=SOURCE)


def _load_policy(today: date) -> None:
    somu = Section.objects.get(code="somu")
    for order, (code, name, kind, is_public, row) in enumerate(DOCUMENTS, start=1):
        document = PolicyDocument.objects.filter(code=code).first() or PolicyDocument(code=code, name=name)
        document.kind, document.is_public, document.owner_section = kind, is_public, somu
        document.order, document.is_example = order, True
        document.activity = Activity.objects.get(plan__code="r5-r7", code=row) if row else None
        if document.pk is None:
            policy.create_document(document, by=BY, today=today, source=SOURCE)
        else:
            policy.edit_document(document, by=BY, today=today, seen_version=document.version, source=SOURCE)
        revised = calendar.working_day_on_or_before(today - timedelta(days=(330, 300, 400)[order - 1]))
        _revise(document, "第2版", revised, today)
    reviewed = calendar.working_day_on_or_before(today - timedelta(days=200))
    _review(PolicyDocument.objects.get(code="standard"), reviewed, today)
    _find(somu, today)


def _revise(document: PolicyDocument, label: str, day: date, today: date) -> None:
    version = PolicyVersion(
        document=document,
        label=label,
        revised_on=day,
        in_force_on=day,
        trigger=PolicyTrigger.GUIDELINE,
        reason="国のガイドラインの改定に合わせて（例）",
        approved_by="情報化推進委員会（例）",
        approved_on=day,
    )
    policy.add_version(version, by=BY, today=today, source=SOURCE)


def _review(document: PolicyDocument, day: date, today: date) -> None:
    review = PolicyReview(document=document, reviewed_on=day, outcome=ReviewOutcome.NO_CHANGE)
    review.note = "国のガイドラインと照らし、変更の必要がないことを確かめた（例）。"
    policy.record_review(review, by=BY, today=today, next_review_on=day + timedelta(days=365), source=SOURCE)


def _find(section: Section, today: date) -> None:
    finding = PolicyFinding(
        document=PolicyDocument.objects.get(code="standard"),
        source=PolicyTrigger.AUDIT,
        found_on=today - timedelta(days=60),
        content="異動した職員の共有フォルダの権限が残っていた（例）",
        task="異動の翌月に、課ごとに権限を確かめる手順を加える。",
        owner_section=section,
        due_on=calendar.working_day_on_or_after(today + timedelta(days=20)),
    )
    policy.add_finding(finding, by=BY, today=today, source=SOURCE)
