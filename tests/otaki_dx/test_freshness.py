"""What is remembered and what the browser keeps: never older than the data, never another person's."""

from datetime import date, timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from otaki_dx import freshness
from otaki_dx.freshness import data_version
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from tests.otaki_dx.pages import get, html_of, words
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report
from townhall.changes import save_row
from townhall.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned")]

# Tables without history that are not part of the version, and why no page that is kept shows them.
NOT_SHOWN = {
    "schedule.MailAction": "送信記録 only, which is never kept",
    "schedule.JobRun": "ホーム only, which is never kept",
    "schedule.RoundVisit": "未報告と催促 only",
    "schedule.EntryDraft": "進捗入力 only",
    "townhall.ImportJob": "the imports' own pages only",
    "committee.ProposalDraft": "the form of a proposal only, which is never kept",
    "committee.ProposalQuestion": "its proposal's page only; asked and answered with a step, which is in the version",
    "committee.ProposalEdition": "its proposal's pages only; frozen with a step",
    "committee.ProposalOpening": "no page shows it",
    "townhall.WaitingFile": "no page shows it",
    "townhall.ColumnMapping": "データ only",
    "townhall.ExportRecord": "データ only",
    "townhall.CalendarAddress": "the person's own page only",
    "schedule.Publication": "公開 and the pages for residents only, which are never kept",
    "schedule.Withdrawal": "as a publication",
    "townhall.Attachment": "never changes; what it belongs to has a history",
    "committee.Pack": "the meeting's pages only, which are never kept",
    "admin.LogEntry": "管理画面 only",
    "auth.Permission": "not used: rights come from the posts",
    "auth.Group": "not used",
    "contenttypes.ContentType": "no page shows it",
    "sessions.Session": "a new login has a new token, which is part of the mark",
    "account.EmailAddress": "not used",
    "account.EmailConfirmation": "not used",
    "mfa.Authenticator": "the account's own pages only",
}
READ_AS_SHOWN = {"committee.ProposalEvent", "schedule.ReminderLine", "schedule.ReminderMail", "townhall.Notice"}


@pytest.fixture
def one_row(db):
    plan = create_plan()
    row = create_activity(initiative=create_initiative(plan=plan))
    quarter = create_quarter(plan=plan, fiscal_year=2025, quarter=4)
    return report(row, quarter, on=date(2026, 4, 1))


@pytest.fixture
def browser(client, deputy_mayor):
    client.force_login(deputy_mayor)
    return client


def again(client, response, path="/plan/"):
    return client.get(path, headers={"If-None-Match": response["ETag"]})


def test_every_table_is_in_the_version_or_has_a_reason():
    models = [model for model in apps.get_models() if not model._meta.label.split(".")[1].startswith("Historical")]
    untracked = {model._meta.label for model in models if not hasattr(model, "history")}
    assert untracked - set(NOT_SHOWN) == READ_AS_SHOWN
    statement = freshness._statement("sqlite")
    tracked = [model.history.model._meta.db_table for model in models if hasattr(model, "history")]
    assert [table for table in tracked if table not in statement] == []


def test_a_page_is_sent_once_and_then_only_confirmed(browser, one_row):
    first = get(browser, "plan_dashboard")
    assert first["Cache-Control"] == "private, no-cache"
    second = again(browser, first)
    assert (second.status_code, second.content, second["Cache-Control"]) == (304, b"", "private, no-cache")


def test_confirming_costs_four_queries(browser, one_row, django_assert_num_queries):
    first = get(browser, "plan_dashboard")
    with django_assert_num_queries(4):
        assert again(browser, first).status_code == 304


def test_every_change_is_seen_at_once(browser, one_row):
    before = get(browser, "plan_dashboard")
    one_row.standing, one_row.reason = "late", "人手が足りません。"
    save_row(one_row, by=TESTS, seen_version=one_row.version, today=TODAY)
    after = again(browser, before)
    assert after.status_code == 200
    assert "1 件が遅れ" in words(after.content.decode())


