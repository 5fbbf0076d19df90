"""出欠: each member for the own seat, 事務局 for all."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from committee import actions
from committee.forms import CorrectionReasonForm, SeatForm
from committee.models import Meeting, Seat
from committee.views.asking import FORM_METHODS, meeting_or_404, posted, who
from townhall.attempt import attempt
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


@dataclass(frozen=True)
class Line:
    seat: Seat
    form: SeatForm
    status: int  # 0 when it was saved, or nothing was asked


@requires(Permission.ANSWER_MEETING)
@require_http_methods(FORM_METHODS)
def attendance_edit(request: PortalRequest, number: int) -> HttpResponse:
    """Each line is its own unit: one that collides waits, the others are saved and say so."""
    meeting = meeting_or_404(number)
    manages = can(request.user, Permission.MANAGE_MEETING, today=request.today)
    seats = meeting.seats.select_related("meeting").order_by("order", "pk")
    mine = seats if manages else seats.filter(person=request.user)
    if meeting.is_closed and not manages and request.method != "POST":
        messages.warning(request, f"{meeting.short_name}の会議は終了しています。出欠は変えられません。")
        return redirect(meeting)
    why = CorrectionReasonForm(posted(request))
    reason = why.cleaned_data["correction_reason"] if why.is_valid() else ""
    lines = [_line(request, seat, reason) for seat in mine]
    status = max([line.status for line in lines], default=0)
    if request.method == "POST" and not status and why.is_valid():
        messages.success(request, "出欠を保存しました。")
        return redirect(meeting)
    context = {
        "meeting": Meeting.objects.get(pk=meeting.pk),
        "lines": lines,
        "why": why,
        "manages": manages,
        "errors": [error for line in lines for error in _errors(line)],
        "saved": sum(request.method == "POST" and not line.status for line in lines),
    }
    return render(request, "committee/attendance_edit.html", context, status=status or 200)


def _line(request: PortalRequest, seat: Seat, reason: str) -> Line:
    form = SeatForm(posted(request), instance=seat, prefix=f"seat-{seat.pk}")
    shown = Seat(pk=seat.pk, seat=seat.seat, is_member=seat.is_member)
    if request.method != "POST" or f"{form.prefix}-state" not in request.POST:
        return Line(shown, SeatForm(instance=seat, prefix=form.prefix), 0)
    if not form.is_valid():
        return Line(shown, form, 200)
    if set(form.changed_data) <= {"seen_version"}:
        return Line(shown, form, 0)
    seen = form.cleaned_data["seen_version"]
    status = attempt(form, lambda: actions.record_attendance(seat, reason=reason, seen_version=seen, **who(request)))
    return Line(shown, form, 0 if _says_the_same(form) else status)


def _says_the_same(form: SeatForm) -> bool:
    """Somebody was first, with the same answer: usually the same person, pressing twice."""
    return form.conflict is not None and not form.conflict.is_deleted and not form.conflict.fields


def _errors(line: Line) -> list[dict[str, str]]:
    """For the list on top of the page, each with the place where to mend it."""
    return [
        {
            "url": f"#{line.form[name if name != '__all__' else 'state'].id_for_label}",
            "text": f"{line.seat.seat}：{sentence}",
        }
        for name, sentences in line.form.errors.items()
        for sentence in sentences
    ]
