"""セキュリティポリシー in and out of Excel: the documents, and what has to be mended. New lines are new rows."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from schedule.actions.policy import (
    add_finding,
    create_document,
    edit_document,
    edit_finding,
    mend_finding,
    reopen_finding,
)
from schedule.by_action import ActionResource, on_cell, without_reason, word_in
from schedule.choices import PolicyKind, PolicyTrigger
from schedule.models import Activity, PolicyDocument, PolicyFinding
from townhall.cells import CellError, fold, quoted
from townhall.sheets.columns import ChoiceCell, DayCell, FigureCell, Known, SectionCell
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
        return named.code if named else f"|{name}"

    def find(self, key: str) -> tuple[Any, bool]:
        found = self._known.by_code.get(key)
        document: Any = found or PolicyDocument(code="" if key.startswith("|") else key)
        document.known = self._known
        return document, found is None

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        told = self.told | {"history_reason": self.reason}
        if instance.pk is None:
            create_document(instance, **told)
        else:
            edit_document(instance, seen_version=seen_version, **told)


class FindingResource(ActionResource):
    number = Column("番号", "pk", is_key=True)
    found_on = Column("指摘の日", "found_on", widget=DayCell())
    content = Column("指摘の内容", "content")
    source = Column("きっかけ", "source", widget=ChoiceCell(PolicyTrigger))
    document = Column("関係する文書", "document", widget=DocumentCell())
    task = Column("直すこと", "task")
    owner_section = Column("担当課", "owner_section", widget=SectionCell())
    due_on = Column("期限", "due_on", widget=DayCell())
    done_on = Column("直した日", "done_on", widget=DayCell())
    done_note = Column("どう直したか", "done_note")
    change_reason = Column("変更の理由", "change_reason")

    WIDTHS = (7, 18, 40, 22, 30, 40, 16, 18, 18, 30, 24)
    TEXTS = ("found_on", "content", "source", "document_id", "task", "owner_section_id", "due_on")
    compared = (*TEXTS, "done_on", "done_note")

    class Meta:
        model = PolicyFinding
        import_id_fields = ("found_on", "content")
        fields = (
            *("number", "found_on", "content", "source", "document", "task", "owner_section", "due_on"),
            *("done_on", "done_note", "change_reason"),
        )

    @classmethod
    def key_headings(cls) -> list[str]:
        """A new finding has no number yet; day and words find it again."""
        return ["指摘の日", "指摘の内容"]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._known = KnownHere()
        self._by_number: dict[str, PolicyFinding] = {}
        self._by_words: dict[tuple[date, str], list[PolicyFinding]] = defaultdict(list)
        for finding in PolicyFinding.objects.select_related("document", "owner_section"):
            self._by_number[str(finding.pk)] = finding
            self._by_words[finding.found_on, fold(finding.content)].append(finding)

    def key_of(self, row: dict[str, Any]) -> str:
        """「12」 of one that is known, else 「2026-10-01|…」 of a new one."""
        if number := word_in(row, "番号"):
            if number not in self._by_number:
                raise ValidationError({"number": f"番号{quoted(number)}の指摘はありません。新しい指摘は空欄にします。"})
            return number
        content, day = word_in(row, "指摘の内容"), _day_of(row)
        if not content:
            raise ValidationError({"content": "指摘の内容がありません。"})
        same = self._by_words[day, content]
        if len(same) > 1:
            raise ValidationError({"content": f"同じ日の同じ指摘が{len(same)}件あります。番号を入れてください。"})
        return str(same[0].pk) if same else f"{day}|{content}"

    def find(self, key: str) -> tuple[Any, bool]:
        found = self._by_number.get(key)
        finding: Any = found or PolicyFinding()
        finding.known, finding.change_reason = self._known, ""
        return finding, found is None

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """How it was mended goes with the day."""
        was_done = instance.done_on is not None
        super().import_instance(instance, row, **kwargs)
        if was_done and instance.done_on is None:
            instance.done_note = ""

    def name_of(self, instance: Any) -> str:
        return f"{instance.content}（{instance.found_on:%Y-%m-%d}）" if instance.found_on else instance.content

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        """What is written, and that it was mended: each by its own action."""
        told: dict[str, Any] = self.told | {"history_reason": self.reason}
        row = PolicyFinding() if instance.pk is None else PolicyFinding.objects.get(pk=instance.pk)
        if changed := [name for name in self.TEXTS if getattr(row, name) != getattr(instance, name)]:
            for name in changed:
                setattr(row, name, getattr(instance, name))
            self._write(row, told, seen_version)
            seen_version = row.version
        if (row.done_on, row.done_note) != (instance.done_on, instance.done_note):
            self._close(row, instance, told | {"seen_version": seen_version})
        instance.pk = row.pk

    def _close(self, row: PolicyFinding, instance: Any, told: dict[str, Any]) -> None:
        """直した, or taken back with a reason."""
        if instance.done_on is not None:
            mend_finding(row, done_on=instance.done_on, done_note=instance.done_note, **told)
            return
        if row.done_on is None:
            raise ValidationError({"done_on": "直した日と、どう直したかは、両方を入れてください。"})
        del told["history_reason"]
        on_cell("change_reason", lambda: reopen_finding(row, reason=instance.change_reason, **told))

    def _write(self, row: PolicyFinding, told: dict[str, Any], seen_version: int | None) -> None:
        if row.pk is None:
            add_finding(row, **told)
        else:
            edit_finding(row, seen_version=seen_version, **told)


def _day_of(row: dict[str, Any]) -> date:
    if not word_in(row, "指摘の日"):
        raise ValidationError({"found_on": "指摘の日がありません。"})
    try:
        return DayCell().clean(row["指摘の日"])
    except CellError as error:
        raise ValidationError({"found_on": str(error)}) from error


def policy_lines() -> Iterable[list[Any]]:
    return PolicyResource.written(PolicyDocument.objects.select_related("owner_section", "activity__plan"))


def finding_lines() -> Iterable[list[Any]]:
    return FindingResource.written(without_reason(PolicyFinding.objects.select_related("document", "owner_section")))


def policy_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("記号", "あれば、これで文書を見つけます。新しい文書では空欄にでき、区分から自動で付きます。"),
        ("文書名", "必ず入れます。記号が空欄のときは、これで見つけます。ない文書名の行は、新しい文書になります。"),
        ("区分", "・".join(PolicyKind.labels) + "。新しい文書には必ず入れます。"),
        ("見直しを定めた計画の行", "「r5-r7 5-3」のように、計画の記号と番号で書きます。"),
        ("使う", "はい・いいえ。使わない文書は一覧に出ず、期限のお知らせも止まります。"),
        ("例（町の確認前）", "はい・いいえ。町の文書と確かめたら「いいえ」にします。"),
        ("版・見直し", "改定と見直しの記録は、文書の画面で登録します。"),
    ]


def finding_notes() -> list[tuple[str, str]]:
    return [
        ("番号", "あれば、これで指摘を見つけます。新しい指摘は空欄にします。"),
        (
            "指摘の日・指摘の内容",
            "必ず入れます。番号が空欄のときは、この二つで見つけ、ないときは新しい指摘になります。",
        ),
        ("きっかけ", "・".join(PolicyTrigger.labels) + "。空欄の新しい指摘は「監査の指摘」です。"),
        ("関係する文書", "文書名か記号。特に決まっていないときは空欄にします。"),
        ("直すこと・担当課・期限", "新しい指摘には必ず入れます。"),
        ("直した日・どう直したか", "両方を入れると、直したと記録され、お知らせが止まります。"),
        ("変更の理由", "直した日を「（消す）」にして「直した」を取り消すときに入れます。書き出しでは空欄です。"),
    ]
