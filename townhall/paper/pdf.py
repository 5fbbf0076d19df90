"""From a paper to a PDF: typst, tagged, PDF/UA-1, always the same bytes for the same paper.

It runs in a process of its own with limits, as reading files does: a text nobody foresaw can cost one PDF, not the portal.
"""

import json
import logging
import subprocess
import sys
from typing import Any

from townhall import fiscal
from townhall.paper.content import Paper, Text, as_plain
from townhall.paper.glyphs import FONTS, breakable, printable

logger = logging.getLogger(__name__)

ROOT = FONTS.parent
COMMAND = [sys.executable, "-E", "-s", "-B", "-X", "utf8", "-m", "townhall.paper.typeset"]
LONGEST_SECONDS = 20
PDF_TYPE = "application/pdf"


class PaperError(Exception):
    """The PDF cannot be made. What it would be made from is unharmed."""


def make_pdf(paper: Paper) -> bytes:
    """Raises PaperError."""
    question = json.dumps(for_typst(paper), ensure_ascii=False).encode()
    try:
        done = subprocess.run(  # noqa: S603 - our own command; the paper goes in by stdin
            COMMAND, input=question, capture_output=True, cwd=ROOT, env={}, timeout=LONGEST_SECONDS, check=False
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        logger.exception("a paper was not typeset")
        raise PaperError from error
    if done.returncode != 0:
        logger.error("a paper was not typeset (%s): %s", done.returncode, done.stderr[-2000:].decode(errors="replace"))
        raise PaperError
    if not (done.stdout.startswith(b"%PDF-") and done.stdout.rstrip().endswith(b"%%EOF")):
        logger.error("a paper came back incomplete: %s bytes", len(done.stdout))
        raise PaperError
    return done.stdout


def for_typst(paper: Paper) -> dict[str, Any]:
    """Only what can be shown, and what the template needs said in words."""
    plain: dict[str, Any] = _shown(as_plain(paper))
    parts = (f"{fiscal.format_date(paper.as_of)}現在", paper.edition)
    plain["stamp"] = "　".join(part for part in parts if part)
    plain["sender"] = plain["cover"]["sender"] if plain["cover"] else ""
    for number, (section, said) in enumerate(zip(plain["sections"], paper.sections, strict=True)):
        section["place"] = f"section-{number}"
        for block, each in zip(section["blocks"], said.blocks, strict=True):
            if isinstance(each, Text) and each.is_dated:
                block["text"] = _shown(each.said_on(paper.as_of))
    return plain


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return breakable(printable(value))
    if isinstance(value, dict):
        return {name: _shown(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shown(each) for each in value]
    return value
