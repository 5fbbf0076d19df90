"""カレンダー: the secret address, and what a calendar program reads there."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse
from icalendar import Calendar

from schedule.models import ReminderLine
from tests import factories
from tests.committee.factories import create_meeting
from tests.conftest import NOW, TODAY
from tests.otaki_dx.pages import html_of, words
from tests.schedule.duties import create_occurrence, plan_all
from tests.schedule.factories import create_round
from townhall.calendar_address import hashed, make_address, owner_of, revoke_address
from townhall.choices import Role
from townhall.models import CalendarAddress

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def secret(clerk):
    return make_address(by=clerk, now=NOW)


def fetch(client, secret, **headers):
    return client.get(reverse("calendar_feed", args=[secret]), headers=headers)


def events(client, secret):
    """Title and first moment of each entry, sorted."""
    found = Calendar.from_ical(fetch(client, secret).content).walk("VEVENT")
    return sorted((str(event["SUMMARY"]), event.decoded("DTSTART")) for event in found)


# --- the address
def test_only_the_hash_is_kept_and_the_address_is_shown_once(client, clerk):
    client.force_login(clerk)
    page = client.post(reverse("calendar_address"), {"make": "1"})
    url = page.context["url"]
    assert url in page.text
    secret = url.rsplit("/", 1)[1].removesuffix(".ics")
    assert CalendarAddress.objects.get().token_hash == hashed(secret)
    assert secret not in html_of(client, "calendar_address")
    assert "令和8年11月24日 10:00 に作ったアドレスを使っています。" in words(html_of(client, "calendar_address"))


def test_a_new_address_and_a_revoked_one_end_the_old_one_at_once(client, clerk, secret):
    newer = make_address(by=clerk, now=NOW)
    assert [fetch(client, each).status_code for each in (secret, newer)] == [404, 200]
    client.force_login(clerk)
    told = client.post(reverse("calendar_address"), {"revoke": "1"}, follow=True)
    assert "カレンダーのアドレスをやめました。" in words(told.text)
    assert fetch(client, newer).status_code == 404
    assert revoke_address(by=clerk, now=NOW) is False
    assert CalendarAddress.objects.count() == 2  # nothing is deleted


def test_the_database_keeps_one_address_in_use(clerk, secret):
    with pytest.raises(IntegrityError):
        CalendarAddress.objects.create(user=clerk, token_hash="x", made_at=NOW)


@pytest.mark.parametrize(
    "hostile", ["x", "a" * 5000, "日本", "' OR 1=1 --", "..", "%00", "\n", "*", "<script>", "0" * 64]
)
def test_a_made_up_address_is_not_found_and_costs_nothing(client, secret, hostile):
    assert client.get(f"/calendar/{hostile}.ics").status_code == 404


def test_the_hash_itself_is_no_key(client, secret):
    assert fetch(client, hashed(secret)).status_code == 404


def test_who_may_not_use_the_portal_any_more_has_no_calendar(client, clerk, secret):
    assert owner_of(secret, today=TODAY) == clerk
    clerk.is_active = False
    clerk.save()
    assert fetch(client, secret).status_code == 404


# --- what is read
def test_open_things_rounds_and_meetings_without_a_login(client, clerk, secret, plan, planning):
    create_occurrence(section=planning)
    create_round(plan=plan, due_on=date(2026, 12, 12))  # a Saturday
    create_meeting(by=factories.TESTS, number=7, held_on=date(2026, 12, 8), starts_at=time(13, 30))
    plan_all()
    assert events(client, secret) == [
        ("【期限】令和8年度 情報セキュリティ研修", date(2026, 11, 30)),
        ("第7回 情報化推進委員会", datetime(2026, 12, 8, 4, 30, tzinfo=UTC)),
        ("進捗入力の提出期限　令和7年度 第4四半期", date(2026, 12, 11)),
    ]


def test_who_neither_reports_nor_sees_meetings_reads_neither(client, plan):
    engineer = factories.create_person(username="unyo", name="見本 七郎", role=Role.ENGINEER)
    create_round(plan=plan)
    create_meeting(by=factories.TESTS, number=7, held_on=date(2026, 12, 8))
    assert events(client, make_address(by=engineer, now=NOW)) == []


def test_text_that_people_typed_stays_text(client, clerk, secret, planning):
    create_occurrence(section=planning)
    plan_all()
    ReminderLine.objects.update(title="研修\r\nDTSTART:19700101\r\nSUMMARY:x;,\\" + "長" * 90)
    [(title, day)] = events(client, secret)
    assert (title.startswith("【期限】研修"), day) == (True, date(2026, 11, 30))
    assert max(len(line) for line in fetch(client, secret).content.split(b"\r\n")) <= 75


def test_a_program_that_has_it_already_is_told_so(client, secret, clerk, planning):
    first = fetch(client, secret)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    again = fetch(client, secret, if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    create_occurrence(section=planning)
    plan_all()
    assert fetch(client, secret, if_none_match=first.headers["ETag"]).status_code == 200


def test_asked_all_the_time_it_says_when_to_come_back(client, secret):
    statuses = [fetch(client, secret).status_code for _ in range(122)]
    assert (statuses[119], statuses[121]) == (200, 429)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert fetch(client, secret).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(client, secret, plan, planning, count, django_assert_num_queries):
    for number in range(count):
        create_meeting(by=factories.TESTS, number=number + 1, held_on=TODAY + timedelta(days=number + 1))
    create_round(plan=plan)
    with django_assert_num_queries(17):
        fetch(client, secret)
