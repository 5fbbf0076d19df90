"""10,000 letters where 4,000 fit: a sentence, everything typed is still there, and nothing is half saved."""

import re

import pytest

from committee.choices import ProposalAction
from committee.models import Decision, Proposal
from tests.committee.factories import COMPLETE, add_item, close, create_draft, create_meeting, step, table
from tests.stories.browser import Browser

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]

TOO_LONG = re.compile("4,?000 ?文字")
LONG = "あ" * 9_990 + "最後の十文字まで残る"


@pytest.fixture
def submitted(section_head, planning, initiative):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    return step(draft, ProposalAction.SUBMIT, by=section_head)


def refused_and_kept(page):
    """The page says what is wrong, and holds the text to its last letter."""
    assert page.redirect_chain == []
    return (bool(TOO_LONG.search(page.text)), LONG in page.text)


def test_a_long_text_of_a_proposal_is_kept_and_not_saved(clerk, initiative):
    typed = {key: str(value) for key, value in COMPLETE.items()} | {"problem": LONG}
    page = Browser(clerk).send("/proposals/new/", **typed, initiative=initiative.pk)
    assert refused_and_kept(page) == (True, True)
    assert Proposal.objects.count() == 0


def test_a_long_question_and_a_long_answer_are_kept_and_move_nothing(secretary, section_head, submitted):
    url = submitted.get_absolute_url()
    assert refused_and_kept(Browser(secretary).send(f"{url}return/", comment=LONG)) == (True, True)
    step(Proposal.objects.get(), ProposalAction.RETURN, by=secretary, comment="なぜですか。")
    assert refused_and_kept(Browser(section_head).send(f"{url}answer/", comment=LONG)) == (True, True)
    assert (Proposal.objects.get().state, Proposal.objects.get().questions.get().answer) == ("returned", "")


def test_a_long_reason_of_a_decision_is_kept_and_decides_nothing(secretary, deputy_mayor, submitted):
    item = table(submitted, create_meeting(by=secretary), by=secretary)
    chair = Browser(deputy_mayor)
    page = chair.open(f"/meetings/7/items/{item.pk}/decision/")
    assert refused_and_kept(chair.send_as_shown(page, outcome="adopted", reason=LONG)) == (True, True)
    assert (Decision.objects.count(), Proposal.objects.get().state) == (0, "tabled")


def test_what_is_typed_while_the_meeting_is_closed_is_not_lost(secretary):
    """One clerk writes a subject, a colleague ends the meeting."""
    meeting = create_meeting(by=secretary)
    item = add_item(meeting, by=secretary)
    office = Browser(secretary)
    page = office.open("/meetings/7/items/new/")
    item.delete()  # else it would have to be decided first
    close(meeting, by=secretary)
    page = office.send_as_shown(page, title="あとから思いついた議題", note="長く考えた説明")
    assert page.redirect_chain == []
    assert [words in page.text for words in ("会議は終了しています", "あとから思いついた議題", "長く考えた説明")] == [
        True
    ] * 3
