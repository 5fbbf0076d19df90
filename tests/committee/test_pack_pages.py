"""The pages of 会議資料, and the single documents."""

import sys
from datetime import timedelta
from io import BytesIO

import openpyxl
import pypdf
import pytest

from committee.models import Pack
from tests.committee.factories import add_item, create_draft, create_meeting, draft_minutes, make_pack
from tests.conftest import TODAY
from townhall.paper import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]

HOSTILE = '<b>#import "x"</b> $x$ *太*'


@pytest.fixture
def meeting(secretary):
    made = create_meeting(by=secretary, held_on=TODAY + timedelta(days=10))
    add_item(made, by=secretary, title="専門部会の設置", note=HOSTILE)
    return made


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


def words(answer):
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages).split())


def test_making_one_is_three_presses_from_the_meeting(office, meeting):
    assert 'href="/meetings/7/packs/new/"' in office.get("/meetings/7/").text
    check = office.get("/meetings/7/packs/new/").text
    assert ("第1版を作成する" in check, "資料1" in check) == (True, True)
    made = office.post("/meetings/7/packs/new/", follow=True)
    assert made.redirect_chain == [("/meetings/7/packs/1/", 302)]
    assert "会議資料の第1版を作りました。" in made.text
    assert Pack.objects.get().sha256 in made.text
    assert "1版" in office.get("/meetings/7/").text


def test_pressing_again_makes_none_and_says_so(office, meeting):
    office.post("/meetings/7/packs/new/")
    assert "新しい版は作りません。" in office.get("/meetings/7/packs/new/").text
    Pack.objects.get()
    assert office.post("/meetings/7/packs/new/").url == "/meetings/7/packs/1/"
    assert Pack.objects.count() == 1


def test_the_second_edition_says_what_changed(office, meeting, secretary):
    make_pack(meeting, by=secretary)
    add_item(meeting, by=secretary, title="新しい議題")
    assert "第1版から変わるところ" in office.get("/meetings/7/packs/new/").text
    make_pack(meeting, by=secretary)
    page = office.get("/meetings/7/packs/2/changes/").text
    assert ("第1版から第2版への変更" in page, "新しい議題" in page) == (True, True)
    assert office.get("/meetings/7/packs/1/changes/").status_code == 404
    assert "第1版からの変更" in words(office.get("/meetings/7/packs/2/pdf/"))


def test_page_pdf_and_workbook_say_the_same_and_nothing_typed_is_markup(office, meeting, secretary):
    make_pack(meeting, by=secretary)
    page = office.get("/meetings/7/packs/1/").text
    assert "&lt;b&gt;#import &quot;x&quot;&lt;/b&gt; $x$ *太*" in page
    pdf_file = office.get("/meetings/7/packs/1/pdf/")
    assert (pdf_file.status_code, pdf_file["Content-Type"]) == (200, "application/pdf")
    assert pdf_file["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "".join(HOSTILE.split()) in words(pdf_file)
    book = openpyxl.load_workbook(BytesIO(office.get("/meetings/7/packs/1/xlsx/").content))
    assert book.sheetnames[:3] == ["表紙", "次第", "概要1 計画の状況"]
    values = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert HOSTILE in values


def test_the_same_edition_is_the_same_file_whenever_it_is_fetched(office, meeting, secretary, settings, tmp_path):
    make_pack(meeting, by=secretary)
    first = office.get("/meetings/7/packs/1/pdf/").content
    settings.DATA_DIR = tmp_path / "another"
    add_item(meeting, by=secretary, title="あとから")
    assert office.get("/meetings/7/packs/1/pdf/").content == first
    assert [file.read_bytes() for file in (tmp_path / "another/papers").iterdir()] == [first]


def test_where_nothing_can_be_kept_the_pdf_is_made_all_the_same(office, meeting, secretary, settings, tmp_path):
    make_pack(meeting, by=secretary)
    (tmp_path / "papers").write_text("no folder")
    settings.DATA_DIR = tmp_path
    assert office.get("/meetings/7/packs/1/pdf/").status_code == 200


@pytest.mark.parametrize(
    "command",
    [
        ["/nowhere/python"],
        [sys.executable, "-c", "raise SystemExit(3)"],
        [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"],
        [sys.executable, "-c", "import sys; sys.stdin.read(); sys.stdout.write('%PDF-1.7 cut off')"],
        [sys.executable, "-c", "import time; time.sleep(60)"],
    ],
    ids=["missing", "failing", "killed", "cut off", "slow"],
)
def test_when_the_pdf_cannot_be_made_the_page_is_offered(
    office, meeting, secretary, settings, tmp_path, monkeypatch, command
):
    make_pack(meeting, by=secretary)
    settings.DATA_DIR = tmp_path
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "COMMAND", command)
        broken.setattr(pdf, "LONGEST_SECONDS", 1)
        answer = office.get("/meetings/7/packs/1/pdf/")
    assert answer.status_code == 503
    assert ("PDFを作れませんでした" in answer.text, 'href="/meetings/7/packs/1/"' in answer.text) == (True, True)
    assert "専門部会の設置" in office.get("/meetings/7/packs/1/").text
    assert list(tmp_path.glob("papers/*")) == []  # nothing of it is kept: the next press makes it


def test_who_does_not_read_every_proposal_is_not_shown_the_papers(client, meeting, secretary, clerk):
    make_pack(meeting, by=secretary)
    client.force_login(clerk)
    assert "/packs/" not in client.get("/meetings/7/").text
    assert client.get("/meetings/7/packs/1/").status_code == 403


def test_a_closed_meeting_offers_its_editions_and_no_button(office, meeting, secretary):
    make_pack(meeting, by=secretary)
    meeting.is_closed, meeting.closed_at, meeting.closed_by = True, Pack.objects.get().made_at, "事務局"
    meeting.save()
    page = office.get("/meetings/7/").text
    assert ("/packs/1/pdf/" in page, "/packs/new/" in page) == (True, False)
    assert "終了しています" in office.get("/meetings/7/packs/new/", follow=True).text
    assert "終了しています" in office.post("/meetings/7/packs/new/", follow=True).text


def test_agenda_and_proposal_are_single_documents(office, client, meeting, secretary, section_head, planning):
    assert "専門部会の設置（協議）" in words(office.get("/meetings/7/agenda/pdf/"))
    draft = create_draft(by=section_head, section=planning)
    client.force_login(section_head)
    assert "書かない窓口の導入" in words(client.get(f"/proposals/{draft.pk}/pdf/"))


def test_a_row_and_an_initiative_have_their_report(office, plan):
    assert "進捗報告書5-3" in words(office.get("/plan/5-3/report/pdf/"))
    assert "計画の記載" in words(office.get("/plan/5/report/pdf/"))
    assert office.get("/plan/99/report/pdf/").status_code == 404


def test_a_draft_of_the_minutes_is_on_paper_for_the_secretariat_alone(office, client, meeting, secretary, member):
    draft_minutes(meeting, by=secretary, text="まだ見せない文")
    assert "まだ見せない文" in words(office.get("/meetings/7/minutes/pdf/"))
    client.force_login(member)
    said = words(client.get("/meetings/7/minutes/pdf/"))
    assert ("まだ見せない文" in said, "会議録の文はまだありません" in said) == (False, True)
