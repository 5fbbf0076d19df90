"""How due things are handed over: each app's own, and people asked by name."""

from dataclasses import replace
from datetime import date
from importlib import import_module

import pytest
from django.conf import settings as django_settings

from schedule import sources
from schedule.recipients import Directory
from schedule.recurrence import Escalation, Reach, Step
from schedule.reminders import audience_of
from schedule.sources import DueDay, Kind
from tests import factories
from tests.conftest import TODAY
from tests.schedule.duties import create_occurrence, item
from townhall.choices import Role

DUE_ON = date(2026, 11, 30)


def test_every_source_offers_its_kinds_once():
    kinds = [kind for name in django_settings.DUE_SOURCES for kind in import_module(name).KINDS]
    assert len({kind.slug for kind in kinds}) == len(kinds)
    assert [kind for kind in kinds if len(kind.slug) > 30 or not kind.label] == []
    assert sources.all_kinds() == {kind.slug: kind for kind in kinds}


@pytest.mark.django_db
def test_what_every_app_has_open_is_one_list(planning):
    occurrence = create_occurrence(section=planning)
    found = sources.open_items(DueDay.on(TODAY))
    assert [(each.kind, each.subject) for each in found] == [("duty", f"occurrence:{occurrence.pk}")]


@pytest.mark.parametrize(
    ("kind", "chosen", "expected"),
    [
        (Kind("thing", "こと", lead_days=(7, 1)), {}, ["2026-11-23:D-7", "2026-11-29:D-1"]),
        (Kind("thing", "こと", lead_days=(3,), in_working_days=True), {}, ["2026-11-25:D-3"]),
        (Kind("thing", "こと", lead_days=(7, 1)), {"thing": (2,)}, ["2026-11-28:D-2"]),
        (Kind("thing", "こと", lead_days=(7, 1)), {"other": (2,)}, ["2026-11-23:D-7", "2026-11-29:D-1"]),
        (Kind("thing", "こと", lead_days=None), {}, []),
    ],
)
def test_the_days_of_a_kind_are_those_the_town_has_chosen_else_the_usual_ones(kind, chosen, expected):
    day = DueDay(date(2026, 11, 29), frozenset(), chosen)
    assert [step.key for step in day.steps(kind, DUE_ON)] == expected


def test_a_step_of_the_day_itself_is_told_after_the_usual_one_and_never_ahead_of_its_day():
    day = DueDay(DUE_ON, frozenset())
    usual = day.steps(Kind("thing", "こと", lead_days=(0,)), DUE_ON)
    asked = Step(DUE_ON, 0, "asked", at_once=True)
    assert day.with_step(usual, asked) == (*usual, asked)
    assert day.with_step(usual, replace(asked, nominal_on=date(2026, 12, 1))) == usual


# --- people asked by name
def told(each, reach_step=None):
    audience = audience_of(each, reach_step, Directory.on(TODAY))
    return [(user.username, note) for user, note in audience.people], audience.has_owner


@pytest.mark.django_db
def test_a_named_person_is_asked_instead_of_the_section(clerk, section_head, planning):
    second = factories.create_person(username="second", name="見本 次", role=Role.STAFF, section=planning)
    each = replace(item(section=planning), people=(second,))
    assert told(each) == ([("second", "担当：企画課")], True)


@pytest.mark.django_db
def test_without_the_named_person_the_head_and_then_the_secretariat_are_asked(planning, secretary, outsider):
    each = replace(item(section=planning), people=(outsider,))
    assert told(each) == (
        [("secretary", "担当：企画課。担当の人がいないため、事務局へお知らせしています。")],
        False,
    )
    factories.create_person(username="head", name="見本 二郎", role=Role.SECTION_HEAD, section=planning)
    assert told(each) == ([("head", "担当：企画課。担当の人がいないため、課長へお知らせしています。")], True)


@pytest.mark.django_db
def test_members_of_a_meeting_need_no_section(deputy_mayor, member, secretary):
    each = replace(item(section=None), people=(deputy_mayor, member))
    assert told(each) == ([("deputy_mayor", ""), ("member", "")], True)


@pytest.mark.django_db
def test_what_a_named_person_lets_lie_reaches_the_head_and_the_secretariat(clerk, section_head, secretary, planning):
    each = replace(item(section=planning), people=(clerk,))
    late = Step(date(2026, 12, 14), 14)
    assert Escalation().reach(late) is Reach.SECRETARIAT
    assert [name for name, _ in told(each, late)[0]] == ["clerk", "section_head", "secretary"]
