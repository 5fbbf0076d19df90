"""セキュリティポリシー: a new version, a review, what has to be mended and that it was."""

from datetime import date
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from schedule.actions.duties import WrongStateError, mark_done
from schedule.actions.once import create_once
from schedule.choices import ReviewOutcome
from schedule.due_policy import FINDING, POLICY, document_subject, finding_subject
from schedule.models import DutyOccurrence, PolicyDocument, PolicyFinding, PolicyReview, PolicyVersion
from schedule.models.policy import months_after
from schedule.reminders import settle
from townhall.changes import create_row, save_row
from townhall.models import Attachment

SAME_NAME = "この文書名の文書は、もうあります。"
SAME_MOMENT = "ほかの人が同時に文書を加えました。一覧を確かめて、もう一度保存してください。"
# By these two presses of one button are the same document.
WHAT_A_DOCUMENT_IS = ("name", "kind", "is_public", "owner_section_id", "review_months", "next_review_on", "activity_id")
NOT_YET = "まだ来ていない日です。今日までの日を入力してください。"


@transaction.atomic
def create_document(
    document: PolicyDocument, *, by: Any, today: date, source: str = "画面", history_reason: str = ""
) -> PolicyDocument:
    """A document without a code gets the next one of its kind. The same one a second time (pressed twice) is the first.

    Raises ValidationError.
    """
    first = PolicyDocument.objects.filter(name=document.name).first()
    if first is not None and all(getattr(first, name) == getattr(document, name) for name in WHAT_A_DOCUMENT_IS):
        return first
    if first is not None:
        raise ValidationError({"name": SAME_NAME})
    if not document.kind:
        raise ValidationError({"kind": "区分を選んでください。"})
    document.code = document.code or _next_code(document.kind)
    try:
        with transaction.atomic():
            return create_row(document, by=by, today=today, source=source, reason=history_reason)
    except IntegrityError as error:  # two people at the same moment
        raise ValidationError({"name": SAME_MOMENT}) from error


def _next_code(kind: str) -> str:
    """What stands in the address of its page: 「basic」, then 「basic-2」."""
    known = set(PolicyDocument.objects.filter(code__startswith=kind).values_list("code", flat=True))
    codes = (kind if number == 1 else f"{kind}-{number}" for number in count(1))
    return next(code for code in codes if code not in known)


@transaction.atomic
def edit_document(
    document: PolicyDocument,
    *,
    by: Any,
    today: date,
    seen_version: int | None,
    source: str = "画面",
    history_reason: str = "",
) -> PolicyDocument:
    """What it is called, who answers for it, when it is looked at next. Raises StaleVersion, ValidationError."""
    if PolicyDocument.objects.filter(name=document.name).exclude(pk=document.pk).exists():
        raise ValidationError({"name": SAME_NAME})
    return save_row(document, by=by, seen_version=seen_version, today=today, source=source, reason=history_reason)


@transaction.atomic
def add_version(
    version: PolicyVersion,
    *,
    by: Any,
    today: date,
    comparison: Attachment | None = None,
    next_review_on: date | None = None,
    source: str = "画面",
    history_reason: str = "",
) -> PolicyVersion:
    """A revised document; the next review is due then, else so many months after it came into force."""
    version.comparison = comparison
    made = create_once(version, by=by, today=today, source=source, history_reason=history_reason)
    if made is version:
        next_on = next_review_on or months_after(version.in_force_on, version.document.review_months)
        _review_next(version.document, next_on, by=by, today=today, source=source, reason=f"{version.label}の登録")
    return made


@transaction.atomic
def edit_version(
    version: PolicyVersion,
    *,
    by: Any,
    today: date,
    seen_version: int | None,
    comparison: Attachment | None = None,
    source: str = "画面",
    history_reason: str = "",
) -> PolicyVersion:
    """Mend what is written of it; a new 新旧対照表 takes the place of the one before, which is kept in the history."""
    version.comparison = comparison or version.comparison
    return save_row(version, by=by, seen_version=seen_version, today=today, source=source, reason=history_reason)


