"""The pages of a proposal: who sees what, what is kept when something is refused."""

import re
from uuid import uuid4

import pytest

from committee.actions import edit_proposal
from committee.choices import ProposalAction, ProposalState
from committee.models import Proposal
from tests.committee.factories import COMPLETE, create_draft, create_meeting, put_in_state, step, table
from tests.conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]
A, S = ProposalAction, ProposalState


@pytest.fixture
def draft(clerk, planning, initiative):
    return create_draft(by=clerk, section=planning, initiative=initiative)


@pytest.fixture
def submitted(draft, section_head):
    return step(draft, A.SUBMIT, by=section_head)


def typed(**values):
    return {name: str(value) for name, value in (COMPLETE | values).items()}


def text_of(response):
    return response.content.decode()


def without_tokens(response):
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", text_of(response))


# --- who sees what


def test_another_sections_draft_looks_like_one_that_does_not_exist(client, draft, secretary, other_head, deputy_mayor):
    for person in (secretary, other_head, deputy_mayor):
        client.force_login(person)
        hidden, missing = client.get(f"/proposals/{draft.pk}/"), client.get("/proposals/999999/")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert without_tokens(hidden) == without_tokens(missing)
        assert draft.title not in text_of(client.get("/proposals/"))


@pytest.mark.parametrize("page", ["", "edit/", "submit/", "approve/", "answer/", "withdraw/", "take_back/", "history/"])
def test_no_page_of_another_sections_draft_opens(client, draft, other_head, page):
    client.force_login(other_head)
    for answer in (client.get(f"/proposals/{draft.pk}/{page}"), client.post(f"/proposals/{draft.pk}/{page}")):
        assert answer.status_code in (404, 405)
        assert draft.title not in text_of(answer)


@pytest.mark.parametrize("person", ["engineer", "outsider"])
def test_who_has_no_part_in_proposals_is_told_who_has(client, request, draft, person):
    client.force_login(request.getfixturevalue(person))
    answer = client.get("/proposals/")
    assert answer.status_code == 403
    assert "この画面は事務局・委員長・委員・課長・担当・専門部会・外部人材が使います。" in text_of(answer)


def test_the_office_reads_but_does_not_write(client, submitted, secretary):
    client.force_login(secretary)
    assert client.get(f"/proposals/{submitted.pk}/").status_code == 200
    for page in ("edit/", "submit/", "approve/", "answer/", "withdraw/"):
        assert client.get(f"/proposals/{submitted.pk}/{page}").status_code == 403
    assert client.get("/proposals/new/").status_code == 403


def test_the_empty_list_says_what_to_do(client, clerk, member):
    client.force_login(clerk)
    assert "思いつきの段階でも下書きできます" in text_of(client.get("/proposals/"))
    client.force_login(member)
    assert "課が提案を提出すると、ここに並びます。" in text_of(client.get("/proposals/"))
    assert "この条件の提案はありません。" in text_of(client.get("/proposals/?show=yours"))


@pytest.mark.parametrize(
    "query",
    [
        "show=%00",
        "year=99999",
        "year=x",
        "year=%EF%BC%92%EF%BC%90%EF%BC%92%EF%BC%96",
        "page=x",
        "page=-1",
        "page=99999999999999999999",
        "show=yours&year=2026&page=2",
    ],
)
def test_nonsense_in_the_address_of_the_list_is_harmless(client, submitted, clerk, query):
    client.force_login(clerk)
    assert client.get(f"/proposals/?{query}").status_code == 200


@pytest.mark.parametrize("pk", [0, 999999, 2**63, 2**63 - 1, 10**30])
def test_an_unknown_number_is_not_found(client, clerk, pk):
    client.force_login(clerk)
    for page in ("", "edit/", "submit/", "history/"):
        assert client.get(f"/proposals/{pk}/{page}").status_code == 404


def test_only_the_expected_methods_are_answered(client, draft, clerk):
    client.force_login(clerk)
    url = f"/proposals/{draft.pk}/"
    assert [client.post(path).status_code for path in ("/proposals/", url, f"{url}history/")] == [405] * 3
    assert [client.put(path).status_code for path in ("/proposals/new/", f"{url}edit/", f"{url}submit/")] == [405] * 3


