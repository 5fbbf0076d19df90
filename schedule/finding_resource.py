"""指摘と是正 in and out of Excel. A finding is found by its number, else by day and words; a new one is a new finding."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from schedule.actions.policy import add_finding, edit_finding, mend_finding, reopen_finding
from schedule.choices import PolicyTrigger
from schedule.models import PolicyFinding
from schedule.policy_resources import DocumentCell, KnownHere
from townhall import fiscal
from townhall.cells import fold, quoted
from townhall.sheets.by_action import ActionResource, day_in, on_cell, without_reason, word_in
from townhall.sheets.columns import ChoiceCell, DayCell, SectionCell
from townhall.sheets.keys import key_from
from townhall.sheets.resource import Column


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
        """The number of one that is known, else day and words of a new one."""
        if number := word_in(row, "番号"):
            if number not in self._by_number:
                raise ValidationError({"number": f"番号{quoted(number)}の指摘はありません。新しい指摘は空欄にします。"})
            return number
        content, day = word_in(row, "指摘の内容"), day_in(row, "found_on", "指摘の日")
        if not content:
            raise ValidationError({"content": "指摘の内容がありません。"})
        same = self._by_words[day, content]
        if len(same) > 1:
            raise ValidationError({"content": f"同じ日の同じ指摘が{len(same)}件あります。番号を入れてください。"})
        return str(same[0].pk) if same else key_from(day, content)

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
        return (
            f"{instance.content}（{fiscal.format_date(instance.found_on)}）" if instance.found_on else instance.content
        )

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


def finding_lines() -> Iterable[list[Any]]:
    return FindingResource.written(without_reason(PolicyFinding.objects.select_related("document", "owner_section")))


def finding_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
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