def test_a_notice_is_seen_at_once(browser, one_row):
    before = get(browser, "plan_dashboard")
    Notice(key="maintenance", text="明日の朝は止まります。").save()
    assert "明日の朝は止まります。" in again(browser, before).content.decode()


def test_the_number_in_the_menu_follows_the_reminders(browser, one_row, deputy_mayor):
    before = data_version(deputy_mayor.pk)
    line = {"kind": "duty", "subject": "duty:1", "step": "D-7", "nominal_on": TODAY, "due_on": TODAY, "title": "見直し"}
    line = deputy_mayor.reminder_lines.create(**line, path="/duties/1/", created_at=NOW)
    due = data_version(deputy_mayor.pk)
    line.title = "方針の見直し"
    line.save()
    renamed = data_version(deputy_mayor.pk)
    line.state = "done"
    line.save()
    assert len({before, due, renamed}) == 3
    assert data_version(deputy_mayor.pk) == before


def test_another_person_and_another_address_get_their_own(browser, one_row, member):
    first = get(browser, "plan_dashboard")
    other = Client()
    other.force_login(member)
    assert again(other, first).status_code == 200
    assert again(browser, first, "/plan/?as_of=2026-01-01").status_code == 200


def test_rights_that_end_end_at_once(client, expert, one_row):
    client.force_login(expert)
    first = get(client, "plan_dashboard")
    with time_machine.travel(NOW + timedelta(days=200), tick=False):
        assert again(client, first).status_code in (302, 403)


def test_a_message_is_shown_and_then_gone(client, secretary, one_row):
    client.force_login(secretary)
    first = get(client, "plan_dashboard")
    storage, carrier = CookieStorage(RequestFactory().get("/")), HttpResponse()
    storage._store([Message(constants.SUCCESS, "保存しました。")], carrier)
    client.cookies["messages"] = carrier.cookies["messages"].value
    shown = again(client, first)
    assert (shown.status_code, "保存しました。" in shown.content.decode(), shown["Cache-Control"]) == (
        200,
        True,
        "no-store",
    )


def test_what_is_the_same_for_everybody_is_worked_out_once(one_row, deputy_mayor, member, django_assert_num_queries):
    """The second person's first page; what was worked out from older data is dropped."""
    first, second = Client(), Client()
    first.force_login(deputy_mayor)
    second.force_login(member)
    deputy_mayor.reminder_lines.create(
        kind="duty", subject="duty:1", step="D-7", nominal_on=TODAY, due_on=TODAY, title="見直し", created_at=NOW
    )
    get(first, "plan_dashboard")
    names = {key[2] for key in freshness._remembered}
    with django_assert_num_queries(13):  # with this person's own items, and nothing of the rows
        get(second, "plan_dashboard")
    one_row.standing, one_row.reason = "late", "人手が足りません。"
    save_row(one_row, by=TESTS, seen_version=one_row.version, today=TODAY)
    get(second, "plan_dashboard")
    assert names == {
        "known_days",
        "plan_summary",
        "plan_budget",
        "duty_year",
        "overdue_things",
        "policy_board",
        "training_year",
        "indicators",
        "system_board",
        "otaki_dx/_matrix.html",
        "otaki_dx/_schedule_chart.html",
        "own_items",
    }
    assert len({key[0] for key in freshness._remembered}) == 1


def test_other_pages_are_not_kept(browser, one_row):
    assert [get(browser, name)["Cache-Control"] for name in ("home", "history", "meeting_list")] == ["no-store"] * 3


def test_after_logout_the_browser_forgets(browser, one_row):
    get(browser, "plan_dashboard")
    assert browser.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache"'
    assert not browser.get(reverse("account_login")).has_header("Clear-Site-Data")


def test_what_one_may_not_see_is_not_remembered_for_another(one_row, deputy_mayor, expert):
    insider, outsider = Client(), Client()
    insider.force_login(deputy_mayor)
    outsider.force_login(expert)
    assert "研修・ポリシーの期限" in html_of(insider, "plan_dashboard")
    assert "研修・ポリシーの期限" not in html_of(outsider, "plan_dashboard")
    assert reverse("duty_list") not in html_of(outsider, "plan_dashboard")
