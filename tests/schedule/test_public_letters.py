"""年度評価 for residents: the committee's letter of a fixed year, flagged by a person, and nothing else of an evaluation."""

import csv
import re
from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from initiatives.actions.evaluations import adopt_scale, correct_evaluation, fix_year
from initiatives.grading import PRESETS
from initiatives.models import Evaluation, EvaluationYear
from schedule.actions import publication as actions
from schedule.public.candidate import candidate
from schedule.public.content import PublicGrade, PublicLetter
from schedule.summaries.publication import letter_years
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.initiatives.factories import give
from tests.otaki_dx.pages import words
from tests.schedule.publishing import publish, small_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned")]

B = PublicGrade("B", "計画どおり", "計画どおりに進んでいる")


@pytest.fixture
def plan():
    """2024 is fixed and 2025 is not; the section said C both times."""
    plan = small_plan()
    adopt_scale(plan, PRESETS[0], by=TESTS, today=TODAY)
    for year in (2024, 2025):
        give(plan.initiatives.get(), year, "self", "C")
        give(plan.initiatives.get(), year, "committee", "B", comment="庁内の意見。")
    year = EvaluationYear.objects.get(fiscal_year=2024)
    fix_year(year, by=TESTS, today=date(2026, 7, 10), seen_version=year.version)
    return plan


def choose(plan, *, by, is_public=True):
    (year,) = letter_years(plan)
    public = {each.pk for each in year.letters} if is_public else set()
    return actions.choose_letters(year.year, public=public, seen_stamp=year.stamp, by=by, today=TODAY)


def shown(plan):
    return candidate(plan, today=TODAY).letters


@pytest.mark.one_database
def test_nothing_is_public_until_somebody_flags_it_and_then_only_the_committees_letter_of_a_fixed_year(plan, secretary):
    assert (shown(plan), candidate(plan, today=TODAY).scale) == ((), ())
    assert len(choose(plan, by=secretary)) == 1
    assert shown(plan) == (PublicLetter("1", 2024, B, date(2026, 7, 10), is_corrected=False),)
    assert choose(plan, by=secretary) == []  # twice is the same as once
    choose(plan, by=secretary, is_public=False)
    assert shown(plan) == ()


@pytest.mark.one_database
def test_a_year_that_is_not_fixed_and_a_person_who_does_not_publish_are_refused(plan, secretary, section_head):
    letter = Evaluation.objects.final().get(year__fiscal_year=2025)
    with pytest.raises(actions.NotPublishedError):
        actions.choose_letters(letter.year, public={letter.pk}, seen_stamp="", by=secretary, today=TODAY)
    with pytest.raises(PermissionDenied):
        choose(plan, by=section_head)


def test_the_database_refuses_the_letter_of_another_stage(plan):
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.filter(stage="self").update(is_public=True)


@pytest.mark.one_database
def test_a_letter_corrected_meanwhile_is_looked_at_again(plan, secretary):
    (before,) = letter_years(plan)
    letter = before.letters[0]
    correct_evaluation(letter, by=secretary, today=TODAY, seen_version=letter.version, reason="誤り")
    with pytest.raises(actions.ChangedSinceLookedError):
        actions.choose_letters(before.year, public={letter.pk}, seen_stamp=f"{letter.pk}:1", by=secretary, today=TODAY)
    choose(plan, by=secretary)
    assert shown(plan)[0].is_corrected is True


@pytest.mark.one_database
def test_from_the_check_to_the_page_and_the_open_data(plan, secretary):
    office = Client()
    office.force_login(secretary)
    assert "令和6年度 の評価の公開を決める 令和8年7月10日 0件 1件" in words(office.get("/publication/").text)
    url = "/publication/evaluations/2024/"
    (year,) = letter_years(plan)
    assert office.post(url, {"public": "999", "seen_stamp": year.stamp}).status_code == 422
    assert office.post(url, {"public": year.letters[0].pk, "seen_stamp": "x"}).status_code == 409
    assert office.post(url, {"public": year.letters[0].pk, "seen_stamp": year.stamp}).status_code == 302
    publish(plan, by=secretary)
    page = Client().get("/public/initiatives/1/").text
    assert "令和6年度 B 計画どおり 計画どおりに進んでいる 令和8年7月10日" in words(page)
    assert re.findall("庁内の意見|C 遅れ</td>", page) == []
    data = Client().get("/public/data/124419_dx_evaluations.csv").content.decode("utf-8-sig")
    (line,) = csv.DictReader(StringIO(data, newline=""))
    assert list(line.values())[6:] == [
        *(
            "2024",
            "令和6年度",
            "B",
            "計画どおり",
            "計画どおりに進んでいる",
            "2026-07-10",
            "評価の区分は例（町の確認前）",
        ),
    ]
