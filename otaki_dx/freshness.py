"""Nothing is worked out or sent twice while the data is the same.

One statement answers "has anything changed that these pages show?". Its answer is the ETag of a page, and the key under
which each web process remembers what it worked out. A change by whatever way (page, admin, import, task) writes
history, so it is seen at once, by every process; there is nothing to invalidate.
"""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

from committee.models import ProposalEvent
from schedule.choices import LineState, MailState
from schedule.models import ReminderLine, ReminderMail
from townhall.http import PortalRequest
from townhall.models import Notice

Made = TypeVar("Made")
View = Callable[..., HttpResponse]

# Of one start of the portal: after an update or a restored backup no page of before may count as fresh.
# The web server reads the site map before it makes its workers (gunicorn_conf), so all of them have the same.
START = secrets.token_hex(8)
_REMEMBERED_AT_MOST = 64
_LATE_COMERS = 1000  # versions written by others while one transaction is open


@dataclass(frozen=True)
class DataVersion:
    """Two marks that change with the data: of what everybody shows, and of the lines in one person's menu."""

    shared: str
    own: str


def data_version(user_id: int) -> DataVersion:
    """The state of every table that the plan's pages and this person's menu show; one query.

    Tracked tables: the newest version in their history, and how many of the last 1,000 numbers are there. The newest
    would do if transactions ended in the order they began; the count sees the one that ends late. Tables without history
    are read as far as they are shown.
    """
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor), [user_id])
        *shared, own = cursor.fetchone()
    return DataVersion(_mark(shared), _mark(own))


def _mark(value: object) -> str:
    return hashlib.blake2b(repr(value).encode(), digest_size=16).hexdigest()


@lru_cache
def _statement(vendor: str) -> str:
    """Table and column names are the models' own; the only value is the person's id."""
    join = "group_concat" if vendor == "sqlite" else "string_agg"
    parts = [
        f"(SELECT newest || '.' || (SELECT COUNT(*) FROM {history} WHERE history_id > newest - {_LATE_COMERS}) "
        f"FROM (SELECT COALESCE(MAX(history_id), 0) AS newest FROM {history}) AS last)"
        for history in sorted(_histories())
    ]
    event, line = ProposalEvent._meta.db_table, ReminderLine._meta.db_table
    mail, notice = ReminderMail._meta.db_table, Notice._meta.db_table
    troubled = ", ".join(f"'{state}'" for state in MailState.NEED_A_PERSON)
    shown = " || '\n' || ".join(("id", "kind", "subject", "title", "note", "path", "CAST(due_on AS text)"))
    parts += [
        f"(SELECT COALESCE(MAX(id), 0) || '.' || COUNT(*) FROM {event})",
        f"(SELECT COUNT(*) FROM {mail} WHERE state IN ({troubled}))",
        f"(SELECT {join}(shown, '\n') FROM (SELECT key || '\n' || text AS shown FROM {notice} ORDER BY id) AS notices)",
        f"(SELECT {join}(shown, '\n') FROM (SELECT {shown} AS shown FROM {line} "
        f"WHERE recipient_id = %s AND state = '{LineState.DUE.value}' ORDER BY id) AS lines)",
    ]
    return f"SELECT {', '.join(parts)}"


def _histories() -> set[str]:
    return {model.history.model._meta.db_table for model in apps.get_models() if hasattr(model, "history")}


# --- what was worked out


_remembered: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()
_lock = Lock()


def remembered(request: PortalRequest, name: str, *about: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` made for the same data, day and arguments; else made now. It must be immutable.

    It is shared by all people: whatever differs between them (their rights, their id) belongs into `about`.
    """
    version = version_of(request).shared
    key = (version, request.today, name, *about)
    with _lock:
        if key in _remembered:
            _remembered.move_to_end(key)
            return _remembered[key]
    made = make()
    with _lock:
        for old in [each for each in _remembered if each[0] != version]:
            del _remembered[old]
        _remembered[key] = made
        while len(_remembered) > _REMEMBERED_AT_MOST:
            _remembered.popitem(last=False)
    return made


def forget() -> None:
    """For tests, whose databases go back in time."""
    with _lock:
        _remembered.clear()


def version_of(request: PortalRequest) -> DataVersion:
    """Read before anything else of the page, so that what is remembered under it is never older."""
    if not hasattr(request, "_data_version"):
        request._data_version = data_version(request.user.pk)  # type: ignore[attr-defined]
    return request._data_version  # type: ignore[attr-defined]


# --- what was sent


def revalidated(view: View) -> View:
    """The browser keeps the page and asks each time whether it is still right: 304 costs a fraction of the page.

    Only for pages made of data alone: nothing that depends on the minute.
    """
    conditional = condition(etag_func=_etag)(view)

    @wraps(view)
    def wrapper(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = conditional(request, *args, **kwargs)
        if response.has_header("ETag"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return wrapper


def _etag(request: PortalRequest, *args: Any, **kwargs: Any) -> str | None:
    """None while a message waits to be shown. The token of the forms changes with each login, and with it the page."""
    if len(get_messages(request)):
        return None
    get_token(request)
    known = (
        START,
        version_of(request),
        request.today.isoformat(),
        request.get_full_path(),
        request.user.pk,
        request.META["CSRF_COOKIE"],
    )
    return f'"{_mark(known)}"'
