"""What happens around every request: the date, the security headers, and the closed door."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone

LOGOUT = "account_logout"

Handler = Callable[[HttpRequest], HttpResponseBase]

# Views of these packages guard themselves: allauth by login, the admin by PortalAdminSite.has_permission.
SELF_GUARDED = ("allauth.", "django.contrib.admin.", "townhall.admin_site", "townhall.sheets.admin", "simple_history.")


def clock(get_response: Handler) -> Handler:
    """Read the clock once, here at the edge: `request.today` is the town's date (Asia/Tokyo)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.now = timezone.now()  # type: ignore[attr-defined]
        request.today = timezone.localdate(request.now)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def security_headers(get_response: Handler) -> Handler:
    """The outermost: Content-Security-Policy from SECURE_CSP, and no copies of pages behind the login.

    Django's own middleware sets the other three on pages, but not on what other middleware refuses or redirects.
    """
    always = {
        "Content-Security-Policy": "; ".join(f"{name} {' '.join(to)}" for name, to in settings.SECURE_CSP.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    }

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in always.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        if request.method == "POST" and request.resolver_match and request.resolver_match.view_name == LOGOUT:
            # Some pages are kept for revalidation; the next person at this machine must not find them.
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return middleware


def say_what_is_refused(get_response: Handler) -> Handler:
    """Django answers a wrong method (405) with nothing at all; a person gets a page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == 405 and isinstance(response, HttpResponse) and not response.content:
            response.content = render_to_string("405.html").encode()
        return response

    return middleware


class OpenOrLoggedInMiddleware(LoginRequiredMiddleware):
    """Of an open page nobody asks who reads it, so that its answer depends on no cookie."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class AccessTableMiddleware:
    """Refuse every view that nobody opened: no `@requires` and no `@open_to_all` means closed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if not hasattr(view, "access") and not view.__module__.startswith(SELF_GUARDED):
            raise PermissionDenied("この画面はまだ開かれていません。")
