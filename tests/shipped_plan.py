"""The adopted plan in the database. Read from its file once in a test run, afterwards put back row by row as it was:
hundreds of tests start with it, and reading and checking it takes ten times as long. What `load_plan` does, and that it
does it on either database, is asked by tests/test_plan_fixture.py."""

from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone

_rows: dict[type[Model], list[Model]] = {}


def load() -> None:
    if any(model._base_manager.exists() for model in _rows):  # its keys may be taken
        call_command("load_plan", verbosity=0)
    elif not _rows:
        _rows.update(_made_by_loading())
    else:
        _put_back()


@transaction.atomic  # a table may stand before the one it points to
def _put_back() -> None:
    now = timezone.now()
    for model, rows in _rows.items():
        for row in rows:
            if hasattr(row, "history_date"):
                row.history_date = now
        model._base_manager.bulk_create(rows)


def _made_by_loading() -> dict[type[Model], list[Model]]:
    models = apps.get_models()
    last = {model: _last_key(model) for model in models}
    call_command("load_plan", verbosity=0)
    changed = [model for model in models if _last_key(model) != last[model]]
    return {model: list(model._base_manager.filter(pk__gt=last[model] or 0).order_by("pk")) for model in changed}


def _last_key(model: type[Model]) -> object:
    return model._base_manager.aggregate(last=Max("pk"))["last"]
