"""Is it alive? For containers: `python -m otaki_dx.healthcheck web|beat` ends with 0 or 1. Imports no Django."""

import http.client
import sys
import time
from pathlib import Path

from otaki_dx import env


def web_answers(host: str, port: int, *, name: str = "127.0.0.1") -> bool:
    """True when /healthz answers 200. `name` is the host name that the portal is asked by (ALLOWED_HOSTS)."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def beat_ticks(folder: Path, *, now: float, within: float = 300) -> bool:
    """True when beat wrote its timetable lately: it does after every task it wakes up, that is each minute."""
    written = [file.stat().st_mtime for file in folder.glob("beat-schedule*")]
    return bool(written) and now - max(written) < within


def own_name(allowed: list[str]) -> str:
    """A host name the portal accepts."""
    return next((name.removeprefix(".") for name in allowed if name != "*"), "localhost")


def main(part: str) -> int:
    if part == "beat":
        alive = beat_ticks(env.folder("PORTAL_DATA", Path("data")) / "run", now=time.time())
    else:
        name = own_name(env.names("PORTAL_ALLOWED_HOSTS"))
        alive = web_answers("127.0.0.1", env.integer("PORTAL_PORT", 8000), name=name)
    return 0 if alive else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "web"))
