"""Two people press 「会議資料を作成」 in the same instant."""

import pytest

from committee import actions
from committee.models import Pack
from tests.committee.factories import add_item, create_meeting
from tests.committee.test_races import at_once
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_four_presses_in_the_same_instant_one_edition_comes(secretary):
    meeting = create_meeting(by=secretary)
    add_item(meeting, by=secretary)
    press = lambda: actions.make_pack(meeting, by=secretary, today=TODAY, now=NOW)  # noqa: E731
    made = at_once(*[press] * 4)
    assert [pack.edition for pack in made] == [1] * 4
    assert Pack.objects.count() == 1
