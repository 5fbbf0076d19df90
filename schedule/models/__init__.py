from schedule.models.activity import Activity
from schedule.models.duty import Duty, DutyOccurrence
from schedule.models.policy import PolicyDocument, PolicyFinding, PolicyReview, PolicyVersion
from schedule.models.publication import Publication, PublicLine, Withdrawal
from schedule.models.reminder import JobRun, MailAction, ReminderLine, ReminderMail
from schedule.models.reminder_settings import ReminderSettings
from schedule.models.reporting import EntryDraft, ProgressReport
from schedule.models.round import ReportingRound, RoundRule, RoundVisit
from schedule.models.training import Attendance, Trainee, Training, TrainingSession

__all__ = [
    "Activity",
    "Attendance",
    "Duty",
    "DutyOccurrence",
    "EntryDraft",
    "JobRun",
    "MailAction",
    "PolicyDocument",
    "PolicyFinding",
    "PolicyReview",
    "PolicyVersion",
    "ProgressReport",
    "PublicLine",
    "Publication",
    "ReminderLine",
    "ReminderMail",
    "ReminderSettings",
    "ReportingRound",
    "RoundRule",
    "RoundVisit",
    "Trainee",
    "Training",
    "TrainingSession",
    "Withdrawal",
]
