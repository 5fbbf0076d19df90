"""メールの受け取り: every letter tells where it is stopped, and the person does it there."""

import pytest

from schedule.choices import MailState
from schedule.models import ReminderLine
from schedule.sender import send_waiting
from tests.conftest import TODAY
from tests.schedule.duties import at, item, plan_items
from townhall.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]

URL = "/account/mail/"


def wants_mail(person):
    return User.objects.get(pk=person.pk).wants_mail


def test_who_stops_the_mail_gets_none_and_sees_everything_in_the_portal(client, clerk, planning):
    plan_items(item(section=planning))
    client.force_login(clerk)
    answer = client.post(URL, {"wants_mail": "no", "seen_version": clerk.version}, follow=True)
    assert "メールを止めました。用件はポータルに出ます。" in answer.content.decode()
    assert send_waiting(clock=lambda: at(TODAY)) == {MailState.SKIPPED: 1}
    assert [line.title for line in ReminderLine.objects.open_for(clerk)] == ["令和8年度 情報セキュリティ研修"]
    assert clerk.history.latest().wants_mail is False


def test_it_is_taken_up_again_the_same_way(client, clerk):
    client.force_login(clerk)
    client.post(URL, {"wants_mail": "no", "seen_version": clerk.version})
    client.post(URL, {"wants_mail": "yes", "seen_version": clerk.version + 1})
    assert wants_mail(clerk)


@pytest.mark.parametrize(
    ("posted", "status", "sentence"),
    [
        ({}, 422, "受け取るかどうかを選んでください。"),
        ({"wants_mail": "maybe", "seen_version": 1}, 422, "受け取るかどうかを、選び直してください。"),
        ({"wants_mail": "no"}, 409, ""),
        ({"wants_mail": "no", "seen_version": "x"}, 409, ""),
    ],
)
def test_what_cannot_be_read_changes_nothing(client, clerk, posted, status, sentence):
    client.force_login(clerk)
    answer = client.post(URL, posted)
    assert (answer.status_code, sentence in answer.content.decode()) == (status, True)
    assert wants_mail(clerk)


def test_the_page_says_where_letters_go(client, clerk):
    client.force_login(clerk)
    assert f"宛先：{clerk.email}" in client.get(URL).content.decode()
