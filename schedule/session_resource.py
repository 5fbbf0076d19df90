"""研修の実施回 in and out of Excel. The next number of a course that has begun is a new 回."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from initiatives.resources import YearCell
from schedule.actions.training import add_session, edit_session
from schedule.choices import SessionKind
from schedule.models import Training, TrainingSession
from schedule.occurrence_resource import PartCell, YearKey
from townhall.cells import quoted
from townhall.sheets.by_action import ActionResource, word_in
from townhall.sheets.columns import ChoiceCell, DayCell, place_of
from townhall.sheets.keys import key_from, parts_of
from townhall.sheets.resource import Column


def trainings_by_key() -> dict[str, Training]:
    """By 義務の記号, 年度 and 年度のうち, as `YearKey.of` reads them."""
    found = Training.objects.select_related("occurrence__duty")
    return {
        key_from(each.occurrence.duty.code, each.occurrence.fiscal_year, each.occurrence.part): each for each in found
    }


def training_in(trainings: dict[str, Training], key: str) -> Training:
    if key not in trainings:
        raise ValidationError(
            {"code": f"記号{quoted(parts_of(key)[0])}のその年度の研修は、まだ受講の記録を始めていません。"}
        )
    return trainings[key]


def number_in(row: dict[str, Any], field: str = "number") -> int:
    """「2」 or 「第2回」."""
    return place_of(word_in(row, "回").removeprefix("第").removesuffix("回"), field)


class SessionResource(ActionResource):
    code = Column(YearKey.CODE, "training__occurrence__duty__code", is_key=True)
    year = Column(YearKey.YEAR, "training__occurrence__fiscal_year", widget=YearCell(), is_key=True)
    part = Column(YearKey.PART, "training__occurrence__part", widget=PartCell(), is_key=True)
    training = Column("研修", "training__occurrence__duty__name", is_shown_only=True)
    number = Column("回", "number", is_key=True)
    held_on = Column("実施日", "held_on", widget=DayCell())
    kind = Column("方法", "kind", widget=ChoiceCell(SessionKind))
    place = Column("場所", "place")
    note = Column("内容・講師", "note")

    WIDTHS = (20, 12, 10, 30, 6, 18, 16, 20, 40)
    compared = ("held_on", "kind", "place", "note")

    class Meta:
        model = TrainingSession
        import_id_fields = ("code", "year", "number")
        fields = ("code", "year", "part", "training", "number", "held_on", "kind", "place", "note")

    @classmethod
    def key_headings(cls) -> list[str]:
        return [YearKey.CODE, YearKey.YEAR, "回"]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._trainings = trainings_by_key()
        rows = TrainingSession.objects.select_related("training__occurrence__duty")
        self._sessions = {(row.training_id, row.number): row for row in rows}

    def key_of(self, row: dict[str, Any]) -> str:
        return key_from(*parts_of(YearKey.of(row)), number_in(row))

    def find(self, key: str) -> tuple[Any, bool]:
        *of_year, number = parts_of(key)
        training = training_in(self._trainings, key_from(*of_year))
        found = self._sessions.get((training.pk, int(number)))
        return found or TrainingSession(training=training, number=int(number)), found is None

    def name_of(self, instance: Any) -> str:
        return f"{instance.training} {instance}"

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        told = self.told | {"history_reason": self.reason}
        if instance.pk is not None:
            edit_session(instance, seen_version=seen_version, **told)
            return
        wanted = instance.number
        if add_session(instance, **told).number != wanted:
            raise ValidationError({"number": f"次に加えられるのは{instance}です。"})


def session_lines() -> Iterable[list[Any]]:
    rows = TrainingSession.objects.select_related("training__occurrence__duty")
    return SessionResource.written(rows.order_by("training__occurrence__fiscal_year", "training", "number"))


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("義務の記号・年度・回", "行を見つける鍵です。次の回の行は、新しい実施回になります。"),
        ("年度のうち", "通年・上半期・下半期。半年ごとの研修のほかは、空欄でもかまいません。"),
        ("研修", "確かめるための列です。受講の記録は、研修の画面で始めます。"),
        ("実施日", "R8.11.10 など。その年度の日です。新しい回には必ず入れます。"),
        ("方法", "・".join(SessionKind.labels) + "。空欄の新しい回は「集合」です。"),
    ]
