"""Rows that never change: the model refuses, and the database itself (a migration operation)."""

from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation


class FrozenRow(TypeError):  # noqa: N818 - reads as the fact it reports
    """Code tried to change what never changes. The database refuses it as well."""


class Frozen(models.Model):
    """Written once; never changed and never deleted (R8)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise FrozenRow(str(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FrozenRow(str(self))


# Row by row: emptying a whole test database on PostgreSQL (TRUNCATE) is not a change of a row.
_SQL = {
    "sqlite": (
        """CREATE TRIGGER {table}_no_{what} BEFORE {WHAT} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table}: rows never change'); END""",
        "DROP TRIGGER {table}_no_{what}",
    ),
    "postgresql": (
        """CREATE FUNCTION {table}_no_{what}() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{table}: rows never change' USING ERRCODE = 'integrity_constraint_violation'; END $$;
        CREATE TRIGGER {table}_no_{what} BEFORE {WHAT} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_no_{what}()""",
        "DROP TRIGGER {table}_no_{what} ON {table}; DROP FUNCTION {table}_no_{what}()",
    ),
}


class FreezeRows(Operation):
    """After this, UPDATE and DELETE on the model's table raise IntegrityError on both databases.

    SQLite makes a table anew when a column is added, and loses its triggers: such a migration repeats this operation.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._run(0, app_label, schema_editor, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._run(1, app_label, schema_editor, from_state)

    def _run(self, way: int, app_label: str, schema_editor: Any, state: Any) -> None:
        model = state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        for what in ("update", "delete"):
            sql = _SQL[schema_editor.connection.vendor][way]
            schema_editor.execute(sql.format(table=model._meta.db_table, what=what, WHAT=what.upper()), params=None)

    def describe(self) -> str:
        return f"Refuse every change of a {self.model_name}"
