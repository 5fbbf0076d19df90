"""Home and the pages that look at several apps at once. Composition only: numbers come from summaries."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from townhall.permissions import Permission, open_to_all, requires


@requires(Permission.VIEW_PORTAL)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "otaki_dx/home.html")


@open_to_all
@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "otaki_dx/help.html")


@open_to_all
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "otaki_dx/accessibility.html")


@open_to_all
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})
