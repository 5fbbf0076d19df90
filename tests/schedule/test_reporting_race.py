"""Several people save the same row at the same moment: one is saved, the others are told."""

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.db import connections
from django.test import Client

from schedule.models import ProgressReport
from tests.schedule.factories import create_round
from tests.schedule.small_plan import create_activity, create_initiative, create_plan
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


# --- over HTTP

SAVES = 20
CODE = "1-1"
SHOWN = re.compile(rf'name="r{CODE}-shown_version" value="([0-9]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """A login at the running server, and the version of the row that it last saw."""

    def __init__(self, address, person, name):
        client = Client()
        client.force_login(person)
        self.name, self.seen, self.saved = name, 0, {}
        self.connection = http.client.HTTPConnection(address, timeout=30)
        self.cookies = {key: each.value for key, each in client.cookies.items()}
        self.token = TOKEN.search(self.ask("GET")[1])[1]

    def ask(self, method, data=None):
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            data = urlencode(data | {"csrfmiddlewaretoken": self.token})
        self.connection.request(method, URL, body=data, headers=headers)
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            key, _, value = line.partition(";")[0].partition("=")
            self.cookies[key] = value
        return answer.status, answer.read().decode()

    def save(self, text):
        status, page = self.ask("POST", typed(CODE, seen=self.seen, text=text))
        if status == 302:
            self.saved[self.seen + 1] = text
            self.seen += 1
        else:
            assert status == 409
            self.seen = int(SHOWN.search(page)[1])
        return status


def all_at_once(work, browsers):
    barrier = Barrier(len(browsers))

    def start(browser):
        barrier.wait(timeout=20)
        return work(browser)

    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(start, browsers))


@pytest.fixture
def log_in(live_server, planning, clerk, section_head):
    """`log_in(4)`: so many browsers of two people who may both save the row. A plan of one row: its page is small."""
    plan = create_plan()
    create_activity(initiative=create_initiative(plan=plan, owner_section=planning))
    create_round(plan=plan)
    browsers = []

    def log_in(count):
        address = live_server.url.removeprefix("http://")
        both = (clerk, section_head)
        browsers.extend(Browser(address, both[number % 2], f"{number}人目") for number in range(count))
        return browsers

    yield log_in
    for browser in browsers:
        browser.connection.close()


def test_twenty_saves_of_each_of_four_people_over_http_lose_nothing(log_in):
    browsers = log_in(PEOPLE)
    all_at_once(lambda browser: [browser.save(f"{browser.name}の{count}回目") for count in range(SAVES)], browsers)
    accepted = [item for browser in browsers for item in browser.saved.items()]
    report = ProgressReport.objects.get()
    kept = list(report.history.order_by("version").values_list("version", "text"))
    # Every accepted save is one version, made over the version that its person had seen, and no version is missing.
    assert sorted(accepted) == kept
    assert [version for version, _ in kept] == list(range(1, report.version + 1))
    assert report.version >= SAVES


def test_five_parallel_first_submits_are_one_report(log_in):
    statuses = all_at_once(lambda browser: browser.save("同じ文"), log_in(5))
    report = ProgressReport.objects.get()
    assert (statuses, report.version, report.history.count()) == ([302] * 5, 1, 1)