def test_what_was_typed_is_shown_as_text_never_as_markup(client, clerk, planning):
    draft = create_draft(by=clerk, section=planning, title="<script>alert(1)</script>", problem="<b>太字</b>\n2行目")
    client.force_login(clerk)
    for page in ("", "edit/", "submit/", "history/"):
        text = text_of(client.get(f"/proposals/{draft.pk}/{page}"))
        assert "<script>alert" not in text
        assert "<b>太字" not in text
    assert "&lt;b&gt;太字&lt;/b&gt;<br>2行目" in text_of(client.get(f"/proposals/{draft.pk}/"))


# --- writing


def test_a_draft_may_be_empty(client, clerk, planning):
    client.force_login(clerk)
    answer = client.post("/proposals/new/", {"creation_key": uuid4()})
    draft = Proposal.objects.get()
    assert (answer.status_code, answer.url) == (302, draft.get_absolute_url())
    assert (draft.section, draft.shown_title) == (planning, "（題のない下書き）")
    assert "あと12項目の入力が必要です" in text_of(client.get(f"{answer.url}submit/"))


def test_the_form_says_per_section_how_many_needed_fields_are_empty(client, clerk, planning, initiative):
    client.force_login(clerk)
    parts = client.get("/proposals/new/").context["form"].parts
    assert [part.badge for part in parts] == [("none", "未（5）"), ("none", "未（4）"), ("none", "未（3）")]
    draft = create_draft(by=clerk, section=planning, initiative=initiative, yearly_volume=None, initial_cost=0)
    url = f"/proposals/{draft.pk}/edit/"
    parts = client.get(url).context["form"].parts
    assert [part.badge for part in parts] == [("done", "済"), ("miss", "残り1"), ("done", "済")]
    assert [part.url for part in parts] == ["#part-outline", "#id_yearly_volume", "#part-checks"]
    typed = {"title": " ", "yearly_volume": "百件", "initial_cost": "0", "seen_version": draft.version}
    parts = client.post(url, typed).context["form"].parts  # of what stands in the fields, also when it is refused
    assert [part.badge for part in parts] == [("none", "未（5）"), ("miss", "残り2"), ("none", "未（3）")]


def test_bad_figures_are_named_and_everything_typed_stays(client, clerk):
    client.force_login(clerk)
    bad = typed(title="題", yearly_volume="約一万", minutes_saved="-3", initial_cost="9" * 15, problem="困" * 4001)
    answer = client.post("/proposals/new/", bad | {"initiative": "999"})
    text = text_of(answer)
    assert (answer.status_code, Proposal.objects.count()) == (200, 0)
    assert set(answer.context["form"].errors) == {
        "yearly_volume",
        "minutes_saved",
        "initial_cost",
        "problem",
        "initiative",
    }
    for kept in ("約一万", "-3", "9" * 15, "困" * 4001, "職員が聞き取り"):
        assert kept in text
    assert "「-3」は 0 より小さい数です。" in text
    assert "<title>エラー：" in text


def test_control_characters_are_refused_with_a_sentence(client, clerk):
    client.force_login(clerk)
    answer = client.post("/proposals/new/", typed(title="題\x00名"))
    assert (answer.status_code, Proposal.objects.count()) == (200, 0)
    assert list(answer.context["form"].errors) == ["title"]


def test_the_same_form_sent_twice_makes_one_proposal(client, clerk):
    client.force_login(clerk)
    data = typed(title="二度押し") | {"creation_key": str(uuid4())}
    urls = {client.post("/proposals/new/", data).url for _ in range(2)}
    assert urls == {Proposal.objects.get().get_absolute_url()}


def test_a_second_text_from_the_same_form_is_not_lost(client, clerk):
    client.force_login(clerk)
    data = typed(title="はじめ") | {"creation_key": str(uuid4())}
    client.post("/proposals/new/", data)
    answer = client.post("/proposals/new/", data | {"title": "戻って直した題"})
    assert answer.status_code == 409
    assert "この提案は先ほど保存してあります。" in text_of(answer)
    assert "戻って直した題" in text_of(answer)
    assert Proposal.objects.get().title == "はじめ"
    form = answer.context["form"]
    answer = client.post(f"/proposals/{Proposal.objects.get().pk}/edit/", form.data)
    assert (answer.status_code, Proposal.objects.get().title) == (302, "戻って直した題")


