"""Each noun registers its own models."""

from initiatives.admin import plan

__all__ = ["plan"]
