"""Paper: the pages that lie on the table of the committee, A4 landscape, short enough to be read."""

import re
import shutil
import subprocess
import unicodedata

import pytest

pytestmark = pytest.mark.browser

A4_LANDSCAPE, A4_PORTRAIT = (842, 595), (595, 842)
SHEET = re.compile(rb"/Type\s*/Page\b")
MEDIA_BOX = re.compile(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]")
MOST_SHEETS = 4  # the sentence and the lists, the initiatives, the schedule, the duties and ledgers


def print_on_paper(visitor):
    return visitor.page.pdf(prefer_css_page_size=True, print_background=True)


def sheets_of(paper):
    return len(SHEET.findall(paper))


def words_of(paper):
    """The text of each sheet without its blanks."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    text = subprocess.run([tool, "-raw", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
    return ["".join(unicodedata.normalize("NFKC", sheet).split()) for sheet in text.split("\f")[:-1]]


@pytest.mark.parametrize("day", ["", "2026-04-01", "2026-02-15", "2024-09-30", "2023-03-01"])
def test_the_dashboard_prints_on_four_sheets_at_most_whatever_the_day(portal, visit, day):
    visitor = visit(portal, "iin")
    visitor.open(f"/plan/?as_of={day}" if day else "/plan/")
    assert 3 <= sheets_of(print_on_paper(visitor)) <= MOST_SHEETS


def test_the_agenda_of_a_meeting_prints_upright(portal, visit):
    visitor = visit(portal, "jimukyoku")
    visitor.open("/meetings/2/")
    ((width, height),) = set(MEDIA_BOX.findall(print_on_paper(visitor)))
    assert float(width) < float(height)


def test_the_dashboard_of_the_first_day_prints_on_no_more(new_portal, visit):
    visitor = visit(new_portal, "hajime")
    visitor.open("/plan/")
    assert 1 <= sheets_of(print_on_paper(visitor)) <= MOST_SHEETS


def test_every_row_stands_on_one_sheet_and_every_sheet_says_its_day_and_number(portal, visit):
    visitor = visit(portal, "iin")
    visitor.open("/plan/?as_of=2026-02-15")
    titles = visitor.page.locator(".dx-gantt__activity").all_inner_texts()
    sheets = words_of(print_on_paper(visitor))
    schedule = next(sheet for sheet in sheets if "全体スケジュール" in sheet)
    openings = ["".join(unicodedata.normalize("NFKC", title).split())[:6] for title in titles]
    assert len(openings) == 16
    assert [opening for opening in openings if opening not in schedule] == []
    assert [number for number, sheet in enumerate(sheets, 1) if f"{number}/{len(sheets)}" not in sheet] == []
    assert [number for number, sheet in enumerate(sheets, 1) if "令和8年2月15日時点" not in sheet] == []


@pytest.mark.parametrize(
    ("username", "path", "most", "sheet"),
    [
        ("iin", "/plan/1/", 3, A4_LANDSCAPE),
        ("iin", "/plan/5/", 3, A4_LANDSCAPE),
        ("iin", "/plan/5-3/", 2, A4_LANDSCAPE),
        ("zeimu-kacho", "/proposals/2/", 4, A4_LANDSCAPE),
        ("iin", "/meetings/2/", 2, A4_PORTRAIT),
        ("jimukyoku", "/progress/", 3, A4_LANDSCAPE),
    ],
)
def test_page_prints_on_few_sheets(portal, visit, username, path, most, sheet):
    visitor = visit(portal, username)
    visitor.open(path)
    paper = print_on_paper(visitor)
    assert 1 <= sheets_of(paper) <= most
    assert {(round(float(width)), round(float(height))) for width, height in MEDIA_BOX.findall(paper)} == {sheet}
