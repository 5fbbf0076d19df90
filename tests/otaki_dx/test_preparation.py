"""The demonstration goes into an empty database once, and never into one that is in use."""

import pytest
from django.core.management import call_command

from initiatives.models import Plan
from otaki_dx import preparation
from otaki_dx.launch import Refused
from townhall.models import Section, User

# On PostgreSQL (tests/servers.py): test_portal_command and the browser tests fill a SQLite file in the same way.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def marker(settings, tmp_path):
    """The database was empty when this start began."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "first-filling").touch()
    return tmp_path / "first-filling"


@pytest.fixture
def said():
    return []


def test_empty_database_gets_sections_plan_and_demonstration(settings, marker, said):
    settings.PORTAL_DEMO_PASSWORD = "aaaa-bbbb-cccc"
    assert preparation.fill(demo=None, say=said.append) is True
    assert said == ["計画を確かめています", "デモの利用者と記録を入れています"]
    assert (Plan.objects.count(), Section.objects.exists(), marker.exists()) == (1, True, False)
    assert User.objects.get(username="jimukyoku").check_password("aaaa-bbbb-cccc")
    assert preparation.fill(demo=None, say=said.append) is False


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
