"""住民向けのページ. No login, no cookie; the newest publication and nothing else (R11)."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import condition, require_safe

from initiatives.models import Plan
from otaki_dx.freshness import START
from otaki_dx.public_site import Edition, edition_of, file_of, page_html
from schedule.models import Publication
from schedule.summaries.publication import publication_check
from townhall.http import PortalRequest
from townhall.permissions import Permission, open_to_all, requires

KEPT = "public, max-age=60"  # a publication that is withdrawn is gone everywhere after a minute
View = Callable[..., HttpResponseBase]


def _etag(request: HttpRequest, *args: object, **kwargs: object) -> str:
    known = Publication.objects.standing().values_list("sha256", flat=True).first()
    return f'"{known or "none"}-{START}"'


def for_residents(view: View) -> View:
    """Open to everybody, the same for everybody, and kept by browsers until the next publication."""
    conditional = condition(etag_func=_etag)(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response: HttpResponseBase = conditional(request, *args, **kwargs)
        response.headers["Cache-Control"] = KEPT
        return response

    return require_safe(open_to_all(login_not_required(wrapper)))


def _current() -> Edition | None:
    publication = Publication.objects.current()
    return edition_of(publication) if publication else None


def _page(path: str) -> HttpResponse:
    html = page_html(_current(), path)
    if html is None:
        raise Http404("このページはありません。")
    return HttpResponse(html)


@for_residents
def public_home(request: HttpRequest) -> HttpResponse:
    return _page("")


@for_residents
def public_initiative(request: HttpRequest, code: str) -> HttpResponse:
    return _page(f"initiatives/{code}/")


@for_residents
def public_changes(request: HttpRequest) -> HttpResponse:
    return _page("changes/")


@for_residents
def public_systems(request: HttpRequest) -> HttpResponse:
    return _page("systems/")


@for_residents
def public_indicators(request: HttpRequest) -> HttpResponse:
    return _page("indicators/")


@for_residents
def public_terms(request: HttpRequest) -> HttpResponse:
    return _page("terms/")


@for_residents
def public_text(request: HttpRequest) -> HttpResponse:
    return _page("text/")


@for_residents
def public_chapter(request: HttpRequest, number: int) -> HttpResponse:
    return _page(f"text/{number}/")


@for_residents
def public_data(request: HttpRequest) -> HttpResponse:
    return _page("data/")


@for_residents
def public_file(request: HttpRequest, name: str) -> HttpResponse:
    edition = _current()
    return _file(edition, f"data/{name}")


def _file(edition: Edition | None, path: str) -> HttpResponse:
    found = file_of(edition, path) if edition else None
    if found is None:
        raise Http404("このファイルはありません。")
    data, content_type = found
    name = path.removeprefix("data/")
    return HttpResponse(
        data, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_safe
@requires(Permission.PUBLISH)
def publication_preview(request: PortalRequest, page: str = "") -> HttpResponse:
    """見本: every page and file as it would be, for who publishes."""
    plan = Plan.objects.current(today=request.today)
    if plan is None:
        raise Http404("計画がまだありません。")
    check = publication_check(plan, today=request.today)
    edition = Edition(check.with_changes, request.today)
    if page.startswith("data/") and page != "data/":
        return _file(edition, page)
    html = page_html(edition, page, is_sample=True)
    if html is None:
        raise Http404("見本にこのページはありません。")
    return HttpResponse(html)
