"""送信記録: what was sent to whom, what became of it, and deciding about a letter that did not arrive."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from schedule import heartbeat
from schedule.actions import reminders as actions
from schedule.choices import MailState
from schedule.forms.reminders import DecisionForm, MailFilterForm
from schedule.models import ReminderMail, ReminderSettings
from schedule.summaries.mails import mail_page, troubles
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, refusal, requires

VERBS = {"resend": actions.resend, "cancel": actions.cancel}
SAVED = {
    "resend": "再送を受け付けました。1分ほどで送ります。結果はこの画面に出ます。",
    "cancel": "取り消しました。このメールは送りません。用件はポータルに残ります。",
}


@require_GET
@requires(Permission.VIEW_SENT_MAIL)
def sent_mail_list(request: PortalRequest) -> HttpResponse:
    form = MailFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    wanted = {name: chosen[name] for name in ("state", "person", "words", "day") if chosen.get(name)}
    page = mail_page(**wanted, number=chosen.get("page") or 1)
    context = {
        "form": form,
        "page": page,
        "is_filtered": bool(wanted),
        "troubles": troubles(),
        "jobs": heartbeat.jobs(),
        "warning": heartbeat.warning(request.now),
        "pause": ReminderSettings.current().pause_sentence,
    }
    return render(request, "schedule/sent_mail_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.VIEW_SENT_MAIL)
def sent_mail_detail(request: PortalRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(ReminderMail.objects.select_related("recipient"), pk=pk)
    may_decide = can(request.user, Permission.MANAGE_SENT_MAIL, today=request.today)
    posted = None
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied(refusal(Permission.MANAGE_SENT_MAIL))
        posted = DecisionForm(request.POST, mail=mail, verb=request.POST.get("verb", ""))
        if decide(request, mail, posted):
            return redirect(mail)
    offered = [
        posted if posted and posted.verb == verb else DecisionForm(mail=mail, verb=verb)
        for verb, states in (("resend", MailState.RESENDABLE), ("cancel", MailState.CANCELLABLE))
        if may_decide and mail.state in states
    ]
    context = {
        "mail": mail,
        "lines": mail.lines.order_by("due_on", "pk"),
        "actions": mail.actions.all(),
        "forms": {form.verb: form for form in offered},
        "posted": posted,
    }
    return render(request, "schedule/sent_mail_detail.html", context, status=422 if posted else 200)


def decide(request: PortalRequest, mail: ReminderMail, form: DecisionForm) -> bool:
    """Run the posted decision; False leaves its sentence in the form."""
    action = VERBS.get(form.verb)
    if action is None:
        form.add_error(None, "どの操作か分からないため、何も変えていません。もう一度ボタンを押してください。")
        return False
    if not form.is_valid():
        return False
    try:
        action(mail, by=request.user, today=request.today, now=request.now, **form.cleaned_data)
    except actions.LetterError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, SAVED[form.verb])
    return True