def test_nobody_smuggles_in_fields_the_form_does_not_have(client, clerk, welfare, secretary):
    client.force_login(clerk)
    extra = {
        "section": welfare.pk,
        "state": "adopted",
        "serial": 1,
        "fiscal_year": 2026,
        "author": secretary.pk,
        "edition": 9,
    }
    client.post("/proposals/new/", typed() | extra)
    draft = Proposal.objects.get()
    assert (draft.section.name, draft.state, draft.serial, draft.edition, draft.author) == (
        "企画課",
        "draft",
        None,
        0,
        clerk,
    )


def test_a_conflict_shows_both_values_and_saves_neither_until_told(client, draft, clerk, section_head):
    client.force_login(clerk)
    page = client.get(f"/proposals/{draft.pk}/edit/")
    seen = page.context["form"]["seen_version"].value()
    client.force_login(section_head)
    client.post(f"/proposals/{draft.pk}/edit/", typed(title="課長の題") | {"seen_version": seen})
    client.force_login(clerk)
    answer = client.post(f"/proposals/{draft.pk}/edit/", typed(title="担当の題") | {"seen_version": seen})
    text = text_of(answer)
    assert answer.status_code == 409
    assert "企画課 課長 見本 二郎さんが10:00（11月24日）に更新しました。" in text
    assert answer.context["form"].conflict.fields == (("提案名", "課長の題", "担当の題"),)
    assert "課長の題" in text
    assert "担当の題" in text
    assert Proposal.objects.get().title == "課長の題"
    again = client.post(f"/proposals/{draft.pk}/edit/", answer.context["form"].data)
    assert (again.status_code, Proposal.objects.get().title) == (302, "担当の題")


def test_saving_the_same_text_twice_is_no_conflict(client, draft, clerk):
    client.force_login(clerk)
    data = typed(title="直した題") | {"seen_version": draft.version, "initiative": draft.initiative_id}
    answers = [client.post(f"/proposals/{draft.pk}/edit/", data).status_code for _ in range(2)]
    assert (answers, Proposal.objects.get().version) == ([302, 302], 2)


@pytest.mark.parametrize("version", ["", "x", "\x00", "999"])
def test_without_a_true_version_nothing_is_saved(client, draft, clerk, version):
    client.force_login(clerk)
    answer = client.post(f"/proposals/{draft.pk}/edit/", typed(title="直した題") | {"seen_version": version})
    assert answer.status_code in (200, 409)
    assert "直した題" in text_of(answer)
    assert Proposal.objects.get().title == COMPLETE["title"]


@pytest.mark.parametrize("state", [S.SECTION_REVIEW, S.TABLED, S.ADOPTED, S.WITHDRAWN])
def test_a_text_that_can_no_longer_change_is_refused_with_what_was_typed(client, draft, clerk, state):
    put_in_state(draft, state, by=clerk)
    client.force_login(clerk)
    url = f"/proposals/{draft.pk}/edit/"
    assert client.get(url).url == draft.get_absolute_url()
    answer = client.post(url, typed(title="遅かった題") | {"seen_version": draft.version})
    assert answer.status_code == 409
    assert f"この提案はいま「{state.label}」のため、内容を変えられません。" in text_of(answer)
    assert "遅かった題" in text_of(answer)


# --- steps


def test_an_incomplete_draft_is_not_submitted(client, clerk, planning):
    draft = create_draft(by=clerk, section=planning, problem="")
    client.force_login(clerk)
    url = f"/proposals/{draft.pk}/submit/"
    answer = client.post(url, {"seen_version": draft.version})
    text = text_of(answer)
    assert answer.status_code == 200
    assert "提出に必要な項目が2つ足りません。" in text
    assert f'<a href="/proposals/{draft.pk}/edit/#id_problem">いまの困りごとを入力してください。</a>' in text
    assert Proposal.objects.get().state == "draft"


def test_submitting_twice_is_the_same_as_once(client, draft, clerk):
    client.force_login(clerk)
    url, data = f"/proposals/{draft.pk}/submit/", {"seen_version": draft.version}
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert [event.action for event in draft.events.all()] == ["create", "submit"]


def test_a_question_without_text_asks_for_it(client, submitted, secretary):
    client.force_login(secretary)
    answer = client.post(f"/proposals/{submitted.pk}/return/", {"seen_version": submitted.version, "comment": " "})
    assert (answer.status_code, "照会の内容を入力してください。" in text_of(answer)) == (200, True)


