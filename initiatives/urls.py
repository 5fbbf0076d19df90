from django.urls import URLPattern, path

from initiatives import views

# /plan/
urlpatterns: list[URLPattern] = [
    path("text/", views.plan_text, name="plan_text"),
    path("terms/", views.plan_terms, name="plan_terms"),
]
