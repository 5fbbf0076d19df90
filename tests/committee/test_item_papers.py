"""資料 of a subject: numbers, who reads and who lays them, what 次第 and 会議資料 say of them."""

import io

import pytest
from django.core.exceptions import PermissionDenied

from committee import actions
from committee.choices import Outcome
from committee.models import AgendaItem, ItemPaper, Meeting
from committee.papers.meeting import agenda_paper, pack_paper
from tests.committee.factories import add_item, close, convene, create_meeting, decide, lay_paper
from tests.conftest import TODAY
from townhall.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def meeting(secretary):
    return create_meeting(by=secretary)


@pytest.fixture
def item(meeting, secretary):
    return add_item(meeting, by=secretary)


def text_of(response):
    return response.content.decode()


def labels(item):
    sheet = AgendaItem.objects.get(pk=item.pk).paper_label
    return [paper.label_under(sheet) for paper in item.papers.laid()]


def test_numbers_follow_the_sheet_of_the_subject_and_stay_when_another_is_taken_back_or_the_order_changes(
    meeting, item, secretary
):
    papers = [lay_paper(item, f"{name}.txt", name, by=secretary) for name in "ab"]
    lay_paper(item, "参考.txt", "参考", by=secretary, is_reference=True)
    convene(meeting, by=secretary)
    assert labels(item) == ["資料1-2", "資料1-3", "参考資料1-1"]
    actions.take_back_paper(papers[0], by=secretary, today=TODAY, seen_version=1)
    lay_paper(item, "c.txt", "c", by=secretary)
    add_item(Meeting.objects.get(), by=secretary, title="次の議題")
    moved = AgendaItem.objects.get(title="次の議題")
    actions.move_agenda_item(moved, up=True, by=secretary, today=TODAY, seen_version=moved.version)
    assert labels(item) == ["資料1-3", "資料1-4", "参考資料1-1"]


def test_the_same_file_twice_is_one_and_taking_it_back_twice_is_once(item, secretary):
    first, again = (lay_paper(item, "a.txt", "同じ", by=secretary) for _ in range(2))
    assert (first, ItemPaper.objects.count()) == (again, 1)
    actions.take_back_paper(first, by=secretary, today=TODAY, seen_version=1)
    stale = ItemPaper.objects.get()
    assert actions.take_back_paper(stale, by=secretary, today=TODAY, seen_version=1).version == 2


def test_only_the_office_lays_papers_and_after_the_end_with_a_reason(client, meeting, item, secretary, deputy_mayor):
    with pytest.raises(PermissionDenied, match="資料を付けられるのは、事務局です。"):
        lay_paper(item, "a.txt", "a", by=deputy_mayor)
    paper = lay_paper(item, "a.txt", "a", by=secretary)
    decide(item, by=secretary, outcome=Outcome.NOTED)
    close(meeting, by=secretary)
    for late in (
        lambda: lay_paper(item, "b.txt", "b", by=secretary),
        lambda: actions.take_back_paper(paper, by=secretary, today=TODAY, seen_version=1),
    ):
        with pytest.raises(Refused, match="訂正の理由を入力してください"):
            late()
    client.force_login(secretary)
    url = f"/meetings/7/items/{item.pk}/papers/"
    assert f'href="{url}new/"' in text_of(client.get("/meetings/7/"))
    file = io.BytesIO(b"b")
    file.name = "b.txt"
    assert client.post(f"{url}new/", {"file": file, "correction_reason": "差し替え"}).url == f"{url}new/"
    sent = {"seen_version": paper.version, "correction_reason": "古い版"}
    assert client.post(f"{url}{paper.pk}/remove/", sent).url == f"/meetings/7/#item-{item.pk}"
    assert [(row.attachment.name, row.number) for row in ItemPaper.objects.laid()] == [("b.txt", 2)]
    told = client.get("/meetings/7/").context["page"].corrections
    assert {(each.what, each.reason) for each in told} == {("資料", "差し替え"), ("資料", "古い版")}


def test_who_reads_the_meeting_has_the_file_and_one_taken_back_is_gone(client, item, secretary, expert, engineer):
    client.force_login(secretary)
    url = f"/meetings/7/items/{item.pk}/papers/"
    sent = client.post(f"{url}new/", {"file": io.BytesIO("経過".encode()), "is_reference": "on"})
    assert sent.status_code == 200  # a name without an ending
    file = io.BytesIO("経過".encode())
    file.name = "経過.txt"
    assert client.post(f"{url}new/", {"file": file, "is_reference": "on"}).url == f"{url}new/"
    paper = ItemPaper.objects.get()
    assert "参考資料1-1" in text_of(client.get(f"{url}new/"))
    client.force_login(expert)
    assert "参考資料1-1" in text_of(client.get("/meetings/7/"))
    assert client.get(f"{url}{paper.pk}/").content.decode() == "経過"
    client.force_login(engineer)
    assert client.get(f"{url}{paper.pk}/").status_code == 403
    client.force_login(secretary)
    assert client.get(f"/meetings/8/items/{item.pk}/papers/{paper.pk}/").status_code == 404
    gone = client.post(f"{url}{paper.pk}/remove/", {"seen_version": paper.version})
    assert (gone.url, client.get(f"{url}{paper.pk}/").status_code) == (f"/meetings/7/#item-{item.pk}", 404)


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.exe", b"MZ"), ("a.pdf", b"not a pdf"), ("a.txt", b"")],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_a_sentence(client, item, secretary, name, data):
    client.force_login(secretary)
    file = io.BytesIO(data)
    file.name = name
    answer = client.post(f"/meetings/7/items/{item.pk}/papers/new/", {"file": file})
    (sentence,) = answer.context["form"].errors["file"]
    assert (answer.status_code, sentence[-1], ItemPaper.objects.count()) == (200, "。", 0)


def test_the_agenda_and_the_pack_name_the_files(meeting, item, secretary):
    lay_paper(item, "協議経過.txt", "経過", by=secretary)
    said = [repr(make(meeting, as_of=TODAY)) for make in (agenda_paper, pack_paper)]
    assert ["資料1-2 協議経過.txt" in words for words in said] == [True, True]
    assert "別添の資料" in said[1]
