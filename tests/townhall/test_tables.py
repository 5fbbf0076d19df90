"""A new portal makes its tables at once, an older one step by step: both end with the same."""

import pytest
from django.db.migrations import Migration
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader

from townhall.frozen import FreezeRows

APPS = {"townhall", "initiatives", "schedule", "committee"}
# With both ways side by side.
LOADER = MigrationLoader(None, replace_migrations=False)
AT_ONCE = [key for key, migration in LOADER.disk_migrations.items() if migration.replaces and key[0] in APPS]
STEPS = [LOADER.disk_migrations[key].replaces[-1] for key in AT_ONCE]


def test_every_app_has_both_ways():
    assert {app for app, _ in AT_ONCE} == APPS


def test_both_ways_describe_the_same_tables():
    at_once, steps = LOADER.project_state(AT_ONCE), LOADER.project_state(STEPS)
    assert set(at_once.models) == set(steps.models)
    for one, other in ((at_once, steps), (steps, at_once)):
        assert MigrationAutodetector(one, other).changes(LOADER.graph) == {}


@pytest.mark.parametrize("key", AT_ONCE, ids="-".join)
def test_rows_that_never_change_are_frozen_both_ways(key):
    at_once = LOADER.disk_migrations[key]
    steps = [LOADER.disk_migrations[each] for each in at_once.replaces]
    assert frozen(at_once) == frozen(*steps)


def frozen(*migrations: Migration) -> set[str]:
    operations = [operation for migration in migrations for operation in migration.operations]
    return {operation.model_name.lower() for operation in operations if isinstance(operation, FreezeRows)}
