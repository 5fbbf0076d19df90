"""入力中の下書き: what a person types survives, per row, without becoming a report or a change in the history."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from schedule.actions.reporting import InvalidReportError, check_may_record
from schedule.models import Activity, EntryDraft, ReportingRound
from schedule.report_rules import LABELS
from townhall.cells import clean_text
from townhall.models import User

LONGEST_TYPED = 10_000  # more than any field takes: what is too long must survive too


@transaction.atomic
def keep_draft(
    activity: Activity,
    round: ReportingRound,
    *,
    by: User,
    today: date,
    now: datetime,
    typed: Mapping[str, str],
    seen_version: int,
) -> EntryDraft:
    """Keep the raw text of a row's fields; typing again replaces it. Raises ReportError as recording would.

    A closed round takes no draft. Values are kept as typed, also those that no report may hold.
    """
    check_may_record(activity, round, by=by, today=today)
    kept = {name: clean_text(str(typed[name])) for name in LABELS if name in typed}
    if any(len(text) > LONGEST_TYPED for text in kept.values()):
        raise InvalidReportError(f"一つの欄に入れられるのは{LONGEST_TYPED:,}文字までです。下書きに保存していません。")
    draft, _ = EntryDraft.objects.update_or_create(
        activity=activity,
        round=round,
        author=by,
        defaults={"typed": kept, "seen_version": seen_version, "saved_at": now},
    )
    return draft


def drop_draft(activity: Activity, round: ReportingRound, *, by: User) -> bool:
    """入力を取り消す: only one's own; False when there was none."""
    return bool(EntryDraft.objects.filter(activity=activity, round=round, author=by).delete()[0])
