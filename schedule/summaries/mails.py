"""送信記録: one page of the letters, newest first. A fixed number of queries, and never a count of the whole ledger."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from schedule.choices import MailState
from schedule.models import ReminderLine, ReminderMail
from townhall import fiscal
from townhall.models import User

PAGE_LENGTH = 50


@dataclass(frozen=True)
class MailPage:
    mails: tuple[ReminderMail, ...]  # each with `line_count`
    number: int
    has_next: bool

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def next_number(self) -> int:
        return self.number + 1


def mail_page(
    *, state: str = "", person: User | None = None, words: str = "", day: date | None = None, number: int = 1
) -> MailPage:
    """`words` are looked for in the subject and in what the letter lists; `day` is the town's day it was made on."""
    mails = ReminderMail.objects.select_related("recipient").annotate(line_count=Count("lines"))
    if state:
        mails = mails.filter(state=state)
    if person is not None:
        mails = mails.filter(recipient=person)
    if words:
        named = ReminderLine.objects.filter(mail=OuterRef("pk"), title__icontains=words)
        mails = mails.filter(Q(subject__icontains=words) | Exists(named))
    if day is not None:
        begins = datetime.combine(day, time(), tzinfo=fiscal.TOWN_TIME)
        mails = mails.filter(created_at__gte=begins, created_at__lt=begins + timedelta(days=1))
    first = (number - 1) * PAGE_LENGTH
    # One more than is shown tells whether there is a next page, without counting.
    found = list(mails.order_by("-created_at", "-pk")[first : first + PAGE_LENGTH + 1])
    return MailPage(tuple(found[:PAGE_LENGTH]), number, has_next=len(found) > PAGE_LENGTH)


@dataclass(frozen=True)
class Troubles:
    """Letters that wait for a person's decision."""

    failed: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        return self.failed + self.unknown

    @property
    def sentence(self) -> str:
        """「失敗 2通、送達不明 1通」; empty when there are none."""
        parts = [f"失敗 {self.failed}通"] if self.failed else []
        parts += [f"送達不明 {self.unknown}通"] if self.unknown else []
        return "、".join(parts)


def troubles() -> Troubles:
    """One query over the index of states; also for the secretariat's home."""
    counts = dict(ReminderMail.objects.need_a_person().order_by().values_list("state").annotate(number=Count("pk")))
    return Troubles(failed=counts.get(MailState.FAILED, 0), unknown=counts.get(MailState.UNKNOWN, 0))
