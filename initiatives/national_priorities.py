"""国の重点取組事項 as they ship: versions, items and a suggested crosswalk. Added once, never changed again."""

from datetime import date
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from initiatives.choices import Certainty
from initiatives.models import CrosswalkLink, Initiative, NationalPriority, NationalPriorityVersion
from townhall.changes import create_row

FILE = settings.BASE_DIR / "fixtures" / "national_priorities.yaml"
SOURCE = "初期値"
SUGGESTED = "案（町の確認前）"


@transaction.atomic
def add_national_priorities(*, by: Any, today: date) -> list[NationalPriorityVersion]:
    """Versions the portal does not have yet, with their items. What the town has edited stays."""
    known = set(NationalPriorityVersion.objects.values_list("number", flat=True))
    told = {"by": by, "today": today, "source": SOURCE}
    made = []
    for order, entry in enumerate(_versions(), start=1):
        if entry["number"] in known:
            continue
        fields = {name: entry[name] for name in ("published_on", "dated", "note") if name in entry}
        version = NationalPriorityVersion(number=entry["number"], order=order, certainty=entry["certainty"], **fields)
        made.append(create_row(version, **told))
        for place, item in enumerate(entry["priorities"], start=1):
            priority = NationalPriority(
                version_of=version,
                order=place,
                group=item["group"],
                name=item["name"],
                certainty=item["certainty"],
            )
            create_row(priority, **told)
    return made


@transaction.atomic
def suggest_crosswalk(*, by: Any, today: date) -> list[CrosswalkLink]:
    """The shipped suggestion, for the plan it was written for, while that has no link to the nation yet: 要確認 until the town says so."""
    plan_code = _file()["plan"]
    links = CrosswalkLink.objects.filter(initiative__plan__code=plan_code, priority__isnull=False)
    if links.exists():
        return []
    initiatives = {each.code: each for each in Initiative.objects.filter(plan__code=plan_code)}
    priorities = {
        (each.version_of.number, each.name): each for each in NationalPriority.objects.select_related("version_of")
    }
    wanted = (
        (initiatives.get(code), priorities.get((entry["number"], item["name"])))
        for entry in _versions()
        for item in entry["priorities"]
        for code in item["links"]
    )
    return [
        create_row(
            CrosswalkLink(initiative=initiative, priority=priority, note=SUGGESTED, certainty=Certainty.TO_CONFIRM),
            by=by,
            today=today,
            source=SOURCE,
        )
        for initiative, priority in wanted
        if initiative and priority
    ]


def _versions() -> list[dict[str, Any]]:
    versions: list[dict[str, Any]] = _file()["versions"]
    return versions


def _file() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
