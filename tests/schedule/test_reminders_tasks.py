"""What Celery wakes up, and whether it still does."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import mail as mailbox

from otaki_dx.celery import app
from schedule import heartbeat, tasks
from schedule.models import DutyOccurrence, JobRun, ReminderLine
from tests.conftest import NOW
from tests.schedule.duties import create_duty


def test_every_beat_entry_names_a_registered_task_without_arguments():
    app.loader.import_default_modules()
    entries = django_settings.CELERY_BEAT_SCHEDULE.values()
    assert {entry["task"] for entry in entries} <= set(app.tasks)
    assert [entry for entry in entries if entry.get("args") or entry.get("kwargs")] == []


KEPT = {
    "timezone": "Asia/Tokyo",
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "beat_sync_every": 1,
    "accept_content": ["json"],
    "task_serializer": "json",
}
BROKER_KEPT = {"visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 2}


def test_celery_is_an_alarm_clock_that_holds_nothing():
    assert {name: app.conf[name] for name in KEPT} == KEPT
    options = app.conf.broker_transport_options
    assert {name: options[name] for name in BROKER_KEPT} == BROKER_KEPT


@pytest.mark.django_db
@pytest.mark.usefixtures("pinned")
def test_plan_and_send_do_the_whole_work(secretary):
    create_duty()
    tasks.plan_reminders()
    tasks.send_reminders()
    assert [line.title for line in ReminderLine.objects.open_for(secretary)] == ["令和8年度 情報セキュリティ研修"]
    assert len(mailbox.outbox) == 1
    assert {run.job: run.note for run in JobRun.objects.all()} == {
        "plan_reminders": "新しい用件 2件、手紙 1通、担当者のいない用件 2件",
        "send_reminders": "送信済み 1通",
    }


@pytest.mark.django_db
def test_tasks_take_the_towns_date_at_the_edge(secretary):
    """15:00 UTC of 3/31 is the first hour of a fiscal year in Japan."""
    create_duty()
    with time_machine.travel("2027-03-31T15:00:00+00:00", tick=False):
        tasks.plan_reminders()
    assert sorted(DutyOccurrence.objects.values_list("fiscal_year", flat=True)) == [2027, 2028]


@pytest.mark.django_db
def test_a_new_portal_awaits_its_first_run(secretary):
    secretary.date_joined = NOW - timedelta(minutes=20)
    secretary.save()
    assert heartbeat.warning(NOW) == ""
    assert heartbeat.warning(NOW + timedelta(minutes=1)).startswith("自動処理（催促）がまだ一度も動いていません。")


@pytest.mark.django_db
def test_silence_is_noticed_after_two_intervals():
    assert heartbeat.warning(NOW) == "自動処理（催促）がまだ一度も動いていません。運用担当に知らせてください。"
    for job in (heartbeat.PLANNER, heartbeat.SENDER):
        heartbeat.finished(job, now=NOW)
    assert heartbeat.stopped_since(NOW + timedelta(minutes=20)) is None
    heartbeat.finished(heartbeat.SENDER, now=NOW + timedelta(minutes=21))
    assert heartbeat.stopped_since(NOW + timedelta(minutes=21)) == NOW
    assert heartbeat.warning(NOW + timedelta(minutes=21)) == (
        "自動処理（催促）が10:00から止まっています。メールは届いていません。運用担当に知らせてください。"
    )
    assert heartbeat.warning(NOW + timedelta(days=1)).startswith("自動処理（催促）が11月24日 10:00から")
