"""Keeps a handful of processes running: starts them in order, restarts what dies, stops them in reverse order.

Knows nothing of Django or of what the processes do. Children must be started from the main thread, because the
kernel ties a child to the thread that made it (see tether.py).
"""

import contextlib
import math
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DELAYS = (1, 2, 4, 8, 16, 30)  # seconds before a restart, growing while a child keeps dying
STEADY = 60  # seconds of life after which a death counts as the first one again
LOG_LIMIT = 10_000_000  # bytes; then the log is kept once as .1 and begun anew


@dataclass
class Child:
    name: str  # also the name of its log file
    program: tuple[str, ...]  # arguments of otaki_dx.tether: ("-m", module, …) or (path, …)
    patience: float = 10  # seconds to stop in before it is killed
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    deaths: int = 0
    restart_at: float = field(default=math.inf)


@dataclass
class Supervisor:
    folder: Path  # working directory, from which modules are imported
    log_folder: Path
    environment: Mapping[str, str]
    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def start(self, child: Child) -> None:
        self.children.append(child)
        self._spawn(child)

    def tend(self, *, until: Callable[[], bool] = lambda: False, seconds: float = math.inf) -> bool:
        """Keep the children alive. True as soon as `until()` is; False when told to stop or when time is over."""
        deadline = time.monotonic() + seconds
        with _signals() as arrived:
            while not self.stopping and time.monotonic() < deadline:
                if until():
                    return True
                self.stopping = arrived(within=0.1 if seconds < math.inf else 0.5)
                self._restart_the_dead()
        return False

    def stop(self) -> None:
        """Stop all, last started first. A second signal while stopping kills what is left."""
        self.stopping = True
        with _signals() as arrived:
            hurry = False
            for child in reversed(self.children):
                deadline = time.monotonic() + child.patience
                self._signal(child, signal.SIGTERM)
                while _alive(child) and not hurry and time.monotonic() < deadline:
                    hurry = arrived(within=0.1)
                _kill_group(child)

    def _spawn(self, child: Child) -> None:
        log = self.log_folder / f"{child.name}.log"
        with contextlib.suppress(OSError):
            if log.stat().st_size > LOG_LIMIT:
                log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            child.process = subprocess.Popen(  # noqa: S603 - the programs are named in this project
                [sys.executable, "-m", "otaki_dx.tether", str(os.getpid()), *child.program],
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal reaches this process only, so that the order of stopping is ours.
                start_new_session=True,
            )
        child.started = time.monotonic()
        child.restart_at = math.inf

    def _restart_the_dead(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if _alive(child) or self.stopping:
                continue
            if child.restart_at == math.inf:
                child.deaths = 1 if now - child.started > STEADY else child.deaths + 1
                delay = DELAYS[min(child.deaths, len(DELAYS)) - 1]
                child.restart_at = now + delay
                _kill_group(child)
                code = child.process.returncode if child.process else None
                self.say(
                    f"{child.name} が止まりました（{_reason(code)}）。{delay}秒後に起動し直します。"
                    f" / {child.name} stopped ({code}), restarting in {delay} s"
                )
            elif now >= child.restart_at:
                self._spawn(child)
                self.say(f"{child.name} を起動し直しました。 / {child.name} restarted")

    def _signal(self, child: Child, number: int) -> None:
        if child.process is not None and _alive(child):
            child.process.send_signal(number)


def _alive(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None


def _kill_group(child: Child) -> None:
    """Kill the child and whatever it started; nothing happens when all are gone."""
    if child.process is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()


def _reason(code: int | None) -> str:
    return f"信号 {-code}" if code is not None and code < 0 else f"終了コード {code}"


@contextlib.contextmanager
def _signals() -> Iterator[Callable[..., bool]]:
    """Inside, signals are read from a pipe, never handled in the middle of a statement.

    Yields a function that waits and says whether a stop was asked for. The end of a child wakes it up early.
    """
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)

    def arrived(*, within: float) -> bool:
        select.select([reader], [], [], within)
        try:
            return any(number in STOP_SIGNALS for number in reader.recv(4096))
        except BlockingIOError:
            return False

    # A signal that the shell told us to ignore stays ignored: `nohup` outlives its terminal.
    nohup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    numbers = [signal.SIGCHLD, *(number for number in STOP_SIGNALS if not (nohup and number == signal.SIGHUP))]
    handlers = {number: signal.signal(number, lambda *_: None) for number in numbers}
    old_fd = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    try:
        yield arrived
    finally:
        signal.set_wakeup_fd(old_fd)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        reader.close()
        writer.close()
