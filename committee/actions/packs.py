"""会議資料を作成: freeze what the meeting's papers say now."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from committee.models import Meeting, Pack
from committee.papers import pack_paper
from committee.workflow import who_may
from townhall.models import User
from townhall.paper.changes import compare_papers
from townhall.paper.content import as_json, from_json, mark_of
from townhall.permissions import Permission, can
from townhall.refusal import Refused


@transaction.atomic
def make_pack(meeting: Meeting, *, by: User, today: date, now: datetime) -> Pack:
    """The next edition (版). When nothing has changed since the last one, that one: pressing twice is the same as once.

    The meeting's row is held, so that two people pressing at once make one edition.
    """
    if not can(by, Permission.MAKE_PACK, today=today):
        raise PermissionDenied(f"会議資料を作れるのは、{who_may(Permission.MAKE_PACK)}です。")
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.is_closed:
        raise Refused(f"{held.short_name}の会議は終了しています。資料の版は増やせません。これまでの版は残っています。")
    content = as_json(pack_paper(held, as_of=today))
    last = held.packs.newest_first().first()
    if last is not None and not compare_papers(last.paper, from_json(content)):
        return last
    return Pack.objects.create(
        meeting=held,
        edition=last.edition + 1 if last else 1,
        as_of=today,
        content=content,
        sha256=mark_of(content),
        made_at=now,
        made_by=by.described_on(today),
    )
