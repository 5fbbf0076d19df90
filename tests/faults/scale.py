"""How big the faults are: a short form in `make test`, the full one in `make faults` (FAULTS=full)."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    letters: int  # people with one letter each
    kills: int
    plannings: int  # by each of four processes at once
    broken_brokers: int
    patience: float  # seconds until the first letters must be there; four processes plan all of them first


SHORT = Scale(letters=30, kills=2, plannings=3, broken_brokers=2, patience=120)
FULL = Scale(letters=2000, kills=20, plannings=50, broken_brokers=5, patience=12000)
SCALE = FULL if os.environ.get("FAULTS") == "full" else SHORT
