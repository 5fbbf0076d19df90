"""The committee's rows in the admin: the same actions as the pages, so no rule can be walked around."""

from committee.admin import (
    attendance,
    budget,
    execution,
    figures,
    funding,
    meetings,
    minutes,
    packs,
    proposal_course,
    proposals,
    scoring,
)

__all__ = [
    "attendance",
    "budget",
    "execution",
    "figures",
    "funding",
    "meetings",
    "minutes",
    "packs",
    "proposal_course",
    "proposals",
    "scoring",
]
