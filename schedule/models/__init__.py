from schedule.models.activity import Activity
from schedule.models.duty import Duty, DutyOccurrence
from schedule.models.reminder import JobRun, MailAction, ReminderLine, ReminderMail
from schedule.models.reporting import EntryDraft, ProgressReport
from schedule.models.round import ReportingRound, RoundRule, RoundVisit

__all__ = [
    "Activity",
    "Duty",
    "DutyOccurrence",
    "EntryDraft",
    "JobRun",
    "MailAction",
    "ProgressReport",
    "ReminderLine",
    "ReminderMail",
    "ReportingRound",
    "RoundRule",
    "RoundVisit",
]
