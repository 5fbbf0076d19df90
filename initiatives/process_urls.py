from django.urls import URLPattern, path

from initiatives.views import processes

# /processes/ 業務の棚卸し
urlpatterns: list[URLPattern] = [
    path("", processes.process_list, name="process_list"),
    path("new/", processes.process_create, name="process_create"),
    path("<int:pk>/edit/", processes.process_edit, name="process_edit"),
    path("<int:pk>/steps/", processes.process_steps, name="process_steps"),
]
