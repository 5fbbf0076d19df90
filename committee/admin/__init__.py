"""The committee's rows in the admin: the same actions as the pages, so no rule can be walked around."""

from committee.admin import budget, figures, funding, meetings, packs, proposals

__all__ = ["budget", "figures", "funding", "meetings", "packs", "proposals"]
