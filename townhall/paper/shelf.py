"""PDFs once made are kept: the same paper is not typeset twice. Only a convenience; losing the folder loses nothing."""

import hashlib
import logging
import os
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from townhall.paper.content import Paper, as_json
from townhall.paper.glyphs import FONTS
from townhall.paper.pdf import make_pdf
from townhall.paper.typeset import TEMPLATE

logger = logging.getLogger(__name__)

MOST_KEPT = 200


def pdf_of(paper: Paper) -> bytes:
    """Raises PaperError. A full or read-only disk costs time only."""
    place = _place(paper)
    try:
        return place.read_bytes()
    except OSError:
        made = make_pdf(paper)
        _keep(place, made)
        return made


def _place(paper: Paper) -> Path:
    mark = hashlib.sha256(f"{_maker()}\n{as_json(paper)}".encode()).hexdigest()
    return Path(settings.DATA_DIR) / "papers" / f"{mark}.pdf"


@lru_cache(maxsize=1)
def _maker() -> str:
    """What else the bytes hang on: another template, font or typst makes another file."""
    parts = (TEMPLATE.read_bytes(), (FONTS / "SHA256SUMS").read_bytes(), version("typst").encode())
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def _keep(place: Path, made: bytes) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, delete=False) as file:
            file.write(made)
        os.replace(file.name, place)
        oldest_first = sorted(place.parent.glob("*.pdf"), key=lambda each: each.stat().st_mtime)
        for old in oldest_first[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        logger.warning("a PDF could not be kept in %s", place.parent, exc_info=True)
