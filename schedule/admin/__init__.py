"""Each noun registers its own models."""

from schedule.admin import duties, reminders, reporting, rounds

__all__ = ["duties", "reminders", "reporting", "rounds"]
