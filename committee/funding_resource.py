"""財源の一覧 in and out. A name is a source; one that is over gets its last year and is never taken away."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from committee.choices import FundingKind
from committee.models import FundingSource
from initiatives.resources import YearCell
from townhall.cells import fold
from townhall.sheets.bulk import BulkResource
from townhall.sheets.columns import ChoiceCell, FigureCell
from townhall.sheets.resource import Column, YesNoCell, as_text


class FundingSourceResource(BulkResource):
    name = Column("財源の名称", "name", is_key=True)
    kind = Column("区分", "kind", widget=ChoiceCell(FundingKind))
    order = Column("並び順", "order", widget=FigureCell("番"))
    first_year = Column("始めの年度", "first_year", widget=YearCell())
    last_year = Column("終わりの年度", "last_year", widget=YearCell())
    is_example = Column("例（町の確認前）", "is_example", widget=YesNoCell())
    note = Column("備考", "note")

    WIDTHS = (40, 12, 8, 12, 12, 10, 40)

    class Meta:
        model = FundingSource
        import_id_fields = ("name",)
        fields = ("name", "kind", "order", "first_year", "last_year", "is_example", "note")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self._sources = {fold(source.name): source for source in FundingSource.objects.all()}
        self._typed: dict[str, str] = {}

    def key_of(self, row: dict[str, Any]) -> str:
        name = as_text(row.get("財源の名称") or "").strip()
        if not name:
            raise ValidationError({"name": "財源の名称がありません。"})
        self._typed[fold(name)] = name
        return fold(name)

    def find(self, key: str) -> tuple[Any, bool]:
        found = self._sources.get(key)
        return found or FundingSource(name=self._typed[key]), found is None

    def lines_of(self, sources: Iterable[FundingSource]) -> list[list[Any]]:
        return self.written(sources)


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("財源の名称", "行を見つける鍵です。ない名称の行は、新しい財源になります。名称は管理画面で直します。"),
        ("区分", "・".join(FundingKind.labels) + "。新しい財源には必ず入れます。"),
        ("始めの年度・終わりの年度", "その間の予算で選べます。空欄は、限りがないことを表します。"),
        ("例（町の確認前）", "はい・いいえ。町が確かめた財源は「いいえ」にします。"),
    ]
