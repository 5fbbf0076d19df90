"""Taking an import back: every row as it was before, in one transaction, or nothing when somebody went on with one."""

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError

from townhall.bulk_changes import delete_rows, save_rows
from townhall.changes import StaleVersion, Written, create_row
from townhall.choices import JobState
from townhall.models import ImportJob, User
from townhall.sheets.imports import ImportRefused, written_by
from townhall.sheets.kinds import ImportKind

UNDO_WITHIN = timedelta(hours=24)
TOO_LATE = "24時間を過ぎたため取り消せません。変更履歴を見て、画面で直してください。"
WENT_ON = "この取り込みに続いて、ほかの手続きが進んだため取り消せません。変更履歴を見て、画面で直してください。"
REASON_NEEDED = "取り消す理由を入力してください。"
NAMED_AT_MOST = 10
SOURCE = "取込の取り消し"


def why_not(kind: ImportKind, job: ImportJob, *, today: date, now: datetime) -> str:
    """Why the job cannot be taken back now, as a sentence, or nothing."""
    if job.state != JobState.APPLIED or job.applied_at is None:
        return f"{job}は「{job.get_state_display()}」です。取り消すものはありません。"
    if now - job.applied_at > UNDO_WITHIN:
        return TOO_LATE
    written = written_by(job)
    if not written:
        return "この取り込みで変わった行はありません。取り消すものはありません。"
    if any(each.model not in kind.undoable for each in written):
        return WENT_ON
    return kind.keeps(written, today) or _changed_since(written)


def undo_job(kind: ImportKind, job: ImportJob, *, reason: str, by: User, today: date, now: datetime) -> int:
    """Put every row back; how many. Raises ImportRefused, then nothing has changed."""
    if not reason.strip():
        raise ImportRefused(REASON_NEEDED)
    told: dict[str, Any] = {"by": by, "today": today, "reason": f"{job}の取り消し：{reason.strip()}"}
    try:
        with transaction.atomic():
            if sentence := why_not(kind, job, today=today, now=now):
                raise ImportRefused(sentence)
            claimed = ImportJob.objects.filter(pk=job.pk, state=JobState.APPLIED).update(state=JobState.UNDONE)
            if claimed != 1:
                raise ImportRefused(f"{job}は、もう取り消し済みです。")
            written = written_by(job)
            rows = _put_back(written, told)
            job.state = JobState.UNDONE
            job.result |= {"undone": {"who": by.described_on(today), "reason": reason.strip(), "rows": rows}}
            job.save(update_fields=["result"])
    except StaleVersion as stale:
        raise ImportRefused(stale.sentence) from stale
    except ProtectedError as error:
        raise ImportRefused("取り込んだ行を使っているものがあるため、取り消せません。") from error
    except ValidationError as error:
        raise ImportRefused(f"元の値に戻せません。{''.join(error.messages)}") from error
    return rows


def _last(written: list[Written]) -> dict[tuple[str, Any], Written]:
    """Of each row, the last that was written."""
    return {(each.model, each.pk): each for each in written}


def _first(written: list[Written]) -> dict[tuple[str, Any], Written]:
    """Of each row, the first that was written; the rows in the order of their last, backwards."""
    return {(each.model, each.pk): each for each in reversed(written)}


def _changed_since(written: list[Written]) -> str:
    """Rows that no longer are as the import left them, by name."""
    names = []
    for model, rows in _by_model(list(_last(written).values())):
        left = {each.pk: each for each in rows if each.kind != "-"}
        now = _rows(model, list(left))
        names += [
            str(now.get(pk, f"削除された行 {pk}")) for pk, each in left.items() if _version(now, pk) != each.version
        ]
    if not names:
        return ""
    more = f" ほか{len(names) - NAMED_AT_MOST}行" if len(names) > NAMED_AT_MOST else ""
    shown = "、".join(f"「{name}」" for name in names[:NAMED_AT_MOST])
    return f"取り込んだあとに変わった行があるため、取り消せません（{shown}{more}）。何も変えていません。"


def _version(rows: dict[Any, Any], pk: Any) -> int | None:
    return rows[pk].version if pk in rows else None


def _by_model(written: list[Written]) -> list[tuple[Any, list[Written]]]:
    """Neighbours of one model together, in the given order."""
    return [(apps.get_model(label), list(rows)) for label, rows in groupby(written, key=lambda each: each.model)]


def _rows(model: type[models.Model], pks: list[Any]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for start in range(0, len(pks), 500):
        found |= model._default_manager.in_bulk(pks[start : start + 500])
    return found


def _put_back(written: list[Written], told: dict[str, Any]) -> int:
    """Backwards: what came last goes first."""
    first, last = _first(written), _last(written)
    for model, rows in _by_model(list(first.values())):
        created = [each for each in rows if each.kind == "+"]
        changed = [each for each in rows if each.kind != "+" and last[each.model, each.pk].kind != "-"]
        gone = [each for each in rows if each.kind != "+" and last[each.model, each.pk].kind == "-"]
        _delete(model, [each for each in created if last[each.model, each.pk].kind != "-"], told)
        _restore(model, changed, told)
        for each in gone:
            create_row(_before(model, [each])[each.pk], source=SOURCE, **told)
    return len(first)


def _delete(model: Any, created: list[Written], told: dict[str, Any]) -> None:
    delete_rows(list(_rows(model, [each.pk for each in created]).values()), source=SOURCE, **told)


def _restore(model: Any, changed: list[Written], told: dict[str, Any]) -> None:
    if not changed:
        return
    now, before = _rows(model, [each.pk for each in changed]), _before(model, changed)
    for pk, row in now.items():
        for field in model.history.model.tracked_fields:
            if field.name not in ("id", "version"):
                setattr(row, field.attname, getattr(before[pk], field.attname))
    save_rows(list(now.values()), seen={pk: row.version for pk, row in now.items()}, source=SOURCE, **told)


def _before(model: Any, changed: list[Written]) -> dict[Any, Any]:
    """Each row as the last record before the import says. A deleted row has no version after; its record has the last."""
    wanted = {each.pk: each.version - (0 if each.kind == "-" else 1) for each in changed}
    found: dict[Any, Any] = {}
    pks = list(wanted)
    for start in range(0, len(pks), 500):
        records = model.history.filter(id__in=pks[start : start + 500]).order_by("history_id")
        for record in records.exclude(history_type="-"):
            if record.version <= wanted[record.id]:
                found[record.id] = record.instance
    return found
