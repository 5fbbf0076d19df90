"""Files of a proposal: added and taken off by whoever may change its text."""

import hashlib
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from committee.models import Proposal, ProposalAttachment
from committee.workflow import may_edit, who_may
from townhall.attachments import keep_attachment
from townhall.changes import create_row, save_row
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.refusal import Refused

MOST_FILES = 20


@transaction.atomic
def attach_to_proposal(
    proposal: Proposal, name: str, data: bytes, *, by: User, today: date, now: datetime
) -> ProposalAttachment:
    """Raises AttachmentError for a file that is not taken. The same file a second time stays one."""
    _check(proposal, by=by, today=today)
    here = ProposalAttachment.objects.filter(proposal=proposal, is_removed=False).select_related("attachment")
    if len(here) >= MOST_FILES:
        raise Refused(f"添付できるのは{MOST_FILES}個までです。使わないものを外してください。")
    digest = hashlib.sha256(data).hexdigest()
    twin = next((row for row in here if (row.attachment.name, row.attachment.sha256) == (name, digest)), None)
    if twin is not None:
        return twin
    kept = keep_attachment(name, data, by=by, today=today, now=now)
    return create_row(ProposalAttachment(proposal=proposal, attachment=kept), by=by, today=today)


@transaction.atomic
def take_off_proposal(
    row: ProposalAttachment, *, by: User, today: date, seen_version: int | None
) -> ProposalAttachment:
    """The file stays on the disk, and in the editions that name it."""
    _check(row.proposal, by=by, today=today)
    if row.is_removed:
        return row
    row.is_removed = True
    return save_row(row, by=by, seen_version=seen_version, today=today, reason="添付から外した")


def _check(proposal: Proposal, *, by: User, today: date) -> None:
    if not can(by, Permission.WRITE_PROPOSAL, today=today, section=proposal.section_id):
        raise PermissionDenied(f"添付を変えられるのは、{who_may(Permission.WRITE_PROPOSAL)}です。")
    if not may_edit(proposal, by=by, today=today):
        raise Refused(f"この提案はいま「{proposal.state_choice.label}」のため、添付を変えられません。")
