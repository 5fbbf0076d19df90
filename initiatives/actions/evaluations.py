"""What people do to the year-end evaluation: choose the letters, evaluate stage by stage, fix the year, correct after that."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from initiatives.choices import EvaluationStage, InitiativeKind
from initiatives.grading import Preset
from initiatives.models import Evaluation, EvaluationGrade, EvaluationScale, EvaluationYear, Initiative, Plan
from townhall import fiscal
from townhall.changes import StaleVersion, System, create_row, save_row
from townhall.permissions import Permission, can, refusal
from townhall.refusal import Refused

# Who speaks for a stage. 課長 and 担当 only for their own section (計画書 7 (4)); the committee's word is written by 事務局 or 委員長.
PERMISSION_OF_STAGE = {
    EvaluationStage.SELF: Permission.EVALUATE,
    EvaluationStage.FIRST: Permission.REVIEW_EVALUATION,
    EvaluationStage.OFFICE: Permission.MANAGE_EVALUATION,
    EvaluationStage.COMMITTEE: Permission.DECIDE,
}


def may_evaluate(by: Any, initiative: Initiative, stage: EvaluationStage, *, today: date) -> bool:
    if isinstance(by, System):
        return True
    return can(by, PERMISSION_OF_STAGE[stage], today=today, section=initiative.owner_section_id or 0)


def _require(by: Any, permission: Permission, *, today: date) -> None:
    if not isinstance(by, System) and not can(by, permission, today=today):
        raise PermissionDenied(refusal(permission))


@transaction.atomic
def adopt_scale(plan: Plan, preset: Preset, *, by: Any, today: date) -> EvaluationScale:
    """Begin with a ready-made scale. A plan that has one keeps it: letters already given must not change their meaning."""
    _require(by, Permission.MANAGE_EVALUATION, today=today)
    if EvaluationScale.objects.filter(plan=plan).exists():
        raise Refused("この計画には、評価の区分がもうあります。管理画面で直してください。")
    scale = EvaluationScale(plan=plan, name=preset.name, source=preset.like)
    create_row(scale, by=by, today=today)
    for order, letter in enumerate(preset.letters, start=1):
        grade = EvaluationGrade(
            scale=scale,
            order=order,
            code=letter.code,
            label=letter.label,
            meaning=letter.meaning,
            is_evaluable=letter.points is not None,
            points=letter.points,
            is_low=letter.is_low,
        )
        create_row(grade, by=by, today=today)
    return scale


@transaction.atomic
def edit_grade(
    grade: EvaluationGrade, *, by: Any, today: date, seen_version: int | None, source: str = "画面"
) -> EvaluationGrade:
    """Wording may be mended; what a letter of a fixed year counts for may not."""
    _require(by, Permission.MANAGE_EVALUATION, today=today)
    before = EvaluationGrade.objects.get(pk=grade.pk)
    counts = ("scale_id", "code", "order", "is_evaluable", "points")
    is_changed = any(getattr(before, name) != getattr(grade, name) for name in counts)
    if is_changed and grade.evaluations.filter(year__fixed_on__isnull=False).exists():
        raise Refused("確定した年度で使われている記号です。記号・並び順・点は変えられません。")
    return save_row(grade, by=by, seen_version=seen_version, today=today, source=source)


@transaction.atomic
def evaluate(
    draft: Evaluation,
    *,
    plan: Plan,
    fiscal_year: int,
    by: Any,
    today: date,
    seen_version: int | None,
    source: str = "画面",
    reason: str = "",
) -> Evaluation:
    """Give or change what one stage says, while the year is open and no later stage has spoken."""
    stage = EvaluationStage(draft.stage)
    if not may_evaluate(by, draft.initiative, stage, today=today):
        raise PermissionDenied(refusal(PERMISSION_OF_STAGE[stage]))
    _check_place(draft, plan, fiscal_year, today=today)
    draft.year = _open_year(plan, fiscal_year, by=by, today=today)
    _check_letter(draft, plan)
    later = [each for each in EvaluationStage if each.order > stage.order]
    spoken = Evaluation.objects.filter(year=draft.year, initiative=draft.initiative, stage__in=later).first()
    if spoken is not None:
        raise Refused(
            f"「{EvaluationStage(spoken.stage).label}」の評価が済んでいるため、「{stage.label}」は変えられません。"
        )
    draft.given_on, draft.given_by = today, by.described_on(today)
    told = {"by": by, "today": today, "source": source, "reason": reason}
    if draft.pk is not None:
        return save_row(draft, seen_version=seen_version, **told)
    return _give_first(draft, **told)


def _give_first(draft: Evaluation, **told: Any) -> Evaluation:
    """Of two people who evaluate the same for the first time, the second is told; the same twice is one press."""
    try:
        with transaction.atomic():
            return create_row(draft, **told)
    except (IntegrityError, ValidationError):
        first = Evaluation.objects.filter(year=draft.year, initiative=draft.initiative, stage=draft.stage).first()
        if first is None:
            raise
        said = ("grade_id", "direction", "comment", "given_by")
        if all(getattr(first, name) == getattr(draft, name) for name in said):
            return first
        raise StaleVersion(first, 0) from None


def _open_year(plan: Plan, fiscal_year: int, *, by: Any, today: date) -> EvaluationYear:
    """The year's row, made when it is first needed and held until the end of the transaction, so that nobody fixes it meanwhile."""
    rows = EvaluationYear.objects.select_for_update().filter(plan=plan, fiscal_year=fiscal_year)
    found = rows.first()
    if found is None:
        try:
            with transaction.atomic():
                return create_row(EvaluationYear(plan=plan, fiscal_year=fiscal_year), by=by, today=today, source="自動")
        except (IntegrityError, ValidationError):
            found = rows.get()
    if found.is_fixed:
        raise Refused(f"{found}は確定しています。変えるには、理由をつけて「訂正する」から行います。")
    return found


