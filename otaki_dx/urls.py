"""The site map. Prefixes follow the menu."""

from django.contrib import admin
from django.urls import include, path

from otaki_dx import pages, plan_chapter

urlpatterns = [
    path("", pages.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("healthz", pages.healthz, name="healthz"),
    # /plan/ 計画
    path("plan/text/<int:number>/", plan_chapter.plan_chapter, name="plan_chapter"),
    path("plan/", include("initiatives.urls")),
    # /progress/ 進捗入力, /duties/ 研修・ポリシー, /reminders/ 送信記録
    path("", include("schedule.urls")),
    # /proposals/ 提案, /meetings/ 委員会
    path("", include("committee.urls")),
    # login, logout, password, second factor
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "otaki_dx.errors.bad_request"
handler403 = "otaki_dx.errors.permission_denied"
handler404 = "otaki_dx.errors.page_not_found"
handler500 = "otaki_dx.errors.server_error"
