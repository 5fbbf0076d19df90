"""時間あたりの人件費 becomes one setting for proposals and 業務の棚卸し: its rows and their history move to initiatives."""

from typing import Any

from django.core.management.color import no_style
from django.db import migrations, transaction

NAMES = ("HourlyCost", "HistoricalHourlyCost")


def carry(source: Any, target: Any) -> None:
    """Every row with its number, for the history names rows by theirs. What was carried on before is carried back anew."""
    target.objects.all().delete()
    target.objects.bulk_create(target(**values) for values in source.objects.values())


def _count_on(connection: Any, models: list[Any]) -> None:
    """Numbers were given, so PostgreSQL's counters stand behind them."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _move(source: str, target: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        targets = [apps.get_model(target, name) for name in NAMES]
        for name, model in zip(NAMES, targets, strict=True):
            carry(apps.get_model(source, name), model)
        _count_on(schema_editor.connection, targets)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0008_hourly_cost"),
        ("committee", "0019_meetings_that_moved"),
    ]

    operations = [
        migrations.RunPython(_move("committee", "initiatives"), _move("initiatives", "committee")),
        migrations.DeleteModel(name="HourlyCost"),
        migrations.DeleteModel(name="HistoricalHourlyCost"),
    ]
