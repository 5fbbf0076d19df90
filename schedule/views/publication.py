"""公開前チェック and the record of what was published."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from initiatives.models import Plan
from schedule.actions import publication as actions
from schedule.forms.publication import PublicLettersForm, PublicLineForm, PublishForm, WithdrawForm
from schedule.models import Activity, ProgressReport, Publication, PublicLine
from schedule.public.candidate import round_rows
from schedule.summaries import publication as summaries
from townhall.attempt import DONE, attempt_if_valid
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires

FORM_METHODS = ["GET", "POST"]


@require_http_methods(FORM_METHODS)
@requires(Permission.PUBLISH)
def publication_check(request: PortalRequest) -> HttpResponse:
    plan = Plan.objects.current(today=request.today)
    if plan is None:
        return render(request, "schedule/publication_check.html", {"check": None})
    form = PublishForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = attempt_if_valid(form, lambda: _publish(form, plan, request))
        if status == DONE:
            return redirect("publication_check")
    check = summaries.publication_check(plan, today=request.today)
    form.initial["seen_stamp"] = check.stamp
    context = {
        "check": check,
        "form": form,
        "stamp": check.stamp,
        "publications": Publication.objects.without_content().select_related("withdrawal", "round"),
    }
    return render(request, "schedule/publication_check.html", context, status=status)


def _publish(form: PublishForm, plan: Plan, request: PortalRequest) -> None:
    made = actions.publish(
        plan,
        by=request.user,
        today=request.today,
        now=request.now,
        seen_stamp=form.cleaned_data["seen_stamp"],
        is_confirmed=form.cleaned_data["is_confirmed"],
    )
    if made.published_at == request.now:
        messages.success(request, f"公開しました（第{made.number}号）。住民向けのページに出ています。")
    else:
        messages.info(request, f"第{made.number}号から変わったところがないため、新しく公開しませんでした。")


@require_http_methods(FORM_METHODS)
@requires(Permission.PUBLISH)
def public_line_flag(request: PortalRequest) -> HttpResponse:
    """Flag what is accepted and undecided, in one press; a reader of its address goes back to the check."""
    if request.method != "POST":
        return redirect("publication_check")
    plan = Plan.objects.current(today=request.today)
    flagged = actions.flag_accepted(plan, by=request.user, today=request.today) if plan else []
    messages.success(request, f"確認済の行 {len(flagged)}件の状況を公開にしました。まだ公開していません。")
    return redirect("publication_check")


@require_http_methods(FORM_METHODS)
@requires(Permission.PUBLISH)
def public_line_edit(request: PortalRequest, code: str) -> HttpResponse:
    """One row of the newest closed round: is it public, and in which words."""
    plan = Plan.objects.current(today=request.today)
    rows = Activity.objects.select_related("initiative__owner_section", "owner_section")
    activity = get_object_or_404(rows, plan=plan, code=code)
    held = round_rows(activity.plan)
    if held.round is None:
        messages.warning(request, "締め切った期がまだないため、行ごとの公開は決められません。")
        return redirect("publication_check")
    line = held.lines.get(activity.pk) or PublicLine(activity=activity, round=held.round)
    form = PublicLineForm(request.POST if request.method == "POST" else None, instance=line)
    status = 200
    if request.method == "POST":
        status = attempt_if_valid(form, lambda: _save(form, line, request))
        if status == DONE:
            messages.success(request, f"{activity.label}を保存しました。公開するまで、住民には見えません。")
            return redirect("publication_check")
    context = {
        "form": form,
        "activity": activity,
        "round": held.round,
        "report": held.reports.get(activity.pk) or ProgressReport(),
        "before": activity.public_lines.exclude(round=held.round).order_by("-pk").first(),
    }
    return render(request, "schedule/public_line_edit.html", context, status=status)


def _save(form: PublicLineForm, line: PublicLine, request: PortalRequest) -> PublicLine:
    seen = form.cleaned_data.get("seen_version")
    return actions.save_public_line(line, by=request.user, today=request.today, seen_version=seen)


@require_http_methods(FORM_METHODS)
@requires(Permission.PUBLISH)
def public_letters_edit(request: PortalRequest, year: int) -> HttpResponse:
    """年度評価 of one fixed year: which letters residents read."""
    plan = Plan.objects.current(today=request.today)
    found = summaries.letter_years(plan) if plan else []
    letters = next((each for each in found if each.year.fiscal_year == year), None)
    if letters is None:
        raise Http404("確定した年度評価がありません。")
    form = PublicLettersForm(request.POST if request.method == "POST" else None, letters=letters)
    status = 200
    if request.method == "POST":
        status = attempt_if_valid(form, lambda: _choose(form, letters, request))
        if status == DONE:
            return redirect("publication_check")
    context = {"form": form, "letters": letters, "stamp": letters.stamp}
    return render(request, "schedule/public_letters_edit.html", context, status=status)


def _choose(form: PublicLettersForm, letters: summaries.LetterYear, request: PortalRequest) -> None:
    public, seen = set(form.cleaned_data["public"]), form.cleaned_data["seen_stamp"]
    changed = actions.choose_letters(letters.year, public=public, seen_stamp=seen, by=request.user, today=request.today)
    said = (
        f"{len(changed)}件を変えました。公開するまで、住民には見えません。"
        if changed
        else "変わるところはありませんでした。"
    )
    messages.success(request, f"{letters.year}：{said}")


@require_GET
@requires(Permission.PUBLISH)
def publication_detail(request: PortalRequest, number: int) -> HttpResponse:
    publication = _publication(number)
    context = {"publication": publication, "content": publication.shown}
    return render(request, "schedule/publication_detail.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.PUBLISH)
def publication_withdraw(request: PortalRequest, number: int) -> HttpResponse:
    publication = _publication(number)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    status = 200
    if publication.is_withdrawn:
        messages.info(request, f"第{number}号は、もう取り下げています。")
        return redirect(publication)
    if request.method == "POST":
        status = attempt_if_valid(form, lambda: _withdraw(form, publication, request))
        if status == DONE:
            messages.success(request, f"第{number}号を取り下げました。")
            return redirect("publication_check")
    before = Publication.objects.standing().exclude(number=number).without_content().first()
    context = {"publication": publication, "form": form, "before": before}
    return render(request, "schedule/publication_withdraw.html", context, status=status)


def _withdraw(form: WithdrawForm, publication: Publication, request: PortalRequest) -> None:
    reason = form.cleaned_data["reason"]
    actions.withdraw(publication, by=request.user, today=request.today, now=request.now, reason=reason)


def _publication(number: int) -> Publication:
    return get_object_or_404(Publication.objects.select_related("withdrawal", "round", "plan"), number=number)
