"""書面開催, 会議録, 意見, 専門部会: from the invitation to the confirmed minutes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from committee import actions
from committee.choices import Outcome
from committee.models import Comment, Meeting, Minutes, MinutesReply, WrittenAnswer
from tests.committee.factories import (
    add_item,
    assign,
    close,
    convene,
    create_draft,
    create_meeting,
    create_team,
    decide,
    draft_minutes,
    say_about,
)
from tests.conftest import NOW, TODAY
from townhall.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def meeting(secretary, deputy_mayor, member):
    return create_meeting(by=secretary, held_on=TODAY)


@pytest.fixture
def written(secretary, deputy_mayor, member, expert):
    meeting = create_meeting(by=secretary, held_on=TODAY + timedelta(days=7), way="written")
    add_item(meeting, by=secretary)
    return convene(meeting, by=secretary, reply_by=TODAY + timedelta(days=5))


@pytest.fixture
def over(meeting, secretary):
    """A meeting that is over, with a draft of its minutes."""
    item = add_item(meeting, by=secretary)
    convene(meeting, by=secretary)
    item.refresh_from_db()
    decide(item, by=secretary, outcome=Outcome.NOTED)
    close(meeting, by=secretary)
    return draft_minutes(Meeting.objects.get(), by=secretary)


def text_of(response):
    return response.content.decode()


def send(minutes, *, by, reply_by=TODAY):
    return actions.send_minutes(minutes, reply_by=reply_by, by=by, today=TODAY, seen_version=minutes.version)


def reply(minutes, *, by, text=""):
    return actions.reply_to_minutes(MinutesReply(minutes=minutes, text=text), by=by, today=TODAY, seen_version=None)


# --- 書面開催


def test_a_member_answers_in_three_clicks_and_can_change_it(client, written, member):
    item = written.items.get()
    client.force_login(member)
    assert "書面の回答" in text_of(client.get("/"))
    url, name = "/meetings/7/answer/", f"item-{item.pk}"
    assert "回答を選んでください。" in text_of(client.post(url, {}))
    answer = client.post(url, {f"{name}-vote": "oppose"})
    assert "意見を入力してください。" in text_of(answer)
    assert [client.post(url, {f"{name}-vote": "agree"}).url for _ in range(1)] == ["/meetings/7/"]
    given = WrittenAnswer.objects.get()
    assert (given.seat, given.vote, given.version) == ("総務課長 見本 四郎", "agree", 1)
    changed = {f"{name}-vote": "comment", f"{name}-comment": "費用を確かめて。", f"{name}-seen_version": 1}
    assert client.post(url, changed).status_code == 302
    stale = client.post(url, changed | {f"{name}-comment": "古い画面から"})
    assert (stale.status_code, "古い画面から" in text_of(stale)) == (409, True)
    text = text_of(client.get("/meetings/7/"))
    assert "賛成0・意見あり1・反対0" in text
    assert "書面で回答してください" in text


def test_after_the_day_and_without_a_seat_nobody_answers(written, member, expert, secretary):
    item = written.items.get()
    late = TODAY + timedelta(days=6)
    with pytest.raises(Refused, match="回答期限（令和8年11月29日）を過ぎました"):
        actions.answer_in_writing(WrittenAnswer(item=item, vote="agree"), by=member, today=late, seen_version=None)
    for stranger in (expert, secretary):
        with pytest.raises(PermissionDenied, match="名簿にある委員"):
            actions.answer_in_writing(
                WrittenAnswer(item=item, vote="agree"), by=stranger, today=TODAY, seen_version=None
            )
    assert WrittenAnswer.objects.count() == 0


# --- 会議録


def test_the_draft_says_what_was_recorded(client, meeting, secretary, member, planning):
    item = add_item(meeting, by=secretary, title="5-3を繰り越すか", options="案A 繰り越す")
    convene(meeting, by=secretary)
    seat = meeting.seats.get(person=member)
    seat.state, seat.proxy = "proxy", "総務課 課長補佐 見本"
    actions.record_attendance(seat, by=secretary, today=TODAY, seen_version=seat.version)
    say_about(item, by=member)
    item.refresh_from_db()
    decide(item, by=secretary, outcome=Outcome.CONDITIONAL, conditions="1月末までに協定", chosen_option="案A 繰り越す")
    client.force_login(secretary)
    assert [client.post("/meetings/7/minutes/").url for _ in range(2)] == ["/meetings/7/minutes/"] * 2
    text = Minutes.objects.get().text
    for words in (
        "第7回 情報化推進委員会　会議録",
        "令和8年11月24日（火）",
        "出席　委員2人のうち、出席0人・代理1人・欠席0人",
        "総務課長 見本 四郎　代理出席（代理 総務課 課長補佐 見本）",
        "議題1（協議）5-3を繰り越すか　資料1",
        "意見　総務課長 見本 四郎　よく確かめてください。",
        "決定　条件付き採択　案A 繰り越す",
        "・事務局　1月末までに協定（次の会議まで）",
        "○ 閉会",
    ):
        assert words in text


def test_a_draft_is_the_offices_alone(client, over, member, secretary):
    client.force_login(member)
    assert "会議録の文" not in text_of(client.get("/meetings/7/minutes/"))
    send(over, by=secretary)
    assert "会議録の文" in text_of(client.get("/meetings/7/minutes/"))
    assert "会議録の確認" in text_of(client.get("/"))


def test_minutes_are_confirmed_when_everybody_has_answered_and_every_wish_is_dealt_with(
    over, secretary, member, deputy_mayor
):
    def confirm(today=TODAY):
        minutes = Minutes.objects.get()
        return actions.confirm_minutes(minutes, by=secretary, today=today, seen_version=minutes.version)

    with pytest.raises(Refused, match="委員に送って"):
        confirm()
    send(over, by=secretary)
    reply(over, by=deputy_mayor)
    with pytest.raises(Refused, match="全員が確認するまで"):
        confirm()
    wish = reply(over, by=member, text="理由の字が違う。")
    with pytest.raises(Refused, match="修正の求めが1件あります：総務課長 見本 四郎"):
        confirm()
    actions.handle_reply(wish, "直しました。", by=secretary, today=TODAY, seen_version=wish.version)
    assert confirm().is_confirmed
    with pytest.raises(Refused, match="確認を受け付けていません"):
        reply(over, by=member, text="もう一つ")
    with pytest.raises(Refused, match="訂正する"):
        confirm()


def test_after_the_period_silence_is_consent(over, secretary):
    send(over, by=secretary)
    minutes = Minutes.objects.get()
    done = actions.confirm_minutes(minutes, by=secretary, today=TODAY + timedelta(days=1), seen_version=minutes.version)
    assert done.is_confirmed


def test_confirmed_minutes_are_corrected_with_a_reason(client, over, secretary):
    send(over, by=secretary)
    minutes = Minutes.objects.get()
    actions.confirm_minutes(minutes, by=secretary, today=TODAY + timedelta(days=1), seen_version=minutes.version)
    client.force_login(secretary)
    data = {"text": "直した文", "seen_version": Minutes.objects.get().version}
    refused = client.post("/meetings/7/minutes/edit/", data)
    assert (refused.status_code, "直した文" in text_of(refused)) == (409, True)
    assert client.post("/meetings/7/minutes/edit/", data | {"correction_reason": "字句"}).status_code == 302
    assert "訂正：字句" in text_of(client.get("/meetings/7/minutes/"))


def test_minutes_of_an_open_meeting_are_not_sent_and_ten_working_days_are_suggested(client, meeting, secretary):
    draft_minutes(meeting, by=secretary)
    client.force_login(secretary)
    form = client.get("/meetings/7/minutes/send/").context["form"]
    assert str(form["reply_by"].value()) == "2026-12-08"
    answer = client.post("/meetings/7/minutes/send/", {"reply_by": "R8.12.8", "seen_version": 1})
    assert answer.status_code == 409
    assert "会議を終了してから" in text_of(answer)


@pytest.mark.parametrize("text", ["", "長" * 40_001])
def test_a_wrong_text_is_named_and_kept(client, over, secretary, text):
    client.force_login(secretary)
    answer = client.post("/meetings/7/minutes/edit/", {"text": text, "seen_version": 1})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["text"])
    assert Minutes.objects.get().text == "会議録の文"


def test_who_was_not_called_does_not_check_them(over, secretary, section_head):
    send(over, by=secretary)
    for stranger in (secretary, section_head):
        with pytest.raises(PermissionDenied, match="名簿にある人"):
            reply(over, by=stranger)


# --- 意見, 専門部会


def test_an_expert_comments_by_name_within_the_term(client, meeting, secretary, expert, clerk):
    item = add_item(meeting, by=secretary)
    client.force_login(expert)
    url, data = f"/meetings/comments/item/{item.pk}/", {"text": "確かめて。", "creation_key": str(uuid4())}
    assert [client.post(url, data).url for _ in range(2)] == ["/meetings/7/"] * 2
    assert [(c.author_text, c.text) for c in Comment.objects.all()] == [("外部人材 見本 六郎", "確かめて。")]
    assert "確かめて。" in text_of(client.get("/meetings/7/"))
    with pytest.raises(PermissionDenied):
        say_about(item, by=clerk)
    expert = type(expert).objects.get(pk=expert.pk)
    later = Comment(item=item, text="任期のあと")
    with pytest.raises(PermissionDenied):
        actions.write_comment(later, by=expert, today=TODAY + timedelta(days=400), now=NOW)


def test_nobody_comments_on_what_was_not_submitted_or_is_over(client, expert, clerk, planning, initiative, over):
    draft = create_draft(by=clerk, section=planning, initiative=initiative)
    client.force_login(expert)
    assert client.get(f"/meetings/comments/proposal/{draft.pk}/").status_code == 404
    assert client.get("/meetings/comments/nonsense/1/").status_code == 404
    with pytest.raises(Refused, match="会議は終了しています"):
        say_about(over.meeting.items.get(), by=expert)


def test_a_team_has_a_task_and_reports_as_a_subject(client, secretary, member):
    client.force_login(member)
    assert "専門部会はまだありません。" in text_of(client.get("/meetings/teams/"))
    create_team(member, by=secretary)
    text = text_of(client.get("/meetings/teams/"))
    for words in ("窓口部会", "調べる。", "見本 四郎（部会長）", "第90回　部会の報告"):
        assert words in text


@pytest.mark.parametrize("count", [1, 3])
def test_team_query_count(client, secretary, member, count, django_assert_max_num_queries):
    create_team(member, by=secretary)
    for number in range(count):
        add_item(Meeting.objects.get(), by=secretary, title=f"報告{number}")
        assign(Meeting.objects.get(), by=secretary)
    client.force_login(member)
    with django_assert_max_num_queries(14):
        assert client.get("/meetings/teams/").status_code == 200
