"""Plain functions that make exactly what their name says. Keyword-only; no randomness."""

from datetime import date
from typing import Any

from townhall.changes import System, create_row
from townhall.models import RoleAssignment, Section, User

TESTS = System("試験")
DAY = date(2026, 4, 1)


def create_section(*, code: str = "somu", name: str = "総務課", order: int = 1, **values: Any) -> Section:
    return create_row(Section(code=code, name=name, order=order, **values), by=TESTS, today=DAY)


def create_user(*, username: str, name: str = "見本 一郎", password: str = "", **values: Any) -> User:
    user = User(username=username, name=name, email=values.pop("email", f"{username}@town.example"), **values)
    if password:
        user.set_password(password)
    else:
        user.password = "!unusable"
    return create_row(user, by=TESTS, today=DAY)


def assign(
    user: User,
    *,
    role: str,
    section: Section | None = None,
    title: str = "",
    valid_from: date = date(2023, 4, 1),
    valid_until: date | None = None,
) -> RoleAssignment:
    post = RoleAssignment(
        user=user, role=role, section=section, title=title, valid_from=valid_from, valid_until=valid_until
    )
    return create_row(post, by=TESTS, today=DAY)


def create_person(
    *,
    username: str,
    name: str,
    role: str,
    section: Section | None = None,
    title: str = "",
    valid_from: date = date(2023, 4, 1),
    valid_until: date | None = None,
    password: str = "",
) -> User:
    """A user with one post."""
    user = create_user(username=username, name=name, password=password)
    assign(user, role=role, section=section, title=title, valid_from=valid_from, valid_until=valid_until)
    return user
