"""The ledgers of this package that go in and out as files."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse

from schedule import (
    attendance_resource,
    duty_resource,
    occurrence_resource,
    policy_resources,
    resources,
    session_resource,
    trainee_resource,
)
from schedule.models import (
    Activity,
    Attendance,
    Duty,
    ProgressReport,
    ReportingRound,
    Trainee,
    TrainingSession,
)
from townhall.changes import Written
from townhall.models import User
from townhall.permissions import Permission, sections_open_to
from townhall.sheets.kinds import ImportKind


def _report_lines(user: User, today: date) -> list[list[Any]]:
    """Drafts among them: each section its own rows, 事務局 all."""
    sections = sections_open_to(user, Permission.RECORD_PROGRESS, today=today)
    reports = ProgressReport.objects.filter(activity__in=Activity.objects.owned_by(sections)).select_related(
        "round__plan", "activity__initiative__owner_section", "activity__owner_section"
    )
    return resources.ProgressReportResource().lines_of(
        reports.order_by("round__plan", "round__fiscal_year", "round__quarter", "activity__order")
    )


def _closed_since(written: Sequence[Written], today: date) -> str:
    rounds = ReportingRound.objects.filter(reports__in=[each.pk for each in written]).distinct()
    closed = [round.label for round in rounds if not round.is_open_on(today)]
    return f"{'、'.join(closed)}は締め切られたため、取り消せません。直すときは訂正します。" if closed else ""


PROGRESS = ImportKind(
    code="progress",
    label="進捗報告",
    about="期ごと・行ごとの状況、進捗率、実績、来期の予定。",
    view=Permission.RECORD_PROGRESS,
    change=Permission.RECORD_PROGRESS,
    resource=lambda: resources.ProgressReportResource,
    lines=_report_lines,
    notes=resources.column_notes(),
    example={
        **{"計画": "r5-r7", "期": "令和7年度 第4四半期", "番号": "5-3", "状況": "順調", "進捗率（％）": 80},
        **{
            "今期の実績": "例：申請書の様式をそろえました。",
            "来期の予定": "例：試行を始めます。",
            "委員会に諮る": "いいえ",
        },
    },
    undoable=("schedule.progressreport",),
    words={"No": "番号", "No.": "番号", "進捗率": "進捗率（％）", "実績": "今期の実績", "理由": "遅れ・変更の理由"},
    keeps=_closed_since,
)


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


def _duty_lines(user: User, today: date) -> list[list[Any]]:
    return duty_resource.DutyResource().lines_of(Duty.objects.select_related("owner_section"))


DUTIES = ImportKind(
    code="duties",
    label="毎年度の義務",
    about="研修、セキュリティポリシーの見直しなどの義務の名称、頻度、期限、知らせる日、根拠。",
    view=Permission.VIEW_DUTY,
    change=Permission.MANAGE_DUTY,
    resource=lambda: duty_resource.DutyResource,
    lines=_duty_lines,
    notes=duty_resource.column_notes(),
    example={"記号": "example", "義務の名称": "例：情報機器の点検", "頻度": "毎年度", "期限の月": 11, "期限の日": 30},
    undoable=("schedule.duty", "schedule.dutyoccurrence"),
    words={"名称": "義務の名称", "義務": "義務の名称", "課": "担当課"},
)


def _occurrence_lines(user: User, today: date) -> list[list[Any]]:
    return occurrence_resource.occurrence_lines()


OCCURRENCES = ImportKind(
    code="occurrences",
    label="年度ごとの義務の記録",
    about="義務ごと・年度ごとの期限、済ませた日、証拠、記録、行わない理由。",
    view=Permission.VIEW_DUTY,
    change=Permission.MANAGE_DUTY,
    resource=lambda: occurrence_resource.OccurrenceResource,
    lines=_occurrence_lines,
    notes=occurrence_resource.column_notes(),
    example={
        **{"義務の記号": "security-training", "年度": "令和8年度", "済ませた日": "R8.11.20"},
        **{"証拠（文書番号など）": "例：総務第123号", "記録": "例：参加 98人"},
    },
    undoable=("schedule.dutyoccurrence",),
    words={
        **{"記号": "義務の記号", "実施日": "済ませた日", "完了日": "済ませた日", "証拠": "証拠（文書番号など）"},
        **{"文書番号": "証拠（文書番号など）", "変更なし": "見直しの結果、変更なし", "備考": "記録"},
    },
)


def _policy_lines(user: User, today: date) -> Iterable[list[Any]]:
    return policy_resources.policy_lines()


POLICIES = ImportKind(
    code="policies",
    label="セキュリティポリシーの文書",
    about="文書名、区分、公開するかどうか、担当課、見直しの間隔と次の期限。",
    view=Permission.VIEW_DUTY,
    change=Permission.MANAGE_POLICY,
    resource=lambda: policy_resources.PolicyResource,
    lines=_policy_lines,
    notes=policy_resources.policy_notes(),
    example={
        **{"文書名": "例：情報システム運用手順", "区分": "実施手順", "公開する文書": "いいえ", "担当課": "総務課"},
        **{"何か月ごとに見直すか": 12, "次の見直しの期限": "R9.3.31"},
    },
    undoable=("schedule.policydocument",),
    words={"名称": "文書名", "文書": "文書名", "課": "担当課", "種類": "区分", "公開": "公開する文書"},
)


def _finding_lines(user: User, today: date) -> Iterable[list[Any]]:
    return policy_resources.finding_lines()


FINDINGS = ImportKind(
    code="findings",
    label="指摘と是正",
    about="監査・自己点検・事故などの指摘と、担当課、期限、直した日。",
    view=Permission.VIEW_DUTY,
    change=Permission.MANAGE_POLICY,
    resource=lambda: policy_resources.FindingResource,
    lines=_finding_lines,
    notes=policy_resources.finding_notes(),
    example={
        **{"指摘の日": "R8.10.1", "指摘の内容": "例：退職者のアカウントが残っていた", "きっかけ": "自己点検"},
        **{"直すこと": "例：月に1回、確かめる。", "担当課": "総務課", "期限": "R9.1.29"},
    },
    undoable=("schedule.policyfinding",),
    words={
        **{"指摘日": "指摘の日", "指摘": "指摘の内容", "内容": "指摘の内容", "文書": "関係する文書", "課": "担当課"},
        **{"是正": "直すこと", "是正の内容": "どう直したか", "是正日": "直した日", "完了日": "直した日"},
    },
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

KINDS = (PROGRESS, TRAINEES, DUTIES, OCCURRENCES, SESSIONS, ATTENDANCE, POLICIES, FINDINGS)
