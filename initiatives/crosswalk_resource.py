"""対応表 in and out. A line is a pair; a pair that is not there yet is new, and one is withdrawn by 「使う」, never by being absent."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from initiatives.choices import Certainty
from initiatives.models import ComprehensiveItem, CrosswalkLink, Initiative, NationalPriority
from townhall.cells import fold, quoted
from townhall.sheets.bulk import BulkResource
from townhall.sheets.columns import ChoiceCell
from townhall.sheets.keys import key_from
from townhall.sheets.resource import Column, YesNoCell, as_text

OtherSide = NationalPriority | ComprehensiveItem


def _word(typed: Any) -> str:
    return fold(as_text(typed)).replace(" ", "")


class CrosswalkResource(BulkResource):
    plan = Column("計画", "initiative__plan__code", is_key=True)
    initiative = Column("取組", "initiative__label", is_key=True)
    document = Column("対応する計画", "document", is_key=True)
    subject = Column("事項・施策", "subject", is_key=True)
    name = Column("取組の名称", "initiative__name", is_shown_only=True)
    note = Column("補足", "note")
    certainty = Column("確度", "certainty", widget=ChoiceCell(Certainty))
    is_active = Column("使う", "is_active", widget=YesNoCell())

    WIDTHS = (9, 7, 28, 40, 30, 30, 10, 8)

    class Meta:
        model = CrosswalkLink
        import_id_fields = ("plan", "initiative", "document", "subject")
        fields = ("plan", "initiative", "document", "subject", "name", "note", "certainty", "is_active")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        initiatives = Initiative.objects.select_related("plan")
        self._initiatives = {(row.plan.code, word): row for row in initiatives for word in (row.label, row.code)}
        self._other_side = _other_side()
        links = CrosswalkLink.objects.select_related("initiative__plan", "priority__version_of", "item")
        self._links = {(link.initiative_id, link.priority or link.item): link for link in links}
        self._pairs: dict[str, tuple[Initiative, OtherSide]] = {}

    def key_of(self, row: dict[str, Any]) -> str:
        pair = self._initiative(row), self._subject(row)
        key = key_from(*(f"{each._meta.model_name}:{each.pk}" for each in pair))
        self._pairs[key] = pair
        return key

    def _initiative(self, row: dict[str, Any]) -> Initiative:
        plan, word = (fold(as_text(row.get(heading) or "")) for heading in ("計画", "取組"))
        if (plan, word) not in self._initiatives:
            raise ValidationError({"initiative": f"計画{quoted(plan)}に、取組{quoted(word)}はありません。"})
        return self._initiatives[plan, word]

    def _subject(self, row: dict[str, Any]) -> OtherSide:
        document, subject = row.get("対応する計画") or "", row.get("事項・施策") or ""
        if not document or not subject:
            raise ValidationError({"subject" if document else "document": "空欄です。この列は必ず入れます。"})
        known = self._other_side.get(_word(document))
        if known is None:
            sentence = f"{quoted(document)}は、国の重点取組事項の版にも総合計画の名称にもありません。"
            raise ValidationError({"document": sentence})
        if _word(subject) not in known:
            sentence = (
                f"{quoted(document)}に、{quoted(subject)}はありません。事項は名称、施策は体系の記号で書いてください。"
            )
            raise ValidationError({"subject": sentence})
        return known[_word(subject)]

    def find(self, key: str) -> tuple[Any, bool]:
        initiative, other = self._pairs[key]
        found = self._links.get((initiative.pk, other))
        if found is not None:
            return found, False
        return CrosswalkLink(initiative=initiative, **{_field_of(other): other}), True

    def lines_of(self, links: Iterable[CrosswalkLink]) -> list[list[Any]]:
        return self.written(links)


def _field_of(other: OtherSide) -> str:
    return "priority" if isinstance(other, NationalPriority) else "item"


def _other_side() -> dict[str, dict[str, OtherSide]]:
    """By each name of the document, what stands in it by each of its names. 「1.0」 comes out of Excel as 「1」."""
    found: dict[str, dict[str, OtherSide]] = {}
    for priority in NationalPriority.objects.select_related("version_of"):
        version = priority.version_of
        for word in (version.title, str(version), version.number, version.number.removesuffix(".0")):
            found.setdefault(_word(word), {})[_word(priority.name)] = priority
    for item in ComprehensiveItem.objects.all():
        known = found.setdefault(_word(item.plan_name), {})
        known |= {_word(item.code): item, _word(item): item}
    return found


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("計画・取組・対応する計画・事項・施策", "行を見つける鍵です。まだない組の行は、新しい対応になります。"),
        ("対応する計画", "国の重点取組事項は「第2.3版」のように版を、総合計画はその名称を書きます。"),
        ("事項・施策", "国の事項は名称、総合計画の施策は体系の記号。登録されていないものは、先に管理画面で加えます。"),
        ("確度", "・".join(Certainty.labels) + "。新しい対応で空欄なら要確認です。"),
        ("使う", "はい・いいえ。要らない対応は「いいえ」にします。ファイルにない対応は、そのまま残ります。"),
    ]