def test_a_question_that_comes_too_late_keeps_its_text(client, submitted, secretary, clerk):
    seen = submitted.version
    step(submitted, A.TAKE_BACK, by=clerk)
    client.force_login(secretary)
    answer = client.post(f"/proposals/{submitted.pk}/return/", {"seen_version": seen, "comment": "内訳は？"})
    assert answer.status_code == 409
    assert "企画課 担当 見本 三郎さんが" in text_of(answer)
    assert "内訳は？" in text_of(answer)
    again = client.post(f"/proposals/{submitted.pk}/return/", answer.context["form"].data)
    assert again.status_code == 409
    assert "この提案はいま「作成中」のため、「照会する」はできません。" in text_of(again)


def test_a_text_of_ten_thousand_characters_is_refused_and_kept(client, submitted, secretary):
    client.force_login(secretary)
    long = "長" * 10_000
    answer = client.post(f"/proposals/{submitted.pk}/return/", {"seen_version": submitted.version, "comment": long})
    assert (answer.status_code, long in text_of(answer)) == (200, True)
    assert "4000" in str(answer.context["form"].errors["comment"])


def test_a_page_for_a_step_that_is_not_possible_leads_back_with_a_sentence(client, submitted, clerk):
    client.force_login(clerk)
    answer = client.get(f"/proposals/{submitted.pk}/submit/", follow=True)
    assert answer.redirect_chain == [(submitted.get_absolute_url(), 302)]
    assert "この提案はいま「事務局の確認中」のため、「課長の決裁へ出す」はできません。" in text_of(answer)


def test_the_clerk_does_not_approve(client, draft, clerk):
    put_in_state(draft, S.SECTION_REVIEW, by=clerk)
    client.force_login(clerk)
    answer = client.post(f"/proposals/{draft.pk}/approve/", {"seen_version": draft.version})
    assert (answer.status_code, Proposal.objects.get().state) == (403, "section_review")


def test_putting_on_an_agenda_needs_an_open_meeting(client, submitted, secretary):
    client.force_login(secretary)
    url = f"/proposals/{submitted.pk}/table/"
    assert "載せられる会議がありません。" in text_of(client.get(url))
    meeting = create_meeting(by=secretary, place="大会議室")
    assert "第7回　令和8年11月24日（火）　大会議室" in text_of(client.get(url))
    for wrong in ("", "x", "999", "\x00"):
        answer = client.post(url, {"seen_version": submitted.version, "meeting": wrong})
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["meeting"])
    answers = [client.post(url, {"seen_version": submitted.version, "meeting": meeting.pk}) for _ in range(2)]
    assert [answer.url for answer in answers] == ["/meetings/7/", "/meetings/7/"]
    assert meeting.items.count() == 1


def test_the_history_names_who_changed_what(client, submitted, clerk):
    client.force_login(clerk)
    text = text_of(client.get(f"/proposals/{submitted.pk}/history/"))
    for words in ("企画課 課長 見本 二郎", "作成中", "事務局の確認中", "提出"):
        assert words in text


def test_what_happened_inside_the_section_stays_there(client, clerk, section_head, planning, initiative, secretary):
    draft = create_draft(by=clerk, section=planning, initiative=initiative, problem="内輪の書き方")
    step(draft, A.SUBMIT, by=clerk)
    step(draft, A.SEND_BACK, by=section_head, comment="内輪の注意")
    draft.problem = COMPLETE["problem"]
    edit_proposal(draft, by=clerk, today=TODAY, seen_version=draft.version)
    step(draft, A.SUBMIT, by=section_head)
    for person, sees in ((clerk, True), (secretary, False)):
        client.force_login(person)
        pages = [text_of(client.get(f"/proposals/{draft.pk}/{page}")) for page in ("", "history/")]
        assert ("内輪の注意" in pages[0], "内輪の書き方" in pages[1]) == (sees, sees)
        assert sees or "内輪" not in "".join(pages)


def test_the_decided_page_shows_the_way_it_went(client, submitted, secretary, clerk):
    table(submitted, create_meeting(by=secretary, held_on=TODAY), by=secretary)
    client.force_login(clerk)
    text = text_of(client.get(submitted.get_absolute_url()))
    assert 'aria-label="提案の手続　全7段階のうち4段階目"' in text
    assert "委員会（第7回）の番です：第7回（11月24日（火））で審査します" in text
