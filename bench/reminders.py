"""What planning and sending the reminders costs: `python -m bench.reminders [--quick] [--delay 0.02]`.

Sending is told as a ratio to a bare loop: the same letters, composed beforehand, through one open connection to the same
local sink, without a database. 1.0 would mean that claiming, checking and recording cost nothing.
"""

import argparse
import asyncio
import multiprocessing
import os
import smtplib
import tempfile
import time
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def sink(ready: Any, delay: float) -> None:
    """A mail server of its own process: takes every letter after `delay` seconds and forgets it."""
    from aiosmtpd.smtp import SMTP  # noqa: PLC0415 - only in this process

    class Forget:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            await asyncio.sleep(delay)
            return "250 OK"

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Forget(), loop=loop), "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def people(count: int) -> None:
    from townhall.choices import Role  # noqa: PLC0415 - after django.setup()
    from townhall.models import RoleAssignment, Section, User  # noqa: PLC0415

    section, _ = Section.objects.get_or_create(code="kikaku", defaults={"name": "企画課"})
    known = User.objects.count()
    users = [
        User(username=f"p{n:05}", name=f"見本 {n}", email=f"p{n:05}@town.example", password="!")  # noqa: S106 - no password at all
        for n in range(known, count)
    ]
    made = User.objects.bulk_create(users)
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, role=Role.STAFF, section=section, valid_from=date(2023, 4, 1)) for user in made
    )


def due_items(count: int) -> list[Any]:
    from schedule.recurrence import steps  # noqa: PLC0415
    from schedule.sources import DueItem  # noqa: PLC0415
    from townhall.models import Section  # noqa: PLC0415
    from townhall.permissions import Permission  # noqa: PLC0415

    due_on = date(2026, 11, 30)
    section = Section.objects.get(code="kikaku")
    return [
        DueItem(
            kind="thing",
            subject=f"thing:{number}",
            due_on=due_on,
            title=f"測定用の用件 {number}",
            path="/",
            section=section,
            permission=Permission.VIEW_PORTAL,
            steps=steps(due_on, lead_days=(7,), until=TODAY),
        )
        for number in range(count)
    ]


def plan(items: list[Any]) -> float:
    from schedule import reminders  # noqa: PLC0415

    before = time.perf_counter()
    reminders.plan(items, kinds=["thing"], today=TODAY, now=NOW)
    return time.perf_counter() - before


def send() -> None:
    from schedule.sender import send_waiting  # noqa: PLC0415

    send_waiting(clock=lambda: NOW)


def sent_with(senders: int) -> float:
    """Queue everything again and let so many processes send it."""
    from django.db import connections  # noqa: PLC0415

    from schedule.models import ReminderMail  # noqa: PLC0415

    ReminderMail.objects.update(state="queued", attempts=0, claimed_at=None, sent_at=None)
    connections.close_all()
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=send) for _ in range(senders)]
    before = time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    took = time.perf_counter() - before
    assert set(ReminderMail.objects.values_list("state", flat=True)) == {"sent"}
    return took


def bare_loop(port: int) -> float:
    """The same letters over one open connection, and nothing else."""
    from schedule.models import ReminderMail  # noqa: PLC0415

    letters = []
    for mail in ReminderMail.objects.order_by("pk"):
        letter = EmailMessage()
        letter["Subject"], letter["From"], letter["To"] = mail.subject, "dx-portal@town.example", mail.address
        letter.set_content(mail.body)
        letters.append(letter)
    before = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as line:
        for letter in letters:
            line.send_message(letter)
    return time.perf_counter() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--delay", type=float, default=0.02, help="seconds the mail server takes for a letter")
    options = parser.parse_args()
    letters, things = (200, 10) if options.quick else (2000, 100)
    theirs, mine = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=sink, args=(mine, options.delay), daemon=True)
    server.start()
    port = theirs.recv()
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), port)
        people(100)
        lines = due_items(things)
        first, again = plan(lines), plan(lines)
        print(f"planning {100 * things:,} lines        {first:6.2f} s   again {again:5.2f} s")
        forget()
        people(letters)
        plan(due_items(1))
        sent_with(1)  # writes the texts that the bare loop sends
        bare = bare_loop(port)
        print(f"bare loop, {letters:,} letters   {bare:6.2f} s")
        for senders in (1, 2, 4):
            took = sent_with(senders)
            print(
                f"{senders} sender{'s' if senders > 1 else ' '}                {took:6.2f} s   {bare / took:4.2f} x the bare loop"
            )
    server.terminate()


def forget() -> None:
    from schedule.models import ReminderLine, ReminderMail  # noqa: PLC0415

    ReminderLine.objects.all().delete()
    ReminderMail.objects.all().delete()


def prepare(folder: Path, port: int) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "otaki_dx.settings",
        "PORTAL_DATA": str(folder),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
    }
    import django  # noqa: PLC0415 - after the environment

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
