"""Each noun registers its own models."""

from initiatives.admin import crosswalk, evaluations, indicators, plain_words, plan, processes, systems

__all__ = ["crosswalk", "evaluations", "indicators", "plain_words", "plan", "processes", "systems"]
