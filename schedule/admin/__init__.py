"""Each noun registers its own models."""

from schedule.admin import duties, policy, publication, reminders, reporting, rounds, training

__all__ = ["duties", "policy", "publication", "reminders", "reporting", "rounds", "training"]
