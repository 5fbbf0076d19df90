"""The site for residents as a folder of files, the same bytes each time for the same publication."""

import hashlib
import re
from pathlib import Path

from django.conf import settings

from otaki_dx.open_data import FILES
from otaki_dx.public_site import addresses, edition_of, file_of, page_html
from schedule.models import Publication

MANIFEST = "SHA256SUMS"
STYLES = ("tokens", "base", "shell", "components", "public", "print")
ICON = "img/favicon.svg"
_IN_A_SHEET = re.compile(r"""url\(\s*["']?\.\./([^"')#]+)""")
_LINE = re.compile(r"[0-9a-f]{64}  (\S+)")


class ForeignFolder(Exception):  # noqa: N818 - reads as the fact it reports
    """The folder holds what this command has not written; nothing was changed."""


class NotWritten(Exception):  # noqa: N818 - reads as the fact it reports
    """The disk refused."""


def site_files(publication: Publication) -> dict[str, bytes]:
    """Path → bytes of the whole site, its list of checksums last."""
    edition = edition_of(publication)
    files: dict[str, bytes] = {}
    for address in addresses(edition.content):
        files[f"{address}index.html"] = (page_html(edition, address, is_file=True) or "").encode()
    for name in FILES:
        found = file_of(edition, f"data/{name}")
        files[f"data/{name}"] = found[0] if found else b""
    files |= _assets()
    sums = (f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(files.items()))
    return files | {MANIFEST: "".join(sums).encode()}


def _assets() -> dict[str, bytes]:
    """Style sheets and what they point to, from the program's own folder: no name with a hash in it."""
    root = Path(settings.BASE_DIR) / "static"
    names = {ICON, *(f"css/{name}.css" for name in STYLES)}
    for name in sorted(names):
        if name.endswith(".css"):
            names |= set(_IN_A_SHEET.findall((root / name).read_text(encoding="utf-8")))
    return {f"assets/{name}": (root / name).read_bytes() for name in sorted(names)}


def write_site(folder: Path, files: dict[str, bytes]) -> None:
    """Into an empty folder, or over what this command wrote before; what is no longer part of the site goes away.

    Raises ForeignFolder before anything is touched, and NotWritten.
    """
    try:
        before = _written_before(folder)
        for path in sorted(before - files.keys()):
            (folder / path).unlink(missing_ok=True)
        for path, data in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        _remove_empty_folders(folder)
    except OSError as error:
        raise NotWritten(f"{folder} に書けません（{error.strerror or error}）。") from error


def _written_before(folder: Path) -> set[str]:
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise ForeignFolder(f"{folder} はフォルダーではありません。何も書いていません。")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    if not there:
        return set()
    manifest = folder / MANIFEST
    listed = set(_LINE.findall(manifest.read_text(errors="replace"))) | {MANIFEST} if manifest.is_file() else set()
    foreign = sorted(there - listed)
    if foreign:
        raise ForeignFolder(
            f"{folder} に、このポータルが書き出していないファイルがあります（{foreign[0]}）。"
            "何も書いていません。空のフォルダーを指定してください。"
        )
    return there


def _remove_empty_folders(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
