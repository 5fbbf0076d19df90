"""The demonstration goes into an empty database once, and never into one that is in use."""

import pytest
from django.core.management import call_command

from committee.models import BudgetLine, Decision, EffectReview, Meeting, Proposal
from initiatives.models import Evaluation, EvaluationYear, Indicator, IndicatorValue, Plan
from otaki_dx import preparation
from otaki_dx.demo import ACCOUNTS
from otaki_dx.launch import Refused
from schedule.models import ProgressReport, ReportingRound
from townhall.context import DEMO_NOTICE
from townhall.models import Notice, Section, User

# On PostgreSQL (tests/servers.py): test_portal_command and the browser tests fill a SQLite file in the same way.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def marker(settings, tmp_path):
    """The database was empty when this start began."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "first-filling").touch()
    return tmp_path / "first-filling"


@pytest.fixture
def said():
    return []


def test_empty_database_gets_sections_plan_and_demonstration(settings, marker, said, client):
    settings.PORTAL_DEMO_PASSWORD = "aaaa-bbbb-cccc"
    assert preparation.fill(demo=None, say=said.append) is True
    assert said == ["計画を確かめています", "デモの利用者と記録を入れています"]
    assert (Plan.objects.count(), Section.objects.exists(), marker.exists()) == (1, True, False)
    assert User.objects.get(username="jimukyoku").check_password("aaaa-bbbb-cccc")
    assert preparation.fill(demo=None, say=said.append) is False
    counts = {
        model.__name__: model.objects.count() for model in (User, ReportingRound, ProgressReport, Proposal, Meeting)
    }
    # 12 quarters x 19 lines, one of them left unreported, and 6 lines of the final round.
    assert counts == {
        "User": len(ACCOUNTS),
        "ReportingRound": 13,
        "ProgressReport": 12 * 19 - 1 + 6,
        "Proposal": 5,
        "Meeting": 4,
    }
    assert sorted(Proposal.objects.values_list("state", flat=True)) == [
        "draft",
        "requested",
        "returned",
        "running",
        "submitted",
    ]
    assert sorted(Decision.objects.values_list("outcome", flat=True)) == ["adopted", "conditional"]
    assert (BudgetLine.objects.count(), EffectReview.objects.exclude(measured_on=None).count()) == (4, 1)
    assert (Indicator.objects.count(), IndicatorValue.objects.count()) == (4, 12)
    assert (Evaluation.objects.final().count(), EvaluationYear.objects.count()) == (16, 3)
    assert ProgressReport.objects.filter(version__gt=1).count() == 0
    # Every page says that the data is made up.
    assert Notice.objects.get(key=DEMO_NOTICE).text.startswith("例のデータ")
    client.force_login(User.objects.get(username="iin"))
    assert "例のデータで動いています" in client.get("/plan/").text


@pytest.mark.parametrize("change", [{"demo": False}, {"production": True}])
def test_demonstration_can_be_left_out_and_production_never_gets_it(settings, marker, said, change):
    settings.PRODUCTION = change.get("production", False)
    assert preparation.fill(demo=change.get("demo", True), say=said.append) is False
    assert (Plan.objects.count(), Section.objects.exists(), User.objects.count()) == (1, True, 0)


def test_database_in_use_never_gets_the_demonstration(settings, marker, said, secretary):
    marker.unlink()
    assert preparation.fill(demo=True, say=said.append) is False
    assert said == ["計画を確かめています", "既に記録があるため、デモの記録は入れません"]
    assert list(User.objects.all()) == [secretary]


def test_start_cut_off_after_the_demonstration_goes_on_without_loading_it_again(marker, said, secretary):
    assert preparation.fill(demo=None, say=said.append) is False
    assert list(User.objects.all()) == [secretary]
    assert not marker.exists()


def test_section_taken_away_by_the_town_does_not_come_back(settings, tmp_path, said):
    settings.DATA_DIR = tmp_path
    call_command("load_plan", verbosity=0)
    before = set(Section.objects.values_list("code", flat=True))
    preparation.fill(demo=None, say=said.append)
    assert set(Section.objects.values_list("code", flat=True)) == before


def test_disk_that_refuses_is_a_sentence():
    with pytest.raises(Refused, match=r"データフォルダー .* に書けません（No space left）。"), preparation.sentences():
        raise OSError("No space left")
