"""Four people press 保存する on the same row at the same moment: one is saved, three are told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from schedule.models import ProgressReport
from tests.schedule.factories import create_round
from tests.schedule.test_round_entry import URL, typed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pinned")]
PEOPLE = 4


def press_together(clients, texts, *, seen):
    barrier = Barrier(PEOPLE)

    def press(client, text):
        try:
            barrier.wait(timeout=10)
            return client.post(URL, typed("1-1", seen=seen, text=text)).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(press, clients, texts))


def test_nothing_is_overwritten_in_silence(plan, secretary):
    create_round(plan=plan)
    clients = [Client() for _ in range(PEOPLE)]
    for client in clients:
        client.force_login(secretary)
    for seen in range(5):  # at 0 four people make the first report
        texts = [f"{number}人目の{seen}回目" for number in range(PEOPLE)]
        statuses = press_together(clients, texts, seen=seen)
        report = ProgressReport.objects.get()
        assert sorted(statuses) == [302, 409, 409, 409]
        assert report.text == texts[statuses.index(302)]
        assert (report.version, report.history.count()) == (seen + 1, seen + 1)
