"""Documents that the code can check."""

import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
OURS = {"otaki_dx", "committee", "schedule", "initiatives", "townhall"}


def test_every_model_stands_in_the_glossary():
    glossary = (ROOT / "docs/glossary.md").read_text()
    named = set(re.findall(r"^\|[^|]*\| `(\w+)`", glossary, flags=re.MULTILINE))
    models = {
        model.__name__
        for model in apps.get_models()
        if model._meta.app_label in OURS and not model.__name__.startswith("Historical")
    }
    assert models - named == set()


def test_glossary_uses_the_words_of_the_screen():
    glossary = (ROOT / "docs/glossary.md").read_text()
    rows = dict(re.findall(r"^\| ([^|]+?) \| `(\w+)`", glossary, flags=re.MULTILINE))
    screen = {name: words for words, name in rows.items()}
    wrong = [
        f"{model.__name__}: {model._meta.verbose_name} is not {screen[model.__name__]}"
        for model in apps.get_models()
        if model.__name__ in screen and model._meta.verbose_name.split("（")[0] not in screen[model.__name__]
    ]
    assert wrong == []


def test_every_decision_record_is_numbered_and_complete():
    records = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    incomplete = [
        record.name
        for record in records
        if not all(part in record.read_text() for part in ("**Context.**", "**Decision.**", "**Consequences.**"))
    ]
    assert incomplete == []
