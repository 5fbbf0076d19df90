"""The Django admin as a second entrance: the portal's own door, the portal's own permissions table."""

from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator

from townhall.changes import StaleVersion, VersionedModel, create_row, save_row
from townhall.forms import VersionedAdminForm
from townhall.history import changes_in
from townhall.permissions import Permission, can, refusal, sections_open_to
from townhall.refusal import Refused

SOURCE = "管理画面"  # of the history


class PortalAdminSite(admin.AdminSite):
    site_header = "DX推進ポータル 管理画面"
    site_title = "大多喜町DX推進ポータル"
    index_title = "管理画面"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """The table decides, not `is_staff`."""
        return can(request.user, Permission.USE_ADMIN, today=request.today)  # type: ignore[attr-defined]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Who is logged in and may not enter is told so, instead of being asked to log in again."""
        inside = super().admin_view(view, cacheable)

        @wraps(inside)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied(refusal(Permission.USE_ADMIN))
            return inside(request, *args, **kwargs)

        return guarded

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Django's own form would be a second door, without the throttle and the second factor of the first."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
        if not self.has_permission(request):
            raise PermissionDenied(refusal(Permission.USE_ADMIN))
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def get_urls(self) -> list[Any]:
        """Without the jump to any object of any model: it would tell which of them exist."""
        return [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"site_url": "/"}


def close_foreign_rooms() -> None:
    """Libraries register their models with Django's own permissions, which the permissions table knows nothing of."""
    for model, room in list(admin.site._registry.items()):
        if not isinstance(room, TownModelAdmin):
            admin.site.unregister(model)


class TownModelAdmin(admin.ModelAdmin):
    """Every model's admin: the permissions table decides, saving compares versions, history has a diff.

    Nothing is deleted here: rows are ended, skipped or withdrawn, so that what points to them stays true.
    """

    view_permission = Permission.USE_ADMIN
    change_permission = Permission.EDIT_PLAN
    form: type[forms.ModelForm] = VersionedAdminForm
    actions = None
    object_history_template = "admin/town_history.html"
    list_per_page = 100

    def _can(self, request: HttpRequest, permission: Permission) -> bool:
        """For the whole town: the admin lists every section, so a permission for the own one opens nothing here."""
        return sections_open_to(request.user, permission, today=request.today) is None  # type: ignore[attr-defined]

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Straight to the page, which decides for itself who may see it."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._can(request, self.view_permission)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._can(request, self.view_permission) or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._can(request, self.change_permission)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._can(request, self.change_permission)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """A key that is a relation takes any number, and SQLite not."""
        try:
            return super().get_object(request, object_id, from_field)
        except OverflowError:
            return None

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, form=self.form, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Create or save through townhall.changes; StaleVersion is answered by the views below."""
        today = request.today  # type: ignore[attr-defined]
        if not change:
            create_row(obj, by=request.user, today=today, source=SOURCE)
            return
        seen = form.cleaned_data.get("seen_version")
        save_row(obj, by=request.user, seen_version=seen, today=today, source=SOURCE)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._or_conflict(request, super().changeform_view, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._or_conflict(request, super().changelist_view, *args, **kwargs)

    def _or_conflict(self, request: HttpRequest, view: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return view(request, *args, **kwargs)
        except StaleVersion as stale:
            typed = [(k, v) for k, v in request.POST.items() if v and k not in ("csrfmiddlewaretoken", "_save")]
            context = self.admin_site.each_context(request) | {"sentence": stale.sentence, "typed": typed}
            return render(request, "admin/conflict.html", context, status=409)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.get_object(request, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied(refusal(self.view_permission))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        context = self.admin_site.each_context(request) | {
            "title": f"変更履歴：{row}",
            "object": row,
            "opts": self.opts,
            "changes": changes_in(self.history_shown(request, row)) if isinstance(row, VersionedModel) else [],
        }
        return render(request, self.object_history_template, context)

    def history_shown(self, request: HttpRequest, row: Any) -> QuerySet[Any]:
        """The part of a row's history that this person may read."""
        history: QuerySet[Any] = row.history.all()
        return history


class ActionAdmin(TownModelAdmin):
    """Saves through the app's action. What that refuses becomes a page with its sentence and everything that was typed."""

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
        return render(request, "admin/refused.html", context, status=409)

    def _who(self, request: HttpRequest) -> dict[str, Any]:
        return {"by": request.user, "today": request.today, "source": SOURCE}  # type: ignore[attr-defined]


class ReadOnlyAdmin(TownModelAdmin):
    """Ledgers and logs: to be read, never typed into."""

    form = forms.ModelForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
