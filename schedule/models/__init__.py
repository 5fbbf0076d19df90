from schedule.models.activity import Activity
from schedule.models.duty import Duty, DutyOccurrence
from schedule.models.reminder import JobRun, MailAction, ReminderLine, ReminderMail
from schedule.models.reporting import ProgressReport, ReportingRound

__all__ = [
    "Activity",
    "Duty",
    "DutyOccurrence",
    "JobRun",
    "MailAction",
    "ProgressReport",
    "ReminderLine",
    "ReminderMail",
    "ReportingRound",
]
