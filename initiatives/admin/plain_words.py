from django.contrib import admin

from initiatives.models import PlainWords
from townhall.admin_site import TownModelAdmin


@admin.register(PlainWords)
class PlainWordsAdmin(TownModelAdmin):
    list_display = ["initiative", "text", "is_example"]
    list_filter = ["initiative__plan", "is_example"]
    list_select_related = ["initiative"]
    search_fields = ["text"]
