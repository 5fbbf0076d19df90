"""Each noun registers its own models."""

from initiatives.admin import indicators, plan

__all__ = ["indicators", "plan"]
