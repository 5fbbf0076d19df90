"""意見: on the pages of proposals and rows, and taken back by who wrote them."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from committee import actions
from committee.choices import Outcome, ProposalAction
from committee.minutes_text import minutes_text
from committee.models import Comment
from committee.summaries import meeting_page
from schedule.models import Activity
from tests.committee.factories import add_item, close, create_draft, create_meeting, decide, say_about, step
from tests.conftest import NOW, TODAY
from townhall.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def proposal(section_head, planning, initiative):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    return step(draft, ProposalAction.SUBMIT, by=section_head)


def text_of(response):
    return response.content.decode()


def test_an_opinion_is_written_on_the_page_of_the_proposal_and_read_there(client, proposal, expert, section_head):
    client.force_login(expert)
    url = proposal.get_absolute_url()
    page = client.get(url)
    key = page.context["comment_form"]["creation_key"].value()
    address = f"/meetings/comments/proposal/{proposal.pk}/"
    assert f'action="{address}"' in text_of(page)
    for text in ("窓口の混む時期は。", "窓口の混む時期は。", "同じ画面からもう一つ。"):
        assert client.post(address, {"text": text, "creation_key": key}).url == url
    assert [each.text for each in Comment.objects.all()] == ["窓口の混む時期は。", "同じ画面からもう一つ。"]
    client.force_login(section_head)
    page = text_of(client.get(url))
    assert ("外部人材 見本 六郎" in page, "窓口の混む時期は。" in page, address in page) == (True, True, False)
    client.force_login(expert)
    kept = client.post(address, {"text": "長" * 4001, "creation_key": str(uuid4())})
    assert (kept.status_code, "長" * 4001 in text_of(kept), Comment.objects.count()) == (200, True, 2)


def test_an_opinion_on_a_row_is_read_on_its_page_by_who_reads_meetings(client, plan, member, engineer):
    row = Activity.objects.get(code="5-3")
    client.force_login(member)
    data = {"text": "町民の声も聞く。", "creation_key": str(uuid4())}
    assert client.post(f"/meetings/comments/activity/{row.pk}/", data).url == row.get_absolute_url()
    assert "町民の声も聞く。" in text_of(client.get(row.get_absolute_url()))
    client.force_login(engineer)
    assert "町民の声も聞く。" not in text_of(client.get(row.get_absolute_url()))


def test_who_wrote_it_takes_it_back_and_it_stays_marked(client, secretary, expert, member):
    meeting = create_meeting(by=secretary)
    item = add_item(meeting, by=secretary)
    comment = say_about(item, by=expert, text="早すぎる。")
    url = f"/meetings/comments/{comment.pk}/withdraw/"
    client.force_login(member)
    assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)
    client.force_login(expert)
    assert url in text_of(client.get("/meetings/7/"))
    assert [client.post(url, {"seen_version": comment.version}).url for _ in range(2)] == ["/meetings/7/"] * 2
    comment.refresh_from_db()
    assert (comment.is_withdrawn, comment.text, comment.version) == (True, "早すぎる。", 2)
    page = text_of(client.get("/meetings/7/"))
    assert ("意見（0件）" in page, "取下げ" in page, "早すぎる。" in page, url in page) == (True, True, True, False)
    assert "早すぎる。" not in minutes_text(meeting, meeting_page(meeting, secretary, today=TODAY))


def test_nothing_is_taken_back_by_others_or_after_the_end(secretary, expert, member):
    meeting = create_meeting(by=secretary)
    item = add_item(meeting, by=secretary)
    comment = say_about(item, by=expert)
    with pytest.raises(PermissionDenied, match="書いた本人"):
        actions.withdraw_comment(comment, by=member, today=TODAY, now=NOW, seen_version=1)
    decide(item, by=secretary, outcome=Outcome.NOTED)
    close(meeting, by=secretary)
    with pytest.raises(Refused, match="会議は終了しています"):
        actions.withdraw_comment(comment, by=expert, today=TODAY, now=NOW, seen_version=1)
