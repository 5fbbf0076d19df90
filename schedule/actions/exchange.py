"""貼り付け and 入力用Excel: a preview that somebody has looked at is written as a whole, or not at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from schedule.actions.drafts import keep_draft
from schedule.actions.reporting import ReportError, record_report
from schedule.exchange import LinePreview, preview
from schedule.models import EntryDraft, ProgressReport, ReportingRound
from schedule.report_rules import ReportValues
from townhall.changes import StaleVersion
from townhall.models import ImportJob, User
from townhall.sheets.jobs import claim, finish, not_open, reason_of, sheet_of, source_of

PASTE, WORKBOOK = "progress_paste", "progress_workbook"
MOST_TOLD = 3


class ExchangeError(ReportError):
    """Nothing was written."""


@dataclass(frozen=True)
class Applied:
    rows: int
    cells: int
    left_out: int


@transaction.atomic
def apply_table(
    job: ImportJob,
    round: ReportingRound,
    *,
    by: User,
    today: date,
    now: datetime,
    choices: Mapping[str, str],
    without: Collection[str] = (),
    without_errors: bool = False,
) -> Applied:
    """Write every changed line of the job's table, except the rows in `without` (codes).

    Raises ExchangeError when the preview no longer holds, a line cannot be read (unless `without_errors` leaves those
    out), or a row that both sides changed has no choice; then no row has changed, and the job can be tried again.
    """
    seen = preview(sheet_of(job), round, by=by, today=today, choices=choices)
    if seen.versions != job.base:
        raise ExchangeError(
            "確認の画面を開いたあとに、ほかの人が報告を変えました。何も取り込んでいません。もう一度確かめてください。"
        )
    if seen.failed and not without_errors:
        raise ExchangeError(_told(seen.failed))
    if waiting := [line.name for line in seen.conflicting if line.code not in without]:
        raise ExchangeError(
            f"相手の値と自分の値のどちらにするかを選んでください（{'、'.join(waiting)}）。何も取り込んでいません。"
        )
    if not claim(job, now=now):
        raise ExchangeError(not_open(job))
    chosen = [line for line in seen.changed if line.code not in without]
    for line in chosen:
        _record(line, job, round, by=by, today=today, now=now)
    done = Applied(len(chosen), sum(len(line.changes) for line in chosen), len(seen.failed))
    finish(job, {"counts": {"変更した行": done.rows, "変更したセル": done.cells, "取り込まなかった行": done.left_out}})
    return done


def _record(line: LinePreview, job: ImportJob, round: ReportingRound, *, by: User, today: date, now: datetime) -> None:
    assert line.activity is not None and line.values is not None  # noqa: S101, PT018 - a changed line has both
    source = "貼り付け" if job.profile == PASTE else source_of(job)
    draft = EntryDraft.objects.filter(activity=line.activity, round=round, author=by).first() if line.left else None
    try:
        saved = record_report(
            line.activity,
            round,
            by=by,
            today=today,
            now=now,
            seen_version=line.version or None,
            source=source,
            history_reason=reason_of(job),
            **vars(line.values),
        )
    except ReportError as refused:
        raise ExchangeError(f"{line.name}：{refused} 何も取り込んでいません。") from None
    except StaleVersion as stale:
        raise ExchangeError(f"{line.name}：{stale.sentence} 何も取り込んでいません。") from None
    if draft is not None:
        _keep_what_is_left(draft, line, saved, by=by, today=today, now=now)


def _keep_what_is_left(
    draft: EntryDraft, line: LinePreview, saved: ProgressReport, *, by: User, today: date, now: datetime
) -> None:
    """What this person has typed in other fields of the row goes on waiting in the grid."""
    typed = ReportValues.of(saved).as_typed() | {name: draft.typed.get(name, "") for name in line.left}
    seen = saved.version if draft.seen_version == line.version else draft.seen_version
    keep_draft(saved.activity, saved.round, by=by, today=today, now=now, typed=typed, seen_version=seen)


def _told(failed: list[LinePreview]) -> str:
    shown = "".join(f"{line.name}：{''.join(line.errors)}" for line in failed[:MOST_TOLD])
    more = f"ほか{len(failed) - MOST_TOLD}行。" if len(failed) > MOST_TOLD else ""
    return f"読めない行が{len(failed)}行あります。何も取り込んでいません。{shown}{more}"
