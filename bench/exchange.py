"""Files in and out against a bare loop in the same run: `python -m bench.exchange [--rows 10000]`.

The bare loop reads the same workbook with calamine and inserts with `bulk_create`, without rules, versions, history or
preview; going out, it is openpyxl in write-only mode. Ratios count, the seconds are those of the machine.
"""

import argparse
import os
import resource
import sys
import tempfile

TARGETS = {"import": 3.0, "import again": 1.5, "export": 1.5}
BARE = {"import": "bare import", "import again": "bare import", "export": "bare export"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PORTAL_DATA": folder, "DJANGO_SETTINGS_MODULE": "otaki_dx.settings"}
        import django  # noqa: PLC0415 - after the environment is settled

        django.setup()
        from bench.exchanged import measure  # noqa: PLC0415 - needs Django

        found = measure(asked.rows)
    sys.stdout.write(f"{asked.rows:,} rows\n")
    for name, (clock, cpu) in found.items():
        line = f"{name:14s} {clock:7.2f} s  {cpu:7.2f} s cpu"
        if name in BARE:
            line += f"  {cpu / found[BARE[name]][1]:5.1f} x cpu, {clock / found[BARE[name]][0]:5.1f} x clock"
            line += f"  (target {TARGETS[name]} x)"
        sys.stdout.write(line + "\n")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"memory of the process: {most:.0f} MB at most\n")


if __name__ == "__main__":
    main()
