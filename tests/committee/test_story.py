"""One proposal from the first line to the decision, through the pages, with everybody looking at it."""

import pytest
import time_machine

from committee.models import Decision, Meeting, Proposal
from tests.committee.factories import COMPLETE, create_source
from tests.stories.browser import Browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned", "plan"), pytest.mark.one_database]


@pytest.fixture
def browsers(clerk, section_head, secretary, deputy_mayor):
    return {person.username: Browser(person) for person in (clerk, section_head, secretary, deputy_mayor)}


def ball(response):
    """Whose turn it is, as the page says it."""
    page = response.context["page"]
    return f"あなた：{page.turn.task}" if page.is_yours else page.turn.label


def test_from_the_first_line_to_the_decision(browsers, plan):
    clerk, head, secretary, chair = browsers.values()
    typed = {key: str(value) for key, value in COMPLETE.items()}
    initiative = plan.initiatives.get(code="1")

    # 担当 writes, first incomplete, and is told what is missing
    page = clerk.send("/proposals/new/", title="書かない窓口の導入", check="1")
    proposal = Proposal.objects.get()
    url = proposal.get_absolute_url()
    assert page.redirect_chain == [(f"{url}submit/", 302)]
    assert "提出までに、あと11項目の入力が必要です" in page.content.decode()
    clerk.send(f"{url}edit/", **typed, initiative=initiative.pk)
    assert clerk.get(f"{url}submit/").context["missing"] == {}
    assert secretary.get(url).status_code == 404

    # and hands it to the 課長
    page = clerk.send(f"{url}submit/")
    assert "提出しました。次は企画課長の番です。" in page.content.decode()
    assert (ball(page), ball(head.get(url))) == ("企画課長", "あなた：内容を確かめて、決裁してください")

    # 課長 approves; the secretariat sees it for the first time
    page = head.send(f"{url}approve/")
    assert "R8-01　決裁して提出しました。次は事務局の番です。" in page.content.decode()
    assert ball(clerk.get(url)) == "事務局"
    assert ball(secretary.get(url)).startswith("あなた：内容を確かめて")

    # 事務局 asks
    page = secretary.send(f"{url}return/", comment="年間14,500件の内訳を教えてください。")
    assert "R8-01　照会しました。次は企画課の番です。" in page.content.decode()
    page = clerk.get(url)
    assert ball(page) == "あなた：事務局からの照会に回答して、再提出してください"
    text = page.content.decode()
    assert text.index("年間14,500件の内訳を教えてください。") < text.index("1　概要")

    # the section mends its text and answers; 課長 sends it on
    clerk.send(f"{url}edit/", **typed | {"initial_cost": "430万円"}, initiative=initiative.pk)
    clerk.send(f"{url}answer/", comment="証明書11,200件、転出入1,900件、その他1,400件です。")
    head.send(f"{url}approve/")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.edition, proposal.initial_cost) == ("submitted", 2, 4300)
    assert "回答済み" in secretary.get(url).content.decode()

    # a meeting is called, the proposal put on its agenda
    secretary.send(
        "/meetings/new/", number="7", held_on="令和8年11月24日", starts_at="13:30", place="大会議室", way="gathered"
    )
    meeting = Meeting.objects.get()
    page = secretary.send(f"{url}table/", meeting=meeting.pk)
    assert page.redirect_chain == [("/meetings/7/", 302)]
    assert ball(clerk.get(url)) == "委員会（第7回）"

    # 委員長 decides, and the proposer reads why
    item = meeting.items.get()
    assert ball(chair.get(url)) == "あなた：委員会の決定を記録してください"
    page = chair.send(
        f"/meetings/7/items/{item.pk}/decision/",
        outcome="conditional",
        reason="効果が大きい。",
        conditions="1月末までに協定",
        decided_on="2026-11-24",
        document_number="総務第123号",
    )
    assert page.redirect_chain == [(f"/meetings/7/#item-{item.pk}", 302)]
    page = clerk.get(url)
    assert ball(page) == "あなた：条件を確かめて、予算を要求するか、予算を使わずに始めてください"
    for words in ("条件付き採択", "第7回", "効果が大きい。", "1月末までに協定"):
        assert words in page.content.decode()

    # the section asks for what the proposal named; 事務局 writes down the assessment
    create_source()
    page = clerk.open(f"{url}budget/")
    assert page.context["form"]["thousands"].value() == 5800
    page = clerk.send_as_shown(page)
    assert "要求を保存しました。" in page.content.decode()
    assert ball(secretary.get(url)) == "あなた：査定の結果を入力してください"
    page = secretary.send_as_shown(secretary.open(f"{url}budget/"), result="full")
    assert ball(clerk.get(url)) == "あなた：実施を始めたら、開始日を記録してください"

    # it starts; half a year later its effect is measured, and the proposal shows both
    clerk.send(f"{url}start/", started_on="2026-11-24")
    assert ball(clerk.get(url)) == "企画課"
    with time_machine.travel("2027-05-24T01:00:00Z", tick=False):
        clerk.log_in()
        assert ball(clerk.get(url)) == "あなた：効果を測って、記録してください"
        page = clerk.send(
            f"{url}effects/6/", measured_on="2027-05-24", volume="7,000件", minutes_saved="5", source="受付の記録"
        )
        text = page.content.decode()
        assert ("725時間" in text, "583時間" in text, "80.4％" in text) == (True, True, True)

    # the meeting ends, and stays as it is
    page = secretary.send("/meetings/7/close/")
    assert "総務課 事務局 見本 花子）。直すときは、理由を書いて訂正します。" in page.content.decode()
    assert secretary.get(f"/meetings/7/items/{item.pk}/decision/").status_code == 302
    assert Decision.objects.get().recorded_by == "副町長 見本 太郎"
    assert [event.action for event in proposal.events.all()] == [
        "create", "submit", "approve", "return", "answer", "approve", "table", "adopt_conditionally",
        "request_budget", "fund", "start",
    ]  # fmt: skip
    assert "第7回 情報化推進委員会" in clerk.get("/meetings/").content.decode()
