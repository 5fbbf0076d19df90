"""指摘と是正: what an audit, an incident or a self-check found, and that it was mended."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from schedule.actions import policy as actions
from schedule.forms.policy import FindingForm, MendForm, ReopenForm
from schedule.models import PolicyDocument, PolicyFinding
from schedule.summaries.policy import finding_line
from townhall.attempt import DONE, INVALID, attempt_if_valid
from townhall.history import changes_of
from townhall.http import PortalRequest
from townhall.models import ClosingDay
from townhall.permissions import Permission, can, refusal, requires

MEND, REOPEN = "mend", "reopen"
CODE = re.compile(r"[-\w]{1,40}", re.ASCII)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_POLICY)
def finding_create(request: PortalRequest) -> HttpResponse:
    finding = PolicyFinding(document=_document_of(request.GET.get("document", "")))
    form = FindingForm(request.POST if request.method == "POST" else None, instance=finding)
    status = 200
    if request.method == "POST":
        made: list[PolicyFinding] = []
        who: dict[str, Any] = {"by": request.user, "today": request.today}
        status = attempt_if_valid(form, lambda: made.append(actions.add_finding(finding, **who)))
        if status == DONE:
            messages.success(request, "指摘を登録しました。担当課に、期限のお知らせが届きます。")
            return redirect(made[0])
    return render(request, "schedule/finding_create.html", {"form": form}, status=status)


def _document_of(code: str) -> PolicyDocument | None:
    """The document whose page was left for the form; nothing for what is no code."""
    return PolicyDocument.objects.filter(code=code).first() if CODE.fullmatch(code) else None


@require_http_methods(["GET", "POST"])
@requires(Permission.VIEW_DUTY)
def finding_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """Recorded as mended by the section it lies with, or by 事務局."""
    finding = get_object_or_404(PolicyFinding.objects.select_related("owner_section", "document"), pk=pk)
    may_record = can(request.user, Permission.MANAGE_DUTY, today=request.today, section=finding.owner_section_id)
    verb, status = request.POST.get("verb", ""), 200
    posted = {}
    if request.method == "POST":
        if not may_record:
            raise PermissionDenied(refusal(Permission.MANAGE_DUTY))
        form, action = _asked_for(verb, finding, request)
        status = attempt_if_valid(form, action) if form is not None else INVALID
        if status == DONE:
            messages.success(request, "記録しました。")
            return redirect(finding)
        if form is None:
            messages.error(request, "どの操作か分からないため、何も保存していません。もう一度ボタンを押してください。")
        posted = {f"{verb}_form": form, "posted": form} if form is not None else {}
    row = PolicyFinding.objects.select_related("owner_section", "document").get(pk=pk)
    context = {
        "finding": row,
        "line": finding_line(row, ClosingDay.days(), today=request.today),
        "changes": changes_of(row),
    }
    if may_record:
        context["mend_form"] = MendForm(instance=row, prefix=MEND)
        context["reopen_form"] = None if row.is_open else ReopenForm(instance=row, prefix=REOPEN)
    return render(request, "schedule/finding_detail.html", context | posted, status=status)


def _asked_for(verb: str, finding: PolicyFinding, request: PortalRequest) -> tuple[Any, Any]:
    """The form behind the pressed button and what it does; (None, None) for a button this page does not have."""
    who: dict[str, Any] = {"by": request.user, "today": request.today}
    if verb == MEND:
        mend = MendForm(request.POST, instance=finding, prefix=MEND)
        return mend, lambda: actions.mend_finding(finding, **who, **_values(mend, "done_on", "done_note"))
    if verb == REOPEN:
        reopen = ReopenForm(request.POST, instance=finding, prefix=REOPEN)
        return reopen, lambda: actions.reopen_finding(finding, **who, **_values(reopen, "reason"))
    return None, None


def _values(form: Any, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data.get(name) for name in ("seen_version", *names)}
