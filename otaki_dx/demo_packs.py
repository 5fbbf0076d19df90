"""会議資料 of the demonstration: two editions of the coming meeting's papers, and what changed between them."""

from datetime import date, datetime, time

from django.utils import timezone

from committee import actions
from committee.models import AgendaItem, Meeting
from townhall import calendar
from townhall.models import User

OPTIONS = "案A 引き継ぐ／案B 規模を縮小して引き継ぐ／案C 見送る。事務局は案Bを例として示します。"


def load_packs(*, today: date) -> None:
    meeting = Meeting.objects.upcoming(today=today).first()
    item = AgendaItem.objects.filter(meeting=meeting, activity__isnull=False).first()
    if meeting is None or item is None:
        return
    secretary = User.objects.get(username="jimukyoku")
    yesterday = calendar.working_days_before(today, 1)
    actions.make_pack(meeting, by=secretary, today=yesterday, now=_at(yesterday, 15))
    item.note = OPTIONS
    actions.edit_agenda_item(item, by=secretary, today=today, seen_version=item.version)
    actions.make_pack(meeting, by=secretary, today=today, now=_at(today, 8))


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
