"""The portal's pages, and beside them one page that does as little as a page of this kind can."""

from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from schedule.models import ProgressReport
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires

ROWS = 200
TABLE = """<!doctype html><html lang="ja"><title>表</title><table>
{% for row in rows %}<tr><td>{{ row.pk }}</td><td>{{ row.get_standing_display }}</td><td>{{ row.percent }}</td>
<td>{{ row.text }}</td><td>{{ row.reported_at }}</td><td>{{ row.reported_by }}</td></tr>{% endfor %}</table></html>"""


@requires(Permission.VIEW_PLAN)
def bare(request: PortalRequest) -> HttpResponse:
    rows = ProgressReport.objects.order_by("pk")[:ROWS]
    template = engines["django"].from_string(TABLE)
    return HttpResponse(template.render({"rows": rows}, request))


urlpatterns = [path("bare/", bare), path("", include("otaki_dx.urls"))]
