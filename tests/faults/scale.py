"""How big the faults are: a short form in `make test`, the full one in `make faults` (FAULTS=full)."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    letters: int  # people with one letter each
    kills: int
    plannings: int  # by each of four processes at once
    broken_brokers: int
    poisoned_among: int


SHORT = Scale(letters=30, kills=2, plannings=3, broken_brokers=2, poisoned_among=5)
FULL = Scale(letters=2000, kills=20, plannings=50, broken_brokers=5, poisoned_among=500)
SCALE = FULL if os.environ.get("FAULTS") == "full" else SHORT
