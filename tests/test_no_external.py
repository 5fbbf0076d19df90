"""Nothing is fetched from outside and nothing in a page needs an exception from the content security policy."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# The namespaces of SVG are names that happen to look like addresses; no browser fetches them.
NAMESPACES = ('"http://www.w3.org/2000/svg"', '"http://www.w3.org/1999/xlink"')

FORBIDDEN_IN_MARKUP = {
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "script with a body": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
}
FORBIDDEN_ANYWHERE = {
    "address with a scheme": re.compile(r"\b(?:https?|wss?|ftp)://", re.IGNORECASE),
    "address of another host": re.compile(
        r"""(?:href|src|action|url|from|import)\s*[=(]?\s*["'(]\s*//\w""", re.IGNORECASE
    ),
    "data address": re.compile(r"\bdata:(?:\w+/|,)", re.IGNORECASE),
    "import of a style sheet": re.compile(r"@import\b"),
}

TEMPLATES = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
DRAWINGS = list((ROOT / "static").rglob("*.svg"))
SHEETS = [*(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]


def found(text: str, rules: dict[str, re.Pattern[str]]) -> list[str]:
    for namespace in NAMESPACES:
        text = text.replace(namespace, "")
    return [f"{name}: {match[0].strip()}" for name, rule in rules.items() for match in rule.finditer(text)]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", sorted([*TEMPLATES, *DRAWINGS]), ids=name_of)
def test_markup_holds_nothing_inline_and_nothing_external(path):
    text = path.read_text(encoding="utf-8")
    assert found(text, FORBIDDEN_IN_MARKUP | FORBIDDEN_ANYWHERE) == []


@pytest.mark.parametrize("path", sorted(SHEETS), ids=name_of)
def test_sheets_and_scripts_fetch_nothing_external(path):
    assert found(path.read_text(encoding="utf-8"), FORBIDDEN_ANYWHERE) == []


def test_every_file_a_sheet_points_to_is_there():
    missing = [
        f"{name_of(path)}: {target}"
        for path in SHEETS
        for target in re.findall(r"""url\(\s*["']?([^"')#]+)""", path.read_text(encoding="utf-8"))
        if path.suffix == ".css" and not (path.parent / target).resolve().is_file()
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('<p style="color: red">', "style attribute: style="),
        ('<a onclick="go()">', 'event handler: onclick="'),
        ("<script>go()</script>", "script with a body: <script>"),
        ('<script type="application/json">{}</script>', 'script with a body: <script type="application/json">'),
        ('<script src="https://cdn.example/x.js"></script>', "address with a scheme: https://"),
        ('<script src="//cdn.example/x.js"></script>', 'address of another host: src="//c'),
        ('<img src="data:image/png;base64,AA">', "data address: data:image/"),
        ('@import "x.css";', "import of a style sheet: @import"),
    ],
)
def test_the_rules_find_what_they_forbid(text, problem):
    assert problem in found(text, FORBIDDEN_IN_MARKUP | FORBIDDEN_ANYWHERE)
