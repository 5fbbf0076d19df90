"""遅れ・注意 beside the plan's rows: duties, reviews of the policy and things to mend that are past their day."""

from datetime import date

from schedule.models import DutyOccurrence, PolicyDocument, PolicyFinding
from schedule.recurrence import deadline
from schedule.summaries.plan import AttentionItem
from townhall import fiscal
from townhall.models import ClosingDay, Section

LATE, WORD = "late", "期限切れ"


def overdue_things(*, today: date) -> tuple[AttentionItem, ...]:
    """Four queries. Of every year: what was owed and not done stays until it is done or left out with a reason."""
    closing_days = ClosingDay.days()
    duties = DutyOccurrence.objects.owed().select_related("duty__owner_section")
    documents = PolicyDocument.objects.filter(is_active=True, next_review_on__isnull=False)
    findings = PolicyFinding.objects.open().select_related("owner_section")
    things = [
        *(("義務", str(row), row.get_absolute_url(), row.due_on, row.duty.owner_section) for row in duties),
        *(
            ("ポリシー", f"{row}の見直し", row.get_absolute_url(), row.next_review_on, row.owner_section)
            for row in documents.select_related("owner_section")
        ),
        *(("是正", row.content, row.get_absolute_url(), row.due_on, row.owner_section) for row in findings),
    ]
    dated = [
        (deadline(day, closing_days), label, title, url, section) for label, title, url, day, section in things if day
    ]
    late = sorted((each for each in dated if each[0] < today), key=lambda each: (each[0], each[1], each[3]))
    return tuple(_item(label, title, url, due_on, section, today=today) for due_on, label, title, url, section in late)


def _item(label: str, title: str, url: str, due_on: date, section: Section | None, *, today: date) -> AttentionItem:
    fact = f"期限 {fiscal.format_date(due_on)}を{(today - due_on).days}日過ぎています"
    return AttentionItem(label, title, url, LATE, WORD, section.name if section else "担当課なし", (fact,))


def with_overdue(rows: tuple[AttentionItem, ...], things: tuple[AttentionItem, ...]) -> tuple[AttentionItem, ...]:
    """遅れ first, then what is past its day, then everything that only wants a look."""
    late = tuple(item for item in rows if item.tone == LATE)
    return (*late, *things, *(item for item in rows if item.tone != LATE))
