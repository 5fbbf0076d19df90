from django.urls import URLPattern, path

from initiatives.views import plan

# /plan/
urlpatterns: list[URLPattern] = [
    path("text/", plan.plan_text, name="plan_text"),
    path("terms/", plan.plan_terms, name="plan_terms"),
]
