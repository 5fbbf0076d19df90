"""照会: several at once, each with its own answer; and 取戻し, until the secretariat has opened it."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps

from committee import actions
from committee.choices import ProposalAction, ProposalState
from committee.models import ProposalOpening, ProposalQuestion
from committee.questions import as_one
from committee.workflow import OPENED
from tests.committee.factories import create_draft, step
from tests.conftest import NOW, TODAY
from townhall.refusal import Refused

A = ProposalAction
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def submitted(section_head, planning, initiative):
    return step(create_draft(by=section_head, section=planning, initiative=initiative), A.SUBMIT, by=section_head)


@pytest.fixture
def asked(submitted, secretary):
    who = {"by": secretary, "today": TODAY, "now": NOW, "seen_version": submitted.version}
    return actions.take_step(submitted, A.RETURN, questions=["内訳は。", "", "  費用は。"], **who)


def answered(proposal):
    return list(proposal.questions.values_list("number", "question", "answer"))


def answer(proposal, by, answers):
    who = {"by": by, "today": TODAY, "now": NOW, "seen_version": proposal.version}
    return actions.take_step(proposal, A.ANSWER, answers=answers, **who)


def test_several_texts_are_told_as_one():
    assert (as_one(["a", " ", "b "]), as_one(["a"]), as_one([])) == ("(1) a\n(2) b", "a", "")


def test_each_question_gets_its_own_answer(asked, section_head):
    assert answered(asked) == [(1, "内訳は。", ""), (2, "費用は。", "")]
    assert asked.events.last().comment == "(1) 内訳は。\n(2) 費用は。"
    answer(asked, section_head, {1: "証明書が多い。", 2: "入っています。"})
    assert answered(asked) == [(1, "内訳は。", "証明書が多い。"), (2, "費用は。", "入っています。")]
    question = asked.questions.first()
    assert (question.answered_by, question.answered_at) == ("企画課 課長 見本 二郎", NOW)


@pytest.mark.one_database
def test_an_open_question_without_an_answer_keeps_everything_as_it_was(asked, section_head):
    with pytest.raises(Refused, match="照会2への回答を入力してください。"):
        answer(asked, section_head, {1: "証明書が多い。", 2: " "})
    asked.refresh_from_db()
    assert (asked.state, answered(asked)[0][2]) == (ProposalState.RETURNED, "")


@pytest.mark.one_database
def test_the_pages_ask_and_answer_one_by_one(client, submitted, secretary, section_head):
    client.force_login(secretary)
    url = f"/proposals/{submitted.pk}"
    texts = {"comment": "内訳は。", "question_2": "費用は。", "question_3": "", "seen_version": submitted.version}
    assert client.post(f"{url}/return/", texts).status_code == 302
    client.force_login(section_head)
    page = client.get(f"{url}/").content.decode()
    assert [text in page for text in ("照会1への回答", "照会2への回答", "照会と回答（2件）")] == [True] * 3
    seen = submitted.version + 1
    refused = client.post(f"{url}/answer/", {"comment": "多い。", "answer_2": "", "seen_version": seen})
    assert "照会2への回答を入力してください。" in refused.content.decode()
    assert "多い。" in refused.content.decode()
    client.post(f"{url}/answer/", {"comment": "多い。", "answer_2": "はい。", "seen_version": seen})
    assert [text for _, _, text in answered(submitted)] == ["多い。", "はい。"]


@pytest.mark.one_database
def test_ten_thousand_characters_in_the_second_question_are_refused_and_kept(client, submitted, secretary):
    client.force_login(secretary)
    long = "あ" * 10_000
    texts = {"comment": "内訳は。", "question_2": long, "seen_version": submitted.version}
    answer = client.post(f"/proposals/{submitted.pk}/return/", texts)
    assert (answer.status_code, ProposalQuestion.objects.count()) == (200, 0)
    assert long in answer.content.decode()


# --- 取戻し


@pytest.mark.one_database
def test_what_the_office_has_opened_is_not_taken_back(client, submitted, secretary, clerk):
    client.force_login(clerk)
    assert "取り戻す" in client.get(f"/proposals/{submitted.pk}/").content.decode()
    client.force_login(secretary)
    for _ in range(2):
        client.get(f"/proposals/{submitted.pk}/")
    opening = ProposalOpening.objects.get()
    assert (opening.edition, opening.opened_by, opening.opened_at) == (1, "総務課 事務局 見本 花子", NOW)
    with pytest.raises(Refused, match=OPENED):
        step(submitted, A.TAKE_BACK, by=clerk)
    client.force_login(clerk)
    assert "取り戻す" not in client.get(f"/proposals/{submitted.pk}/").content.decode()


@pytest.mark.one_database
def test_a_member_who_reads_it_is_not_the_office(client, submitted, member, clerk):
    client.force_login(member)
    client.get(f"/proposals/{submitted.pk}/")
    assert step(submitted, A.TAKE_BACK, by=clerk).state == ProposalState.DRAFT


def test_a_new_edition_is_opened_anew(submitted, secretary, section_head):
    actions.note_opening(submitted, by=secretary, today=TODAY, now=NOW)
    step(submitted, A.RETURN, by=secretary, comment="なぜ。")
    step(submitted, A.ANSWER, by=section_head, comment="こう。")
    assert not submitted.was_opened
    for _ in range(2):
        actions.note_opening(submitted, by=secretary, today=TODAY, now=NOW)
    assert list(ProposalOpening.objects.order_by("edition").values_list("edition", flat=True)) == [1, 2]


# --- what was asked before questions were rows


def test_old_events_become_questions_with_their_answers(asked, section_head, secretary):
    answer(asked, section_head, {1: "一", 2: "二"})
    step(asked, A.RETURN, by=secretary, comment="もう一つ。")
    ProposalQuestion.objects.all().delete()
    migration = import_module("committee.migrations.0011_questions_from_events")
    migration.questions_from_events(SimpleNamespace(get_model=apps.get_model), None)
    assert answered(asked) == [(1, "(1) 内訳は。\n(2) 費用は。", "(1) 一\n(2) 二"), (2, "もう一つ。", "")]
