"""Saving with a version, and the history of who changed what and why.

Every editable row carries `version`. Whoever saves says which version they saw; the comparison happens inside the
UPDATE, so two people can never overwrite each other in silence (measured: any read-then-check loses saves).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords


@dataclass(frozen=True)
class System:
    """The portal itself as the one who acts: System("催促") is written as 「システム：催促」."""

    job: str

    def described_on(self, today: date) -> str:
        return f"システム：{self.job}"


@dataclass(frozen=True)
class Origin:
    """What a history row says beside the values: who, and through which entrance."""

    actor: str = "不明（画面を通らない保存）"
    source: str = ""


UNKNOWN = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=UNKNOWN)


@dataclass(frozen=True)
class Written:
    """One record that went into the history: "+", "~" or "-" of a row, and the version the row has since."""

    model: str
    pk: Any
    kind: str
    version: int


_written: ContextVar[list[Written] | None] = ContextVar("written", default=None)


@contextmanager
def written_rows() -> Iterator[list[Written]]:
    """Everything written inside the block, in its order: an import that is taken back takes back just this."""
    rows: list[Written] = []
    token = _written.set(rows)
    try:
        yield rows
    finally:
        _written.reset(token)


def note_written(instance: Any, kind: str) -> None:
    rows = _written.get()
    if rows is not None:
        rows.append(Written(instance._meta.label_lower, instance.pk, kind, getattr(instance, "version", 0)))


class ActorText(models.Model):
    """Columns of every history row: the actor stays readable after the account has changed or gone (R13)."""

    history_actor = models.CharField("だれ", max_length=200, default="", editable=False)
    history_source = models.CharField("元", max_length=60, default="", editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        origin = _origin.get()
        self.history_actor, self.history_source = origin.actor, origin.source
        super().save(*args, **kwargs)


class KeptManager(HistoryManager):
    """The library makes a class of its own each time somebody says `row.history`: half a millisecond of every save."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class ChangeHistory(HistoricalRecords):
    """simple-history with the actor as text and the entrance (画面, 管理画面, 取込) beside each change."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            verbose_name="変更履歴",
            verbose_name_plural="変更履歴",
            bases=(ActorText,),
            user_related_name="+",
            history_manager=KeptManager,
            **kwargs,
        )

    def create_historical_record(self, instance: models.Model, history_type: str, using: str | None = None) -> None:
        token = _origin.set(getattr(instance, "_history_origin", UNKNOWN))
        try:
            super().create_historical_record(instance, history_type, using)
            note_written(instance, history_type)
        finally:
            _origin.reset(token)


class VersionedModel(models.Model):
    """A row that people edit. `version` is compared and raised by `save_row`, never by hand."""

    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        abstract = True


V = TypeVar("V", bound=VersionedModel)


class StaleVersion(Exception):  # noqa: N818 - reads as the fact it reports
    """Somebody saved this row after the form was opened. Carries the row as it is now, or None when it is gone."""

    def __init__(self, current: VersionedModel | None, seen_version: int | None) -> None:
        self.current = current
        self.seen_version = seen_version
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        if self.seen_version is None:
            return "この画面の版が分からないため、保存しませんでした。画面を開き直して、もう一度入力してください。"
        if self.current is None:
            return "この内容は、ほかの人が削除しました。保存していません。"
        last = last_change(self.current)
        if last is None:
            return "ほかの人が先に更新しました。保存していません。"
        at = timezone.localtime(last.history_date)
        return f"{last.history_actor}さんが{at:%H:%M}（{at.month}月{at.day}日）に更新しました。まだ保存していません。"


def last_change(row: VersionedModel) -> Any:
    """The newest history row of this row, or None."""
    return row.history.order_by("-history_date", "-history_id").first()  # type: ignore[attr-defined]


@transaction.atomic
def create_row(row: V, *, by: Any, today: date, reason: str = "", source: str = "画面") -> V:
    """Validate and insert a new row with its first history row."""
    validate_values(row)
    with _refusal_named(row), _written_as(row, by=by, today=today, reason=reason, source=source):
        row.save(force_insert=True)
    return row


@transaction.atomic
def save_row(row: V, *, by: Any, seen_version: int | None, today: date, reason: str = "", source: str = "画面") -> V:
    """Validate and save an edited row if nobody has saved it since `seen_version`.

    Raises StaleVersion (nothing is saved) and ValidationError. The version counts up by one; the history row,
    the reason and the actor's text are written in the same transaction.
    """
    validate_values(row)
    claim_version(row, seen_version=seen_version)
    with _refusal_named(row, version=seen_version), _written_as(row, by=by, today=today, reason=reason, source=source):
        row.save(force_update=True)
    return row


def validate_values(row: VersionedModel) -> None:
    """What can be said about the row by itself. The rules that the database holds too are left to it: asked before,
    each is a statement of its own, and putting those together was most of what a save cost."""
    row.full_clean(validate_unique=False, validate_constraints=False)


@contextmanager
def _refusal_named(row: VersionedModel, *, version: int | None = None) -> Iterator[None]:
    """Only when the database says no, each rule is asked, so that all complaints are named."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        row.version = version or row.version  # nothing was saved: the form goes on with what it has seen
        row.full_clean()
        raise


def claim_version(row: VersionedModel, *, seen_version: int | None) -> None:
    """Raise the row's version by one, only if it is still `seen_version`; else raise StaleVersion."""
    model = type(row)
    claimed = 0
    if seen_version is not None:
        claimed = model._default_manager.filter(pk=row.pk, version=seen_version).update(version=seen_version + 1)
    if claimed != 1 or seen_version is None:
        raise StaleVersion(model._default_manager.filter(pk=row.pk).first(), seen_version)
    row.version = seen_version + 1


@transaction.atomic
def delete_row(row: VersionedModel, *, by: Any, seen_version: int | None, today: date, reason: str = "") -> None:
    """Delete a row if nobody has saved it since; its history stays."""
    claim_version(row, seen_version=seen_version)
    with _written_as(row, by=by, today=today, reason=reason, source="画面"):
        row.delete()


@contextmanager
def _written_as(row: VersionedModel, *, by: Any, today: date, reason: str, source: str) -> Iterator[None]:
    """Mark the row for its next history record only: a later plain `.save()` must not borrow the name."""
    marks = {
        "_history_origin": Origin(by.described_on(today), source),
        "_history_user": None if isinstance(by, System) else by,
        "_change_reason": reason,
    }
    row.__dict__.update(marks)
    try:
        yield
    finally:
        for name in marks:
            row.__dict__.pop(name, None)
