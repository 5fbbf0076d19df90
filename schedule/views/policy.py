"""セキュリティポリシー: the documents, one of them, its versions and reviews."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from schedule.actions import policy as actions
from schedule.forms.policy import DocumentForm, ReviewForm, VersionForm
from schedule.models import PolicyDocument, PolicyReview, PolicyVersion
from schedule.summaries.policy import document_line, finding_line, policy_board
from townhall.attachment_guard import AttachmentError
from townhall.attachments import attachment_response, keep_attachment, read_upload
from townhall.attempt import DONE, attempt_if_valid
from townhall.history import changes_of
from townhall.http import PortalRequest
from townhall.models import Attachment, ClosingDay
from townhall.permissions import Permission, can, requires

FORM_METHODS = ["GET", "POST"]


@require_GET
@requires(Permission.VIEW_DUTY)
def policy_list(request: PortalRequest) -> HttpResponse:
    context = {"board": policy_board(today=request.today), "manages": _manages(request)}
    return render(request, "schedule/policy_list.html", context)


@require_GET
@requires(Permission.VIEW_DUTY)
def policy_detail(request: PortalRequest, code: str) -> HttpResponse:
    document = _document_or_404(code)
    closing_days = ClosingDay.days()
    findings = document.findings.select_related("owner_section", "document")
    context = {
        "document": document,
        "line": document_line(document, closing_days, today=request.today),
        "versions": document.versions.select_related("comparison"),
        "reviews": document.reviews.all(),
        "findings": [finding_line(each, closing_days, today=request.today) for each in findings],
        "changes": changes_of(document),
        "manages": _manages(request),
        "as_of": request.today,
    }
    return render(request, "schedule/policy_detail.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_POLICY)
def policy_create(request: PortalRequest) -> HttpResponse:
    document = PolicyDocument(is_example=False)
    form = DocumentForm(request.POST if request.method == "POST" else None, instance=document)
    status = 200
    if request.method == "POST":
        made: list[PolicyDocument] = []
        who: dict[str, Any] = {"by": request.user, "today": request.today}
        status = attempt_if_valid(form, lambda: made.append(actions.create_document(document, **who)))
        if status == DONE:
            messages.success(request, f"{made[0]}を加えました。次に、いまの版を登録してください。")
            return redirect(made[0])
    return render(request, "schedule/policy_create.html", {"form": form}, status=status)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_POLICY)
def policy_edit(request: PortalRequest, code: str) -> HttpResponse:
    document = _document_or_404(code)
    form = DocumentForm(request.POST if request.method == "POST" else None, instance=document)
    status = 200
    if request.method == "POST":
        status = attempt_if_valid(form, lambda: _save(form, document, request))
        if status == DONE:
            messages.success(request, f"{document}を保存しました。")
            return redirect(document)
    context = {"document": _document_or_404(code), "form": form, "changes": changes_of(document)}
    return render(request, "schedule/policy_edit.html", context, status=status)


def _save(form: DocumentForm, document: PolicyDocument, request: PortalRequest) -> PolicyDocument:
    seen = form.cleaned_data.get("seen_version")
    return actions.edit_document(document, by=request.user, today=request.today, seen_version=seen)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_POLICY)
def policy_version_create(request: PortalRequest, code: str) -> HttpResponse:
    document = _document_or_404(code)
    version = PolicyVersion(document=document)
    form = VersionForm(*_posted(request), instance=version)
    status = 200
    if request.method == "POST":
        status = _attempt_with_file(
            form, request, lambda **values: actions.add_version(version, by=request.user, today=request.today, **values)
        )
        if status == DONE:
            messages.success(request, f"{version}を登録しました。")
            return redirect(document)
    context = {"document": document, "form": form}
    return render(request, "schedule/policy_version_create.html", context, status=status)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_POLICY)
def policy_version_edit(request: PortalRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(PolicyVersion.objects.select_related("document", "comparison"), pk=pk)
    form = VersionForm(*_posted(request), instance=version)
    status = 200
    if request.method == "POST":
        status = _attempt_with_file(form, request, lambda **values: _edit(form, version, request, **values))
        if status == DONE:
            messages.success(request, f"{version}を保存しました。")
            return redirect(version.document)
    context = {"document": version.document, "version": version, "form": form, "changes": changes_of(version)}
    return render(request, "schedule/policy_version_edit.html", context, status=status)


def _edit(form: VersionForm, version: PolicyVersion, request: PortalRequest, **values: Any) -> PolicyVersion:
    seen = form.cleaned_data.get("seen_version")
    return actions.edit_version(version, by=request.user, today=request.today, seen_version=seen, **values)


def _posted(request: PortalRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _attempt_with_file(form: VersionForm, request: PortalRequest, action: Any) -> int:
    """Keep the file only together with the row; what is wrong with it stands beside its field."""

    def act() -> None:
        upload = form.cleaned_data["file"]
        kept: Attachment | None = None
        if upload:
            try:
                data = read_upload(upload)
                kept = keep_attachment(upload.name or "", data, by=request.user, today=request.today, now=request.now)
            except AttachmentError as error:
                raise ValidationError({"file": str(error)}) from error
        action(comparison=kept)

    return attempt_if_valid(form, act)


@require_GET
@requires(Permission.VIEW_DUTY)
def policy_comparison(request: PortalRequest, pk: int) -> HttpResponse:
    """新旧対照表 of one version, as a file."""
    version = get_object_or_404(PolicyVersion.objects.select_related("comparison"), pk=pk)
    if version.comparison is None:
        raise Http404
    return attachment_response(version.comparison)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_POLICY)
def policy_review_create(request: PortalRequest, code: str) -> HttpResponse:
    document = _document_or_404(code)
    review = PolicyReview(document=document)
    data = request.POST if request.method == "POST" else None
    form = ReviewForm(data, instance=review, document=document, today=request.today)
    status = 200
    if request.method == "POST":
        status = attempt_if_valid(form, lambda: _review(form, review, request))
        if status == DONE:
            messages.success(request, f"{document}の見直しを記録しました（{review.get_outcome_display()}）。")
            return redirect(document)
    context = {"document": document, "form": form}
    return render(request, "schedule/policy_review_create.html", context, status=status)


def _review(form: ReviewForm, review: PolicyReview, request: PortalRequest) -> PolicyReview:
    return actions.record_review(
        review,
        by=request.user,
        today=request.today,
        next_review_on=form.cleaned_data["next_review_on"],
        occurrence=form.cleaned_data["occurrence"],
    )


def _document_or_404(code: str) -> PolicyDocument:
    documents = PolicyDocument.objects.select_related("owner_section").prefetch_related("versions", "reviews")
    return get_object_or_404(documents, code=code)


def _manages(request: PortalRequest) -> bool:
    return can(request.user, Permission.MANAGE_POLICY, today=request.today)
