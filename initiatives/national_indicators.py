"""国の比較指標: candidates that ship with the portal. None becomes an indicator of the town unless 事務局 chooses it."""

from dataclasses import dataclass
from functools import lru_cache

import yaml
from django.conf import settings

FILE = settings.BASE_DIR / "fixtures" / "indicators_national.yaml"


@dataclass(frozen=True)
class NationalIndicator:
    code: str
    name: str
    unit: str
    kind: str
    direction: str
    initiative: str  # code in the plan, a suggestion
    formula: str
    source: str


@lru_cache
def national_indicators() -> tuple[NationalIndicator, ...]:
    """In the order of the file."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))["indicators"]
    return tuple(NationalIndicator(**entry) for entry in entries)
