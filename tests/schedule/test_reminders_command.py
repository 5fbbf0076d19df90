"""manage.py send_reminders: what an operator sees, and that a second run sends nothing."""

import pytest
from django.core import mail as mailbox
from django.core.management import CommandError, call_command

from schedule.models import DutyOccurrence, JobRun, ReminderLine, ReminderMail
from tests import factories
from townhall.choices import Role
from townhall.models import Section

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


def run(capsys, **options):
    call_command("send_reminders", **options)
    return capsys.readouterr().out.splitlines()


@pytest.fixture
def town(db):
    """The duties as they ship, and one person of 総務課."""
    call_command("load_defaults", verbosity=0)
    return factories.create_person(
        username="jimukyoku", name="見本 花子", role=Role.SECRETARIAT, section=Section.objects.get(code="somu")
    )


def test_first_run_sends_and_second_sends_nothing(town, capsys):
    assert run(capsys, date="2026-11-24") == [
        "令和8年11月24日（火） 08:30の催促",
        "  用件：新しい 5件、次の催促に替えた 0件、済んだ 0件、担当が変わった 0件",
        "  手紙：新しい 1通",
        "  送信 1通",
    ]
    assert run(capsys, date="2026-11-24") == [
        "令和8年11月24日（火） 08:30の催促",
        "  用件：新しい 0件、次の催促に替えた 0件、済んだ 0件、担当が変わった 0件",
        "  手紙：新しい 0通",
        "  送信 0通",
    ]
    assert len(mailbox.outbox) == 1


def test_the_date_may_be_written_the_japanese_way(town, capsys):
    assert run(capsys, date="令和8年11月24日")[-1] == "  送信 1通"


def test_dry_run_shows_the_letter_and_writes_nothing(town, capsys):
    DutyOccurrence.objects.all()._raw_delete("default")  # even the rows of the year are not made
    out = run(capsys, date="2026-11-24", dry_run=True)
    assert "宛先：見本 花子 <jimukyoku@town.example>" in out
    assert "件名：【DX推進ポータル】期限のお知らせ 3件" in out
    assert out[-1] == "--dry-run なので、何も送らず、何も保存していません。"
    assert [model.objects.count() for model in (DutyOccurrence, ReminderLine, ReminderMail, JobRun)] == [0, 0, 0, 0]
    assert mailbox.outbox == []


def test_only_to_sends_to_one_person(town, capsys):
    factories.create_person(
        username="second", name="見本 次", role=Role.SECRETARIAT, section=Section.objects.get(code="somu")
    )
    assert run(capsys, date="2026-11-24", only_to="second")[-1] == "  送信 1通"
    assert ["second@town.example" in message.to[0] for message in mailbox.outbox] == [True]


def test_redirect_sends_everybodys_letters_to_one_address_and_says_so_in_the_ledger(town, capsys):
    assert run(capsys, date="2026-11-24", redirect_to="trial@town.example")[-1] == "  送信 1通"
    assert [message.recipients()[0].split("<")[1] for message in mailbox.outbox] == ["trial@town.example>"]
    assert list(ReminderMail.objects.values_list("address", flat=True)) == ["trial@town.example"]


def test_a_closed_day_plans_and_sends_nothing(town, capsys):
    assert run(capsys, date="2026-11-23") == [
        "令和8年11月23日（月） 08:30の催促",
        "  用件：新しい 5件、次の催促に替えた 0件、済んだ 0件、担当が変わった 0件",
        "  手紙：新しい 0通",
        "  閉庁日なので、新しい手紙は作りません。",
        "  送信 0通",
    ]


def test_things_without_an_owner_are_said(capsys):
    call_command("load_defaults", verbosity=0)
    assert "  担当者のいない用件 16件（事務局へ知らせます）" in run(capsys, date="2026-11-24")


def test_a_run_of_today_counts_as_a_heartbeat_and_a_pretended_one_does_not(town, capsys):
    run(capsys, date="2026-11-24")
    assert JobRun.objects.count() == 0
    run(capsys)
    assert sorted(JobRun.objects.values_list("job", flat=True)) == ["plan_reminders", "send_reminders"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"date": "昨日"}, "「昨日」は日付として読めません。"),
        ({"date": "2026-02-30"}, "「2026-02-30」という日はありません。"),
        ({"date": "令和8年11月"}, "は日付として読めません。"),
        ({"date": "明治10年1月1日"}, "催促を計算できる日ではありません。"),
        ({"only_to": "nobody"}, "利用者「nobody」はいません。"),
        ({"redirect_to": "a@b@c"}, "メールアドレスの形が正しくありません"),
    ],
)
def test_what_cannot_be_understood_gets_a_sentence(options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("send_reminders", **options)
