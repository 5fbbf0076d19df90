"""カレンダー: the page where a person makes and revokes the address, and the feed that their calendar reads."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import parse_etags
from django.views.decorators.http import require_http_methods, require_safe

from otaki_dx.calendar_feed import as_icalendar, entries_of
from townhall.calendar_address import address_of, hashed, make_address, owner_of, revoke_address
from townhall.http import PortalRequest
from townhall.permissions import Permission, open_to_all, requires

ASKED_AT_MOST = 120  # an hour and address; calendar programs ask a few times a day
HOUR = 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_PORTAL)
def calendar_address(request: PortalRequest) -> HttpResponse:
    """The address is shown in the answer that makes it, and never again."""
    context: dict[str, Any] = {}
    if request.method == "POST" and "revoke" in request.POST:
        if revoke_address(by=request.user, now=request.now):
            messages.success(request, "カレンダーのアドレスをやめました。このアドレスでは、もう読めません。")
        return redirect("calendar_address")
    if request.method == "POST":
        secret = make_address(by=request.user, now=request.now)
        context["url"] = settings.PORTAL_URL + reverse("calendar_feed", args=[secret])
    context["address"] = address_of(request.user)
    return render(request, "otaki_dx/calendar_address.html", context)


@require_safe
@open_to_all
@login_not_required
def calendar_feed(request: PortalRequest, secret: str) -> HttpResponse:
    """No login: calendar programs have none. An address that is wrong, revoked or of somebody who left is 404."""
    user = owner_of(secret, today=request.today)
    if user is None:
        raise Http404("そのカレンダーはありません。")
    if _asked_too_often(secret):
        return HttpResponse(
            "短い時間に何度も読まれました。1時間ほどしてから読んでください。",
            status=429,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": str(HOUR)},
        )
    body = as_icalendar(entries_of(user, today=request.today), today=request.today)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers=headers)
    headers["Content-Disposition"] = 'inline; filename="otaki-dx.ics"'
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def _asked_too_often(secret: str) -> bool:
    """Counted under the hash: the secret itself is written down nowhere."""
    key = f"calendar:{hashed(secret)}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) > ASKED_AT_MOST
    except ValueError:  # the hour ended between the two
        return False
