"""Who is told: 担当 → 課長 → 事務局 (R7), resolved from the posts held on the day. Only people who may act on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from schedule.recurrence import Reach
from townhall.choices import Role
from townhall.models import RoleAssignment, Section, User
from townhall.permissions import Permission, can

# 計画書 7 (3): 事務局は総務課が行う. For a matter of 総務課 itself the secretariat is its 担当.
OWN_STAFF = (Role.STAFF, Role.SECRETARIAT)


@dataclass(frozen=True)
class Audience:
    people: tuple[tuple[User, str], ...]  # each with the words that tell them why
    has_owner: bool  # False: no living 担当 or 課長, so 事務局 stands in (or nobody at all)


@dataclass(frozen=True)
class Directory:
    """The posts of one day, read with one query."""

    posts: tuple[RoleAssignment, ...]
    today: date

    @classmethod
    def on(cls, today: date) -> Self:
        posts = RoleAssignment.objects.on(today).filter(user__is_active=True).select_related("user").order_by("pk")
        people: dict[int, User] = {}
        kept = []
        for post in posts:
            # One object per person, so that `can` reads each person's posts once.
            post.user = people.setdefault(post.user_id, post.user)
            kept.append(post)
        return cls(tuple(kept), today)

    def audience(self, section: Section | None, *, permission: Permission, reach: Reach) -> Audience:
        name = section.name if section else ""
        staff = self._holders(OWN_STAFF, section, permission) if section else []
        heads = self._holders((Role.SECTION_HEAD,), section, permission) if section else []
        secretariat = self._secretariat(permission, section)
        told: dict[User, str] = {}
        if staff:
            _tell(told, staff, f"担当：{name}")
        elif heads:
            _tell(told, heads, f"担当：{name}。担当者の登録がないため、課長へお知らせしています。")
        elif section:
            _tell(told, secretariat, f"担当：{name}。担当者と課長の登録がないため、事務局へお知らせしています。")
        else:
            _tell(told, secretariat, "担当課が決まっていないため、事務局へお知らせしています。")
        if reach >= Reach.HEAD:
            _tell(told, heads, f"担当：{name}。期限を過ぎたため、課長へもお知らせしています。")
        if reach >= Reach.SECRETARIAT:
            _tell(told, secretariat, f"担当：{name}。期限を2週間以上過ぎたため、事務局へもお知らせしています。")
        return Audience(tuple(told.items()), has_owner=bool(staff or heads))

    def _secretariat(self, permission: Permission, section: Section | None) -> list[User]:
        return self._allowed((p.user for p in self.posts if p.role == Role.SECRETARIAT), permission, section)

    def _holders(self, roles: tuple[str, ...], section: Section | None, permission: Permission) -> list[User]:
        holders = (p.user for p in self.posts if p.role in roles and section and p.section_id == section.pk)
        return self._allowed(holders, permission, section)

    def _allowed(self, people: Iterable[User], permission: Permission, section: Section | None) -> list[User]:
        return [user for user in people if can(user, permission, today=self.today, section=section)]


def _tell(told: dict[User, str], people: list[User], note: str) -> None:
    for user in people:
        told.setdefault(user, note)
