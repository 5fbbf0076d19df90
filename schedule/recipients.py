"""Who is told: 担当 → 課長 → 事務局 (R7) → CISO, resolved from the posts held on the day. Only people who may act on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Self

from schedule.models import ReminderSettings
from schedule.recurrence import Escalation, Reach, Step
from townhall.choices import Role
from townhall.models import RoleAssignment, Section, User
from townhall.permissions import Permission, can

# 計画書 7 (3): 事務局は総務課が行う. For a matter of 総務課 itself the secretariat is its 担当.
OWN_STAFF = (Role.STAFF, Role.SECRETARIAT)
_TOO_LATE = "期限を過ぎたまま日がたっているため、事務局へもお知らせしています。"
_STILL_TOO_LATE = "事務局へ知らせた後も済んでいないため、CISO（委員長）へもお知らせしています。"


@dataclass(frozen=True)
class Audience:
    people: tuple[tuple[User, str], ...]  # each with the words that tell them why
    has_owner: bool  # False: no living 担当 or 課長, so 事務局 stands in (or nobody at all)
    stands_in: str = ""  # 「担当者の登録がないため、課長」: in whose stead they are told; empty: it is their own

    @cached_property
    def pks(self) -> frozenset[int]:
        return frozenset(person.pk for person, _ in self.people)


@dataclass(frozen=True)
class Directory:
    """The posts of one day, and when a matter reaches whom; read with two queries."""

    posts: tuple[RoleAssignment, ...]
    today: date
    escalation: Escalation
    # A round asks the same people of a section for many things.
    found: dict[tuple[Any, ...], Audience] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def on(cls, today: date, rules: ReminderSettings | None = None) -> Self:
        posts = RoleAssignment.objects.on(today).filter(user__is_active=True).select_related("user", "section")
        found = tuple(posts.order_by("pk"))
        _introduce(found, today)
        return cls(found, today, (rules or ReminderSettings.current()).escalation)

    def reach(self, step: Step | None) -> Reach:
        return self.escalation.reach(step)

    def audience(
        self,
        section: Section | None,
        *,
        permission: Permission,
        reach: Reach,
        begins_with: Reach = Reach.SECTION,
        people: Iterable[User] = (),
        ciso_reads_with: Permission | None = None,
        office_stands_in_with: Permission | None = None,
    ) -> Audience:
        """`begins_with`: the narrowest circle that can do it; who is wider is told as `reach` says.

        `people` are asked by name, instead of the section's 担当.
        """
        asked = (section, permission, reach, begins_with, tuple(people), ciso_reads_with, office_stands_in_with)
        if asked not in self.found:
            self.found[asked] = self._audience(*asked)
        return self.found[asked]

    def _audience(
        self,
        section: Section | None,
        permission: Permission,
        reach: Reach,
        begins_with: Reach,
        people: tuple[User, ...],
        ciso_reads_with: Permission | None,
        office_stands_in_with: Permission | None,
    ) -> Audience:
        if begins_with is Reach.SECRETARIAT:
            secretariat = self._secretariat(permission, section)
            return Audience(tuple((user, "事務局の仕事です。") for user in secretariat), bool(secretariat))
        if begins_with is Reach.HEAD:
            return self._heads_first(section, permission, office_stands_in_with or permission, reach=reach)
        if people:
            return self._by_name(people, section, permission=permission, reach=reach)
        name = section.name if section else ""
        staff = self._holders(OWN_STAFF, section, permission) if section else []
        heads = self._holders((Role.SECTION_HEAD,), section, permission) if section else []
        secretariat = self._secretariat(permission, section)
        told: dict[User, str] = {}
        stands_in = ""
        if staff:
            _tell(told, staff, f"担当：{name}")
        elif heads:
            stands_in = "担当者の登録がないため、課長"
            _tell(told, heads, f"担当：{name}。{stands_in}へお知らせしています。")
        elif section:
            stands_in = "担当者と課長の登録がないため、事務局"
            _tell(told, secretariat, f"担当：{name}。{stands_in}へお知らせしています。")
        else:
            stands_in = "担当課が決まっていないため、事務局"
            _tell(told, secretariat, f"{stands_in}へお知らせしています。")
        if reach >= Reach.HEAD:
            _tell(told, heads, f"担当：{name}。期限を過ぎたため、課長へもお知らせしています。")
        if reach >= Reach.SECRETARIAT:
            _tell(told, secretariat, f"担当：{name}。{_TOO_LATE}")
        if reach >= Reach.CISO and ciso_reads_with:
            owner = f"担当：{name}" if section else "担当課が決まっていません"
            _tell(told, self._ciso(ciso_reads_with, section), f"{owner}。{_STILL_TOO_LATE}")
        return Audience(tuple(told.items()), bool(staff or heads), stands_in)

    def people_of(self, section: Section) -> list[User]:
        """Everybody who holds a post there, whatever they may do."""
        return list(dict.fromkeys(post.user for post in self.posts if post.section_id == section.pk))

    def _by_name(
        self, people: Iterable[User], section: Section | None, *, permission: Permission, reach: Reach
    ) -> Audience:
        """R7: the people named; when none of them is left, 課長, and when there is none, 事務局."""
        in_post = {post.user_id: post.user for post in self.posts}
        named = self._allowed((in_post[each.pk] for each in people if each.pk in in_post), permission, section)
        heads = self._holders((Role.SECTION_HEAD,), section, permission) if section else []
        secretariat = self._secretariat(permission, section)
        of_section = f"担当：{section.name}" if section else ""
        told: dict[User, str] = {}
        _tell(told, named, of_section)
        stands_in = ""
        if not named:
            stands_in = f"担当の人がいないため、{'課長' if heads else '事務局'}"
            _tell(told, heads or secretariat, f"{of_section}。{stands_in}へお知らせしています。".lstrip("。"))
        if reach >= Reach.HEAD:
            _tell(told, heads, f"{of_section}。期限を過ぎたため、課長へもお知らせしています。")
        if reach >= Reach.SECRETARIAT:
            _tell(told, secretariat, f"{of_section}。{_TOO_LATE}".lstrip("。"))
        return Audience(tuple(told.items()), bool(named or heads), stands_in)

    def _heads_first(
        self, section: Section | None, permission: Permission, of_office: Permission, *, reach: Reach
    ) -> Audience:
        """課長's own task: without a living 課長, 事務局 is told, who can name one."""
        name = section.name if section else ""
        heads = self._holders((Role.SECTION_HEAD,), section, permission) if section else []
        secretariat = self._secretariat(of_office, section)
        told: dict[User, str] = {}
        _tell(told, heads, f"担当：{name}")
        stands_in = "" if heads else "課長の登録がないため、事務局"
        if stands_in:
            _tell(told, secretariat, f"担当：{name}。{stands_in}へお知らせしています。")
        if reach >= Reach.SECRETARIAT:
            _tell(told, secretariat, f"担当：{name}。{_TOO_LATE}")
        return Audience(tuple(told.items()), bool(heads), stands_in)

    def _secretariat(self, permission: Permission, section: Section | None) -> list[User]:
        return self._allowed((p.user for p in self.posts if p.role == Role.SECRETARIAT), permission, section)

    def _ciso(self, permission: Permission, section: Section | None) -> list[User]:
        return self._allowed((p.user for p in self.posts if p.role == Role.CHAIR), permission, section)

    def _holders(self, roles: tuple[str, ...], section: Section | None, permission: Permission) -> list[User]:
        holders = (p.user for p in self.posts if p.role in roles and section and p.section_id == section.pk)
        return self._allowed(holders, permission, section)

    def _allowed(self, people: Iterable[User], permission: Permission, section: Section | None) -> list[User]:
        return [user for user in people if can(user, permission, today=self.today, section=section)]


def people_in_post(pks: Iterable[int], *, today: date) -> dict[int, User]:
    """Those of these people who hold a post on that day, with what `can` asks for; one query."""
    posts = RoleAssignment.objects.on(today).filter(user__in=pks).select_related("user", "section")
    return _introduce(tuple(posts.order_by("pk")), today)


def _introduce(posts: Iterable[RoleAssignment], today: date) -> dict[int, User]:
    """One object per person, who knows the posts from here: `can` need not read them again."""
    people: dict[int, User] = {}
    held: dict[int, list[RoleAssignment]] = {}
    for post in posts:
        post.user = people.setdefault(post.user_id, post.user)
        held.setdefault(post.user_id, []).append(post)
    for pk, user in people.items():
        user.remember_posts(held[pk], today=today)
    return people


def _tell(told: dict[User, str], people: list[User], note: str) -> None:
    for user in people:
        told.setdefault(user, note)
