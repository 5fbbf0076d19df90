"""Each noun registers its own models."""

from initiatives.admin import evaluations, indicators, plan, systems

__all__ = ["evaluations", "indicators", "plan", "systems"]
