"""Reading a file apart: a process of its own with hard limits, so that no file can hold up or bring down the portal.

`read_apart` starts `python -m townhall.sheets.child`: what to read goes in by stdin, the table comes out as JSON.
The child knows neither Django nor the settings, has an empty environment, and may write no file.
"""

import contextlib
import json
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from townhall.sheets.extract import Extract, read_extracts
from townhall.sheets.guard import LARGE, REQUEST, HeadingError, Limits, SheetError, TooMuchError
from townhall.sheets.reading import read_sheet
from townhall.sheets.table import Sheet

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-E", "-s", "-B", "-X", "utf8", "-m", "townhall.sheets.child"]
OUT_OF_MEMORY = 3

TOO_HEAVY = (
    "表が大きすぎるか込み入りすぎていて読めません。"
    "使っていない行・列・シートを削除するか、表だけを新しいブックに値として貼り付けてください。"
)
TOO_LATE = "時間内に読み終わりませんでした。何も取り込んでいません。少し待ってから、もう一度選んでください。"
STOPPED = (
    "読み取りが途中で止まりました。何も取り込んでいません。もう一度選んでも続くときは、運用担当に知らせてください。"
)


def read_apart(
    name: str,
    data: bytes,
    *,
    known: Sequence[str],
    required: Sequence[str],
    hidden: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
    limits: Limits = REQUEST,
) -> Sheet:
    """`read_sheet` in a child process. Raises SheetError, also when the child dies or takes too long."""
    question = order(name, data, known=known, required=required, hidden=hidden, aliases=aliases or {}, limits=limits)
    return Sheet.from_json(_answer(question, len(data), limits))


def _answer(question: bytes, size: int, limits: Limits) -> Any:
    try:
        done = subprocess.run(  # noqa: S603 - our own command; the file goes in by stdin
            COMMAND, input=question, capture_output=True, cwd=ROOT, env={}, timeout=limits.wall, check=False
        )
    except subprocess.TimeoutExpired:
        logger.warning("reading a file of %s bytes took longer than %s s", size, limits.wall)
        raise TooMuchError(TOO_LATE) from None
    except OSError as error:
        logger.exception("the reading process did not start")
        raise SheetError(STOPPED) from error
    if done.returncode != 0:
        raise _why_it_died(done)
    answer = json.loads(done.stdout)
    if "headings" in answer:
        raise HeadingError(*answer["errors"], headings=answer["headings"])
    if "errors" in answer:
        raise (TooMuchError if answer.get("is_too_much") else SheetError)(*answer["errors"])
    return answer


def read_large_apart(name: str, data: bytes, *, words: Sequence[str], limits: Limits = LARGE) -> list[Extract]:
    """`read_extracts` in a child process, for the worker. Raises SheetError like `read_apart`."""
    asked = {"name": name, "limits": asdict(limits), "words": list(words)}
    answer = _answer(json.dumps(asked).encode() + b"\n" + data, len(data), limits)
    return [Extract.from_json(each) for each in answer["extracts"]]


def _why_it_died(done: subprocess.CompletedProcess[bytes]) -> SheetError:
    if done.returncode < 0 or done.returncode == OUT_OF_MEMORY or b"MemoryError" in done.stderr:
        logger.warning("reading a file was stopped at its limits (%s)", done.returncode)
        return TooMuchError(TOO_HEAVY)
    logger.error("the reading process failed (%s): %s", done.returncode, done.stderr[-2000:].decode(errors="replace"))
    return SheetError(STOPPED)


def order(
    name: str,
    data: bytes,
    *,
    known: Sequence[str],
    required: Sequence[str],
    hidden: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
    limits: Limits = REQUEST,
) -> bytes:
    """What the child reads: one line of JSON, then the file as it is."""
    words = {"known": list(known), "required": list(required), "hidden": list(hidden), "aliases": dict(aliases or {})}
    return json.dumps({"name": name, "limits": asdict(limits), **words}).encode() + b"\n" + data


# --- in the child


def main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**asked.pop("limits"))
    _shut_in(limits)
    try:
        answer = _read(asked.pop("name"), sys.stdin.buffer.read(), limits, asked)
    except HeadingError as error:
        answer = {"errors": error.sentences, "headings": error.headings}
    except SheetError as error:
        answer = {"errors": error.sentences, "is_too_much": isinstance(error, TooMuchError)}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode(errors="replace"))


def _read(name: str, data: bytes, limits: Limits, asked: dict[str, Any]) -> dict[str, Any]:
    if "words" in asked:
        extracts = read_extracts(name, data, words=asked["words"], limits=limits)
        return {"extracts": [each.as_json() for each in extracts]}
    return read_sheet(name, data, limits=limits, **asked).as_json()


def _shut_in(limits: Limits) -> None:
    """From here on the kernel keeps the limits, whatever the parser does."""
    _limit(resource.RLIMIT_CPU, limits.cpu)
    _limit(resource.RLIMIT_AS, _present_size() + limits.memory)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(kind: int, most: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # a system may know fewer limits, or have a lower one in force
        resource.setrlimit(kind, (most, most))


def _present_size() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 512 * 1024 * 1024  # where there is no /proc, sizes of address space say little anyway


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
