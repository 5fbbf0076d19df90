"""Each noun registers its own models."""

from schedule.admin import duties, reminders

__all__ = ["duties", "reminders"]
