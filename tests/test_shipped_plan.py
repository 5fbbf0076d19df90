"""The plan that tests start with is the one that `load_plan` makes, also when it is put back from memory."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from initiatives.models import Chapter, Plan
from schedule.models import Activity
from tests import shipped_plan

MODELS = (Plan, Chapter, Activity)

pytestmark = pytest.mark.django_db


def test_plan_put_back_is_the_plan_of_the_file_with_its_history():
    with transaction.atomic():
        shipped_plan.load()
        transaction.set_rollback(True)
    shipped_plan.load()
    put_back = everything()
    said = StringIO()
    call_command("load_plan", stdout=said)
    assert said.getvalue().splitlines()[1:] == ["  変更なし：61件"]
    assert everything() == put_back
    assert [(change.history_type, change.history_actor, change.history_source) for change in Plan.history.all()] == [
        ("+", "システム：計画の読込", "計画ファイル")
    ]
    assert [model.history.count() for model in MODELS] == [model.objects.count() for model in MODELS]


def test_rows_made_after_it_get_keys_of_their_own():
    shipped_plan.load()
    plan = Plan.objects.get()
    Chapter.objects.create(plan=plan, number=99, heading="見本", text="見本")
    assert Chapter.objects.count() == 8


def everything() -> dict[str, list[dict[str, object]]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}
