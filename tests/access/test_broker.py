"""T-M4: no page and no POST waits for the broker. A socket that never answers stands where the broker should be."""

import socket
import threading
from collections.abc import Iterator

import pytest
from django.urls import reverse

from otaki_dx.celery import app
from tests.access.table import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.faults, pytest.mark.one_database]


class Silent:
    """Takes every call and says nothing."""

    def __init__(self) -> None:
        self.calls = 0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        callers = []
        while True:
            try:
                callers.append(self.door.accept()[0])
            except OSError:
                return
            self.calls += 1


@pytest.fixture
def broker() -> Iterator[Silent]:
    silent = Silent()
    before = app.conf.broker_url
    app.conf.broker_url = f"redis://127.0.0.1:{silent.port}/0"
    yield silent
    app.conf.broker_url = before
    silent.door.close()


def test_the_silence_would_be_noticed(broker):
    with app.connection_for_write() as line:
        assert line.port == broker.port
    with socket.create_connection(("127.0.0.1", broker.port), timeout=5) as caller:
        caller.settimeout(0.2)
        with pytest.raises(TimeoutError):
            caller.recv(1)
    assert broker.calls == 1


def test_no_page_and_no_post_asks_the_broker(world, broker):
    """Nothing is asked of it, so it makes no difference whether it refuses, is silent, or is well."""
    asked, broken = 0, []
    for line in PAGES:
        url = reverse(line.name, kwargs=world.stage.objects[line.about])
        for method in ("get", "post") if line.post is not None else ("get",):
            people = line.get if method == "get" else line.post
            for person in sorted(people)[:1]:
                asked += 1
                answer = world.ask(person, method, url)
                if answer.status >= 500:
                    broken.append(f"{method} {url} {answer.status} {answer.error}")
    assert (broken, broker.calls) == ([], 0)
    assert asked > 100
