"""対応表 of one plan against one version of the national priorities, and against 総合計画; what answers to nothing, both ways."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from initiatives.choices import Certainty
from initiatives.models import (
    ComprehensiveItem,
    CrosswalkLink,
    Initiative,
    NationalPriority,
    NationalPriorityVersion,
    Plan,
)


@dataclass(frozen=True)
class Answer:
    initiative: Initiative
    note: str
    certainty: str


@dataclass(frozen=True)
class CrosswalkRow:
    """One item of the other side, with the initiatives that answer to it."""

    name: str
    group: str
    certainty: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Crosswalk:
    version: NationalPriorityVersion | None
    versions: tuple[NationalPriorityVersion, ...]
    national: tuple[CrosswalkRow, ...]
    comprehensive: tuple[CrosswalkRow, ...]
    unmapped: tuple[Initiative, ...]  # initiatives that answer to no item of this version
    without_item: tuple[Initiative, ...]  # initiatives that answer to no item of 総合計画

    @property
    def unanswered(self) -> tuple[CrosswalkRow, ...]:
        return tuple(row for row in self.national if not row.answers)


def crosswalk_of(plan: Plan, *, number: str = "") -> Crosswalk:
    """Five queries. `number`: the version; else the newest one whose items are known."""
    versions = list(NationalPriorityVersion.objects.order_by("order"))
    priorities = list(NationalPriority.objects.order_by("order"))
    filled = {each.version_of_id for each in priorities}
    known = [each for each in versions if each.pk in filled] or versions
    version = next((each for each in versions if each.number == number), known[-1] if known else None)
    links = CrosswalkLink.objects.filter(initiative__plan=plan, is_active=True)
    links = links.select_related("initiative").order_by("initiative__kind", "initiative__number")
    by_priority: dict[int | None, list[CrosswalkLink]] = defaultdict(list)
    by_item: dict[int | None, list[CrosswalkLink]] = defaultdict(list)
    for link in links:
        by_priority[link.priority_id].append(link)
        by_item[link.item_id].append(link)
    national = [each for each in priorities if version and each.version_of_id == version.pk]
    items = list(ComprehensiveItem.objects.all())
    initiatives = list(plan.initiatives.in_plan_order())
    return Crosswalk(
        version=version,
        versions=tuple(versions),
        national=tuple(
            CrosswalkRow(each.name, each.group, Certainty(each.certainty).label, _answers(by_priority[each.pk]))
            for each in national
        ),
        comprehensive=tuple(
            CrosswalkRow(str(each), each.plan_name, "例" if each.is_example else "", _answers(by_item[each.pk]))
            for each in items
        ),
        unmapped=_left_over(initiatives, (link for each in national for link in by_priority[each.pk])),
        without_item=_left_over(initiatives, (link for each in items for link in by_item[each.pk])),
    )


def _answers(links: Iterable[CrosswalkLink]) -> tuple[Answer, ...]:
    return tuple(Answer(link.initiative, link.note, Certainty(link.certainty).label) for link in links)


def _left_over(initiatives: Iterable[Initiative], links: Iterable[CrosswalkLink]) -> tuple[Initiative, ...]:
    mapped = {link.initiative_id for link in links}
    return tuple(each for each in initiatives if each.pk not in mapped)
