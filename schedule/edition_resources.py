"""改定 and 見直し of the security policy in and out of Excel. Each new one sets the day of the next review, as on the page."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from schedule.actions.policy import add_version, edit_review, edit_version, record_review
from schedule.choices import PolicyTrigger, ReviewOutcome
from schedule.models import PolicyDocument, PolicyReview, PolicyVersion
from schedule.models.policy import months_after
from schedule.policy_resources import DocumentCell, KnownHere
from townhall.cells import CellError, quoted
from townhall.sheets.by_action import ActionResource, day_in, word_in
from townhall.sheets.columns import ChoiceCell, DayCell
from townhall.sheets.keys import key_from, parts_of
from townhall.sheets.resource import Column, as_text


class OfDocument(ActionResource):
    """Of one document each, which its name or code finds."""

    _known: KnownHere

    @property
    def known(self) -> KnownHere:
        return self._known

    def document_in(self, row: dict[str, Any]) -> PolicyDocument:
        if not word_in(row, "文書"):
            raise ValidationError({"document": "文書がありません。文書名か記号を入れてください。"})
        try:
            return DocumentCell().clean(row["文書"], instance=self)
        except CellError as error:
            raise ValidationError({"document": str(error)}) from error


class VersionResource(OfDocument):
    document = Column("文書", "document__name", is_key=True)
    label = Column("版", "label", is_key=True)
    revised_on = Column("改定日", "revised_on", widget=DayCell())
    in_force_on = Column("施行日", "in_force_on", widget=DayCell())
    trigger = Column("きっかけ", "trigger", widget=ChoiceCell(PolicyTrigger))
    reason = Column("改定の理由", "reason")
    approved_by = Column("承認した会議など", "approved_by")
    approved_on = Column("承認の日", "approved_on", widget=DayCell())
    document_number = Column("決裁の番号", "document_number")

    WIDTHS = (34, 10, 18, 18, 22, 40, 28, 18, 18)
    compared = ("revised_on", "in_force_on", "trigger", "reason", "approved_by", "approved_on", "document_number")

    class Meta:
        model = PolicyVersion
        import_id_fields = ("document", "label")
        fields = (
            *("document", "label", "revised_on", "in_force_on", "trigger", "reason"),
            *("approved_by", "approved_on", "document_number"),
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._known = KnownHere()
        self._documents = {str(each.pk): each for each in self._known.by_code.values()}
        rows = PolicyVersion.objects.select_related("document")
        self._versions = {key_from(row.document_id, row.label): row for row in rows}
        self._typed: dict[str, str] = {}

    def key_of(self, row: dict[str, Any]) -> str:
        document = self.document_in(row)
        if not word_in(row, "版"):
            raise ValidationError({"label": "版がありません。"})
        key = key_from(document.pk, word_in(row, "版"))
        self._typed[key] = as_text(row["版"]).strip()
        return key

    def find(self, key: str) -> tuple[Any, bool]:
        found = self._versions.get(key)
        document = self._documents[parts_of(key)[0]]
        return found or PolicyVersion(document=document, label=self._typed[key]), found is None

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        told = self.told | {"history_reason": self.reason}
        if instance.pk is None:
            instance.document = PolicyDocument.objects.get(pk=instance.document_id)  # an earlier line may have moved it
            add_version(instance, **told)
        else:
            edit_version(instance, seen_version=seen_version, **told)


class ReviewResource(OfDocument):
    number = Column("番号", "pk", is_key=True)
    document = Column("文書", "document__name", is_key=True)
    reviewed_on = Column("見直した日", "reviewed_on", widget=DayCell(), is_key=True)
    trigger = Column("きっかけ", "trigger", widget=ChoiceCell(PolicyTrigger))
    outcome = Column("結果", "outcome", widget=ChoiceCell(ReviewOutcome))
    note = Column("確かめたこと", "note")

    WIDTHS = (7, 34, 18, 22, 24, 50)
    compared = ("trigger", "outcome", "note")

    class Meta:
        model = PolicyReview
        import_id_fields = ("document", "reviewed_on")
        fields = ("number", "document", "reviewed_on", "trigger", "outcome", "note")

    @classmethod
    def key_headings(cls) -> list[str]:
        """The number tells apart what was looked at twice on one day."""
        return ["文書", "見直した日"]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._known = KnownHere()
        self._reviews: dict[tuple[int, date], dict[str, PolicyReview]] = defaultdict(dict)
        for review in PolicyReview.objects.select_related("document"):
            self._reviews[review.document_id, review.reviewed_on][str(review.pk)] = review
        self._new: dict[str, PolicyReview] = {}

    def key_of(self, row: dict[str, Any]) -> str:
        """Document, day and number; without the last a new one."""
        document, day, number = self.document_in(row), day_in(row, "reviewed_on", "見直した日"), word_in(row, "番号")
        known = self._reviews[document.pk, day]
        if number and number not in known:
            raise ValidationError({"number": f"番号{quoted(number)}は、この文書のこの日の見直しではありません。"})
        if not number and len(known) > 1:
            raise ValidationError({"reviewed_on": f"この日の見直しが{len(known)}件あります。番号を入れてください。"})
        if number or known:
            return key_from(document.pk, day, number or next(iter(known)))
        key = key_from(document.pk, day, "")
        self._new[key] = PolicyReview(document=document, reviewed_on=day)
        return key

    def find(self, key: str) -> tuple[Any, bool]:
        if key in self._new:
            return self._new[key], True
        document, day, number = parts_of(key)
        return self._reviews[int(document), date.fromisoformat(day)][number], False

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        told: dict[str, Any] = self.told | {"history_reason": self.reason}
        if instance.pk is not None:
            edit_review(instance, seen_version=seen_version, **told)
            return
        document = instance.document = PolicyDocument.objects.get(pk=instance.document_id)
        next_on = months_after(instance.reviewed_on, document.review_months)
        record_review(instance, next_review_on=next_on, **told)


def version_lines() -> Iterable[list[Any]]:
    rows = PolicyVersion.objects.select_related("document")
    return VersionResource.written(rows.order_by("document__order", "document", "in_force_on", "pk"))


def review_lines() -> Iterable[list[Any]]:
    return ReviewResource.written(PolicyReview.objects.select_related("document").order_by("reviewed_on", "pk"))


def version_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("文書・版", "行を見つける鍵です。文書は、文書名か記号で書きます。ない版の行は、新しい改定になります。"),
        ("改定日・施行日・改定の理由", "新しい版には必ず入れます。"),
        ("きっかけ", "・".join(PolicyTrigger.labels) + "。空欄の新しい版は「定期」です。"),
        ("次の見直しの期限", "新しい版を加えると、施行日から見直しの間隔だけ先に進みます。早まることはありません。"),
        ("新旧対照表", "ファイルの添付は、文書の画面でします。"),
    ]


def review_notes() -> list[tuple[str, str]]:
    return [
        (
            "文書・見直した日",
            "行を見つける鍵です。ない日の行は、新しい見直しの記録になります。まだ来ていない日は入れられません。",
        ),
        ("番号", "同じ日に二度見直した文書だけに要ります。新しい記録は空欄にします。"),
        ("結果", "・".join(ReviewOutcome.labels) + "。新しい記録には必ず入れます。"),
        (
            "次の見直しの期限",
            "新しい記録を加えると、見直した日から見直しの間隔だけ先に進みます。早まることはありません。",
        ),
        ("毎年度の義務", "同時に「済み」とするときは、文書の画面か「年度ごとの義務の記録」で記録します。"),
    ]
