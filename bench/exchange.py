"""Files in and out against a bare loop in the same run: the second half of `make bench`.

The bare loop reads the same workbook and inserts with `bulk_create`, without rules, versions, history or preview; once
with calamine, which knows only values, and once with openpyxl, which like the portal's own reader also knows formats
and what is hidden or merged. Going out, it is openpyxl in write-only mode. Each side has a process and a database of
its own, made by a third, so that neither is warmed or fattened by the other; the median of several turns is told.
Ratios count, the seconds are those of the machine.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from statistics import median
from typing import Any

TARGETS = {"import": 3.0, "import again": 1.5, "export": 1.5}
BARE = {"import": "bare import", "import again": "bare import", "export": "bare export"}
OPENPYXL = "openpyxl import"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="once; of fewer rows the fixed costs would be told")
    parser.add_argument("--step", choices=("prepare", "openpyxl", "bare", "portal"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        sys.stdout.write(json.dumps(_do(asked.step, asked.rows)))
        return
    times = 1 if asked.quick else asked.times
    turns = [_turn(asked.rows) for _ in range(times)]
    sys.stdout.write(f"{asked.rows:,} rows, the median of {times}\n")
    for name in turns[0]:
        if name != "memory":
            _tell(name, turns)
    sys.stdout.write(f"memory of the process that imports: {median(turn['memory'] for turn in turns):.0f} MB at most\n")


def _tell(name: str, turns: list[dict[str, Any]]) -> None:
    clock, cpu = (median(turn[name][place] for turn in turns) for place in (0, 1))
    line = f"{name:15s} {clock:7.2f} s  {cpu:7.2f} s cpu"
    if name in BARE:
        line += f"  {_ratio(name, BARE[name], turns):5.1f} x cpu (target {TARGETS[name]} x)"
        if BARE[name] == "bare import":
            line += f"  {_ratio(name, OPENPYXL, turns):5.1f} x that of openpyxl"
    sys.stdout.write(line + "\n")


def _ratio(name: str, bare: str, turns: list[dict[str, Any]]) -> float:
    return median(turn[name][1] / turn[bare][1] for turn in turns)


def _turn(rows: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for side in ("openpyxl", "bare", "portal"):
        with tempfile.TemporaryDirectory() as folder:
            for step in ("prepare", side):
                found |= _apart(step, rows, folder)
    return found


def _apart(step: str, rows: int, folder: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.exchange", "--step", step, "--rows", str(rows)]
    environment = os.environ | {"PORTAL_DATA": folder, "DJANGO_SETTINGS_MODULE": "otaki_dx.settings"}
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _do(step: str, rows: int) -> dict[str, Any]:
    import django  # noqa: PLC0415 - after the environment is settled

    django.setup()
    from bench import exchanged  # noqa: PLC0415 - needs Django

    if step == "prepare":
        exchanged.prepare(rows)
        return {}
    if step == "bare":
        return dict(exchanged.measure_bare())
    if step == "openpyxl":
        return dict(exchanged.measure_openpyxl())
    return {**exchanged.measure_portal(), "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    main()
