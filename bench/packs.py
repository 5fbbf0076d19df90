"""What 会議資料 of 20 subjects cost: `python -m bench.packs [--runs N]`.

A plan with 19 rows and five years of rounds (bench.generate), ten rows and ten proposals on the agenda, SQLite, a
process of its own. "saved": the snapshot in its row, as the button does. "PDF": in a process of its own, nothing kept.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from bench.pages import middle

SUBJECTS = 20
TARGET = 1000.0  # milliseconds, from the button to the PDF
TEXT = "同じ氏名と住所を平均3枚の用紙に書いています。繁忙期は待ち時間が40分を超えます。" * 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ |= {"PORTAL_DATA": folder, "DJANGO_SETTINGS_MODULE": "otaki_dx.settings"}
        import django  # noqa: PLC0415 - after the environment is settled

        django.setup()
        report(_measured(runs))


def report(found: dict[str, float]) -> None:
    for name, value in found.items():
        print(f"  {name:24}{value:10.1f}")
    whole = found["saved, ms"] + found["PDF, ms"]
    print(f"  {'button to PDF, ms':24}{whole:10.1f}  target {TARGET:.0f}  {'met' if whole <= TARGET else 'MISSED'}")


def _measured(runs: int) -> dict[str, float]:
    import pypdf  # noqa: PLC0415 - needs the environment
    from django.core.management import call_command  # noqa: PLC0415

    from bench import generate  # noqa: PLC0415
    from committee.papers import pack_paper  # noqa: PLC0415
    from townhall.paper.content import as_json  # noqa: PLC0415
    from townhall.paper.pdf import make_pdf  # noqa: PLC0415
    from townhall.paper.workbook import make_workbook  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    generate.generate(generate.TOWN)
    today = generate.TOWN.today
    meeting, save = _meeting(today)
    paper = pack_paper(meeting, as_of=today)
    pdf, book = make_pdf(paper), make_workbook(paper)
    with tempfile.TemporaryFile() as file:
        file.write(pdf)
        pages = len(pypdf.PdfReader(file).pages)
    return {
        "snapshot, ms": middle(lambda: pack_paper(meeting, as_of=today), runs=runs),
        "saved, ms": middle(save, runs=runs),
        "PDF, ms": middle(lambda: make_pdf(paper), runs=runs),
        "PDF, processor, ms": processor(lambda: make_pdf(paper)),
        "workbook, ms": middle(lambda: make_workbook(paper), runs=runs),
        "JSON, KB": len(as_json(paper).encode()) / 1000,
        "PDF, KB": len(pdf) / 1000,
        "PDF, pages": float(pages),
        "workbook, KB": len(book) / 1000,
    }


def processor(work: Callable[[], object]) -> float:
    """Milliseconds of this process and of the one it starts: what a busy machine does not lengthen."""
    before = sum(os.times()[:4])
    work()
    return (sum(os.times()[:4]) - before) * 1000


def _meeting(today: Any) -> tuple[Any, Callable[[], object]]:
    """A meeting with 20 subjects, and the press of the button: each run finds one text changed."""
    from committee.actions import make_pack  # noqa: PLC0415
    from committee.actions.questions import freeze_edition  # noqa: PLC0415
    from committee.models import AgendaItem, Meeting, Proposal  # noqa: PLC0415
    from schedule.models import Activity  # noqa: PLC0415
    from townhall.models import Section, User  # noqa: PLC0415

    now = datetime.combine(today, time(1), UTC)
    office = User.objects.get(username="office")
    section = Section.objects.first()
    meeting = Meeting.objects.create(number=Meeting.objects.next_number(), held_on=today)
    rows = list(Activity.objects.order_by("order").select_related("initiative")[: SUBJECTS // 2])
    for number, row in enumerate(rows, start=1):
        proposal = Proposal.objects.create(
            **{"section": section, "initiative": row.initiative, "author": office, "created_at": now},
            **{"title": f"提案その{number}", "problem": TEXT, "solution": TEXT, "state": "tabled", "edition": 1},
            **{"fiscal_year": 2026, "serial": number, "yearly_volume": 14_500, "minutes_saved": Decimal(6)},
            **{"initial_cost": 4300, "yearly_cost": 1500},
        )
        freeze_edition(proposal, by=office, today=today, now=now)
        AgendaItem.objects.create(meeting=meeting, order=2 * number, title=str(proposal), proposal=proposal)
        AgendaItem.objects.create(meeting=meeting, order=2 * number + 1, title=f"{row.label}の扱い", activity=row)
    item = meeting.items.latest("pk")

    def save() -> object:
        AgendaItem.objects.filter(pk=item.pk).update(note=f"説明 {datetime.now(UTC).timestamp()}")
        return make_pack(meeting, by=office, today=today, now=now)

    return meeting, save


if __name__ == "__main__":
    sys.exit(main())
