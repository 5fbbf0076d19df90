"""What people do to the budget: a line, and one amount after the other. Rules: committee.budget, and constraints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from committee.actions.execution import follow_amount
from committee.actions.once import create_once
from committee.budget import RULES, amount_errors, asks_for_a_reason, stage_refusal
from committee.choices import BudgetStage
from committee.models import BudgetAmount, BudgetLine, BudgetPart
from townhall.changes import StaleVersion, create_row, delete_row, save_row
from townhall.models import User
from townhall.permissions import Permission, can, roles_with
from townhall.refusal import Refused

REASON_NEEDED = "訂正の理由を入力してください。"


@dataclass(frozen=True)
class Figure:
    """What somebody writes down for one stage. `parts`: id of a source → 千円."""

    thousands: int
    decided_on: date
    parts: Mapping[int, int] = field(default_factory=dict)
    result: str = ""
    document_number: str = ""
    note: str = ""


@transaction.atomic
def add_budget_line(line: BudgetLine, *, by: User, today: date, source: str = "画面", reason: str = "") -> BudgetLine:
    """Begin a line. The same creation key a second time gives the first one."""
    _theirs(line, Permission.REQUEST_BUDGET, by=by, today=today)
    _check_links(line)
    twins = BudgetLine.objects.filter(creation_key=line.creation_key)
    return create_once(line, twins, by=by, today=today, source=source, reason=reason)


@transaction.atomic
def edit_budget_line(
    line: BudgetLine, *, by: User, today: date, seen_version: int | None, source: str = "画面", reason: str = ""
) -> BudgetLine:
    """Change the wording, the links or the year of execution. The budget's own year stays once something is voted."""
    held = BudgetLine.objects.select_for_update().get(pk=line.pk)
    _theirs(held, Permission.REQUEST_BUDGET, by=by, today=today)
    _theirs(line, Permission.REQUEST_BUDGET, by=by, today=today)
    _check_links(line)
    if held.budget_year != line.budget_year and held.amounts.filter(stage__in=BudgetStage.VOTED).exists():
        raise ValidationError(
            {"budget_year": "予算が議決された事業の年度は変えられません。新しい事業を加えてください。"}
        )
    return save_row(line, by=by, seen_version=seen_version, today=today, reason=reason, source=source)


def _theirs(line: BudgetLine, permission: Permission, *, by: User, today: date) -> None:
    if not can(by, permission, today=today, section=line.section_id):
        people = "・".join(role.label for role in roles_with(permission))
        raise PermissionDenied(f"この予算を入力できるのは、{people}です（担当課は自分の課の事業だけです）。")


def _check_links(line: BudgetLine) -> None:
    if line.activity is not None and line.activity.initiative_id != line.initiative_id:
        raise ValidationError({"activity": "この行は、選んだ取組の行ではありません。"})


@transaction.atomic
def record_amount(
    line: BudgetLine,
    stage: BudgetStage,
    figure: Figure,
    *,
    number: int = 0,
    by: User,
    today: date,
    now: datetime,
    seen_version: int | None,
    reason: str = "",
    source: str = "画面",
) -> BudgetAmount:
    """Write one stage down, or correct it. `seen_version` is 0 when nothing was recorded; None is refused.

    Raises Refused (the rules of the stage), StaleVersion (somebody was first) and ValidationError (the figures).
    The same figures a second time are the first ones.
    """
    _theirs(line, RULES[stage].permission, by=by, today=today)
    BudgetLine.objects.select_for_update().get(pk=line.pk)
    amounts = {(each.stage_choice, each.number): each for each in BudgetAmount.objects.filter(line_id=line.pk)}
    known = amounts.get((stage, number))
    figure = without_nothing(figure)
    if known is not None and figure_of(known) == figure:
        return known
    if known is not None and seen_version != known.version:
        raise StaleVersion(known, seen_version)
    if seen_version is None or (known is None and seen_version):
        raise StaleVersion(None, seen_version)
    _check(line, stage, figure, amounts=amounts, number=number, reason=reason, today=today)
    amount = known or BudgetAmount(line=line, stage=stage, number=number)
    _set(amount, figure)
    if known is None:
        create_row(amount, by=by, today=today, reason=reason, source=source)
    else:
        save_row(amount, by=by, seen_version=seen_version, today=today, reason=reason, source=source)
    _divide(amount, figure.parts, by=by, today=today, reason=reason, source=source)
    follow_amount(amount, by=by, today=today, now=now)
    return amount


def recorded(amounts: Mapping[tuple[BudgetStage, int], BudgetAmount]) -> dict[BudgetStage, int]:
    """Stage → 千円; supplements together."""
    found: dict[BudgetStage, int] = {}
    for (stage, _), amount in amounts.items():
        found[stage] = found.get(stage, 0) + amount.thousands
    return found


def _check(
    line: BudgetLine,
    stage: BudgetStage,
    figure: Figure,
    *,
    amounts: Mapping[tuple[BudgetStage, int], BudgetAmount],
    number: int,
    reason: str,
    today: date,
) -> None:
    stages = recorded(amounts)
    if refusal := stage_refusal(stage, stages, spending_year=line.spending_year, today=today):
        raise Refused(refusal)
    others = {key: amount for key, amount in amounts.items() if key != (stage, number)}
    errors = amount_errors(
        stage,
        figure.thousands,
        figure.parts,
        result=figure.result,
        recorded=stages,
        voted_without=sum(amount.thousands for (each, _), amount in others.items() if each in BudgetStage.VOTED),
        decided_on=figure.decided_on,
        today=today,
    )
    if (stage, number) in amounts and asks_for_a_reason(stage, stages) and not reason.strip():
        errors["reason"] = REASON_NEEDED
    if errors:
        raise ValidationError(errors)


def figure_of(amount: BudgetAmount) -> Figure:
    return Figure(
        thousands=amount.thousands,
        decided_on=amount.decided_on,
        parts={part.source_id: part.thousands for part in amount.parts.all()},
        result=amount.result,
        document_number=amount.document_number,
        note=amount.note,
    )


def without_nothing(figure: Figure) -> Figure:
    """A source that gives nothing is no part."""
    return Figure(**(vars(figure) | {"parts": {source: part for source, part in figure.parts.items() if part}}))


def _set(amount: BudgetAmount, figure: Figure) -> None:
    for name in ("thousands", "decided_on", "result", "document_number", "note"):
        setattr(amount, name, getattr(figure, name))


def _divide(amount: BudgetAmount, parts: Mapping[int, int], *, by: User, today: date, reason: str, source: str) -> None:
    known = {part.source_id: part for part in amount.parts.all()}
    for source_id, old in known.items():
        if source_id not in parts:
            delete_row(old, by=by, seen_version=old.version, today=today, reason=reason)
    for source_id, thousands in parts.items():
        part = known.get(source_id)
        if part is None:
            new = BudgetPart(amount=amount, source_id=source_id, thousands=thousands)
            create_row(new, by=by, today=today, reason=reason, source=source)
        elif part.thousands != thousands:
            part.thousands = thousands
            save_row(part, by=by, seen_version=part.version, today=today, reason=reason, source=source)
