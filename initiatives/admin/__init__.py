"""Each noun registers its own models."""

from initiatives.admin import indicators, plan, systems

__all__ = ["indicators", "plan", "systems"]
