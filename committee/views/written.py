"""書面開催: one page with all subjects; a member opens it, chooses and sends."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from committee import actions
from committee.forms import WrittenAnswerForm
from committee.models import AgendaItem, WrittenAnswer
from committee.views.asking import FORM_METHODS, meeting_or_404, posted, who
from townhall.attempt import attempt
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires


@dataclass(frozen=True)
class Line:
    item: AgendaItem
    form: WrittenAnswerForm
    status: int  # 0: saved, or nothing was asked


@requires(Permission.ANSWER_MEETING)
@require_http_methods(FORM_METHODS)
def written_answer(request: PortalRequest, number: int) -> HttpResponse:
    meeting = meeting_or_404(number)
    has_seat = meeting.seats.filter(person=request.user, is_member=True).exists()
    items = (
        meeting.items.filter(follows_up=False).order_by("order", "pk")
        if meeting.is_written
        else AgendaItem.objects.none()
    )
    given = {answer.item_id: answer for answer in WrittenAnswer.objects.filter(item__in=items, person=request.user)}
    lines = [_line(request, item, given.get(item.pk)) for item in items] if has_seat else []
    status = max([line.status for line in lines], default=0)
    if request.method == "POST" and lines and not status:
        messages.success(request, "回答しました。期限までは、回答を変えられます。")
        return redirect(meeting)
    refused = request.method == "POST" and not lines
    context = {
        "meeting": meeting,
        "lines": lines,
        "has_seat": has_seat,
        "errors": [e for x in lines for e in _errors(x)],
    }
    return render(request, "committee/written_answer.html", context, status=409 if refused else status or 200)


def _line(request: PortalRequest, item: AgendaItem, given: WrittenAnswer | None) -> Line:
    answer = given or WrittenAnswer(item=item)
    prefix = f"item-{item.pk}"
    asked = request.method == "POST" and (f"{prefix}-vote" in request.POST or given is None)
    form = WrittenAnswerForm(posted(request) if asked else None, instance=answer, prefix=prefix)
    if not asked:
        return Line(item, form, 0)
    if not form.is_valid():
        return Line(item, form, 200)
    if given is not None and set(form.changed_data) <= {"seen_version"}:
        return Line(item, form, 0)
    seen = form.cleaned_data["seen_version"]
    return Line(item, form, attempt(form, lambda: actions.answer_in_writing(answer, seen_version=seen, **who(request))))


def _errors(line: Line) -> list[dict[str, str]]:
    return [
        {"url": f"#item-{line.item.pk}", "text": f"{line.item.title}：{sentence}"}
        for sentences in line.form.errors.values()
        for sentence in sentences
    ]
