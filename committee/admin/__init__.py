"""The committee's rows in the admin: the same actions as the pages, so no rule can be walked around."""

from committee.admin import meetings, proposals

__all__ = ["meetings", "proposals"]
