"""The security policy on a day: documents with their version in force and next review, and what has to be mended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schedule.choices import PolicyTrigger
from schedule.letters import distance_in_words
from schedule.models import PolicyDocument, PolicyFinding, PolicyReview, PolicyVersion
from schedule.recurrence import deadline
from schedule.summaries.duties import DutyState
from townhall.models import ClosingDay

# A review takes weeks and a meeting: it is 期限間近 earlier than a training.
SOON_DAYS = 60
FINDING_SOON_DAYS = 30

IN_TIME = DutyState("ok", "期限内")
SOON = DutyState("slow", "期限間近")
OVERDUE = DutyState("late", "期限切れ")
UNPLANNED = DutyState("miss", "期限なし")
MENDED = DutyState("done", "是正済み")
TO_MEND = DutyState("none", "是正中")


@dataclass(frozen=True)
class DocumentLine:
    pk: int
    code: str
    url: str
    name: str
    kind: str
    is_public: bool
    is_example: bool
    section: str
    version: PolicyVersion | None  # the one in force on the day
    coming: PolicyVersion | None  # decided and not yet in force
    last_review: PolicyReview | None
    due_on: date | None  # on an open day (R5)
    days_left: int | None
    state: DutyState

    @property
    def distance(self) -> str:
        return distance_in_words(self.days_left) if self.days_left is not None else ""


@dataclass(frozen=True)
class FindingLine:
    pk: int
    url: str
    content: str
    source: str
    document: str
    section: str
    found_on: date
    due_on: date
    days_left: int
    done_on: date | None
    done_note: str
    state: DutyState

    @property
    def distance(self) -> str:
        return distance_in_words(self.days_left) if self.done_on is None else ""


@dataclass(frozen=True)
class PolicyBoard:
    as_of: date
    documents: tuple[DocumentLine, ...]
    findings: tuple[FindingLine, ...]  # open ones by their day, then the newest mended

    @property
    def overdue(self) -> tuple[DocumentLine, ...]:
        return tuple(line for line in self.documents if line.state == OVERDUE)

    @property
    def next(self) -> DocumentLine | None:
        """The document whose review comes first, overdue ones before all."""
        dated = [line for line in self.documents if line.due_on]
        return min(dated, key=lambda line: (line.due_on or date.max, line.pk), default=None)

    @property
    def last(self) -> DocumentLine | None:
        """The document that was reviewed last."""
        seen = [(line.last_review.reviewed_on, line.pk, line) for line in self.documents if line.last_review]
        return max(seen, default=(None, 0, None))[-1]

    @property
    def to_mend(self) -> tuple[FindingLine, ...]:
        return tuple(line for line in self.findings if line.done_on is None)

    @property
    def findings_overdue(self) -> tuple[FindingLine, ...]:
        return tuple(line for line in self.findings if line.state == OVERDUE)


def policy_board(*, today: date) -> PolicyBoard:
    """Five queries, however many documents, versions and findings."""
    closing_days = ClosingDay.days()
    documents = PolicyDocument.objects.filter(is_active=True).select_related("owner_section")
    rows = documents.prefetch_related("versions", "reviews")
    findings = PolicyFinding.objects.select_related("owner_section", "document")
    lines = [finding_line(row, closing_days, today=today) for row in findings]
    lines.sort(
        key=lambda line: (line.done_on is not None, -(line.done_on or date.min).toordinal(), line.due_on, line.pk)
    )
    return PolicyBoard(
        as_of=today,
        documents=tuple(document_line(row, closing_days, today=today) for row in rows),
        findings=tuple(lines),
    )


def document_line(document: PolicyDocument, closing_days: frozenset[date], *, today: date) -> DocumentLine:
    """Call with `owner_section` selected and `versions` and `reviews` prefetched: no query of its own."""
    due_on = deadline(document.next_review_on, closing_days) if document.next_review_on else None
    days_left = (due_on - today).days if due_on else None
    versions = list(document.versions.all())
    return DocumentLine(
        pk=document.pk,
        code=document.code,
        url=document.get_absolute_url(),
        name=document.name,
        kind=document.get_kind_display(),
        is_public=document.is_public,
        is_example=document.is_example,
        section=document.owner_section.name if document.owner_section else "",
        version=in_force_on(versions, today),
        coming=min(
            (each for each in versions if each.in_force_on > today), key=lambda each: each.in_force_on, default=None
        ),
        last_review=max(document.reviews.all(), key=lambda each: (each.reviewed_on, each.pk), default=None),
        due_on=due_on,
        days_left=days_left,
        state=_state(days_left),
    )


def in_force_on(versions: Iterable[PolicyVersion], day: date) -> PolicyVersion | None:
    known = [each for each in versions if each.in_force_on <= day]
    return max(known, key=lambda each: (each.in_force_on, each.pk), default=None)


def _state(days_left: int | None) -> DutyState:
    if days_left is None:
        return UNPLANNED
    if days_left < 0:
        return OVERDUE
    return SOON if days_left <= SOON_DAYS else IN_TIME


def finding_line(finding: PolicyFinding, closing_days: frozenset[date], *, today: date) -> FindingLine:
    """Call with `owner_section` and `document` selected: no query of its own."""
    due_on = deadline(finding.due_on, closing_days)
    days_left = (due_on - today).days
    state = MENDED if finding.done_on else OVERDUE if days_left < 0 else TO_MEND
    if state == TO_MEND and days_left <= FINDING_SOON_DAYS:
        state = SOON
    return FindingLine(
        pk=finding.pk,
        url=finding.get_absolute_url(),
        content=finding.content,
        source=PolicyTrigger(finding.source).label,
        document=finding.document.name if finding.document else "",
        section=finding.owner_section.name,
        found_on=finding.found_on,
        due_on=due_on,
        days_left=days_left,
        done_on=finding.done_on,
        done_note=finding.done_note,
        state=state,
    )
