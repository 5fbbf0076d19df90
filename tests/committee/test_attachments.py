"""添付 of a proposal: only what may be kept, only by who writes, only for who may read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from committee import actions
from committee.choices import ProposalAction, ProposalState
from committee.models import ProposalAttachment
from tests.committee.factories import attach, create_draft, put_in_state, step
from tests.conftest import TODAY
from tests.townhall.test_attachments import BAD, PDF
from townhall.models import Attachment
from townhall.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]
A, S = ProposalAction, ProposalState


@pytest.fixture
def draft(clerk, planning, initiative):
    return create_draft(by=clerk, section=planning, initiative=initiative)


@pytest.fixture
def add(client, clerk, draft):
    client.force_login(clerk)

    def post(name, data):
        upload = SimpleUploadedFile("x", data)
        upload._name = name  # as a hostile client would send it, past Django's own cleaning
        return client.post(f"/proposals/{draft.pk}/attachments/new/", {"file": upload})

    return post


def test_a_file_is_attached_shown_and_handed_out(client, add, draft):
    assert add("見積書（2社）.pdf", PDF).status_code == 302
    row = ProposalAttachment.objects.get()
    page = client.get(f"/proposals/{draft.pk}/").content.decode()
    assert "見積書（2社）.pdf" in page
    answer = client.get(row.get_absolute_url())
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("what", BAD)
def test_every_other_file_is_refused_with_a_sentence_and_nothing_is_kept(add, what):
    """Django cleans some names on the way in; what then is a good file may be kept, under the clean name."""
    answer = add(*BAD[what])
    if answer.status_code == 302:
        assert Attachment.objects.get().name.isprintable()
        assert "/" not in Attachment.objects.get().name
        return
    assert (answer.status_code, Attachment.objects.count()) == (200, 0)
    assert "dx-error" in answer.content.decode()


def test_choosing_nothing_is_said(client, clerk, draft):
    client.force_login(clerk)
    answer = client.post(f"/proposals/{draft.pk}/attachments/new/")
    assert "ファイルを選んでください。" in answer.content.decode()


def test_the_same_file_twice_is_one(draft, clerk):
    first = attach(draft, "覚え.txt", "見本", by=clerk)
    assert attach(draft, "覚え.txt", "見本", by=clerk) == first
    assert attach(draft, "別.txt", "見本", by=clerk) != first
    assert Attachment.objects.count() == 2


def test_a_file_taken_off_stays_in_the_edition_that_names_it(client, draft, section_head, secretary, other_head):
    kept, inside = attach(draft, "前.txt", "前", by=section_head), attach(draft, "中.txt", "中", by=section_head)
    url = f"/proposals/{draft.pk}/attachments/{inside.pk}/remove/"
    client.force_login(section_head)
    assert client.post(url, {"seen_version": inside.version}).status_code == 302
    step(draft, A.SUBMIT, by=section_head)
    step(draft, A.TAKE_BACK, by=section_head)
    client.post(f"/proposals/{draft.pk}/attachments/{kept.pk}/remove/", {"seen_version": kept.version})
    client.force_login(secretary)
    assert [client.get(row.get_absolute_url()).status_code for row in (kept, inside)] == [200, 404]
    client.force_login(other_head)
    assert client.get(kept.get_absolute_url()).status_code == 404


def test_a_stale_page_takes_nothing_off(client, draft, clerk):
    row = attach(draft, "覚え.txt", "見本", by=clerk)
    client.force_login(clerk)
    for seen in ("", "7", "x"):
        answer = client.post(f"/proposals/{draft.pk}/attachments/{row.pk}/remove/", {"seen_version": seen})
        assert answer.status_code in (409, 410)
    assert not ProposalAttachment.objects.get().is_removed


@pytest.mark.parametrize("state", set(S) - {S.DRAFT, S.RETURNED})
def test_files_change_only_while_the_section_has_it(draft, state, clerk, secretary):
    row = attach(draft, "覚え.txt", "見本", by=clerk)
    put_in_state(draft, state, by=secretary)
    with pytest.raises(Refused, match="添付を変えられません"):
        attach(draft, "新.txt", "新", by=clerk)
    row.refresh_from_db()
    with pytest.raises(Refused, match="添付を変えられません"):
        actions.take_off_proposal(row, by=clerk, today=TODAY, seen_version=row.version)


def test_twenty_files_are_enough(draft, clerk, monkeypatch):
    monkeypatch.setattr("committee.actions.attachments.MOST_FILES", 1)
    attach(draft, "一.txt", "一", by=clerk)
    with pytest.raises(Refused, match="1個まで"):
        attach(draft, "二.txt", "二", by=clerk)
