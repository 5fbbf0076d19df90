"""Two people press 催促 at once, one presses twice, and the planner runs at the same moment: one letter a person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections

from schedule.actions.chasing import Outcome, chase
from schedule.models import ReminderLine, ReminderMail
from tests import factories
from tests.schedule.duties import at, plan_all
from tests.schedule.factories import create_round
from tests.schedule.small_plan import create_activity, create_initiative, create_plan
from townhall.choices import Role

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 12, 1)  # ten working days before the deadline: the planner has the same to say
CLERKS = 3


def together(*jobs):
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=10)
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def test_one_letter_whoever_presses_and_whatever_runs(planning, general_affairs, secretary):
    plan = create_plan()
    create_activity(initiative=create_initiative(plan=plan, owner_section=planning))
    round = create_round(plan=plan, opens_on=date(2026, 11, 2), due_on=date(2026, 12, 15))
    for number in range(CLERKS):
        factories.create_person(username=f"p{number}", name=f"見本 {number}", role=Role.STAFF, section=planning)
    second = factories.create_person(username="second", name="見本 次", role=Role.SECRETARIAT, section=general_affairs)

    def press(by):
        return chase(round, by=by, today=DAY, now=at(DAY), section_ids=[planning.pk], text="お願いします。")

    *pressed, _, _ = together(
        lambda: press(secretary),
        lambda: press(secretary),
        lambda: press(second),
        lambda: plan_all(today=DAY),
        lambda: plan_all(today=DAY),
    )
    sent = [told.user.username for each in pressed for told in each if told.outcome is Outcome.LETTER]
    assert len(sent) == len(set(sent))
    mails = ReminderMail.objects.filter(recipient__username__startswith="p")
    assert sorted(mail.recipient.username for mail in mails) == ["p0", "p1", "p2"]
    assert sorted(mail.recipient.username for mail in mails.exclude(asked_by="")) == sorted(sent)
    plan_all(today=DAY)
    open_lines = ReminderLine.objects.filter(state="due", recipient__username__startswith="p")
    assert sorted(line.recipient.username for line in open_lines) == ["p0", "p1", "p2"]
    assert plan_all(today=date(2026, 12, 2)).letters == 0  # nothing is told again the next day
