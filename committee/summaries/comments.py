"""意見 as the pages of proposals and rows show them, with the form for who may write one."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q

from committee.models import Comment
from townhall.models import User
from townhall.permissions import Permission, can


@dataclass(frozen=True)
class CommentRow:
    comment: Comment
    can_withdraw: bool


@dataclass(frozen=True)
class Talk:
    kind: Literal["proposal", "activity"]
    pk: int
    rows: tuple[CommentRow, ...]
    can_comment: bool

    @property
    def standing(self) -> int:
        """How many were not taken back."""
        return sum(not row.comment.is_withdrawn for row in self.rows)


def talk_about(kind: Literal["proposal", "activity"], pk: int, user: User, *, today: date) -> Talk:
    """One query."""
    may = can(user, Permission.COMMENT, today=today)
    found = Comment.objects.filter(Q(**{kind: pk}))
    rows = tuple(CommentRow(each, may and each.author_id == user.pk and not each.is_withdrawn) for each in found)
    return Talk(kind, pk, rows, may)
