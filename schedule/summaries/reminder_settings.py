"""What the page 設定 says beside the form."""

import re
from dataclasses import replace

from schedule import sources
from schedule.choices import MailState
from schedule.models import ReminderMail, ReminderSettings
from townhall.history import Change, FieldChange, changes_in

NEWEST_CHANGES = 10
OF_KINDS = {"知らせる日", "頼んだ日からの期限（開庁日）", "メールにしない種類"}  # the fields of the row that hold slugs


def withheld_letters() -> int:
    """Over the index of states; a pause keeps back a few days' letters, not the ledger."""
    return ReminderMail.objects.filter(state=MailState.WITHHELD).count()


def last_letter() -> ReminderMail | None:
    """The newest letter that was accepted; the ledger is read from its end."""
    return ReminderMail.objects.filter(state=MailState.SENT).order_by("-pk").first()


def settings_history() -> list[Change]:
    """The newest changes, without the first state of the row before them."""
    newest = ReminderSettings.history.order_by("-history_date", "-history_id")[: NEWEST_CHANGES + 1]
    known = list(newest.values_list("history_id", flat=True))
    changes = changes_in(ReminderSettings.history.filter(history_id__in=known))[:NEWEST_CHANGES]
    return [replace(change, fields=tuple(_in_words(field) for field in change.fields)) for change in changes]


def _in_words(field: FieldChange) -> FieldChange:
    """The kinds by their labels instead of their slugs."""
    old, new = field.old, field.new
    if field.label in OF_KINDS:
        for slug, kind in sources.all_kinds().items():
            pattern = rf"(^|、){re.escape(slug)}(?=：|、|$)"
            old, new = (re.sub(pattern, rf"\g<1>{kind.label}", text) for text in (old, new))
    return replace(field, old=old, new=new)
