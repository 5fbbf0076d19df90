"""R19: what somebody typed survives an expired login and a stale token.

Every form carries a signed note of whose form it is (townhall/templatetags/personal_forms.py). When its POST arrives without
a login, its text waits in the session while the person logs in; it goes back to that person only, and nothing is saved.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render

from townhall.models import User

Handler = Callable[[HttpRequest], HttpResponseBase]

PERSON_FIELD = "form_person"
_SALT = "whose form"
_KEY = "carried"
MOST_CHARACTERS = 1_000_000
# Never kept, wherever it was typed.
_SECRET = re.compile(r"pass|code|otp|token|" + PERSON_FIELD, re.IGNORECASE)
_CODE_OF_A_ROW = re.compile(r"r.{1,40}-\w+|code", re.DOTALL)


class Carried(QueryDict):
    """The fields as they were typed. A view that shows them itself sets `is_taken`."""

    is_taken = False
    had_files = False
    is_cut = False

    @classmethod
    def of(cls, fields: list[list[str]], *, had_files: bool, is_cut: bool) -> "Carried":
        made = cls(mutable=True)
        for name, value in fields:
            made.appendlist(name, value)
        made._mutable = False
        made.had_files, made.is_cut = had_files, is_cut
        return made

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, values in self.lists() for value in values]

    @property
    def texts(self) -> list[str]:
        """What a reader recognises: the longer texts, not the numbers and choices of the form."""
        return [value for _, value in self.fields if len(value.strip()) > 3 and not value.isascii()]


_signer = signing.Signer(salt=_SALT)


def signed_person(user: User) -> str:
    """The same for one person each time, so that two pages of one person can be compared."""
    return _signer.sign(str(user.pk))


def person_in(data: Any) -> int | None:
    """Whose form it is; None when the note is missing or forged."""
    try:
        return int(_signer.unsign(str(data.get(PERSON_FIELD, ""))))
    except (signing.BadSignature, ValueError):
        return None


def carry_typed_text(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.carried = None  # type: ignore[attr-defined]
        if request.path_info.startswith(settings.RESIDENTS_URL):
            return get_response(request)
        is_known = request.user.is_authenticated
        if not is_known and asks_for_json(request):
            answer = get_response(request)
            return _log_in_first() if answer.status_code == 302 else answer
        if not is_known and request.method == "POST" and (person := person_in(request.POST)) is not None:
            request.session[_KEY] = _kept(request, person)
        if is_known and request.method == "GET":
            request.carried = _taken(request)  # type: ignore[attr-defined]
        answer = get_response(request)
        carried = request.carried  # type: ignore[attr-defined]
        if carried is not None and not carried.is_taken and answer.status_code == 200:
            return again(request, carried)
        return answer

    return middleware


def again(request: HttpRequest, carried: Carried, *, status: int = 200) -> HttpResponse:
    """The text, and one button that sends it to the same address with a fresh token."""
    return render(request, "carried.html", {"carried": carried}, status=status)


def carried_from(request: HttpRequest) -> Carried | None:
    """What a refused POST held, for its own author, on a page of ours; else None."""
    if not request.user.is_authenticated or person_in(request.POST) != request.user.pk or not _is_ours(request):
        return None
    return _carried(_kept(request, request.user.pk))


def is_waiting(request: HttpRequest) -> bool:
    """Is somebody's text waiting for the login?"""
    return _KEY in request.session and not request.user.is_authenticated


def asks_for_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _log_in_first() -> JsonResponse:
    return JsonResponse({"sentence": "ログインの期限が切れました。ログインし直してください。"}, status=401)


def _kept(request: HttpRequest, person: int) -> dict[str, Any]:
    fields, size, is_cut = [], 0, False
    for name, values in request.POST.lists():
        if _SECRET.search(name) and not _CODE_OF_A_ROW.fullmatch(name):
            continue
        for value in values:
            text = str(value).replace("\0", "")
            if size + len(name) + len(text) > MOST_CHARACTERS:
                is_cut = True  # never half a field
                continue
            size += len(name) + len(text)
            fields.append([name.replace("\0", ""), text])
    return {
        "person": person,
        "path": request.path,
        "fields": fields,
        "had_files": bool(request.FILES),
        "is_cut": is_cut,
    }


def _taken(request: HttpRequest) -> Carried | None:
    """The waiting text, once, for its author at its address. Another person's is thrown away unseen."""
    kept = request.session.get(_KEY)
    if kept is None:
        return None
    if kept["person"] != request.user.pk:
        del request.session[_KEY]
        return None
    if kept["path"] != request.path:
        return None
    del request.session[_KEY]
    return _carried(kept)


def _carried(kept: dict[str, Any]) -> Carried:
    return Carried.of(kept["fields"], had_files=kept["had_files"], is_cut=kept["is_cut"])


def _is_ours(request: HttpRequest) -> bool:
    """A form of another site must not have its text shown as if it came from here."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(origin).netloc == request.get_host()
