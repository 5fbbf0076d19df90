"""使い方, アクセシビリティ方針 and the health check: open to everybody, and honest."""

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from otaki_dx.pages import LAST_BACKUP
from schedule.models import JobRun
from tests.conftest import NOW
from tests.otaki_dx.pages import get, html_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


def test_help_and_policy_open_without_login_and_do_not_link_behind_it(client):
    for name in ("help", "accessibility"):
        main = html_of(client, name).split("<main")[1].split("</main>")[0]
        assert 'href="/' not in main


def test_help_explains_roles_marks_and_keys(client, plan, secretary):
    client.force_login(secretary)
    html = html_of(client, "help")
    text = words(html)
    assert [part for part in ("事務局", "委員長・委員", "課長・担当", "印の意味", "キー操作") if part not in text] == []
    assert 'href="/plan/terms/"' in html


def test_the_policy_claims_no_more_than_was_tested(client):
    text = words(html_of(client, "accessibility"))
    assert "JIS X 8341-3:2016 の適合レベルAAに沿うことを目標にしています" in text
    assert "適合しているとは言えません" in text


def test_health_says_how_old_the_last_runs_are(client):
    JobRun(job="send_reminders", finished_at=NOW - timedelta(seconds=65)).save()
    told = {"status": "ok", "seconds_since_last_run": {"send_reminders": 65}, "oldest_waiting_mail_seconds": None}
    response = get(client, "healthz")
    assert (response.status_code, response.json()) == (200, told | {"seconds_since_last_backup": None})
    made = settings.DATA_DIR / LAST_BACKUP
    made.touch()
    os.utime(made, (NOW.timestamp() - 3600,) * 2)
    assert get(client, "healthz").json() == told | {"seconds_since_last_backup": 3600}
    made.unlink()


def test_health_is_refused_with_a_sentence_when_the_database_is_away(client):
    def away(*args):
        raise OperationalError("password=secret host=db")

    with connection.execute_wrapper(away):
        response = get(client, "healthz")
    assert (response.status_code, response.json()) == (
        503,
        {"status": "error", "sentence": "データベースを読めません。"},
    )
