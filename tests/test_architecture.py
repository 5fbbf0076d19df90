"""otaki_dx → committee → schedule → initiatives → townhall: nothing points to its left."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey, OneToOneField

ROOT = Path(__file__).resolve().parent.parent
CHAIN = ("otaki_dx", "committee", "schedule", "initiatives", "townhall")
FILES = [file for package in CHAIN for file in sorted((ROOT / package).rglob("*.py"))]


def rank(name: str) -> int | None:
    top = name.split(".")[0]
    return CHAIN.index(top) if top in CHAIN else None


@cache
def syntax(file: Path) -> tuple[ast.AST, ...]:
    """Every syntax node of the file; parsed once for all the questions below."""
    return tuple(ast.walk(ast.parse(file.read_text())))


def imported_modules(file: Path) -> set[str]:
    """Every module a file imports, at the top or inside a function."""
    names: set[str] = set()
    for node in syntax(file):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            names.add(node.module or "")
    return names


def nodes(kind: type[ast.AST]) -> Iterator[tuple[str, Any]]:
    """Every syntax node of that kind in our packages, with "file:line"; migrations left out."""
    for file in FILES:
        if "migrations" in file.parts:
            continue
        for node in syntax(file):
            if isinstance(node, kind):
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node


def method_calls(names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    return (
        (where, call)
        for where, call in nodes(ast.Call)
        if isinstance(call.func, ast.Attribute) and call.func.attr in names
    )


def test_no_package_imports_from_its_left():
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in FILES
        for name in imported_modules(file)
        if (theirs := rank(name)) is not None and theirs < CHAIN.index(file.relative_to(ROOT).parts[0])
    ]
    assert wrong == []


def test_no_package_imports_from_tests():
    assert [str(f) for f in FILES if any(n.split(".")[0] == "tests" for n in imported_modules(f))] == []


def own_models():
    return [m for m in apps.get_models() if m._meta.app_label in CHAIN]


def test_no_foreign_key_points_to_the_left():
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField)
        and (theirs := rank(field.related_model._meta.app_label)) is not None
        and theirs < CHAIN.index(model._meta.app_label)
    ]
    assert wrong == []


def accessor_names() -> dict[str, tuple[int, set[str]]]:
    """Per package: the reverse accessors that models to its left hang on its models."""
    found: dict[str, set[str]] = {package: set() for package in CHAIN}
    for model in own_models():
        for relation in model._meta.related_objects:
            theirs = rank(relation.related_model._meta.app_label)
            mine = CHAIN.index(model._meta.app_label)
            name = relation.get_accessor_name()
            if theirs is not None and theirs < mine and name and not name.endswith("+"):
                found[model._meta.app_label].add(name)
    return {package: (CHAIN.index(package), names) for package, names in found.items()}


@pytest.mark.parametrize("package", CHAIN)
def test_no_package_reaches_left_through_a_reverse_accessor(package):
    """`section.proposals` inside townhall would be an import in disguise."""
    _, accessors = accessor_names()[package]
    forbidden = accessors - own_attributes(package)
    wrong = [
        f"{where} .{node.attr}"
        for where, node in nodes(ast.Attribute)
        if where.startswith(f"{package}/") and node.attr in forbidden
    ]
    assert wrong == []


def own_attributes(package: str) -> set[str]:
    """Accessors of the same name that stay inside the package or to its right."""
    mine = CHAIN.index(package)
    names = set()
    for model in own_models():
        for relation in model._meta.related_objects:
            theirs = rank(relation.related_model._meta.app_label)
            name = relation.get_accessor_name()
            if theirs is not None and theirs >= mine and name:
                names.add(name)
    return names


def test_no_receivers_of_our_own():
    wrong = [str(f.relative_to(ROOT)) for f in FILES if "django.dispatch" in imported_modules(f)]
    assert wrong == []


def test_no_drawers():
    drawers = {"utils", "helpers", "common", "misc"}
    assert [str(f.relative_to(ROOT)) for f in FILES if f.stem in drawers or f.parent.name in drawers] == []


# Bulk writes and raw SQL leave no history row and skip the version; each place that may use them says why.
MAY_WRITE_IN_BULK = {
    "otaki_dx/freshness.py": "reads counters of every table in one statement; writes nothing",
    "otaki_dx/preparation.py": "asks the database whether it answers; writes nothing",
    "committee/actions/drafts.py": "what somebody is typing: no proposal, no history, the newest typing wins",
    "townhall/changes.py": "the version comparison itself",
    "initiatives/actions/processes.py": "the place of a step; the list's own row has version and history",
    "townhall/bulk_insert.py": "the statement of `townhall/bulk_changes.py` that writes the rows",
    "townhall/bulk_changes.py": "many rows as `create_row` and `save_row`: versions claimed, history written with them",
    "townhall/sheets/imports.py": "a job goes from state to state by conditional UPDATEs; a mapping of columns is no ledger",
    "townhall/sheets/undo.py": "the same: a job is taken back once",
    "townhall/sheets/waiting.py": "the same: a job is claimed by a conditional UPDATE",
    "townhall/calendar_address.py": "a secret is revoked by a conditional UPDATE; its rows are their own record",
    "townhall/sheets/jobs.py": "an import is claimed by a conditional UPDATE; the job is its own record",
    "schedule/reminders.py": "the reminder ledger: conditional UPDATEs are its guard, it has no history table",
    "schedule/outbox.py": "the same ledger: lines are put into letters by conditional UPDATEs",
    "schedule/sender.py": "the same ledger: a letter is claimed by a conditional UPDATE",
    "schedule/actions/reminders.py": "the same ledger",
    "schedule/actions/sending.py": "the same ledger: letters kept back are let go by conditional UPDATEs",
    "schedule/actions/chasing.py": "the same ledger: today's letter is taken over by a conditional UPDATE",
    "schedule/actions/drafts.py": "what somebody is typing: no report, no history, the newest typing wins",
    "schedule/actions/rounds.py": "閲覧, a note of the day without history",
}
BULK = {"bulk_create", "bulk_update", "raw", "cursor", "update", "update_or_create", "get_or_create"}


def test_tracked_rows_are_written_only_through_changes():
    wrong = [
        f"{where} .{call.func.attr}("
        for where, call in method_calls(BULK)
        if where.split(":")[0] not in MAY_WRITE_IN_BULK and not updates_a_container(call)
    ]
    assert wrong == []


def updates_a_container(call: ast.Call) -> bool:
    """`some_dict.update(other)` takes a positional argument; a queryset's update never does."""
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr == "update" and bool(call.args)


PUBLISHING = {"delay", "apply_async", "send_task", "delay_on_commit"}


def test_nothing_publishes_to_the_broker_outside_tasks():
    wrong = [
        f"{where} .{node.attr}"
        for where, node in nodes(ast.Attribute)
        if node.attr in PUBLISHING and not where.split(":")[0].endswith(("/tasks.py", "/celery.py"))
    ]
    assert wrong == []


# Views, tasks and commands may ask what day it is; everything else is told.
# A record of the history is stamped when it is written, as simple-history does for one row.
AT_THE_EDGE = ("/middleware.py", "/tasks.py", "townhall/bulk_changes.py")


def test_nothing_below_the_edge_reads_the_clock():
    wrong = [
        f"{where} {call.func.value.id}.{call.func.attr}()"
        for where, call in method_calls({"now", "localdate", "localtime", "today", "utcnow"})
        if isinstance(call.func.value, ast.Name)
        and call.func.value.id in ("timezone", "date", "datetime")
        and not call.args  # localtime(value) converts, it does not ask
        and not where.split(":")[0].endswith(AT_THE_EDGE)
        and "/commands/" not in where
    ]
    assert wrong == []
