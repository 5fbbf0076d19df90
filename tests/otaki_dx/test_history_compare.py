"""二つの日を比べる: the whole plan on two days, with whatever was asked for said in words."""

from datetime import date

import pytest

from otaki_dx.days import known_days, read_day
from tests.committee.factories import create_meeting
from tests.conftest import TODAY
from tests.otaki_dx.pages import html_of, words
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def two_rounds(db):
    """1-1 was 順調 on 2024-07-05 and late on 2024-10-01."""
    plan = create_plan()
    row = create_activity(initiative=create_initiative(plan=plan, number=1))
    report(row, create_quarter(plan=plan, fiscal_year=2024, quarter=1), on=date(2024, 7, 5))
    report(row, create_quarter(plan=plan, fiscal_year=2024, quarter=2), "late", on=date(2024, 10, 1))
    return plan


def test_two_days_are_compared_row_by_row(two_rounds, office):
    html = html_of(office, "history_compare", **{"from": "令和6年8月28日", "to": "2024-10-02"})
    text = words(html)
    assert "1行が変わりました。悪くなった行 1 、よくなった行 0 、変わらない行 0 。" in text
    assert "順調 → 遅れ" in text
    assert 'href="/plan/1-1/history/"' in html


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"from": "2024-10-02", "to": "2024-08-28"}, "入れ替えて比べています。"),
        ({"from": "2024-10-02", "to": "2024-10-02"}, "同じ日どうしは比べられません。"),
        ({"from": "2024-10-02", "to": "2030-01-01"}, "令和12年1月1日はこれからの日です。今日にしました。"),
        ({"from": "きのう", "to": "2024-10-02"}, "今日にしました。"),
        ({"from": "2020-01-01", "to": "2020-02-01"}, "変わった行はありません（1行）。"),
        ({"from_day": "x", "to_day": "\x00"}, "今日にしました。"),
        ({}, "同じ日どうしは比べられません。"),
    ],
)
def test_whatever_is_asked_is_answered_in_words(two_rounds, office, asked, sentence):
    assert sentence in words(html_of(office, "history_compare", **asked))


def test_without_a_plan(office):
    assert "計画がまだ読み込まれていません。" in words(html_of(office, "history_compare"))


def test_the_last_meeting_is_what_today_is_compared_with(two_rounds, office, secretary):
    create_meeting(by=secretary, number=6, held_on=date(2024, 8, 28))
    html = html_of(office, "history_compare")
    assert '<option value="2024-08-28" selected>第6回委員会（令和6年8月28日）</option>' in html
    assert "1行が変わりました。" in words(html)


def test_known_days_are_meetings_held_and_rounds_closed(two_rounds, secretary):
    create_meeting(by=secretary, number=6, held_on=date(2024, 8, 28))
    create_meeting(by=secretary, number=7, held_on=date(2026, 12, 4))
    assert [each.label for each in known_days(two_rounds, today=TODAY, with_meetings=True)] == [
        "第6回委員会（令和6年8月28日）"
    ]
    assert known_days(two_rounds, today=TODAY, with_meetings=False) == ()
    assert known_days(None, today=TODAY, with_meetings=False) == ()


@pytest.mark.parametrize("text", ["", "  "])
def test_no_day_is_today(text):
    assert read_day(text, today=TODAY) == (TODAY, "")
