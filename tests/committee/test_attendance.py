"""招集, 出欠, 代理, 定足数."""

from datetime import date, timedelta

import pytest

from committee import actions
from committee.choices import Outcome, SeatState
from committee.models import CommitteeRules, Meeting, Seat, WrittenAnswer
from committee.summaries import roll_of
from tests.committee.factories import add_item, close, convene, create_meeting, decide
from tests.conftest import NOW, TODAY
from tests.factories import TESTS, create_person
from townhall.changes import StaleVersion, create_row
from townhall.choices import Role
from townhall.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def meeting(secretary, deputy_mayor, member, expert):
    return convene(create_meeting(by=secretary, held_on=TODAY), by=secretary)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


def text_of(response):
    return response.content.decode()


def answer(seat, state, *, by, **values):
    seat.state = state
    for name, value in values.items():
        setattr(seat, name, value)
    return actions.record_attendance(seat, by=by, today=TODAY, seen_version=seat.version)


def test_in_writing_those_count_who_answered_every_subject(secretary, deputy_mayor, member, expert):
    meeting = create_meeting(by=secretary, held_on=TODAY, way="written")
    items = [add_item(meeting, by=secretary, title=title) for title in "ab"]
    convene(meeting, by=secretary)
    given = [(deputy_mayor, items[0]), (deputy_mayor, items[1]), (member, items[0])]
    counted = []
    for person, item in given:
        said = WrittenAnswer(item=item, vote="agree")
        actions.answer_in_writing(said, by=person, today=TODAY, seen_version=None)
        counted.append(roll_of(meeting, CommitteeRules.now()).attending)
    roll = roll_of(meeting, CommitteeRules.now())
    assert (counted, roll.is_quorate) == ([0, 1, 1], False)
    assert roll.definition == "定足数 2人＝委員の過半数（委員2人、すべての議題に回答した人を数えます）。"
    said = WrittenAnswer(item=items[1], vote="agree")
    actions.answer_in_writing(said, by=member, today=TODAY, seen_version=None)
    assert roll_of(meeting, CommitteeRules.now()).is_quorate


def rules(**values):
    return create_row(CommitteeRules(**values), by=TESTS, today=TODAY)


def test_everybody_of_the_committee_on_that_day_gets_a_seat_and_keeps_the_post_of_that_day(
    meeting, deputy_mayor, member, expert
):
    seats = [(s.seat, s.is_member, s.state) for s in meeting.seats.all()]
    assert seats == [
        ("副町長 見本 太郎", True, "unknown"),
        ("総務課長 見本 四郎", True, "unknown"),
        ("外部人材 見本 六郎", False, "unknown"),
    ]
    member.name = "別名"
    member.save()
    assert meeting.seats.get(person=member).seat == "総務課長 見本 四郎"


def test_who_is_no_longer_or_not_yet_on_the_committee_is_not_called(secretary, member):
    create_person(username="old", name="見本 昔", role=Role.MEMBER, valid_until=TODAY - timedelta(days=1))
    create_person(username="new", name="見本 次", role=Role.MEMBER, valid_from=TODAY + timedelta(days=1))
    meeting = convene(create_meeting(by=secretary, held_on=TODAY), by=secretary)
    assert [seat.person for seat in meeting.seats.all()] == [member]


def test_convening_twice_is_once_and_again_seats_only_the_new(meeting, secretary):
    seen = meeting.version
    again = actions.convene_meeting(meeting, reply_by=TODAY, by=secretary, today=TODAY, now=NOW, seen_version=seen)
    assert (again.version, again.seats.count()) == (seen, 3)
    meeting = Meeting.objects.get()
    meeting.held_on = TODAY + timedelta(days=7)
    actions.edit_meeting(meeting, by=secretary, today=TODAY, now=NOW, seen_version=meeting.version)
    create_person(username="new", name="見本 次", role=Role.MEMBER, title="財政課長")
    later = TODAY + timedelta(days=3)
    actions.convene_meeting(meeting, reply_by=later, by=secretary, today=TODAY, now=NOW, seen_version=meeting.version)
    assert (meeting.reply_by, meeting.seats.count()) == (later, 4)


