"""改定 of the policy, for the rows of the plan that speak of its review (計画書 6: 3-2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from schedule.models import PolicyVersion
from schedule.models.policy import months_after

# By row: the day of each 改定, when it came into force, and until when the next review is due.
Revision = tuple[date, date, date]
Revisions = Mapping[int, Sequence[Revision]]


def revisions_of(activities: Iterable[int]) -> Revisions:
    """One query."""
    found: dict[int, list[Revision]] = defaultdict(list)
    versions = PolicyVersion.objects.filter(document__activity__in=list(activities), document__is_active=True)
    for version in versions.select_related("document"):
        activity, months = version.document.activity_id, version.document.review_months
        if activity is not None:
            found[activity].append((version.revised_on, version.in_force_on, months_after(version.revised_on, months)))
    return found


def last_revision(revisions: Iterable[Revision], as_of: date) -> tuple[date, date] | None:
    """Of the last version in force on that day: its 改定日, and until when it has to be reviewed."""
    known = [revision for revision in revisions if revision[1] <= as_of]
    last = max(known, key=lambda revision: revision[1], default=None)
    return (last[0], last[2]) if last else None
