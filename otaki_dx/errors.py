"""Error pages: what happened, what is kept, what to do. No stack trace, no English."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from townhall.carried import again, carried_from


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"sentence": str(exception or "")}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs no database, cache or context; the number is in the log beside the trace."""
    return HttpResponse(loader.get_template("500.html").render({"number": uuid.uuid4().hex[:8]}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """With the text again, when the form is the person's own: logging in elsewhere has only made its token old."""
    carried = carried_from(request)
    if carried is not None:
        return again(request, carried, status=403)
    return render(request, "403_csrf.html", status=403)
