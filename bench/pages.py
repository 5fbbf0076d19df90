"""What the plan's pages cost, as multiples of a bare page in the same run: `python -m bench.pages [--quick]`.

Each database and each size gets a process of its own. Pages are asked for through Django's test client: routing, all
middleware, session, rights, view, queries, templates; no web server and no network. Printed: the middle (p50) of the
runs, and its ratio to a view that reads 200 rows and renders a plain table. "first": nothing is remembered yet, as after
every change. "again": the same page for another person, the data being the same. "304": the browser has it already.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGETS = {
    ("dashboard again", "town"): 1.0,
    ("dashboard again", "large"): 3.0,
    ("dashboard 304", "town"): 0.1,
    ("dashboard 304", "large"): 0.1,
    ("schedule drawn", "town"): 0.5,
    ("schedule drawn", "large"): 3.0,
    ("row page", "town"): 0.5,
    ("row page", "large"): 0.5,
    ("one report saved", "town"): 0.5,
    ("one report saved", "large"): 0.5,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few runs, the town only")
    parser.add_argument("--inside", metavar="SIZE", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    runs = 5 if asked.quick else 21
    if asked.inside:
        measure(asked.inside, runs=runs)
        return
    for database in ("sqlite", "postgresql"):
        url = ""
        if database == "postgresql":
            from tests.servers import start_postgresql  # noqa: PLC0415 - starts a server

            url = start_postgresql()
        for size in ("town",) if asked.quick else ("town", "large"):
            run_inside(database, url, size, quick=asked.quick)


def run_inside(database: str, url: str, size: str, *, quick: bool) -> None:
    print(f"\n{database}, {size}", flush=True)
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        name = url.rpartition("/")[0] + f"/{size}" if url else ""
        if url:
            create_database(url, size)
        more = {"DATABASE_URL": name} if name else {}
        environment = {**os.environ, "PORTAL_DATA": folder, "PYTHONUTF8": "1", **more}
        command = [sys.executable, "-m", "bench.pages", "--inside", size, *(["--quick"] if quick else [])]
        subprocess.run(command, check=True, cwd=ROOT, env=environment)


def create_database(url: str, name: str) -> None:
    import psycopg  # noqa: PLC0415 - only for PostgreSQL

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')


def measure(size_name: str, *, runs: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "otaki_dx.settings"
    import django  # noqa: PLC0415 - after the environment is settled

    django.setup()
    from bench.measured import figures  # noqa: PLC0415 - needs Django

    results = figures(size_name, runs=runs)
    bare = results["bare page"]
    print(f"  {'':24}{'p50 ms':>9}{'ratio':>8}{'target':>8}{'queries':>9}")
    for name, (milliseconds, queries) in results.items():
        target = TARGETS.get((name, size_name))
        ratio = milliseconds / bare[0]
        verdict = "" if target is None else ("  met" if ratio <= target else "  MISSED")
        wanted = f"{target:.1f}" if target else ""
        print(f"  {name:24}{milliseconds:9.1f}{ratio:8.2f}{wanted:>8}{queries:9}{verdict}")


def middle(work: Callable[[], object], *, runs: int, before: Callable[[], object] | None = None) -> float:
    """Milliseconds, p50; `before` is not counted. Two runs to warm up."""
    taken = []
    for number in range(runs + 2):
        if before:
            before()
        start = time.perf_counter()
        work()
        if number >= 2:
            taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


if __name__ == "__main__":
    main()
