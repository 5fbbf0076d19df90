"""Made-up meetings of the demonstration: who came and in whose stead, 宿題, minutes, answers in writing, a 専門部会."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from committee import actions
from committee.choices import ItemKind, MeetingWay, SeatState, Vote
from committee.minutes_text import minutes_text
from committee.models import ActionItem, AgendaItem, Meeting, MinutesReply, ProjectTeam, Seat, TeamMember, WrittenAnswer
from committee.summaries import meeting_page
from townhall import calendar
from townhall.models import Section, User

# Username of who was called: what they answered, who came instead, and what they wrote.
CAME = {
    "fukuchocho": (SeatState.PRESENT, "", ""),
    "iin": (SeatState.PROXY, "総務課 課長補佐（例）", ""),
    "gaibu": (SeatState.ABSENT, "", "予約の取消しの手順も、先に決めておくとよいと思います。"),
}
WILL_COME = {
    "fukuchocho": (SeatState.PRESENT, "", ""),
    "gaibu": (SeatState.ABSENT, "", "案Bでよいと思います。縮小する範囲を図で示してください。"),
}


def call_past(meeting: Meeting) -> None:
    """Before its subjects are decided: called ten working days before, answered the day before."""
    called_on = calendar.working_days_before(meeting.held_on, 10)
    _convene(meeting, called_on, reply_by=calendar.working_days_before(meeting.held_on, 2))
    _answer(meeting, CAME, calendar.working_days_before(meeting.held_on, 1))


def give_homework(meeting: Meeting, item: AgendaItem) -> None:
    """Done a month later; the condition of the decision stays open."""
    task = ActionItem(meeting=meeting, item=item, creation_key=uuid4(), due_on=meeting.held_on + timedelta(days=30))
    task.text = "電話で受けた予約を、だれが画面に入れるかを決める。"
    task.section = Section.objects.get(code="kikaku")
    office = _person("jimukyoku")
    actions.assign_action_item(task, by=office, today=meeting.held_on)
    day = calendar.working_day_on_or_after(meeting.held_on + timedelta(days=25))
    note = "各施設の窓口が入れることにし、手順を1枚にまとめた。"
    actions.finish_action_item(
        task, by=_person("kikaku-tanto"), today=day, ended_on=day, note=note, seen_version=task.version
    )


def confirm_minutes(meeting: Meeting) -> None:
    """After it was closed: drafted, checked by all who were called, confirmed."""
    office, day = _person("jimukyoku"), calendar.add_working_days(meeting.held_on, 3)
    meeting.refresh_from_db()
    text = minutes_text(meeting, meeting_page(meeting, office, today=day))
    minutes = actions.draft_minutes(meeting, text, by=office, today=day)
    until = actions.minutes_due(day)
    actions.send_minutes(minutes, reply_by=until, by=office, today=day, seen_version=minutes.version)
    for username in CAME:
        reply = MinutesReply(minutes=minutes)
        actions.reply_to_minutes(reply, by=_person(username), today=until, seen_version=None)
    actions.confirm_minutes(minutes, by=office, today=until, seen_version=minutes.version)


def call_coming(meeting: Meeting, *, today: date) -> None:
    """Two have answered, one has not; a 専門部会 reports."""
    team = _team(today)
    report = AgendaItem(meeting=meeting, kind=ItemKind.REPORT, title="書かない窓口専門部会の報告", team=team)
    report.presenter, report.minutes_planned = "専門部会", 10
    actions.add_agenda_item(report, by=_person("jimukyoku"), today=today)
    now = timezone.make_aware(datetime.combine(today, time(8)))
    note = "協議の経過（例）\n4月 事業者と打合せ\n7月 協定の案を確認\n".encode()
    actions.lay_paper(
        report, "協議の経過（例）.txt", note, is_reference=False, by=_person("jimukyoku"), today=today, now=now
    )
    called_on = calendar.working_days_before(today, 2)
    _convene(meeting, called_on, reply_by=calendar.working_days_before(meeting.held_on, 3))
    _answer(meeting, WILL_COME, today)


def ask_in_writing(meeting: Meeting, *, today: date) -> None:
    """書面開催: one has answered, one has not."""
    item = AgendaItem(meeting=meeting, kind=ItemKind.APPROVE, title="オンライン申請の操作手引の改定（例）")
    item.note = "手引の画面の写しを、いまの画面に差し替えます。手順は変わりません。"
    actions.add_agenda_item(item, by=_person("jimukyoku"), today=today)
    _convene(meeting, calendar.working_days_before(today, 1), reply_by=calendar.add_working_days(today, 6))
    answer = WrittenAnswer(item=item, vote=Vote.AGREE)
    actions.answer_in_writing(answer, by=_person("fukuchocho"), today=today, seen_version=None)


def call_meeting(
    number: int, held_on: date, *, today: date, place: str = "役場 大会議室", way: MeetingWay = MeetingWay.GATHERED
) -> Meeting:
    starts_at = time(13, 30) if way == MeetingWay.GATHERED else None
    meeting = Meeting(number=number, held_on=held_on, starts_at=starts_at, place=place, way=way)
    return actions.schedule_meeting(meeting, by=_person("jimukyoku"), today=today)


def _convene(meeting: Meeting, day: date, *, reply_by: date) -> None:
    meeting.refresh_from_db()
    now = timezone.make_aware(datetime.combine(day, time(10)))
    office = _person("jimukyoku")
    actions.convene_meeting(meeting, reply_by=reply_by, by=office, today=day, now=now, seen_version=meeting.version)


def _answer(meeting: Meeting, answers: dict[str, tuple[SeatState, str, str]], day: date) -> None:
    for seat in Seat.objects.filter(meeting=meeting, person__username__in=answers).select_related("person", "meeting"):
        seat.state, seat.proxy, seat.opinion = answers[seat.person.username]
        actions.record_attendance(seat, by=seat.person, today=day, seen_version=seat.version)


def _team(today: date) -> ProjectTeam:
    office = _person("jimukyoku")
    starts_on, ends_on = today - timedelta(days=60), today + timedelta(days=300)
    team = ProjectTeam(name="書かない窓口専門部会（例）", starts_on=starts_on, ends_on=ends_on, is_example=True)
    team.task = "書かない窓口の手順を課をまたいで確かめ、委員会に報告する。"
    team.section = Section.objects.get(code="kikaku")
    actions.set_up_team(team, by=office, today=today)
    for username, leads in (("kikaku-kacho", True), ("zeimu-kacho", False), ("gaibu", False)):
        member = TeamMember(team=team, person=_person(username), is_leader=leads, starts_on=starts_on, ends_on=ends_on)
        actions.add_team_member(member, by=office, today=today)
    return team


def _person(username: str) -> User:
    return User.objects.get(username=username)
