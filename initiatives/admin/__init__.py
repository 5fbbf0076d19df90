"""Each noun registers its own models."""

from initiatives.admin import crosswalk, evaluations, indicators, plan, systems

__all__ = ["crosswalk", "evaluations", "indicators", "plan", "systems"]
