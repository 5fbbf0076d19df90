"""Runs a program that cannot outlive the process that started it.

`python -m otaki_dx.tether <pid of the starter> -m module [arguments]` or `… <pid> /path/to/program [arguments]`.
The kernel kills the program when its starter dies, however it dies (Linux; elsewhere only orderly stops are safe).
Processes forked by a Python module are tied to it in the same way: web workers, the worker's pool.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to(parent: int, *, with_signal: int = signal.SIGKILL) -> None:
    """Send `with_signal` to this process when `parent` dies; at once if it is dead already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, with_signal, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), with_signal)


def tie_forks() -> None:
    """The tie is not inherited by fork, so every fork makes its own."""
    forking = os.getpid()

    def remember() -> None:
        nonlocal forking
        forking = os.getpid()

    os.register_at_fork(before=remember, after_in_child=lambda: tie_to(forking))


def main(arguments: list[str]) -> None:
    parent, program, *rest = arguments
    tie_to(int(parent))
    if program != "-m":
        os.execv(program, [program, *rest])  # noqa: S606 - no shell wanted; the tie survives exec
    tie_forks()
    module, *sys.argv[1:] = rest
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
