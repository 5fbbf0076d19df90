"""Each noun registers its own models."""

from schedule.admin import duties, policy, reminders, reporting, rounds, training

__all__ = ["duties", "policy", "reminders", "reporting", "rounds", "training"]
