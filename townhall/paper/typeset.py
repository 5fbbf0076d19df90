"""The process that `townhall.paper.pdf` starts: a paper as JSON comes in by stdin, the PDF goes out by stdout.

It knows neither Django nor the settings, has an empty environment, reads the fonts and the template, and writes no file.
"""

import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import cast

import typst

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = ROOT / "templates" / "documents" / "paper.typ"
FONTS = ROOT / "fonts"
CPU_SECONDS = 20
MEMORY = 2 * 1024 * 1024 * 1024


def main() -> None:
    paper = sys.stdin.buffer.read().decode()
    _shut_in()
    sys.stdout.buffer.write(typeset(paper))


def typeset(paper: str) -> bytes:
    """Tagged and PDF/UA-1, with the fonts that ship and no others. The same paper gives the same bytes."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    compiler = typst.Compiler(TEMPLATE.read_bytes(), font_paths=fonts, sys_inputs={"paper": paper})
    return cast(bytes, compiler.compile(format="pdf", pdf_standards=["ua-1"]))


def _shut_in() -> None:
    """From here on the kernel keeps the limits, whatever is in the paper."""
    for kind, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a system may know fewer limits, or have a lower one in force
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
