"""毎年度の義務 in and out of Excel. A duty is found by its 記号; a new one is a new duty."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from initiatives.resources import YearCell
from schedule.actions.duties import follow_new_rule
from schedule.choices import DutyRecurrence
from schedule.models import Duty
from schedule.models.duty import DutyKind
from townhall.cells import fold, parse_number
from townhall.sheets.bulk import BulkResource
from townhall.sheets.columns import ChoiceCell, FigureCell, Known, SectionCell
from townhall.sheets.resource import Column, YesNoCell, as_text

END_OF_MONTH = "月末"


class DueDayCell(FigureCell):
    """A day of the month, or its end."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return None if fold(as_text(value)) == END_OF_MONTH else super().clean(value, row)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return END_OF_MONTH if value is None else super().render(value)


class LeadDaysCell(Widget):
    """「60、30、7、0」; the model says which numbers there may be."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[int]:
        numbers = (parse_number(part).value for part in fold(as_text(value)).replace("、", ",").split(","))
        return [int(number) if number is not None and number == int(number) else -1 for number in numbers]

    def render(self, value: list[int] | None, obj: Any = None, **kwargs: Any) -> str:
        return "、".join(map(str, value or ()))


class DutyResource(BulkResource):
    code = Column("記号", "code", is_key=True)
    name = Column("義務の名称", "name")
    kind = Column("種類", "kind", widget=ChoiceCell(DutyKind))
    recurrence = Column("頻度", "recurrence", widget=ChoiceCell(DutyRecurrence))
    every_years = Column("何年ごと", "every_years", widget=FigureCell("年"))
    first_year = Column("初めの年度", "first_year", widget=YearCell())
    due_month = Column("期限の月", "due_month", widget=FigureCell("月"))
    due_day = Column("期限の日", "due_day", widget=DueDayCell("日"))
    lead_days = Column("何日前に知らせるか", "lead_days", widget=LeadDaysCell())
    escalates_after = Column("何日過ぎたら事務局へも知らせるか", "escalates_after", widget=FigureCell("日"))
    owner_section = Column("担当課", "owner_section", widget=SectionCell())
    basis = Column("根拠", "basis")
    guidance = Column("すること", "guidance")
    is_active = Column("使う", "is_active", widget=YesNoCell())

    WIDTHS = (20, 30, 18, 22, 9, 12, 9, 9, 18, 16, 16, 34, 40, 8)

    class Meta:
        model = Duty
        import_id_fields = ("code",)
        fields = (
            *("code", "name", "kind", "recurrence", "every_years", "first_year", "due_month", "due_day"),
            *("lead_days", "escalates_after", "owner_section", "basis", "guidance", "is_active"),
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._known = Known()
        self._duties = {duty.code: duty for duty in Duty.objects.select_related("owner_section")}

    def key_of(self, row: dict[str, Any]) -> str:
        code = fold(as_text(row.get("記号") or ""))
        if not code:
            raise ValidationError({"code": "記号がありません。"})
        return code

    def find(self, key: str) -> tuple[Any, bool]:
        found = self._duties.get(key)
        duty: Any = found or Duty(code=key)
        duty.known = self._known
        return duty, found is None

    def follow(self, saved: Sequence[tuple[Any, Any]]) -> None:
        """The open rows of a duty whose rule has changed move with it, as they do in the admin."""
        for duty, before in saved:
            if before.pk and duty.rule != before.rule:
                follow_new_rule(duty, old=before.rule, by=self.by, today=self.today, source=self.source)

    def lines_of(self, duties: Iterable[Duty]) -> list[list[Any]]:
        return self.written(duties)


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("記号", "行を見つける鍵です（英数字とハイフン）。ない記号の行は、新しい義務になります。"),
        ("種類", "・".join(DutyKind.labels)),
        ("頻度", "・".join(DutyRecurrence.labels) + "。「n年ごと」には、何年ごとと初めの年度も入れます。"),
        ("期限の日", f"数か「{END_OF_MONTH}」。頻度や期限を変えると、まだ済んでいない年度の期限も変わります。"),
        ("何日前に知らせるか", "60、30、7、0 のように「、」で区切ります。"),
        ("使う", "はい・いいえ。使わない義務は、次の年度の行が作られません。"),
    ]
