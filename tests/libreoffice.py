"""A LibreOffice for the test that has a form edited by another program: the one on the machine, else apt's when root.

`python -m tests.libreoffice` makes sure that there is one. $SOFFICE names another.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = "libreoffice-calc-nogui"  # half the size of the one with windows


def find() -> str | None:
    return next(
        (path for name in (os.environ.get("SOFFICE"), "soffice") if name and (path := shutil.which(name))), None
    )


def install() -> None:
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", PACKAGE]):
        subprocess.run(["apt-get", "-qq", *command], env=quiet, stdin=subprocess.DEVNULL, check=False)


def edited(data: bytes, changes: dict[str, str]) -> bytes:
    """The workbook after LibreOffice has opened it, these texts were changed in its own format, and it was saved again."""
    program = find()
    if program is None:
        raise RuntimeError("LibreOffice がありません。入れてから、SOFFICE=/path/to/soffice で場所を指定してください。")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "form.xlsx").write_bytes(data)
        _convert(program, folder, "form.xlsx", "fods")
        document = (folder / "form.fods").read_text(encoding="utf-8")
        for old, new in changes.items():
            if old not in document:
                raise AssertionError(f"{old} is not in the form")
            document = document.replace(old, new)
        (folder / "edited.fods").write_text(document, encoding="utf-8")
        _convert(program, folder, "edited.fods", "xlsx:Calc MS Excel 2007 XML")
        return (folder / "edited.xlsx").read_bytes()


def _convert(program: str, folder: Path, name: str, to: str) -> None:
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", to]
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / name)],
        check=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


if __name__ == "__main__" and not find():
    sys.stderr.write("LibreOffice を入れています（1分ほど）…\n")
    install()
    if not find():
        sys.stderr.write("LibreOffice を用意できません。入力用Excelのテストの一つが失敗します。\n")
