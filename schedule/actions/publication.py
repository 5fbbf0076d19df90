"""住民向けの公開: choose what residents see, freeze it, take it back (R11)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from initiatives.models import Evaluation, EvaluationYear, Plan
from schedule.actions.duties import WrongStateError
from schedule.choices import ReportState
from schedule.models import Publication, PublicLine, Withdrawal
from schedule.public.candidate import round_rows
from schedule.public.content import as_json, mark_of
from schedule.summaries.publication import letter_years, publication_check
from townhall.cells import clean_text
from townhall.changes import create_row, save_row
from townhall.models import User
from townhall.permissions import Permission, can, refusal


class NotPublishedError(WrongStateError):
    """Nothing was published; the sentence says why."""


class ChangedSinceLookedError(NotPublishedError):
    """What would be public is no longer what the person looked at."""


@transaction.atomic
def save_public_line(line: PublicLine, *, by: User, today: date, seen_version: int | None) -> PublicLine:
    """Flag a row's standing in a round and write its words for residents. Raises ValidationError and StaleVersion."""
    _require(by, today=today)
    if line.pk is None:
        return create_row(line, by=by, today=today)
    return save_row(line, by=by, seen_version=seen_version, today=today)


@transaction.atomic
def flag_accepted(plan: Plan, *, by: User, today: date) -> list[PublicLine]:
    """Flag every accepted row of the newest closed round that nobody has decided on yet; words stay empty.

    A row that somebody has switched off stays off. Doing it twice is the same as once.
    """
    _require(by, today=today)
    held = round_rows(plan)
    accepted = [pk for pk, report in held.reports.items() if report.state == ReportState.ACCEPTED]
    new = [PublicLine(activity_id=pk, round=held.round, is_public=True) for pk in accepted if pk not in held.lines]
    return [create_row(line, by=by, today=today, reason="確認済の行をまとめて公開にした") for line in new]


@transaction.atomic
def choose_letters(
    year: EvaluationYear, *, public: Collection[int], seen_stamp: str, by: User, today: date
) -> list[Evaluation]:
    """Say of each of the committee's letters of a fixed year whether residents read it; what changed comes back.

    `public` are their numbers, `seen_stamp` that of what the person looked at (`LetterYear.stamp`). Raises
    ChangedSinceLookedError when a letter was corrected or chosen meanwhile.
    """
    _require(by, today=today)
    held = EvaluationYear.objects.select_for_update().select_related("plan").get(pk=year.pk)
    looked_at = next((each for each in letter_years(held.plan) if each.year == held), None)
    if looked_at is None:
        raise NotPublishedError("まだ確定していない年度の評価は、公開できません。")
    if looked_at.stamp != seen_stamp:
        raise ChangedSinceLookedError(
            "画面を開いたあとに、評価が変わりました。保存していません。もう一度選んでください。"
        )
    changed = [each for each in looked_at.letters if each.is_public != (each.pk in public)]
    for each in changed:
        each.is_public = not each.is_public
        save_row(each, by=by, seen_version=each.version, today=today, reason="住民に公開するかを決めた")
    return changed


@transaction.atomic
def publish(
    plan: Plan, *, by: User, today: date, now: datetime, seen_stamp: str, is_confirmed: bool = False
) -> Publication:
    """公開する: freeze what was looked at. Pressing twice is the same as once: without a change, the one there is.

    `seen_stamp` is that of the check the person looked at. Raises NotPublishedError when a text holds what must not be
    published, or what may not and nobody has confirmed; ChangedSinceLookedError when a text was changed meanwhile.
    """
    _require(by, today=today)
    held = Plan.objects.select_for_update().get(pk=plan.pk)  # two people pressing at once make one
    check = publication_check(held, today=today)
    if check.stamp != seen_stamp:
        raise ChangedSinceLookedError(
            "確認の画面を開いたあとに、公開する内容が変わりました。公開していません。もう一度確かめてください。"
        )
    last = check.last
    if last is not None and not check.is_new:
        return last
    _refuse_what_is_wrong([each.sentence for each in check.stopping], check.doubtful, is_confirmed)
    content = as_json(check.with_changes)
    number = Publication.objects.order_by("-number").values_list("number", flat=True).first() or 0
    return Publication.objects.create(
        number=number + 1,
        plan=held,
        round=check.round,
        as_of=today,
        content=content,
        sha256=mark_of(content),
        published_at=now,
        published_by=by.described_on(today),
    )


def _refuse_what_is_wrong(stopping: list[str], doubtful: Iterable[object], is_confirmed: bool) -> None:
    if stopping:
        raise NotPublishedError("公開できない言葉があるため、公開していません。下の表の文を直してください。")
    if any(True for _ in doubtful) and not is_confirmed:
        raise NotPublishedError("注意の言葉があります。確かめて「確かめました」に印をつけてから、公開してください。")


@transaction.atomic
def withdraw(publication: Publication, *, by: User, today: date, now: datetime, reason: str) -> Withdrawal:
    """取下げ: residents see the publication before it, or 準備中. Twice is the same as once."""
    _require(by, today=today)
    # Held first and asked after: who had to wait for the row would be told what stood beside it before.
    held = Publication.objects.select_for_update().without_content().get(pk=publication.pk)
    if held.is_withdrawn:
        return held.withdrawal
    made = Withdrawal(
        publication=held, reason=clean_text(reason).strip(), withdrawn_at=now, withdrawn_by=by.described_on(today)
    )
    made.full_clean()
    made.save()
    return made


def _require(by: User, *, today: date) -> None:
    if not can(by, Permission.PUBLISH, today=today):
        raise PermissionDenied(refusal(Permission.PUBLISH))
