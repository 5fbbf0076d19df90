"""Each noun registers its own models."""

from schedule.admin import duties, reminders, reporting

__all__ = ["duties", "reminders", "reporting"]
