"""T-M9: no instant of four years falls into a wrong day, fiscal year or letter, whatever zone the machine is in."""

import os
import time as clock
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from schedule.models import ReminderSettings
from schedule.outbox import Outbox
from townhall import fiscal
from townhall.calendar import is_closed

FIRST, LAST = datetime(2025, 3, 31, 15, tzinfo=UTC), datetime(2029, 4, 30, 15, tzinfo=UTC)
CLOSING_DAYS = frozenset({date(2026, 11, 27), date(2028, 2, 29)})
HOUR = timedelta(hours=1)


@pytest.fixture(params=["UTC", "Asia/Tokyo"])
def _machine(request):
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    clock.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    clock.tzset()


@pytest.mark.usefixtures("_machine")
def test_every_hour_belongs_to_its_day_in_japan():
    """Counted by hand: nine hours more, no summer time; the fiscal year begins in April."""
    rules, wrong, open_mornings = ReminderSettings(), [], set()
    hours = int((LAST - FIRST) / HOUR)
    for number in range(hours):
        now = FIRST + number * HOUR
        in_japan = now.replace(tzinfo=None) + timedelta(hours=9)
        day = in_japan.date()
        year = day.year if day.month >= 4 else day.year - 1
        outbox = Outbox(rules, CLOSING_DAYS, now)
        may_leave = not is_closed(day, CLOSING_DAYS) and in_japan.hour >= 9  # whole hours; letters leave from 8:30
        if (timezone.localdate(now), fiscal.fiscal_year(now), not outbox.obstacle) != (day, year, may_leave):
            wrong.append(now)
        if may_leave:
            open_mornings.add(day)
    assert wrong == []
    assert (hours, len(open_mornings)) == (35_784, 986)
