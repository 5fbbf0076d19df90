"""セキュリティポリシーの文書 in and out of Excel. A document is found by its code, else by its name."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from schedule.actions.policy import create_document, edit_document
from schedule.choices import PolicyKind
from schedule.models import Activity, PolicyDocument
from townhall.cells import CellError, fold, quoted
from townhall.sheets.by_action import ActionResource, word_in
from townhall.sheets.columns import ChoiceCell, DayCell, FigureCell, Known, SectionCell
from townhall.sheets.keys import APART, key_from
from townhall.sheets.resource import Column, YesNoCell, as_text


class KnownHere(Known):
    """And the rows of the plans, and the documents by code and name."""

    def __init__(self) -> None:
        super().__init__()
        rows = Activity.objects.select_related("plan")
        self.activities = {fold(_named(row)): row for row in rows}
        self.by_code: dict[str, PolicyDocument] = {}
        self.by_name: dict[str, PolicyDocument] = {}
        for document in PolicyDocument.objects.select_related("owner_section", "activity__plan"):
            self.by_code[document.code] = self.by_name[fold(document.name)] = document


def _named(row: Activity) -> str:
    return f"{row.plan.code} {row.label}"


class ActivityCell(Widget):
    """「r5-r7 5-3」: the plan and the number of its row."""

    def clean(self, value: Any, row: Any = None, instance: Any = None, **kwargs: Any) -> Activity:
        known: dict[str, Activity] = instance.known.activities
        if (word := fold(as_text(value))) not in known:
            raise CellError(
                f"計画の行{quoted(value)}はありません。「r5-r7 5-3」のように、計画の記号と番号で書いてください。"
            )
        return known[word]

    def render(self, value: Activity | None, obj: Any = None, **kwargs: Any) -> str:
        return _named(value) if value else ""


class DocumentCell(Widget):
    """The name of a document, or its code."""

    def clean(self, value: Any, row: Any = None, instance: Any = None, **kwargs: Any) -> PolicyDocument:
        word = fold(as_text(value))
        known: KnownHere = instance.known
        found = known.by_name.get(word) or known.by_code.get(word)
        if found is None:
            raise CellError(f"文書{quoted(value)}はありません。文書名か記号で書くか、空欄にしてください。")
        return found

    def render(self, value: PolicyDocument | None, obj: Any = None, **kwargs: Any) -> str:
        return value.name if value else ""


class PolicyResource(ActionResource):
    code = Column("記号", "code", is_key=True)
    name = Column("文書名", "name")
    kind = Column("区分", "kind", widget=ChoiceCell(PolicyKind))
    is_public = Column("公開する文書", "is_public", widget=YesNoCell())
    owner_section = Column("担当課", "owner_section", widget=SectionCell())
    review_months = Column("何か月ごとに見直すか", "review_months", widget=FigureCell("か月"))
    next_review_on = Column("次の見直しの期限", "next_review_on", widget=DayCell())
    activity = Column("見直しを定めた計画の行", "activity", widget=ActivityCell())
    is_active = Column("使う", "is_active", widget=YesNoCell())
    is_example = Column("例（町の確認前）", "is_example", widget=YesNoCell())

    WIDTHS = (16, 34, 18, 12, 16, 14, 18, 16, 8, 12)
    compared = (
        *("name", "kind", "is_public", "owner_section_id", "review_months", "next_review_on"),
        *("activity_id", "is_active", "is_example"),
    )

    class Meta:
        model = PolicyDocument
        import_id_fields = ("name",)
        fields = (
            *("code", "name", "kind", "is_public", "owner_section", "review_months", "next_review_on"),
            *("activity", "is_active", "is_example"),
        )

    @classmethod
    def key_headings(cls) -> list[str]:
        """A new document needs no code: it gets one."""
        return ["文書名"]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._known = KnownHere()

    def key_of(self, row: dict[str, Any]) -> str:
        code, name = word_in(row, "記号"), word_in(row, "文書名")
        named = self._known.by_name.get(name)
        if code and code not in self._known.by_code and named is not None:
            raise ValidationError({"code": f"文書名{quoted(name)}の文書の記号は、「{named.code}」です。"})
        if code:
            return code
        if not name:
            raise ValidationError({"name": "文書名がありません。"})
        return named.code if named else key_from("", name)

    def find(self, key: str) -> tuple[Any, bool]:
        found = self._known.by_code.get(key)
        document: Any = found or PolicyDocument(code="" if key.startswith(APART) else key)
        document.known = self._known
        return document, found is None

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        told = self.told | {"history_reason": self.reason}
        if instance.pk is None:
            create_document(instance, **told)
        else:
            edit_document(instance, seen_version=seen_version, **told)


def policy_lines() -> Iterable[list[Any]]:
    return PolicyResource.written(PolicyDocument.objects.select_related("owner_section", "activity__plan"))


def policy_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("記号", "あれば、これで文書を見つけます。新しい文書では空欄にでき、区分から自動で付きます。"),
        ("文書名", "必ず入れます。記号が空欄のときは、これで見つけます。ない文書名の行は、新しい文書になります。"),
        ("区分", "・".join(PolicyKind.labels) + "。新しい文書には必ず入れます。"),
        ("見直しを定めた計画の行", "「r5-r7 5-3」のように、計画の記号と番号で書きます。"),
        ("使う", "はい・いいえ。使わない文書は一覧に出ず、期限のお知らせも止まります。"),
        ("例（町の確認前）", "はい・いいえ。町の文書と確かめたら「いいえ」にします。"),
        ("改定・見直し", "「ポリシーの改定」「ポリシーの見直し」で取り込みます。"),
    ]
