"""A database put back from a backup does not know which letters have left since: none leaves until a person says so."""

import pytest
from django.core import mail as mailbox

from schedule.actions.sending import Withheld, resume
from schedule.models import ReminderLine, ReminderMail, ReminderSettings
from schedule.restored import REASON
from schedule.sender import send_waiting
from tests.conftest import TODAY
from tests.schedule.duties import at, item, plan_items

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def send():
    return send_waiting(clock=lambda: at(TODAY))


@pytest.fixture
def restored(clerk, planning):
    """A letter was sent; the database of before, in which it is still to be planned, was put back."""
    plan_items(item(section=planning))
    assert send() == {"sent": 1}
    ReminderLine.objects.update(mail=None)
    ReminderMail.objects.all().delete()


def test_no_letter_leaves_until_a_person_says_so(restored, secretary, planning):
    plan_items(item(section=planning))
    assert send() == {}
    row = ReminderSettings.current()
    assert (row.paused_by, row.pause_reason) == ("システム：自動処理", REASON)
    resume(by=secretary, today=TODAY, now=at(TODAY), seen_version=row.seen, withheld=Withheld.SEND)
    assert send() == {"sent": 1}
    assert len(mailbox.outbox) == 2
    assert send() == {}
    assert not ReminderSettings.current().is_paused


def test_a_letter_that_is_sent_again_is_no_older_database(clerk, planning):
    plan_items(item(section=planning))
    send()
    ReminderMail.objects.update(state="queued", attempts=0)
    assert send() == {"sent": 1}
    assert not ReminderSettings.current().is_paused


def test_a_folder_without_a_letter_says_nothing(clerk, planning, settings):
    (settings.DATA_DIR / "last-letter").write_bytes(b"\xff\xfe x")
    plan_items(item(section=planning))
    assert send() == {"sent": 1}