@pytest.mark.parametrize("days", [-1, 1])
def test_answers_are_due_between_today_and_the_meeting(secretary, days):
    meeting = create_meeting(by=secretary, held_on=TODAY)
    with pytest.raises(Refused, match="回答期限は、今日から開催日"):
        convene(meeting, by=secretary, reply_by=TODAY + timedelta(days=days))
    assert (Seat.objects.count(), Meeting.objects.get().is_convened) == (0, False)


def test_a_meeting_in_writing_is_called_with_its_subjects(secretary):
    meeting = create_meeting(by=secretary, held_on=TODAY, way="written")
    with pytest.raises(Refused, match="議題を載せてから"):
        convene(meeting, by=secretary)
    add_item(meeting, by=secretary)
    assert convene(meeting, by=secretary).is_convened


# --- 定足数


@pytest.mark.parametrize(
    ("values", "members", "expected"),
    [
        ({}, 16, 9),
        ({}, 15, 8),
        ({}, 1, 1),
        ({}, 0, None),
        ({"quorum_rule": "number", "quorum_number": 5}, 16, 5),
        ({"quorum_rule": "none"}, 16, None),
    ],
)
def test_the_quorum_follows_the_rule(values, members, expected):
    assert CommitteeRules(**values).quorum_of(members) == expected


def test_there_is_one_set_of_rules_and_a_numbered_quorum_has_its_number():
    rules()
    with pytest.raises(Exception, match="既に存在"):
        rules()
    CommitteeRules.objects.all().delete()
    with pytest.raises(Exception, match="定足数（人）を入力してください"):
        rules(quorum_rule="number")


def test_a_proxy_counts_where_the_rules_say_so_and_guests_never(meeting, secretary, member, deputy_mayor):
    chair, colleague, guest = meeting.seats.all()
    answer(chair, SeatState.ABSENT, by=secretary, opinion="5-3は繰り越すべき。")
    answer(colleague, SeatState.PROXY, by=secretary, proxy="総務課 課長補佐 見本")
    answer(guest, SeatState.PRESENT, by=secretary)
    counted = roll_of(meeting, CommitteeRules())
    told = (counted.present, counted.proxies, counted.absent, counted.attending, counted.quorum, counted.is_quorate)
    assert told == (0, 1, 1, 1, 2, False)
    assert counted.definition == "定足数 2人＝委員の過半数（委員2人、代理出席を数えます）。"
    assert roll_of(meeting, CommitteeRules(counts_proxies=False)).attending == 0
    assert roll_of(meeting, CommitteeRules(quorum_rule="number", quorum_number=1)).is_quorate is True
    assert roll_of(meeting, CommitteeRules(quorum_rule="none")).is_quorate is None


def test_the_page_says_whether_the_meeting_is_quorate_and_that_the_rule_is_to_be_confirmed(office, meeting, secretary):
    text = text_of(office.get("/meetings/7/"))
    assert "不足" in text
    assert "要綱での確認前の決まりです（要確認）。" in text
    for seat in meeting.seats.all():
        answer(seat, SeatState.PRESENT, by=secretary)
    rules(is_confirmed=True)
    text = text_of(office.get("/meetings/7/"))
    assert "成立" in text
    assert "要確認" not in text


# --- answering


