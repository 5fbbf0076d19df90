"""What every page of the committee in the admin does with a refusal."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render

from townhall.admin_site import TownModelAdmin
from townhall.refusal import Refused

SOURCE = "管理画面"


class RuleAdmin(TownModelAdmin):
    """A refusal by an action becomes a page with its sentence and everything that was typed; nothing is saved."""

    def _or_conflict(self, request: HttpRequest, view: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._or_conflict(request, view, *args, **kwargs)
        except Refused as refused:
            sentences = [refused.sentence]
        except ValidationError as error:
            sentences = error.messages
        labels = {field.name: getattr(field, "verbose_name", "") for field in self.model._meta.get_fields()}
        typed = [(labels[name], value) for name, value in request.POST.items() if value and name in labels]
        context = self.admin_site.each_context(request) | {"sentences": sentences, "typed": typed}
        return render(request, "committee/admin_refused.html", context, status=409)

    def _who(self, request: HttpRequest) -> dict[str, Any]:
        return {"by": request.user, "today": request.today, "source": SOURCE}  # type: ignore[attr-defined]
