"""セキュリティポリシー as due things: the review of a document, and what has to be mended."""

from collections.abc import Iterator

from schedule.models import PolicyDocument, PolicyFinding
from schedule.sources import DueDay, DueItem, Kind
from townhall.permissions import Permission

POLICY = "policy"
FINDING = "finding"
POLICY_KIND = Kind(POLICY, "ポリシーの文書の見直し", lead_days=(60, 30, 0))
FINDING_KIND = Kind(FINDING, "指摘の是正", lead_days=(30, 7, 0))


def document_subject(pk: int) -> str:
    return f"document:{pk}"


def finding_subject(pk: int) -> str:
    return f"finding:{pk}"


def policy_items(day: DueDay) -> Iterator[DueItem]:
    """Two queries."""
    documents = PolicyDocument.objects.filter(is_active=True, next_review_on__isnull=False)
    for document in documents.select_related("owner_section"):
        if document.next_review_on is None:  # left out by the query above
            continue
        due_on = day.deadline(document.next_review_on)
        yield DueItem(
            kind=POLICY,
            subject=document_subject(document.pk),
            due_on=due_on,
            title=f"{document}の見直し",
            path=document.get_absolute_url(),
            section=document.owner_section,
            permission=Permission.MANAGE_DUTY,
            ciso_reads_with=Permission.VIEW_DUTY,
            steps=day.steps(POLICY_KIND, due_on),
        )
    for finding in PolicyFinding.objects.open().select_related("owner_section"):
        due_on = day.deadline(finding.due_on)
        yield DueItem(
            kind=FINDING,
            subject=finding_subject(finding.pk),
            due_on=due_on,
            title="セキュリティの指摘の是正",  # what was found stays in the portal
            path=finding.get_absolute_url(),
            section=finding.owner_section,
            permission=Permission.MANAGE_DUTY,
            ciso_reads_with=Permission.VIEW_DUTY,
            steps=day.steps(FINDING_KIND, due_on),
        )
