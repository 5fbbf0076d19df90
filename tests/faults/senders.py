"""Starts processes that run `send_reminders`, forked from one that is ready: `python -m tests.faults.senders`.

Each line of its input starts one ("2026-11-24", or "plan 50": plans so often and sends nothing) or waits for one
("wait 123"); it answers with the process id, or with the way that process ended (0 is well, -9 is killed).
"""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import django
from django.core.management import call_command

from otaki_dx.tether import tie_to

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otaki_dx.settings")
MORNING = datetime(2026, 11, 24, tzinfo=UTC)  # 09:00 in Otaki


def send(date: str) -> None:
    call_command("send_reminders", date=date, stdout=sys.stderr)


def plan(times: str) -> None:
    from schedule.planning import plan_everything  # noqa: PLC0415 - after django.setup()

    for _ in range(int(times)):
        plan_everything(now=MORNING)


def start(work: Callable[[str], None], argument: str) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    tie_to(parent)
    try:
        work(argument)
    except BaseException as error:
        sys.stderr.write(f"{error!r}\n")
        os._exit(1)
    os._exit(0)


def ended(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    django.setup()
    for line in sys.stdin:
        words = line.split()
        if words[0] == "wait":
            answer = ended(int(words[1]))
        else:
            answer = start(plan, words[1]) if words[0] == "plan" else start(send, words[0])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
