from django.urls import URLPattern, path

from initiatives.views import ministry, systems

# /systems/ 標準化20業務
urlpatterns: list[URLPattern] = [
    path("", systems.system_list, name="system_list"),
    path("import/", ministry.ministry_import, name="ministry_import"),
    path("import/<int:pk>/", ministry.ministry_job, name="ministry_job"),
    path("<slug:code>/", systems.system_detail, name="system_detail"),
    path("<slug:code>/edit/", systems.system_edit, name="system_edit"),
    path("<slug:code>/steps/", systems.system_steps, name="system_steps"),
]
