"""manage.py export_public: the site for residents as files."""

import hashlib
import re

import pytest
from django.core.management import CommandError, call_command

from schedule.actions import publication as actions
from schedule.models import Publication
from tests.conftest import NOW, TODAY
from tests.schedule.publishing import publish, small_plan, write_line

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def plan():
    return small_plan()


@pytest.fixture
def published(plan, secretary):
    write_line("1-1", by=secretary, text="広めました。")
    return publish(plan, by=secretary)


def export(folder):
    call_command("export_public", str(folder), verbosity=0)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_address_on_a_page_is_a_file_of_the_site(published, tmp_path):
    files = export(tmp_path / "site")
    wrong = []
    for name, data in files.items():
        if name.endswith(".html"):
            page, place = data.decode(), (tmp_path / "site" / name).parent
            assert re.findall(r"<script|<form|https?://", page) == []
            wrong += [
                (name, address)
                for address in re.findall(r'(?:href|src)="([^"#]+)', page)
                if address.startswith("/") or not (place / address).resolve().is_file()
            ]
    assert wrong == []
    assert {"index.html", "initiatives/1/index.html", "data/catalog.jsonld", "assets/css/public.css"} <= files.keys()


def test_the_same_publication_gives_the_same_bytes_and_their_checksums(published, tmp_path):
    first, second = export(tmp_path / "a"), export(tmp_path / "b")
    assert first == second
    listed = dict(line.split("  ")[::-1] for line in first["SHA256SUMS"].decode().splitlines())
    found = {name: hashlib.sha256(data).hexdigest() for name, data in first.items() if name != "SHA256SUMS"}
    assert listed == found


def test_the_next_publication_replaces_the_files_and_takes_away_what_is_gone(published, plan, secretary, tmp_path):
    old = export(tmp_path)
    (tmp_path / "gone/index.html").parent.mkdir()
    (tmp_path / "gone/index.html").write_text("old page")
    sums = tmp_path / "SHA256SUMS"
    sums.write_text(sums.read_text() + "0" * 64 + "  gone/index.html\n")
    write_line("1-1", by=secretary, text="書き直した文")
    publish(plan, by=secretary)
    new = export(tmp_path)
    assert new.keys() == old.keys()
    assert "書き直した文" in new["initiatives/1/index.html"].decode()
    assert not (tmp_path / "gone").exists()


def test_a_folder_of_somebody_else_is_left_alone(published, tmp_path):
    (tmp_path / "家族の写真.jpg").write_bytes(b"x")
    with pytest.raises(CommandError, match=r"家族の写真\.jpg.*何も書いていません"):
        export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["家族の写真.jpg"]
    with pytest.raises(CommandError, match="フォルダーではありません"):
        export(tmp_path / "家族の写真.jpg")


def test_without_a_publication_nothing_is_written(plan, secretary, tmp_path):
    with pytest.raises(CommandError, match="まだ公開していない"):
        export(tmp_path / "site")
    actions.withdraw(publish(plan, by=secretary), by=secretary, today=TODAY, now=NOW, reason="誤り")
    with pytest.raises(CommandError, match="まだ公開していない"):
        export(tmp_path / "site")
    assert (Publication.objects.count(), (tmp_path / "site").exists()) == (1, False)
