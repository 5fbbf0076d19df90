"""Each noun registers its own models."""

from initiatives.admin import crosswalk, evaluations, indicators, plan, processes, systems

__all__ = ["crosswalk", "evaluations", "indicators", "plan", "processes", "systems"]
