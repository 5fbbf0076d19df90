"""What hostile files cost the process that reads them: `python -m bench.hostile_files`.

Each file goes to a reading process as in a request. Printed: its size, seconds on the clock and of the processor, peak
memory of that process, and what the person is told. Each should be answered within two seconds on a quiet machine.
"""

import io
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from openpyxl import Workbook

from townhall.sheets.child import COMMAND, ROOT, TOO_HEAVY, TOO_LATE, order
from townhall.sheets.guard import REQUEST

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATED = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
SHEET, STRINGS, TYPES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"
NEARLY_ALL = 9_500_000  # bytes of one part, just inside what may be unpacked
KNOWN = ("番号", *(f"列{number}" for number in range(2, 101)))
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>番号</t></is></c></row>'
chance = random.Random(1)  # noqa: S311 - the same files every time

Parts = dict[str, bytes | str]


# --- what files are made of


def workbook(rows: Iterable[Iterable[object]], *, sheets: int = 1) -> bytes:
    made = Workbook(write_only=True)
    lines = [list(row) for row in rows]
    for number in range(sheets):
        sheet = made.create_sheet(f"表{number}")
        for line in lines:
            sheet.append(line)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return {name: old.read(name) for name in old.namelist()}


SMALL = parts_of(workbook([["番号"], ["5-3"]]))


def changed(parts: Parts) -> bytes:
    """A small workbook with some of its parts replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in (SMALL | parts).items():
            new.writestr(name, content)
    return file.getvalue()


def sheet(rows: str = "", before: str = "", after: str = "") -> bytes:
    return changed({SHEET: f"<worksheet {SPACE}>{before}<sheetData>{HEAD}{rows}</sheetData>{after}</worksheet>"})


def strings(content: str, rows: str = "") -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    told = f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>'
    types = parts_of(sheet(rows))
    types[TYPES] = bytes(types[TYPES]).decode().replace("</Types>", told)  # type: ignore[arg-type]
    return changed(types | {STRINGS: f"<sst {SPACE}>{content}</sst>"})


def filled(piece: str, size: int = NEARLY_ALL) -> str:
    """As many pieces as fit. {n} counts and {m} jumps, so that the text does not shrink like a bomb."""
    pieces, length, number = [], 0, 0
    while length < size:
        number += 1
        pieces.append(piece.replace("{n}", str(number)).replace("{m}", str(number * 7919 % 1_000_003)))
        length += len(pieces[-1])
    return "".join(pieces)


def noise(length: int) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))


def named_often(times: int) -> bytes:
    entries = "".join(f'<sheet name="{n}" sheetId="{n}" state="visible" r:id="rId1"/>' for n in range(1, times))
    return changed({"xl/workbook.xml": f"<workbook {SPACE} {RELATED}><sheets>{entries}</sheets></workbook>"})


def styles() -> bytes:
    formats = filled('<xf numFmtId="{m}" fontId="{n}"/>')
    return changed({"xl/styles.xml": f"<styleSheet {SPACE}><cellXfs>{formats}</cellXfs></styleSheet>"})


# --- the files

FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
WIDE = '<row r="{n}0">' + "".join(f"<c><v>{chance.random()}{{m}}</v></c>" for _ in range(800)) + "</row>"
FORMATTED = "<si>" + "".join(f"<r><rPr><b/></rPr><t>{noise(9)}{{m}}</t></r>" for _ in range(40)) + "</si>"
MERGED = '<mergeCell ref="A{m}:B{m}"/>'
HIDDEN = '<col min="{n}" max="{m}" hidden="1"/>'
ATTRIBUTE = 'a{n}="{m}" '
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'

FILES: dict[str, Callable[[], bytes]] = {
    "honest, 19 lines of 13 columns.xlsx": lambda: workbook([KNOWN[:13], *[["5-3", *["実績" * 40] * 12]] * 19]),
    "honest, 500 lines of 100 columns.xlsx": lambda: workbook([KNOWN, *[range(100)] * 500]),
    "honest, 500 lines of 100 columns.csv": lambda: "\n".join([",".join(KNOWN), *["あ," * 99] * 500]).encode(),
    "300,000 lines.xlsx": lambda: workbook([["番号"], *([number] for number in range(300_000))]),
    "lines without a stated size.xlsx": lambda: sheet(filled('<row r="{n}1"><c><v>{m}</v></c></row>')),
    "wide lines.xlsx": lambda: sheet(filled(WIDE)),
    "one cell in the far corner.xlsx": lambda: sheet(FAR),
    "one cell of 8 MB.xlsx": lambda: sheet(
        f'<row r="2"><c t="str"><v>{noise(6_000_000)}{"x" * 2_000_000}</v></c></row>'
    ),
    "one shared string of 8 MB.xlsx": lambda: strings(f"<si><t>{noise(6_000_000)}{'x' * 2_000_000}</t></si>"),
    "one shared string in 500 cells.xlsx": lambda: strings(
        f"<si><t>{noise(30_000)}</t></si>", "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(2, 500))
    ),
    "formatted shared strings.xlsx": lambda: strings(filled(FORMATTED)),
    "tiny shared strings.xlsx": lambda: strings(filled("<si><t>{m}</t></si>")),
    "styles.xlsx": styles,
    "merged cells.xlsx": lambda: sheet(after=filled(MERGED)),
    "hidden columns.xlsx": lambda: sheet(before=filled(HIDDEN)),
    "nested elements.xlsx": lambda: sheet(after=filled("<a{m}>")),
    "attributes of one element.xlsx": lambda: sheet(before="<x " + filled(ATTRIBUTE) + "/>"),
    "one sheet named 100,000 times.xlsx": lambda: named_often(100_000),
    "150 sheets.xlsx": lambda: workbook([["表", number * 7919] for number in range(500)], sheets=150),
    "zip bomb.xlsx": lambda: changed({"xl/media/x.bin": bytes(400_000_000)}),
    "zip bomb in the sheet.xlsx": lambda: changed({SHEET: b"<worksheet>" + b" " * 200_000_000}),
    "entities.xlsx": lambda: changed({SHEET: ENTITIES}),
    "5,000 parts.xlsx": lambda: changed({f"x{number}": b"" for number in range(5_000)}),
    "one line of commas.csv": lambda: ("番号" + "," * 5_200_000).encode(),
    "quotes.csv": lambda: ('番号\r\n"' + '""' * 2_600_000).encode(),
    "lines.csv": lambda: ("番号\r\n" + "1\n" * 2_600_000).encode(),
}


# --- measuring


def build(folder: Path) -> None:
    """Everything a reading process is given. In a process of its own: its memory would be counted with the child's."""
    for name, make in FILES.items():
        (folder / name).write_bytes(order(name, make(), known=KNOWN, required=("番号",)))


