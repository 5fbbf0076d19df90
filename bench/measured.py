"""The pages that `bench.pages` measures. Needs Django set up on an empty database of its own."""

from collections.abc import Callable
from datetime import UTC, datetime, time

import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench import generate
from bench.pages import middle
from otaki_dx import freshness
from otaki_dx.gunicorn_conf import freeze_what_stays
from schedule.actions.reporting import record_report
from schedule.models import Activity, ProgressReport, ReportingRound
from schedule.summaries import plan_summary
from schedule.templatetags.schedule_charts import chart_rows, plan_axis
from townhall.models import User

Figures = dict[str, tuple[float, int]]


def figures(size_name: str, *, runs: int) -> Figures:
    """p50 in milliseconds and number of queries by name; the bare page first."""
    size = {"town": generate.TOWN, "large": generate.LARGE}[size_name]
    call_command("migrate", verbosity=0)
    now = datetime.combine(size.today, time(1), UTC)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with (
        time_machine.travel(now, tick=True),
        override_settings(
            ROOT_URLCONF="bench.urls",
            ALLOWED_HOSTS=["*"],
            STORAGES=settings.STORAGES | {"staticfiles": plain},
            DEBUG=False,
        ),
    ):
        generate.generate(size)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as both databases do by themselves after a while
        freeze_what_stays()  # as the web server does
        return _figures(size, runs=runs)


def _figures(size: generate.Size, *, runs: int) -> Figures:
    member, office = _browser("member"), _browser("office")
    row = Activity.objects.order_by("order").first()
    assert row is not None
    etag = _get(member, "/plan/")["ETag"]
    summary = plan_summary(row.plan, as_of=size.today)
    axis = plan_axis(summary.time)
    works: dict[str, tuple[Callable[[], object], Callable[[], object] | None]] = {
        "bare page": (lambda: _get(member, "/bare/"), None),
        "dashboard first": (lambda: _get(member, "/plan/"), freshness.forget),
        "dashboard again": (lambda: _get(member, "/plan/"), None),
        "dashboard 304": (lambda: _get(member, "/plan/", etag=etag), None),
        "schedule drawn": (lambda: chart_rows(summary.rows, axis), None),
        "schedule table": (lambda: _get(member, "/plan/table/"), None),
        "row page": (lambda: _get(office, row.get_absolute_url()), None),
        "search": (lambda: _get(member, "/search/?q=打ち合わせ"), None),
        "one report saved": (_saving(row), None),
    }
    found = {}
    for name, (work, before) in works.items():
        milliseconds = middle(work, runs=runs, before=before)
        if before:
            before()
        with CaptureQueriesContext(connection) as queries:
            work()
        found[name] = milliseconds, len(queries)
    return found


def _browser(username: str) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(username=username))
    return browser


def _get(browser: Client, address: str, *, etag: str = "") -> object:
    answer = browser.get(address, headers={"If-None-Match": etag} if etag else {})
    assert answer.status_code == (304 if etag else 200), (address, answer.status_code)
    return answer


def _saving(row: Activity) -> Callable[[], object]:
    """The action alone: rules, version, report and its history in one transaction."""
    newest = ReportingRound.objects.order_by("-fiscal_year", "-quarter").first()
    office = User.objects.get(username="office")
    texts = iter(range(10_000))

    def save() -> None:
        report = ProgressReport.objects.get(activity=row, round=newest)
        said = {
            "standing": "on_track",
            "percent": 50,
            "text": f"{next(texts)}回目の文です。",
            "next_step": "続けます。",
        }
        said |= {"reason": "", "to_committee": False}
        now = datetime.now(UTC)
        record_report(row, newest, by=office, today=now.date(), now=now, seen_version=report.version, **said)

    return save
