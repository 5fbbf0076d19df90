"""One row while it is being typed: kept as the person's draft, with the sentences that saving would say."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from schedule.actions.drafts import drop_draft, keep_draft
from schedule.actions.reporting import ReportError, RoundNotOpenError, locked
from schedule.entry import EntryLine, entry_sheet
from schedule.forms.entry_grid import GridRow
from schedule.forms.reporting import prefix_of
from schedule.models import ReportingRound
from schedule.report_rules import LABELS
from townhall.cells import quoted
from townhall.models import User

NOT_READABLE = "この画面の版が分からないため、下書きに保存していません。画面を開き直してください。"


@transaction.atomic
def answer_to_typing(
    round: ReportingRound, data: Any, *, by: User, today: date, now: datetime
) -> tuple[dict[str, Any], int]:
    """What the script is told, and the status. A refusal is {"sentence": …}; the text stays on the screen.

    Waits for a save of the same round, which may be the one that overtook this request: what it has recorded is no
    draft any more.
    """
    sheet = entry_sheet(locked(round), user=by, today=today)
    code = data.get("code", "")
    line = next((line for line in sheet.lines if line.activity.code == code), None)
    if line is None:
        return {"sentence": f"{quoted(code)}は、この画面で入力できる行ではありません。保存していません。"}, 410
    if "drop" in data:
        drop_draft(line.activity, line.round, by=by)
        return {"saved_at": "", "errors": {}, "conflict": ""}, 200
    try:
        return _keep(line, data, by=by, now=now)
    except RoundNotOpenError as refused:
        return {"sentence": str(refused)}, 409
    except ReportError as refused:
        return {"sentence": str(refused)}, 422


def _keep(line: EntryLine, data: Any, *, by: User, now: datetime) -> tuple[dict[str, Any], int]:
    row = GridRow(line, data)
    if row.seen is None:
        return {"sentence": NOT_READABLE}, 422
    row.check()
    if row.form.is_valid() and row.form.values == line.values:
        drop_draft(line.activity, line.round, by=by)  # as recorded: there is nothing to keep
        return {"saved_at": "", "errors": {}, "conflict": ""}, 200
    prefix = prefix_of(line.activity.code)
    typed = {name: data.get(f"{prefix}-{name}", "") for name in LABELS}
    draft = keep_draft(line.activity, line.round, by=by, today=line.today, now=now, typed=typed, seen_version=row.seen)
    return {
        "saved_at": f"{timezone.localtime(draft.saved_at):%H:%M}",
        "errors": {name: "".join(map(str, sentences)) for name, sentences in row.form.errors.items()},
        "conflict": _who_saved(line) if row.is_behind else "",
    }, 200


def _who_saved(line: EntryLine) -> str:
    if line.report is None:
        return "この行の報告は、もうありません。"
    saved_by = getattr(line.report, "saved_by", "") or "ほかの人"
    return f"{saved_by}さんが {line.saved_when} に更新しました。保存すると、違いを並べて示します。"