def _check_place(draft: Evaluation, plan: Plan, fiscal_year: int, *, today: date) -> None:
    if draft.initiative.plan_id != plan.pk or fiscal_year not in plan.years:
        raise Refused("この計画の期間にない年度か、この計画にない取組です。")
    if draft.initiative.kind == InitiativeKind.STUDY:
        raise Refused("検討事項には、年度評価はありません。検討の状況は進捗報告で示します。")
    if today < fiscal.fiscal_year_start(fiscal_year):
        raise Refused(f"{fiscal.format_fiscal_year(fiscal_year)}はまだ始まっていません。")


def _check_letter(draft: Evaluation, plan: Plan) -> None:
    if draft.grade.scale.plan_id != plan.pk:
        raise ValidationError({"grade": "この計画の評価の区分にない記号です。"})
    if not draft.grade.is_evaluable and not draft.comment.strip():
        raise ValidationError({"comment": f"「{draft.grade.label}」のときは、その理由を意見の欄に入力してください。"})


@transaction.atomic
def fix_year(year: EvaluationYear, *, by: Any, today: date, seen_version: int | None) -> EvaluationYear:
    """確定: from here on letters change only with a reason. Initiatives without the committee's letter stay 評価なし."""
    _require(by, Permission.MANAGE_EVALUATION, today=today)
    held = EvaluationYear.objects.select_for_update().get(pk=year.pk)
    if held.is_fixed:
        raise Refused(f"{held}は、もう確定しています。")
    if not held.evaluations.final().exists():
        raise Refused("委員会の評価が一つもないため、確定できません。")
    held.fixed_on, held.fixed_by = today, by.described_on(today)
    return save_row(held, by=by, seen_version=seen_version, today=today, reason="年度評価を確定")


@transaction.atomic
def correct_evaluation(
    evaluation: Evaluation, *, by: Any, today: date, seen_version: int | None, reason: str
) -> Evaluation:
    """訂正 of a fixed year, by 事務局, with a reason that every later page shows."""
    _require(by, Permission.MANAGE_EVALUATION, today=today)
    if not evaluation.year.is_fixed:
        raise Refused("まだ確定していない年度です。訂正ではなく、評価を直してください。")
    if not reason.strip():
        raise Refused("訂正の理由を入力してください。")
    _check_letter(evaluation, evaluation.year.plan)
    evaluation.correction = reason.strip()[:200]
    return save_row(evaluation, by=by, seen_version=seen_version, today=today, reason=evaluation.correction)
