"""財源の一覧: names change every year, so a source is ended and another begun."""

import pytest
from django.core.exceptions import ValidationError

from committee.models import FundingSource
from tests.committee.factories import create_source
from tests.conftest import TODAY
from tests.factories import TESTS
from townhall.changes import create_row

pytestmark = pytest.mark.django_db


def test_a_source_is_offered_in_its_years_only():
    for name, first, last in (("いつでも", None, None), ("令和7年度まで", None, 2025), ("令和8年度から", 2026, None)):
        create_source(name=name, first_year=first, last_year=last)
    assert [source.name for source in FundingSource.objects.in_year(2026)] == ["いつでも", "令和8年度から"]


def test_years_stand_in_order():
    with pytest.raises(ValidationError, match="終わりの年度は、始めの年度より前にできません。"):
        create_row(FundingSource(name="逆", kind="bond", first_year=2026, last_year=2025), by=TESTS, today=TODAY)


@pytest.mark.one_database
def test_a_label_says_the_kind_once_and_marks_an_example():
    assert [
        FundingSource(name="一般財源", kind="general").label,
        FundingSource(name="デジタル基盤改革支援補助金", kind="national", is_example=True).label,
    ] == ["一般財源", "国庫　デジタル基盤改革支援補助金（例）"]
