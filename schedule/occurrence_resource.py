"""年度ごとの義務 in and out of Excel: what was done, left out or moved. The rows themselves follow from the duties."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from initiatives.resources import YearCell
from schedule.actions.duties import mark_done, move_due_day, reopen, skip
from schedule.choices import YearPart
from schedule.models import Duty, DutyOccurrence
from schedule.models.duty import DutyKind
from townhall.cells import CellError, fold, quoted
from townhall.sheets.by_action import ActionResource, on_cell, without_reason, word_in
from townhall.sheets.columns import ChoiceCell, DayCell
from townhall.sheets.keys import key_from, parts_of
from townhall.sheets.resource import Column, YesNoCell

DONE = ("done_on", "evidence", "note", "no_change")


class PartCell(ChoiceCell):
    """An empty cell is the whole year."""

    def __init__(self) -> None:
        super().__init__(YearPart)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return YearPart(value).label


class YearKey:
    """Which year's row of which duty a line means; a course and its sessions are found by the same three columns."""

    CODE, YEAR, PART = "義務の記号", "年度", "年度のうち"

    @classmethod
    def of(cls, row: dict[str, Any]) -> str:
        """The three parts as one key. Raises ValidationError with the field that cannot be read."""
        code = word_in(row, cls.CODE)
        if not code:
            raise ValidationError({"code": "義務の記号がありません。"})
        year = _read("year", YearCell(), row.get(cls.YEAR))
        if year is None:
            raise ValidationError({"year": "年度がありません。"})
        part = _read("part", PartCell(), row[cls.PART]) if word_in(row, cls.PART) else YearPart.WHOLE.value
        return key_from(code, year, part)


def _read(field: str, widget: Widget, value: Any) -> Any:
    try:
        return widget.clean("" if value is None else value)
    except CellError as error:
        raise ValidationError({field: str(error)}) from error


class OccurrenceResource(ActionResource):
    code = Column(YearKey.CODE, "duty__code", is_key=True)
    name = Column("義務の名称", "duty__name", is_shown_only=True)
    year = Column(YearKey.YEAR, "fiscal_year", widget=YearCell(), is_key=True)
    part = Column(YearKey.PART, "part", widget=PartCell(), is_key=True)
    section = Column("担当課", "duty__owner_section__name", is_shown_only=True)
    due_on = Column("期限", "due_on", widget=DayCell())
    change_reason = Column("変更の理由", "change_reason")
    done_on = Column("済ませた日", "done_on", widget=DayCell())
    evidence = Column("証拠（文書番号など）", "evidence")
    note = Column("記録", "note")
    no_change = Column("見直しの結果、変更なし", "no_change", widget=YesNoCell())
    skipped_reason = Column("行わない理由", "skipped_reason")

    WIDTHS = (20, 30, 12, 10, 18, 18, 24, 18, 24, 40, 12, 30)
    compared = ("due_on", *DONE, "skipped_reason")

    class Meta:
        model = DutyOccurrence
        import_id_fields = ("code", "year")
        fields = (
            *("code", "name", "year", "part", "section", "due_on", "change_reason"),
            *(*DONE, "skipped_reason"),
        )

    @classmethod
    def key_headings(cls) -> list[str]:
        """Most duties have one row a year."""
        return [YearKey.CODE, YearKey.YEAR]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._duties = {fold(duty.code): duty for duty in Duty.objects.all()}
        self._rows = {key_from(row.duty.code, row.fiscal_year, row.part): row for row in _in_order()}

    def key_of(self, row: dict[str, Any]) -> str:
        return YearKey.of(row)

    def find(self, key: str) -> tuple[Any, bool]:
        row: Any = self._rows.get(key)
        if row is None:
            raise self._not_there(*parts_of(key))
        row.change_reason = ""
        return row, False

    def _not_there(self, code: str, year: str, part: str) -> ValidationError:
        duty = self._duties.get(code)
        if duty is None:
            return ValidationError({"code": f"記号{quoted(code)}の義務はありません。"})
        period = DutyOccurrence(fiscal_year=int(year), part=int(part)).period
        sentence = f"「{duty}」に、{period}の行はありません。行は、今年度と来年度の分が自動で作られます。"
        return ValidationError({"year": sentence})

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """What was recorded of the day goes with it."""
        was_done = instance.done_on is not None
        super().import_instance(instance, row, **kwargs)
        if was_done and instance.done_on is None:
            instance.evidence, instance.note, instance.no_change = "", "", False

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        """Each kind of change by its own action, on the row as it is recorded."""
        row = DutyOccurrence.objects.select_related("duty").get(pk=instance.pk)
        told: dict[str, Any] = self.told | {"seen_version": seen_version}
        if (row.done_on and not instance.done_on) or (row.skipped_reason and not instance.skipped_reason):
            on_cell("change_reason", lambda: reopen(row, reason=instance.change_reason, **told))
            told["seen_version"] = row.version
        if instance.due_on != row.due_on:
            moved = {"due_on": instance.due_on, "reason": instance.change_reason}
            on_cell("change_reason", lambda: move_due_day(row, **moved, **told))
            told["seen_version"] = row.version
        self._close(row, instance, told | {"history_reason": self.reason})

    def _close(self, row: DutyOccurrence, instance: Any, told: dict[str, Any]) -> None:
        if row.is_open and instance.done_on and instance.skipped_reason:
            raise ValidationError({"skipped_reason": "済ませた日と行わない理由は、どちらか一つだけを入れてください。"})
        if instance.skipped_reason != row.skipped_reason:
            on_cell("skipped_reason", lambda: skip(row, reason=instance.skipped_reason, **told))
            told["seen_version"] = row.version
        done = {name: getattr(instance, name) for name in DONE}
        if done != {name: getattr(row, name) for name in DONE}:
            _require_done(instance)
            on_cell("done_on", lambda: mark_done(row, **done, **told))

    def lines_of(self, occurrences: Iterable[DutyOccurrence]) -> list[list[Any]]:
        return self.written(without_reason(occurrences))


def _in_order() -> Iterable[DutyOccurrence]:
    return DutyOccurrence.objects.select_related("duty__owner_section").order_by("fiscal_year", "due_on", "pk")


def occurrence_lines() -> list[list[Any]]:
    return OccurrenceResource().lines_of(_in_order())


def _require_done(row: DutyOccurrence) -> None:
    if row.done_on is None:
        raise ValidationError({"done_on": "証拠・記録・「変更なし」は、済ませた日と一緒に入れてください。"})
    if row.no_change and row.duty.kind != DutyKind.POLICY:
        raise ValidationError({"no_change": "「変更なし」は、セキュリティポリシーの見直しだけに入れます。"})


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("義務の記号・年度", "行を見つける鍵です。行は自動で作られ、取り込みでは増えません。"),
        ("年度のうち", "通年・上半期・下半期。半年ごとの義務のほかは、空欄でもかまいません。"),
        ("義務の名称・担当課", "確かめるための列です。取り込みでは変えられません。"),
        ("期限", "その年度だけ変えるときに入れます。「変更の理由」も要ります。済んだ行の期限は変えられません。"),
        ("済ませた日", "R8.11.20 など。まだ来ていない日と、その年度より前の日は入れられません。"),
        ("見直しの結果、変更なし", "はい・いいえ。セキュリティポリシーの見直しだけです。"),
        ("行わない理由", "入れると「行わない」になります。済ませた日と一緒には入れられません。"),
        (
            "変更の理由",
            "期限を変えるときと、済み・行わないを「（消す）」で取り消すときに入れます。書き出しでは空欄です。",
        ),
    ]
