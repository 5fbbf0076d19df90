"""The reminders by hand: from cron or systemd instead of Celery, or to see what would be sent."""

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from schedule import heartbeat, letters, sender
from schedule.choices import MailState
from schedule.models import ReminderSettings
from schedule.outbox import Outbox
from schedule.planning import Preview, plan_everything, waiting_letters
from schedule.reminders import Planned
from townhall import fiscal
from townhall.mail import UnusableAddress, usable_address
from townhall.models import User


class Command(BaseCommand):
    help = "期限のお知らせを計画し、送ります。何度実行しても、同じものは二度送りません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--date", default="", help="この日として実行する（令和8年11月24日、2026-11-24）。省くと今日"
        )
        parser.add_argument("--dry-run", action="store_true", help="送るはずの手紙を見せるだけで、何も保存しない")
        parser.add_argument("--only-to", default="", help="この利用者（利用者名）だけを対象にする")
        parser.add_argument("--redirect-to", default="", help="試しの写しで使う：だれ宛ての手紙も、このアドレスへ送る")

    def handle(self, *args: Any, **options: Any) -> None:
        now = _moment(options["date"])
        person = _person(options["only_to"])
        redirect_to = _address(options["redirect_to"])
        self.stdout.write(f"{letters.day_in_words(timezone.localdate(now))} {timezone.localtime(now):%H:%M}の催促")
        if options["dry_run"]:
            self._show(now, person)
            return
        planned = plan_everything(now=now, only_to=person)
        # A pretended day stands still; the real clock runs on while letters are being sent.
        clock = (lambda: now) if options["date"] else timezone.now
        counts = sender.send_waiting(clock=clock, only_to=person, redirect_to=redirect_to)
        self.stdout.write("\n".join(_report(planned, counts, now)))
        if not options["date"] and person is None:
            heartbeat.finished(heartbeat.PLANNER, now=timezone.now(), note=planned.sentence)
            heartbeat.finished(heartbeat.SENDER, now=timezone.now())

    def _show(self, now: datetime, person: User | None) -> None:
        with transaction.atomic():
            planned = plan_everything(now=now, only_to=person)
            for each in waiting_letters(now, only_to=person):
                self.stdout.write(_as_text(each))
            transaction.set_rollback(True)
        self.stdout.write("\n".join(_report(planned, None, now)))
        self.stdout.write("--dry-run なので、何も送らず、何も保存していません。")


def _moment(text: str) -> datetime:
    """Now, or the sending hour of the day given."""
    if not text:
        return timezone.now()
    try:
        day = fiscal.parse_date(text)
    except fiscal.DateTextError as error:
        raise CommandError(str(error)) from error
    if not _is_plausible(day):
        raise CommandError(
            f"--date の{fiscal.format_date(day)}は、催促を計算できる日ではありません。2000年から2099年までです。"
        )
    return datetime.combine(day, ReminderSettings.current().sending_time, tzinfo=fiscal.TOWN_TIME)


def _is_plausible(day: date) -> bool:
    return 2000 <= day.year < 2100


def _person(username: str) -> User | None:
    if not username:
        return None
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(
            f"利用者「{username}」はいません。--only-to には利用者名（ログインに使う名前）を指定してください。"
        )
    return person


def _address(text: str) -> str:
    try:
        return usable_address(text) if text else ""
    except UnusableAddress as error:
        raise CommandError(str(error)) from error


def _as_text(waiting: Preview) -> str:
    rule = "=" * 60
    to = f"宛先：{waiting.recipient} <{waiting.address or 'メールアドレスなし'}>"
    kept = "（保留。送信を止めています）" if waiting.is_withheld else ""
    return f"{rule}\n{to}{kept}\n件名：{waiting.letter.subject}\n\n{waiting.letter.body}"


def _report(planned: Planned, counts: dict[MailState, int] | None, now: datetime) -> Iterable[str]:
    yield (
        f"  用件：新しい {planned.new}件、次の催促に替えた {planned.replaced}件、"
        f"済んだ {planned.finished}件、担当が変わった {planned.passed_on}件"
    )
    yield f"  手紙：新しい {planned.letters}通"
    if obstacle := Outbox.at(now).obstacle:
        yield f"  {obstacle}なので、新しい手紙は作りません。"
    if planned.without_owner:
        yield f"  担当者のいない用件 {planned.without_owner}件（事務局へ知らせます）"
    if counts is not None:
        yield f"  送信 {counts.pop(MailState.SENT, 0)}通" + "".join(
            f"、{state.label} {count}通" for state, count in counts.items()
        )
