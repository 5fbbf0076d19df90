"""What was submitted is frozen; what is submitted again shows what changed."""

import pytest
from django.core.exceptions import ValidationError

from committee import actions
from committee.choices import ProposalAction
from committee.contents import Difference, Line, differences
from committee.models import ProposalEdition
from committee.summaries import changes_since_submitted, compared, editions_of
from tests.committee.factories import create_draft, step
from tests.conftest import TODAY

A = ProposalAction
pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def submitted(section_head, planning, initiative):
    return step(create_draft(by=section_head, section=planning, initiative=initiative), A.SUBMIT, by=section_head)


def submit_again(proposal, by, secretary, **values):
    step(proposal, A.RETURN, by=secretary, comment="なぜですか。")
    for name, value in values.items():
        setattr(proposal, name, value)
    actions.edit_proposal(proposal, by=by, today=TODAY, seen_version=proposal.version)
    return step(proposal, A.ANSWER, by=by, comment="直しました。")


def test_lines_are_compared_by_what_they_are_about():
    older = [Line("title", "提案名", "A"), Line("problem", "いまの困りごと", "長い文"), Line("gone", "財源：前", "1")]
    newer = [Line("title", "提案名", "A"), Line("problem", "いまの困りごと", "別の文"), Line("team", "体制", "2人")]
    assert differences(older, newer) == (
        Difference("いまの困りごと", "長い文", "別の文", True),
        Difference("体制", "", "2人", False),
        Difference("財源：前", "1", "", False),
    )


def test_an_edition_says_everything_in_words_and_never_changes(submitted, section_head):
    edition = submitted.editions.get()
    said = {line["label"]: line["text"] for line in edition.contents}
    assert (edition.number, edition.frozen_by) == (1, "企画課 課長 見本 二郎")
    assert [
        said[label]
        for label in ("提案名", "対象の取組", "削減できる時間（見込み）", "5年間の費用", "財源：一般財源（残り）")
    ] == [
        "書かない窓口の導入",
        str(submitted.initiative),
        "1,450時間／年",
        "11,800千円",
        "1年目 5,800千円　2年目 1,500千円　3年目 1,500千円　4年目 1,500千円　5年目 1,500千円",
    ]
    edition.contents = []
    with pytest.raises(ValidationError, match="変えられません"):
        edition.save()
    with pytest.raises(ValidationError, match="消せません"):
        edition.delete()


def test_each_submission_makes_one_and_the_two_are_compared(submitted, section_head, secretary):
    again = submit_again(submitted, section_head, secretary, initial_cost=4000, personal_data="あり。")
    first, second = editions_of(again)
    assert [each.label for each in compared(first, second).differences] == [
        "導入時の費用",
        "5年間の費用",
        "うち町の負担",
        "財源：一般財源（残り）",
        "個人情報",
    ]
    assert changes_since_submitted(again) == ()


def test_the_pages_show_what_changed(client, submitted, section_head, secretary):
    again = submit_again(submitted, section_head, secretary, starts_when="令和10年4月")
    client.force_login(secretary)
    detail = client.get(f"/proposals/{again.pk}/").content.decode()
    assert "前の版からの変更点" in detail
    versions = client.get(f"/proposals/{again.pk}/versions/1..2/").content.decode()
    assert [text in versions for text in ("令和9年10月", "令和10年4月", "第1版から第2版への変更点")] == [True] * 3
    assert "令和9年10月" in client.get(f"/proposals/{again.pk}/versions/1/").content.decode()
    for path in ("versions/3/", "versions/1..3/", "versions/0..1/", "versions/99999999999999999999/"):
        assert client.get(f"/proposals/{again.pk}/{path}").status_code == 404


def test_before_it_is_submitted_again_the_check_page_shows_what_is_new(client, submitted, section_head, clerk):
    step(submitted, A.TAKE_BACK, by=clerk)
    submitted.solution = "職員が聞き取り、申請書を作って印刷する。"
    actions.edit_proposal(submitted, by=clerk, today=TODAY, seen_version=submitted.version)
    client.force_login(clerk)
    shown = client.get(f"/proposals/{submitted.pk}/submit/").content.decode()
    assert "前に提出した版からの変更点" in shown
    assert ProposalEdition.objects.count() == 1
