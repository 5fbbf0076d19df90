"""What can be taken in and out: one entry for each table, written by the app that owns it, put together in otaki_dx.

The wizard, the exports and their tests know the entries and nothing else: a new ledger is one more entry.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from townhall.changes import Written
from townhall.models import User
from townhall.permissions import Permission, can, roles_for_all, roles_with, sections_open_to
from townhall.sheets.resource import SafeResource

Lines = Callable[[User, date], Iterable[Sequence[Any]]]


def undo_anything(written: Sequence[Written], today: date) -> str:
    return ""


@dataclass(frozen=True)
class ImportKind:
    """A ledger with its own columns.

    `lines` are those that this person may see on the screen. `change` opens the import: a file may name any row, so
    it takes the permission for the whole town, unless the Resource keeps to the sections of who brings the file
    (`of_own_sections`). `undoable` are the models that an import of this kind writes by itself;
    `keeps` says why it cannot be taken back any more, or nothing.
    """

    code: str
    label: str
    about: str
    view: Permission
    change: Permission
    resource: Callable[[], type[SafeResource]]
    lines: Lines
    notes: Sequence[tuple[str, str]]
    example: Mapping[str, Any]
    undoable: tuple[str, ...]
    words: Mapping[str, str] = field(default_factory=dict)  # other headings that people use → ours
    keeps: Callable[[Sequence[Written], date], str] = undo_anything
    of_own_sections: bool = False
    # For a file that was given to one thing on a page of its own, which `ImportJob.subject` names.
    narrowed: "Callable[[str], ImportKind | None] | None" = None
    chosen_at: str = ""  # that page; empty: the page of the ledger under データ

    def for_subject(self, subject: str) -> "ImportKind":
        """The same ledger for a file about one thing: what the page has named already is not asked of the file."""
        return (self.narrowed(subject) if subject and self.narrowed else None) or self

    @property
    def profile(self) -> str:
        """Of its jobs."""
        return f"kind:{self.code}"

    @property
    def headings(self) -> list[str]:
        return self.resource().headings()

    @property
    def widths(self) -> Sequence[int]:
        return getattr(self.resource(), "WIDTHS", ())

    def may_export(self, user: User, *, today: date) -> bool:
        return can(user, self.view, today=today)

    def may_import(self, user: User, *, today: date) -> bool:
        open_to = sections_open_to(user, self.change, today=today)
        return open_to is None or (self.of_own_sections and bool(open_to))

    @property
    def refusal(self) -> str:
        """Who brings this file, for those who may only take it out."""
        roles = roles_with(self.change) if self.of_own_sections else roles_for_all(self.change)
        people = "・".join(role.label for role in roles)
        return f"取り込みは{people}が行います。用があるときは、総務課（事務局）へお知らせください。"
