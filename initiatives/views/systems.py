"""標準化20業務: the board, one 業務, and editing it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions import systems as actions
from initiatives.forms.systems import StepForm, SystemForm, step_forms
from initiatives.models import Initiative, Plan, StandardizedSystem
from initiatives.summaries.systems import DUE_CHOICES, system_board, system_page
from townhall.history import changes_of
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, refusal, requires, sections_open_to

FORM_METHODS = ["GET", "HEAD", "POST"]
INITIATIVE = "6"  # 計画書 5 (1) 6 情報システムの標準化・共通化


@require_safe
@requires(Permission.VIEW_SYSTEM)
def system_list(request: PortalRequest) -> HttpResponse:
    board = system_board(today=request.today)
    section, due = request.GET.get("section", ""), request.GET.get("due", "")
    known_section = section if section in dict(board.section_choices) else ""
    known_due = due if due in dict(DUE_CHOICES) else ""
    context = {
        "board": board,
        "lines": board.chosen(section=known_section, due=known_due),
        "section": known_section,
        "due": known_due,
        "due_choices": DUE_CHOICES,
        "is_misread": (section, due) != (known_section, known_due),
        "may_import": can(request.user, Permission.IMPORT_MINISTRY, today=request.today),
        "initiative": _initiative(request),
    }
    return render(request, "initiatives/system_list.html", context)


@requires(Permission.VIEW_SYSTEM)
@require_safe
def system_detail(request: PortalRequest, code: str) -> HttpResponse:
    system = _system(code)
    context = {
        "system": system,
        "page": system_page(system, today=request.today),
        "steps": system.steps.all(),
        "may_edit": _may_edit(request, system),
        "initiative": _initiative(request),
        "sees_history": can(request.user, Permission.VIEW_HISTORY, today=request.today),
        "today": request.today,
    }
    if context["sees_history"]:
        context["changes"] = changes_of(system)
    return render(request, "initiatives/system_detail.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_SYSTEM)
def system_edit(request: PortalRequest, code: str) -> HttpResponse:
    system = _own_system(request, code)
    form = SystemForm(
        request.POST if request.method == "POST" else None,
        instance=system,
        today=request.today,
        may_choose_section=sections_open_to(request.user, Permission.MANAGE_SYSTEM, today=request.today) is None,
    )
    if form.is_valid() and form.save_as(by=request.user, today=request.today):
        messages.success(request, f"{system}を保存しました。")
        return redirect(system)
    status = 409 if form.conflict else 422 if form.errors else 200
    return render(request, "initiatives/system_edit.html", {"form": form, "system": system}, status=status)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_SYSTEM)
def system_steps(request: PortalRequest, code: str) -> HttpResponse:
    """All steps of one 業務 at once; what was not touched is not saved, and with one refusal nothing is."""
    system = _own_system(request, code)
    if request.method == "POST" and "template" in request.POST:
        made = actions.take_template(system, by=request.user, today=request.today)
        messages.success(
            request, f"ひな形から{len(made)}件の手順を加えました。" if made else "加える手順はありません。"
        )
        return redirect("system_steps", code=system.code)
    forms = step_forms(system, request.POST if request.method == "POST" else None, today=request.today)
    status = _save_steps(request, forms) if request.method == "POST" else 200
    if not status:
        return redirect(system)
    errors = [
        {
            "url": f"#{form[name].id_for_label}" if name in form.fields else "",
            "text": f"{form.instance.name}：{sentence}",
        }
        for form in forms
        if form.is_bound
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
    context = {"system": system, "forms": forms, "errors": errors}
    return render(request, "initiatives/system_steps.html", context, status=status)


def _save_steps(request: PortalRequest, forms: list[StepForm]) -> int:
    """0 when all is saved, else the status of the page that says why not."""
    if not all([form.is_valid() for form in forms]):  # noqa: C419 - every form is to say what is wrong with it
        return 422
    # Against the rows as they are now: what somebody else has changed meanwhile counts, and is refused as a conflict.
    touched = [form for form in forms if set(form.changed_data) - {"seen_version"}]
    with transaction.atomic():
        saved = [form.save_as(by=request.user, today=request.today) for form in touched]
        if not all(saved):
            transaction.set_rollback(True)
            return 409 if any(form.conflict for form in touched) else 422
    messages.success(request, f"{len(touched)}件の手順を保存しました。" if touched else "変わったところはありません。")
    return 0


def _system(code: str) -> StandardizedSystem:
    return get_object_or_404(StandardizedSystem.objects.select_related("owner_section"), code=code)


def _may_edit(request: PortalRequest, system: StandardizedSystem) -> bool:
    """A 業務 without 主管課 is edited by those who may edit every one."""
    section: Any = system.owner_section_id or 0
    return can(request.user, Permission.MANAGE_SYSTEM, today=request.today, section=section)


def _own_system(request: PortalRequest, code: str) -> StandardizedSystem:
    system = _system(code)
    if not _may_edit(request, system):
        raise PermissionDenied(refusal(Permission.MANAGE_SYSTEM))
    return system


def _initiative(request: PortalRequest) -> Initiative | None:
    plan = Plan.objects.current(today=request.today)
    return Initiative.objects.filter(plan=plan, code=INITIATIVE).first() if plan else None
