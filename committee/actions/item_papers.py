"""資料 of a subject: laid before a meeting, and taken back, by 事務局; after its end that is a correction with a reason."""

import hashlib
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from committee.actions.holding import hold_for_correction
from committee.models import AgendaItem, ItemPaper
from committee.workflow import who_may
from townhall.attachments import keep_attachment
from townhall.changes import create_row, save_row
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.refusal import Refused

MOST_PAPERS = 20


@transaction.atomic
def lay_paper(
    item: AgendaItem,
    name: str,
    data: bytes,
    *,
    is_reference: bool,
    by: User,
    today: date,
    now: datetime,
    reason: str = "",
) -> ItemPaper:
    """Raises AttachmentError for a file that is not taken. The same file a second time stays one."""
    told = _check(item, reason=reason, by=by, today=today)
    here = list(ItemPaper.objects.laid().filter(item=item))
    if len(here) >= MOST_PAPERS:
        raise Refused(f"1つの議題の資料は{MOST_PAPERS}個までです。使わないものを外してください。")
    digest = hashlib.sha256(data).hexdigest()
    twin = next((row for row in here if (row.attachment.name, row.attachment.sha256) == (name, digest)), None)
    if twin is not None:
        return twin
    kept = keep_attachment(name, data, by=by, today=today, now=now)
    given = ItemPaper.objects.filter(item=item, is_reference=is_reference).aggregate(last=Max("number"))["last"] or 0
    paper = ItemPaper(item=item, attachment=kept, is_reference=is_reference, number=given + 1)
    return create_row(paper, by=by, today=today, reason=told)


@transaction.atomic
def take_back_paper(
    paper: ItemPaper, *, by: User, today: date, seen_version: int | None, reason: str = ""
) -> ItemPaper:
    """The row and its number stay, so that the numbers of the others mean what they meant."""
    told = _check(paper.item, reason=reason, by=by, today=today)
    if ItemPaper.objects.get(pk=paper.pk).is_removed:
        return paper  # a double click
    paper.is_removed = True
    return save_row(paper, by=by, seen_version=seen_version, today=today, reason=told or "資料から外した")


def _check(item: AgendaItem, *, reason: str, by: User, today: date) -> str:
    if not can(by, Permission.MANAGE_MEETING, today=today):
        raise PermissionDenied(f"資料を付けられるのは、{who_may(Permission.MANAGE_MEETING)}です。")
    return hold_for_correction(item.meeting, reason=reason)
