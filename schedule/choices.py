"""Words of the schedule: kinds of rows, standings, states of reports and reminders, with their colour tone."""

from enum import nonmember

from django.db import models


class ScheduleKind(models.TextChoices):
    """How a row of 全体スケジュール is judged (R10). Derived from 実施時期, 計画書 6."""

    DEADLINE = "deadline", "期限型"  # may be late
    FROM = "from", "開始型"  # may start late
    YEARLY = "yearly", "毎年型"  # judged once per fiscal year
    ONGOING = "ongoing", "随時・継続型"  # never late, only stale
    STUDY = "study", "検討事項"  # 工程の定めなし

    IN_THE_SCHEDULE = nonmember(("deadline", "from", "yearly", "ongoing"))
    WITH_END = nonmember(("deadline", "from"))  # rows of which one can say when they will be completed


class Standing(models.TextChoices):
    """状況. Mark + word + colour always together; the tone names all three (see `badge`)."""

    ON_TRACK = "on_track", "順調"
    SLIGHTLY_LATE = "slightly_late", "やや遅れ"
    LATE = "late", "遅れ"
    DONE = "done", "完了"
    NOT_STARTED = "not_started", "未着手"
    DROPPED = "dropped", "見送り"
    UNREPORTED = "unreported", "未報告"  # said by the portal, never chosen by a person
    CONSIDERING = "considering", "検討中"
    TRYING = "trying", "試行中"
    DECIDED = "decided", "方針決定"
    RUNNING = "running", "実施中"

    # The keys 1–6 of the entry grid follow this order.
    FOR_ROWS = nonmember(("on_track", "slightly_late", "late", "done", "not_started", "dropped"))
    FOR_STUDIES = nonmember(("considering", "trying", "decided", "running", "dropped"))
    NEED_REASON = nonmember(("slightly_late", "late"))  # R1
    # Worst first; an initiative stands as its worst row. 未報告 is said beside it, never hidden by it.
    WORST_FIRST = nonmember(("late", "slightly_late", "unreported", "not_started", "on_track", "dropped", "done"))

    @property
    def tone(self) -> str:
        return TONES[self]


TONES = {
    Standing.ON_TRACK: "ok",
    Standing.SLIGHTLY_LATE: "slow",
    Standing.LATE: "late",
    Standing.DONE: "done",
    Standing.NOT_STARTED: "none",
    Standing.DROPPED: "none",
    Standing.UNREPORTED: "miss",
    Standing.CONSIDERING: "study",
    Standing.TRYING: "study",
    Standing.DECIDED: "study",
    Standing.RUNNING: "ok",
}


class RoundInterval(models.TextChoices):
    QUARTER = "quarter", "四半期ごと"
    HALF = "half", "半期ごと"


class RoundState(models.TextChoices):
    """Computed from the day and the closing, never stored."""

    COMING = "coming", "準備中"
    OPEN = "open", "入力中"
    CLOSED = "closed", "確定"


class ReportState(models.TextChoices):
    DRAFT = "draft", "下書き"
    CHECKING = "checking", "課長の確認待ち"  # only where the town has switched 課長の確認 on
    SUBMITTED = "submitted", "提出"
    RETURNED = "returned", "差戻し"
    ACCEPTED = "accepted", "確認済"

    REPORTED = nonmember(("submitted", "accepted"))  # R4: what counts as reported
    WITH_SECTION = nonmember(("draft", "checking", "returned"))  # 担当課 must act next


class LineState(models.TextChoices):
    """What became of one thing that is owed to one person."""

    DUE = "due", "未対応"
    MISSED = "missed", "次の催促に替えた"
    DONE = "done", "済み"
    CANCELLED = "cancelled", "取消"


class MailState(models.TextChoices):
    QUEUED = "queued", "送信待ち"
    SENDING = "sending", "送信中"
    RETRY = "retry", "再送待ち"
    SENT = "sent", "送信済み"
    FAILED = "failed", "失敗"
    UNKNOWN = "unknown", "送達不明"
    SKIPPED = "skipped", "不要になった"
    CANCELLED = "cancelled", "取消"
    WITHHELD = "withheld", "保留"

    CLAIMABLE = nonmember(("queued", "retry"))
    NEED_A_PERSON = nonmember(("failed", "unknown"))  # counted on the secretariat's home
    # 再送: a person decides, also for a letter that left but was not seen. 取消: not while it is being sent.
    RESENDABLE = nonmember(("sent", "failed", "unknown", "cancelled", "withheld"))
    CANCELLABLE = nonmember(("queued", "retry", "failed", "unknown", "withheld"))

    @property
    def tone(self) -> str:
        return MAIL_TONES.get(self, "none")


MAIL_TONES = {
    MailState.RETRY: "slow",
    MailState.SENT: "done",
    MailState.FAILED: "late",
    MailState.UNKNOWN: "miss",
}


class DutyRecurrence(models.TextChoices):
    YEARLY = "yearly", "毎年度"
    HALF = "half", "半年ごと"
    ANYTIME = "anytime", "随時（少なくとも年1回）"
    INTERVAL = "interval", "n年ごと"
    ONCE = "once", "一度だけ"

    WITH_FIRST_YEAR = nonmember(("interval", "once"))  # without it nobody knows in which year they come


class YearPart(models.IntegerChoices):
    """Which of a fiscal year's rows of one duty."""

    WHOLE = 0, "通年"
    FIRST = 1, "上半期"
    SECOND = 2, "下半期"


class Employment(models.TextChoices):
    """任用の区分 of those who take part in trainings."""

    REGULAR = "regular", "常勤の職員"
    FIXED_TERM = "fixed_term", "会計年度任用職員"
    REAPPOINTED = "reappointed", "再任用の職員"
    SPECIAL = "special", "特別職"
    OTHER = "other", "その他"


class SessionKind(models.TextChoices):
    ROOM = "room", "集合"
    ONLINE = "online", "オンライン"
    ELEARNING = "elearning", "eラーニング"
    MATERIAL = "material", "資料の配布と確認"


class AttendanceState(models.TextChoices):
    MISSING = "missing", "未受講"
    ATTENDED = "attended", "受講"
    EXCUSED = "excused", "免除"

    @property
    def tone(self) -> str:
        return ATTENDANCE_TONES[self]


ATTENDANCE_TONES = {
    AttendanceState.MISSING: "miss",
    AttendanceState.ATTENDED: "done",
    AttendanceState.EXCUSED: "none",
}


class PolicyKind(models.TextChoices):
    """文書の区分 of the information security policy."""

    BASIC = "basic", "基本方針"
    STANDARD = "standard", "対策基準"
    PROCEDURE = "procedure", "実施手順"
    STATEMENT = "statement", "サイバーセキュリティ方針"
    OTHER = "other", "その他"


class PolicyTrigger(models.TextChoices):
    """What made the town look at a document again, or find something to mend."""

    REGULAR = "regular", "定期"
    GUIDELINE = "guideline", "国のガイドラインの改定"
    INCIDENT = "incident", "事故・障害"
    AUDIT = "audit", "監査の指摘"
    SELF_CHECK = "self_check", "自己点検"
    OTHER = "other", "その他"


class ReviewOutcome(models.TextChoices):
    NO_CHANGE = "no_change", "見直した結果、変更なし"
    REVISE = "revise", "改定する"
