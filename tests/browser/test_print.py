"""Paper: the pages that lie on the table of the committee, A4 landscape, short enough to be read."""

import re

import pytest

pytestmark = pytest.mark.browser

A4_LANDSCAPE = (842, 595)
SHEET = re.compile(rb"/Type\s*/Page\b")
MEDIA_BOX = re.compile(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]")


@pytest.mark.parametrize(
    ("username", "path", "most"),
    [
        ("iin", "/plan/", 4),
        ("iin", "/plan/?as_of=2026-02-15", 4),
        ("iin", "/plan/1/", 2),
        ("iin", "/plan/5/", 2),
        ("iin", "/plan/5-3/", 2),
        ("zeimu-kacho", "/proposals/2/", 3),
        ("iin", "/meetings/2/", 2),
        ("jimukyoku", "/progress/", 3),
    ],
)
def test_page_prints_on_few_sheets(portal, visit, username, path, most):
    visitor = visit(portal, username)
    visitor.open(path)
    paper = visitor.page.pdf(prefer_css_page_size=True, print_background=True)
    assert 1 <= len(SHEET.findall(paper)) <= most
    assert {(round(float(width)), round(float(height))) for width, height in MEDIA_BOX.findall(paper)} == {A4_LANDSCAPE}
