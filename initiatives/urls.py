"""Included at the root: what the plan promises stands under /plan/, its figures under /data/."""

from django.urls import URLPattern, path

from initiatives.views import indicators, plan

urlpatterns: list[URLPattern] = [
    path("plan/text/", plan.plan_text, name="plan_text"),
    path("plan/terms/", plan.plan_terms, name="plan_terms"),
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
]
