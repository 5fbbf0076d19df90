"""The cast and the stage of every test: a fixed day, a few sections, and people whose relations everybody knows."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, settings

from otaki_dx.freshness import forget
from schedule.restored import MARK
from tests import factories, shipped_plan
from townhall.choices import Role

TODAY = date(2026, 11, 24)  # a Tuesday; the plan R5–R7 ended on 2026-03-31
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 10:00 in Otaki

# Tests share their machine: how long an example takes says nothing about what it proves.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def data_folder_apart(tmp_path_factory):
    """What tests attach is not kept among the files of this working copy."""
    django_settings.DATA_DIR = tmp_path_factory.mktemp("data")


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def general_affairs(db):
    """総務課: the secretariat."""
    return factories.create_section(code="somu", name="総務課", order=1)


@pytest.fixture
def planning(db):
    """企画課: proposes and reports its own rows."""
    return factories.create_section(code="kikaku", name="企画課", order=2)


@pytest.fixture
def welfare(db):
    """健康福祉課: another section, which must not see the drafts of 企画課."""
    return factories.create_section(code="kenko", name="健康福祉課", order=3)


@pytest.fixture
def secretary(general_affairs):
    return factories.create_person(
        username="secretary", name="見本 花子", role=Role.SECRETARIAT, section=general_affairs
    )


@pytest.fixture
def deputy_mayor(db):
    return factories.create_person(username="deputy_mayor", name="見本 太郎", role=Role.CHAIR, title="副町長")


@pytest.fixture
def member(general_affairs):
    return factories.create_person(username="member", name="見本 四郎", role=Role.MEMBER, title="総務課長")


@pytest.fixture
def section_head(planning):
    return factories.create_person(username="section_head", name="見本 二郎", role=Role.SECTION_HEAD, section=planning)


@pytest.fixture
def clerk(planning):
    return factories.create_person(username="clerk", name="見本 三郎", role=Role.STAFF, section=planning)


@pytest.fixture
def other_head(welfare):
    return factories.create_person(username="other_head", name="見本 五郎", role=Role.SECTION_HEAD, section=welfare)


@pytest.fixture
def expert(db):
    """外部人材 in term: reads only."""
    return factories.create_person(
        username="expert",
        name="見本 六郎",
        role=Role.EXPERT,
        valid_from=date(2026, 4, 1),
        valid_until=date(2027, 3, 31),
    )


@pytest.fixture
def engineer(db):
    return factories.create_person(username="engineer", name="見本 七郎", role=Role.ENGINEER)


@pytest.fixture
def outsider(db):
    """An account without any post."""
    return factories.create_user(username="outsider", name="見本 八郎")


@pytest.fixture
def plan(db):
    """The adopted plan as it ships."""
    shipped_plan.load()
    from initiatives.models import Plan  # noqa: PLC0415 - after the tables exist

    return Plan.objects.get(code="r5-r7")


@pytest.fixture
def pinned():
    """The clock stands at NOW while the test runs."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture(autouse=True)
def frozen_rows_emptied(request):
    """A test with real transactions is emptied row by row on SQLite, which tables whose rows never change refuse."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    if connection.vendor == "sqlite":
        with connection.constraint_checks_disabled(), connection.cursor() as cursor:
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE name LIKE '%_no_delete'")
            for trigger, table, sql in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {trigger}")
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a name that the database itself told
                cursor.execute(sql)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """A test's database goes back to where it was; what was worked out from it must not stay."""
    (django_settings.DATA_DIR / MARK).unlink(missing_ok=True)
    forget()
