"""The editions of a meeting's papers as lists show them."""

from dataclasses import dataclass
from datetime import date

from committee.models import Meeting, Pack
from townhall.models import User
from townhall.permissions import Permission, can


@dataclass(frozen=True)
class PackList:
    packs: tuple[Pack, ...]  # newest first, without their contents
    can_make: bool


def pack_list(meeting: Meeting, user: User, *, today: date) -> PackList | None:
    """One query; None for who does not read the papers."""
    if not can(user, Permission.VIEW_PACK, today=today):
        return None
    makes = can(user, Permission.MAKE_PACK, today=today) and not meeting.is_closed
    return PackList(tuple(meeting.packs.newest_first().without_content()), makes)
