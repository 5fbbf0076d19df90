"""Every person with an own browser. Each request runs in a savepoint that is rolled back, so no answer changes another."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from http.cookies import SimpleCookie
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from tests.access.people import ANONYMOUS, STOPPED
from tests.access.stage import Stage
from tests.access.table import EVERYBODY, LOGGED_OUT, PAGES, Line
from tests.conftest import TODAY
from townhall.permissions import can

# Being there is not an effect: sessions and the counters of the login throttle.
WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|ALTER|CREATE|DROP)\b", re.IGNORECASE)
NO_EFFECT = re.compile(r'\b"?(django_session|cache_entries)"?\b')
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: dict[str, str]
    writes: tuple[str, ...]  # statements that changed a row
    error: str  # what was raised, for the message of a failing test
    read_the_query: bool

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def page(self) -> str:
        """The body without the token that differs in each answer."""
        return TOKEN.sub(r"\1", self.body)

    @property
    def is_html(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")


class Browser(Client):
    """Django's test client without its record of every rendered template, which costs a sixth of the time."""

    def request(self, **request: Any) -> HttpResponse:
        self.exc_info = None
        got_request_exception.connect(self.store_exc_info, dispatch_uid="browser")
        try:
            response = self.handler(self._base_environ(**request))
        finally:
            got_request_exception.disconnect(dispatch_uid="browser")
        response.exc_info = self.exc_info
        self.cookies.update(response.cookies)
        return response


class World:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.clients = {name: Browser() for name in (ANONYMOUS, *stage.people)}
        for name, user in stage.people.items():
            self.clients[name].force_login(user)
        stage.people[STOPPED].is_active = False
        stage.people[STOPPED].save()
        self.answer: Callable[[str, str, str], Answer] = cache(self.ask)

    def get(self, person: str, url: str) -> Answer:
        return self.answer(person, "get", url)

    def url_of(self, line: Line) -> str:
        return reverse(line.name, kwargs=self.stage.objects[line.about])

    @cached_property
    def stopped(self) -> dict[str, set[str]]:
        """For each line whom the view's `@requires` or the login refuses before the page does anything."""
        return {line.key: set(self._stopped_by(resolve(self.url_of(line)).func)) for line in PAGES}

    def _stopped_by(self, view: Any) -> Iterator[str]:
        for person in EVERYBODY if view.access else ():
            user = AnonymousUser() if person == ANONYMOUS else self.stage.people[person]
            if not can(user, view.access, today=TODAY):
                yield person

    @cached_property
    def asked(self) -> dict[tuple[str, str], set[str]]:
        """Whom to ask, by line and method: everybody who comes through the door, and of those who do not two in turn.
        A door says the same whatever is behind it."""
        lines = [(line, method) for line in PAGES for method in ("get", "post")]
        return {(line.key, method): self._in_turn(turn, line, method) for turn, (line, method) in enumerate(lines)}

    def _in_turn(self, turn: int, line: Line, method: str) -> set[str]:
        people, stopped = line.asked(method), line.asked(method) & self.stopped[line.key]
        admitted = sorted(people - stopped)
        if admitted and not line.get:  # there is no such thing, whoever asks
            admitted = [*admitted, *admitted][turn % len(admitted) :][:3]
        groups = (sorted(stopped - LOGGED_OUT), sorted(stopped & LOGGED_OUT))
        return {*admitted, *(group[turn % len(group)] for group in groups if group)}

    def ask(self, person: str, method: str, url: str, *arguments: Any, **options: Any) -> Answer:
        client = self.clients[person]
        cookies = SimpleCookie(client.cookies)
        writes: list[str] = []
        try:
            with _rolled_back(), connection.execute_wrapper(_note_in(writes)):
                response = getattr(client, method)(url, *arguments, **options)
                return _answer(response, writes)
        finally:
            client.cookies = cookies


@contextmanager
def _rolled_back() -> Any:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _note_in(writes: list[str]) -> Callable[..., Any]:
    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITE.match(sql) and not NO_EFFECT.search(sql):
            writes.append(sql)
        return execute(sql, params, many, context)

    return wrapper


def _answer(response: HttpResponse, writes: list[str]) -> Answer:
    raised = response.exc_info
    body = b"".join(response) if response.streaming else response.content
    return Answer(
        status=response.status_code,
        body=body.decode("utf-8", errors="replace"),
        headers=dict(response.headers),
        writes=tuple(writes),
        error=f"{raised[0].__name__}: {raised[1]}" if raised else "",
        read_the_query="GET" in response.wsgi_request.__dict__,  # it is parsed when something first asks for it
    )
