"""The site map. Prefixes follow the menu."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path, register_converter

from otaki_dx import (
    calendar_pages,
    data_pages,
    exchange_pages,
    history_pages,
    pages,
    plan_chapter,
    plan_pages,
    process_pages,
    public_pages,
    report_pages,
    row_pages,
    schedule_file,
    search_pages,
)


class InitiativeCode:
    """「5」, or 「k1」 for 検討事項."""

    regex = r"[1-9]\d?|k[1-9]\d?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class RowCode(InitiativeCode):
    """「5-3」. The one line of a 検討事項 shares the page of its initiative: both are 「k1」."""

    regex = r"\d{1,2}-\d{1,3}|k[1-9]\d?"


register_converter(InitiativeCode, "initiative")
register_converter(RowCode, "row")

urlpatterns = [
    path("", pages.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("healthz", pages.healthz, name="healthz"),
    path("session/", pages.session_state, name="session_state"),
    path("calendar/<str:secret>.ics", calendar_pages.calendar_feed, name="calendar_feed"),
    path("search/", search_pages.search_page, name="search"),
    path("history/", history_pages.history, name="history"),
    path("history/compare/", history_pages.history_compare, name="history_compare"),
    # /plan/ 計画: dashboard, text, initiatives, rows
    path("plan/", plan_pages.plan_dashboard, name="plan_dashboard"),
    path("plan/table/", plan_pages.schedule_table, name="schedule_table"),
    path("plan/table/csv/", schedule_file.schedule_file, {"extension": "csv"}, name="schedule_csv"),
    path("plan/table/xlsx/", schedule_file.schedule_file, {"extension": "xlsx"}, name="schedule_xlsx"),
    path("plan/text/<int:number>/", plan_chapter.plan_chapter, name="plan_chapter"),
    # /plan/text/, /plan/terms/ 計画本文, /data/indicators/ 指標
    path("", include("initiatives.urls")),
    path("data/", data_pages.data_index, name="data_index"),
    path("data/files/<slug:code>/", exchange_pages.data_kind, name="data_kind"),
    path("data/files/<slug:code>/export/", exchange_pages.data_export, name="data_export"),
    path("data/files/<slug:code>/example/", exchange_pages.data_example, name="data_example"),
    path("data/imports/<int:pk>/", exchange_pages.import_job, name="import_job"),
    path("data/imports/<int:pk>/undo/", exchange_pages.import_undo, name="import_undo"),
    path("data/exports/", exchange_pages.export_list, name="export_list"),
    path("plan/<initiative:code>/", row_pages.initiative_detail, name="initiative_detail"),
    path("plan/<row:code>/", row_pages.activity_detail, name="activity_detail"),
    path("plan/<initiative:code>/report/pdf/", report_pages.initiative_pdf, name="initiative_pdf"),
    path("plan/<row:code>/report/pdf/", report_pages.activity_pdf, name="activity_pdf"),
    path("plan/<row:code>/history/", history_pages.activity_history, name="activity_history"),
    path("systems/", include("initiatives.system_urls")),
    path("processes/", include("initiatives.process_urls")),
    path("processes/<int:pk>/", process_pages.process_detail, name="process_detail"),
    # /progress/ 進捗入力, /duties/ 研修・ポリシー, /reminders/ 送信記録
    path("", include("schedule.urls")),
    path("publication/preview/", public_pages.publication_preview, name="publication_preview"),
    path("publication/preview/<path:page>", public_pages.publication_preview, name="publication_preview_page"),
    # /public/ 住民向け: no login
    path("public/", public_pages.public_home, name="public_home"),
    path("public/initiatives/<initiative:code>/", public_pages.public_initiative, name="public_initiative"),
    path("public/changes/", public_pages.public_changes, name="public_changes"),
    path("public/systems/", public_pages.public_systems, name="public_systems"),
    path("public/indicators/", public_pages.public_indicators, name="public_indicators"),
    path("public/terms/", public_pages.public_terms, name="public_terms"),
    path("public/text/", public_pages.public_text, name="public_text"),
    path("public/text/<int:number>/", public_pages.public_chapter, name="public_chapter"),
    path("public/data/", public_pages.public_data, name="public_data"),
    path("public/data/<str:name>", public_pages.public_file, name="public_file"),
    # /proposals/ 提案, /meetings/ 委員会
    path("", include("committee.urls")),
    # /account/ one by one: no sign-up, no mail addresses, no reset by mail. 事務局 makes accounts and sets passwords.
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/calendar/", calendar_pages.calendar_address, name="calendar_address"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "otaki_dx.errors.bad_request"
handler403 = "otaki_dx.errors.permission_denied"
handler404 = "otaki_dx.errors.page_not_found"
handler500 = "otaki_dx.errors.server_error"
