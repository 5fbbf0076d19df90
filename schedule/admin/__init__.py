"""Each noun registers its own models."""

from schedule.admin import duties, reminders, reporting, rounds, training

__all__ = ["duties", "reminders", "reporting", "rounds", "training"]