def measure(path: Path) -> str:
    began = time.monotonic()
    with path.open("rb") as question, tempfile.TemporaryFile() as told:
        child = subprocess.Popen(COMMAND, stdin=question, stdout=subprocess.PIPE, stderr=told, cwd=ROOT, env={})
        timer = threading.Timer(REQUEST.wall, child.kill)
        timer.start()
        said = child.stdout.read() if child.stdout else b""
        _, status, used = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    figures = f"{seconds:5.2f} s {used.ru_utime + used.ru_stime:5.2f} s {used.ru_maxrss / 1024:5.0f} MiB"
    return f"{path.stat().st_size / 1024:>6,.0f} KB {figures}  {answer(child.returncode, said, seconds)[:56]}"


def answer(code: int, said: bytes, seconds: float) -> str:
    if code != 0:
        return f"({code}) {TOO_LATE if seconds >= REQUEST.wall else TOO_HEAVY}"
    found = json.loads(said)
    return str(found["errors"][0]) if "errors" in found else f"読めました（{len(found['lines'])}行）。"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        build(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as place:
            subprocess.run([sys.executable, "-m", "bench.hostile_files", place], cwd=ROOT, check=True)
            for name in FILES:
                sys.stdout.write(f"{name:<38} {measure(Path(place) / name)}\n")
                sys.stdout.flush()
