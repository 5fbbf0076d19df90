"""Included at the root: what the plan promises stands under /plan/, its figures under /data/."""

from django.urls import URLPattern, path

from initiatives.views import crosswalk, evaluations, indicators, plan

urlpatterns: list[URLPattern] = [
    path("plan/text/", plan.plan_text, name="plan_text"),
    path("plan/terms/", plan.plan_terms, name="plan_terms"),
    path("plan/crosswalk/", crosswalk.plan_crosswalk, name="plan_crosswalk"),
    # /data/indicators/ 指標
    path("data/indicators/", indicators.indicator_list, name="indicator_list"),
    path("data/indicators/new/", indicators.indicator_create, name="indicator_create"),
    path("data/indicators/national/", indicators.indicator_national, name="indicator_national"),
    path("data/indicators/<int:pk>/", indicators.indicator_detail, name="indicator_detail"),
    path("data/indicators/<int:pk>/edit/", indicators.indicator_edit, name="indicator_edit"),
    path("data/indicators/<int:pk>/targets/<int:year>/", indicators.indicator_target, name="indicator_target"),
    path("data/indicators/<int:pk>/values/new/", indicators.indicator_value_create, name="indicator_value_create"),
    path(
        "data/indicators/<int:pk>/values/<int:value>/",
        indicators.indicator_value_correct,
        name="indicator_value_correct",
    ),
    # /evaluations/ 年度評価, /settings/terms/ 評価の区分
    path("evaluations/", evaluations.evaluation_list, name="evaluation_list"),
    path("evaluations/<int:year>/", evaluations.evaluation_year, name="evaluation_year"),
    path("evaluations/<int:year>/fix/", evaluations.evaluation_fix, name="evaluation_fix"),
    path("evaluations/<int:year>/<slug:code>/<slug:stage>/", evaluations.evaluation_edit, name="evaluation_edit"),
    path(
        "evaluations/<int:year>/<slug:code>/<slug:stage>/correct/",
        evaluations.evaluation_correct,
        name="evaluation_correct",
    ),
    path("settings/terms/", evaluations.evaluation_terms, name="evaluation_terms"),
]
