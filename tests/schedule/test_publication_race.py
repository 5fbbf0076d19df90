"""公開する, 取り下げる and 締め切る at the same moment: one publication, one withdrawal, and only what was looked at."""

import pytest

from schedule.actions import publication as actions
from schedule.actions.publication import ChangedSinceLookedError
from schedule.actions.rounds import close_round
from schedule.closing import closing_check
from schedule.models import Activity, Publication, Withdrawal
from schedule.public.content import as_json, mark_of
from schedule.summaries.publication import publication_check
from tests.conftest import NOW, TODAY
from tests.schedule.publishing import publish, small_plan
from tests.schedule.small_plan import create_quarter, report
from tests.schedule.test_chasing_race import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_whatever_is_pressed_together_only_what_was_looked_at_is_published_once(secretary):
    plan = small_plan()
    first = publish(plan, by=secretary)
    actions.flag_accepted(plan, by=secretary, today=TODAY)
    open_now = create_quarter(plan=plan, fiscal_year=2026, quarter=2)
    report(Activity.objects.get(code="1-1"), open_now, "late")
    seen, closing = publication_check(plan, today=TODAY).stamp, closing_check(open_now, by=secretary).stamp
    same = {"by": secretary, "today": TODAY, "now": NOW}

    def press():
        try:
            return actions.publish(plan, seen_stamp=seen, **same).number
        except ChangedSinceLookedError:
            return None  # the round was closed first

    def take_back():
        return actions.withdraw(first, reason="誤り", **same).pk

    def close():
        return close_round(open_now, seen_version=open_now.version, seen_stamp=closing, **same).is_closed

    *pressed, one, other, closed = together(press, press, take_back, take_back, close)
    assert (one, closed, Withdrawal.objects.count()) == (other, True, 1)
    made = list(Publication.objects.exclude(pk=first.pk))
    assert [mark_of(as_json(each.shown.alone)) for each in made] == [seen] * len(made)
    assert set(pressed) - {None} == {each.number for each in made}
    assert len(made) <= 1