@transaction.atomic
def record_review(
    review: PolicyReview,
    *,
    by: Any,
    today: date,
    next_review_on: date,
    occurrence: DutyOccurrence | None = None,
    source: str = "画面",
    history_reason: str = "",
) -> PolicyReview:
    """The document was looked at. `occurrence`: the year's duty that is done with it, in the same breath.

    Raises ValidationError, and WrongStateError from the duty; then nothing is saved.
    """
    if review.reviewed_on and review.reviewed_on > today:
        raise ValidationError({"reviewed_on": NOT_YET})
    if review.reviewed_on and next_review_on <= review.reviewed_on:
        raise ValidationError({"next_review_on": "次の見直しの期限は、見直した日より後の日にしてください。"})
    made = create_once(review, by=by, today=today, source=source, history_reason=history_reason)
    if made is not review:
        return made
    _review_next(
        review.document, next_review_on, by=by, today=today, source=source, reason=review.get_outcome_display()
    )
    if occurrence is not None:
        _mark_done_too(review, occurrence, by=by, today=today, source=source)
    return review


@transaction.atomic
def edit_review(
    review: PolicyReview,
    *,
    by: Any,
    today: date,
    seen_version: int | None,
    source: str = "画面",
    history_reason: str = "",
) -> PolicyReview:
    """Mend what is written of it. The next review was counted when it was recorded, and stays."""
    if review.reviewed_on and review.reviewed_on > today:
        raise ValidationError({"reviewed_on": NOT_YET})
    return save_row(review, by=by, seen_version=seen_version, today=today, source=source, reason=history_reason)


def _mark_done_too(review: PolicyReview, occurrence: DutyOccurrence, *, by: Any, today: date, source: str) -> None:
    mark_done(
        occurrence,
        by=by,
        today=today,
        seen_version=occurrence.version,
        done_on=review.reviewed_on,
        evidence=f"{review.document}の見直しの記録",
        note=review.note,
        no_change=review.outcome == ReviewOutcome.NO_CHANGE,
        source=source,
    )


def _review_next(document: PolicyDocument, day: date, *, by: Any, today: date, source: str, reason: str) -> None:
    """Never earlier than it is already: a version entered late must not bring back a day that was passed."""
    settle(kind=POLICY, subject=document_subject(document.pk), reason=f"{reason}が記録されました。")
    if document.next_review_on is not None and document.next_review_on >= day:
        return
    document.next_review_on = day
    save_row(document, by=by, seen_version=document.version, today=today, source=source, reason=reason)


@transaction.atomic
def add_finding(
    finding: PolicyFinding, *, by: Any, today: date, source: str = "画面", history_reason: str = ""
) -> PolicyFinding:
    _require_found(finding, today=today)
    return create_once(finding, by=by, today=today, source=source, history_reason=history_reason)


@transaction.atomic
def edit_finding(
    finding: PolicyFinding,
    *,
    by: Any,
    today: date,
    seen_version: int | None,
    source: str = "画面",
    history_reason: str = "",
) -> PolicyFinding:
    """Mend what is written of it; that it was mended is a step of its own. Raises StaleVersion, ValidationError."""
    _require_found(finding, today=today)
    return save_row(finding, by=by, seen_version=seen_version, today=today, source=source, reason=history_reason)


def _require_found(finding: PolicyFinding, *, today: date) -> None:
    days = {"found_on": finding.found_on, "done_on": finding.done_on}
    if ahead := {name: NOT_YET for name, day in days.items() if day and day > today}:
        raise ValidationError(ahead)


@transaction.atomic
def mend_finding(
    finding: PolicyFinding,
    *,
    by: Any,
    today: date,
    seen_version: int | None,
    done_on: date,
    done_note: str,
    source: str = "画面",
    history_reason: str = "",
) -> PolicyFinding:
    """It is mended, and how; on one mended already it corrects the record. Raises StaleVersion, ValidationError."""
    if done_on > today:
        raise ValidationError({"done_on": NOT_YET})
    finding.done_on, finding.done_note = done_on, done_note
    save_row(finding, by=by, seen_version=seen_version, today=today, source=source, reason=history_reason)
    stop_notices(finding)
    return finding


@transaction.atomic
def reopen_finding(
    finding: PolicyFinding, *, by: Any, today: date, seen_version: int | None, reason: str, source: str = "画面"
) -> PolicyFinding:
    """It was not mended after all; the planner brings the notices back."""
    if finding.is_open:
        raise WrongStateError("まだ「直した」と記録されていません。")
    if not reason.strip():
        raise WrongStateError("取り消す理由を入力してください。")
    finding.done_on, finding.done_note = None, ""
    return save_row(finding, by=by, seen_version=seen_version, today=today, source=source, reason=reason)


def stop_notices(finding: PolicyFinding) -> None:
    if not finding.is_open:
        settle(kind=FINDING, subject=finding_subject(finding.pk), reason="直したと記録されました。")
