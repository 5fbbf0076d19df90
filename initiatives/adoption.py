"""Bring the rows of the portal and the wording of a plan file together, and remember what was done.

What is missing is created. What the town has reworded since stays as it is and is reported, unless told to overwrite.
Everything a plan file does not say (主担当, reports, history) is never touched.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Field

from townhall.changes import VersionedModel, create_row, save_row

SOURCE = "計画ファイル"

V = TypeVar("V", bound=VersionedModel)


@dataclass(frozen=True)
class Difference:
    """One field in which the portal and the file disagree."""

    row: str
    field: str
    in_portal: str
    in_file: str


@dataclass
class Adoption:
    by: Any
    today: date
    overwrite: bool = False
    created: Counter[str] = field(default_factory=Counter)  # verbose name of the model → rows
    restored: list[Difference] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    unchanged: int = 0

    def adopt(self, wanted: V, *, found: V | None, wording: Sequence[str], reason: str = "") -> V:
        """The row as it stands in the portal afterwards. `wording` names the fields that the plan file decides."""
        if found is None:
            create_row(wanted, by=self.by, today=self.today, reason=reason, source=SOURCE)
            self.created[str(wanted._meta.verbose_name)] += 1
            return wanted
        fields: list[Field[Any, Any]] = [wanted._meta.get_field(name) for name in wording]  # type: ignore[misc]
        differing = [f for f in fields if getattr(found, f.attname) != getattr(wanted, f.attname)]
        differences = [
            Difference(str(found), str(f.verbose_name), _shown(found, f), _shown(wanted, f)) for f in differing
        ]
        if not differing:
            self.unchanged += 1
        elif not self.overwrite:
            self.differences += differences
        else:
            for f in differing:
                setattr(found, f.attname, getattr(wanted, f.attname))
            save_row(
                found,
                by=self.by,
                seen_version=found.version,
                today=self.today,
                reason="計画ファイルの文言に戻しました",
                source=SOURCE,
            )
            self.restored += differences
        return found


def _shown(row: VersionedModel, f: "Field[Any, Any]") -> str:
    """The value as a person reads it: the label of a choice, the name of the row it points to."""
    if f.choices:
        return str(getattr(row, f"get_{f.name}_display")())
    value = getattr(row, f.name)
    return "なし" if value in (None, "") else str(value)
