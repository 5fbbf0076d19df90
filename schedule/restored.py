"""Was the database put back from a backup? Then nobody knows which letters have left since, so none leaves by itself.

The data folder remembers the last letter beside the database: a database that does not know that letter is an older one.
"""

import logging
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from schedule.actions import sending
from schedule.models import ReminderMail, ReminderSettings
from townhall.changes import StaleVersion, System

logger = logging.getLogger(__name__)

MARK = "last-letter"  # in the data folder; no part of a backup
REASON = "データベースがバックアップから復元されました。すでに送った手紙があるかもしれません"


def remember(mail: ReminderMail) -> None:
    """After a letter has left. A folder that cannot be written stops no letter."""
    mark = _mark()
    try:
        fresh = mark.with_suffix(f".{os.getpid()}")
        fresh.write_text(f"{mail.pk} {mail.message_id}\n", encoding="utf-8")
        fresh.replace(mark)
    except OSError as error:
        logger.warning("the last letter cannot be noted: %s", error)


def withhold_after_restore(*, now: datetime) -> bool:
    """Stop the mail when the database is older than the last letter, once: going on is for a person to decide."""
    if not _is_older_database():
        return False
    row = ReminderSettings.current()
    try:
        with transaction.atomic():
            sending.pause(
                by=System("自動処理"), today=timezone.localdate(now), now=now, seen_version=row.seen, reason=REASON
            )
    except (sending.SendingError, StaleVersion):
        logger.info("sending is stopped already")
    _mark().unlink(missing_ok=True)
    return True


def _is_older_database() -> bool:
    try:
        pk, _, message_id = _mark().read_text(encoding="utf-8").strip().partition(" ")
    except (OSError, UnicodeDecodeError):
        return False
    return pk.isdecimal() and not ReminderMail.objects.filter(pk=int(pk), message_id=message_id).exists()


def _mark() -> Path:
    return Path(settings.DATA_DIR) / MARK