def test_a_member_answers_for_the_own_seat_only(client, meeting, member, deputy_mayor):
    own, other = meeting.seats.get(person=member), meeting.seats.get(person=deputy_mayor)
    client.force_login(member)
    page = client.get("/meetings/7/attendance/")
    assert [line.seat.pk for line in page.context["lines"]] == [own.pk]
    data = {f"seat-{own.pk}-state": "proxy", f"seat-{own.pk}-proxy": "総務課 課長補佐 見本"}
    data |= {f"seat-{own.pk}-seen_version": own.version, f"seat-{other.pk}-state": "absent"}
    data |= {f"seat-{other.pk}-seen_version": other.version}
    assert client.post("/meetings/7/attendance/", data).url == "/meetings/7/"
    assert [(s.state, s.proxy) for s in meeting.seats.all()[:2]] == [
        ("unknown", ""),
        ("proxy", "総務課 課長補佐 見本"),
    ]
    with pytest.raises(Exception, match="本人と事務局"):
        answer(other, SeatState.ABSENT, by=member)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": "proxy"}, "代理で出席する人の職と名前を書いてください。"),
        ({"state": "present", "proxy": "見本"}, "出欠を「代理出席」にしてください。"),
        ({"state": "nonsense"}, "正しく選択してください"),
        ({"state": "absent", "opinion": "意" * 4001}, "4000"),
    ],
)
def test_a_wrong_line_is_named_and_the_others_are_saved(office, meeting, member, deputy_mayor, values, sentence):
    own, other = meeting.seats.get(person=member), meeting.seats.get(person=deputy_mayor)
    data = {f"seat-{own.pk}-{name}": value for name, value in ({"seen_version": own.version} | values).items()}
    data |= {f"seat-{other.pk}-state": "present", f"seat-{other.pk}-seen_version": other.version}
    answered = office.post("/meetings/7/attendance/", data)
    assert answered.status_code == 200
    assert sentence in text_of(answered)
    assert "ほかの" in text_of(answered)
    assert values.get("opinion", values.get("proxy", "")) in text_of(answered)
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.state, other.state) == ("unknown", "present")


def test_of_two_people_changing_one_seat_the_second_sees_both(office, meeting, member, secretary):
    seat = meeting.seats.get(person=member)
    seen = seat.version
    answer(seat, SeatState.ABSENT, by=member, opinion="先の意見")
    data = {
        f"seat-{seat.pk}-state": "present",
        f"seat-{seat.pk}-opinion": "後の意見",
        f"seat-{seat.pk}-seen_version": seen,
    }
    answered = office.post("/meetings/7/attendance/", data)
    assert answered.status_code == 409
    assert "先の意見" in text_of(answered)
    assert "後の意見" in text_of(answered)
    assert Seat.objects.get(pk=seat.pk).opinion == "先の意見"


def test_who_was_not_called_is_told_so(client, meeting):
    late = create_person(username="late", name="見本 遅", role=Role.MEMBER)
    client.force_login(late)
    assert "この会議の名簿に、あなたの席はありません。" in text_of(client.get("/meetings/7/attendance/"))


def test_after_the_end_attendance_is_corrected_with_a_reason_by_the_office(office, client, meeting, member, secretary):
    decide(add_item(meeting, by=secretary), by=secretary, outcome=Outcome.NOTED)
    close(meeting, by=secretary)
    seat = meeting.seats.get(person=member)
    data = {f"seat-{seat.pk}-state": "absent", f"seat-{seat.pk}-seen_version": seat.version}
    refused = office.post("/meetings/7/attendance/", data)
    assert refused.status_code == 409
    assert "訂正の理由を入力してください。" in text_of(refused)
    assert office.post("/meetings/7/attendance/", data | {"correction_reason": "記録の誤り"}).status_code == 302
    assert "訂正：記録の誤り" in text_of(office.get("/meetings/7/history/"))
    seat.refresh_from_db()
    with pytest.raises(Refused, match="会議は終了しています"):
        answer(seat, SeatState.PRESENT, by=member)


def test_the_notice_day_is_said_when_it_has_passed(office, secretary):
    create_meeting(by=secretary, held_on=date(2026, 11, 26))
    assert "その日を過ぎています。" in text_of(office.get("/meetings/7/convene/"))
    create_meeting(by=secretary, number=8, held_on=date(2026, 12, 25))
    assert "その日を過ぎています。" not in text_of(office.get("/meetings/8/convene/"))


def test_a_stale_convening_is_told(meeting):
    colleague = create_person(username="second", name="見本 二人目", role=Role.SECRETARIAT)
    with pytest.raises(StaleVersion):
        actions.convene_meeting(
            Meeting.objects.get(), reply_by=TODAY, by=colleague, today=TODAY, now=NOW, seen_version=1
        )
