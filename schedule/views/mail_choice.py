"""メールの受け取り: a person takes the letters or stops them; every letter links here."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from schedule.actions.sending import choose_mail
from schedule.forms.reminders import MailChoiceForm
from schedule.forms.rounds import AGAIN, DONE
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_PORTAL)
def mail_choice(request: PortalRequest) -> HttpResponse:
    person, status = request.user, 200
    now = {"seen_version": person.version, "wants_mail": "yes" if person.wants_mail else "no"}
    form = MailChoiceForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST":
        status = AGAIN
        if form.is_valid():
            wants = form.cleaned_data["wants_mail"] == "yes"
            status = form.attempt(
                lambda: choose_mail(by=person, today=request.today, seen_version=form.seen, wants_mail=wants)
            )
        if status == DONE:
            messages.success(
                request, "メールを受け取ります。" if wants else "メールを止めました。用件はポータルに出ます。"
            )
            return redirect("mail_choice")
    return render(request, "schedule/mail_choice.html", {"form": form, "person": person}, status=status)
