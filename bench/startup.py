"""How long the portal takes to answer and to stop, and what it weighs: `python -m bench.startup`.

Starts `manage.py portal` twice in a temporary folder: empty (tables, plan, demonstration) and again (everything there).
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from otaki_dx.healthcheck import web_answers

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def proportional_memory(pid: int) -> dict[str, float]:
    """MiB by child of the portal: memory that processes share is counted once (PSS)."""
    found: dict[str, float] = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        line = Path(f"/proc/{child}/cmdline").read_text()
        name = next((word for word in ("gunicorn", "worker", "beat", "valkey") if word in line), line[:20])
        family = [child, *Path(f"/proc/{child}/task/{child}/children").read_text().split()]
        found[name] = sum(_pss(member) for member in family)
    return found


def _pss(pid: str) -> float:
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


def measure(folder: str) -> str:
    port = free_port()
    began = time.monotonic()
    portal = subprocess.Popen(
        [sys.executable, "manage.py", "portal", "--port", str(port), "--data", folder],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    opened = ""
    for line in portal.stdout or ():
        if "Ctrl-C" in line:
            break
        opened = opened or (f"{time.monotonic() - began:.1f}" if web_answers("127.0.0.1", port) else "")
    time.sleep(5)
    memory = ", ".join(f"{name} {size:.0f}" for name, size in proportional_memory(portal.pid).items())
    stopping = time.monotonic()
    portal.send_signal(signal.SIGINT)
    portal.communicate()
    return f"answers after {opened} s, stops in {time.monotonic() - stopping:.1f} s, memory in MiB: {memory}"


if __name__ == "__main__":
    os.environ.pop("PORTAL_DATA", None)
    with tempfile.TemporaryDirectory() as folder:
        for state in ("empty", "again"):
            sys.stdout.write(f"{state}: {measure(folder)}\n")
