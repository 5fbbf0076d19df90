"""All tables of an app at once (a migration operation, ADR 15)."""

from collections.abc import Iterator
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class CreateTables(Operation):
    """The same as its `CreateModel`s one by one. Each is complete: fields, constraints, indexes."""

    serialization_expand_args = ["models"]

    def __init__(self, models: list[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: Any) -> None:
        # Without classes, the state notes a model and builds nothing; whoever asks next builds all of them.
        state.__dict__.pop("apps", None)
        for each in self.models:
            each.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in self._tables(app_label, schema_editor, to_state):
            schema_editor.create_model(model)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in reversed(list(self._tables(app_label, schema_editor, from_state))):
            schema_editor.delete_model(model)

    def _tables(self, app_label: str, schema_editor: Any, state: Any) -> Iterator[Any]:
        for each in self.models:
            model = state.apps.get_model(app_label, each.name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                yield model

    def describe(self) -> str:
        return f"Create {len(self.models)} tables at once"
