"""What the committee's meetings ask of one person: an answer to an invitation, 宿題 to do."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from committee.models import ActionItem, Meeting, Minutes, Seat
from otaki_dx.home_items import HomeItem
from townhall import fiscal
from townhall.models import User
from townhall.permissions import Permission, can

KIND = "委員会"


def meeting_tasks(user: User, *, today: date) -> Iterator[HomeItem]:
    """あなたの番; one query for each kind of thing, none for who has no part in it."""
    if can(user, Permission.ANSWER_MEETING, today=today):
        yield from _invitations(user, today=today)
        yield from _in_writing(user, today=today)
        yield from _minutes(user, today=today)
    if can(user, Permission.FINISH_ACTION_ITEM, today=today):
        yield from _action_items(user, today=today)


def _invitations(user: User, *, today: date) -> Iterator[HomeItem]:
    for seat in Seat.objects.to_answer_by(user, today=today).select_related("meeting"):
        meeting, due_on = seat.meeting, seat.meeting.reply_by or seat.meeting.held_on
        url = reverse("attendance_edit", args=[meeting.number])
        note = f"{fiscal.format_date(meeting.held_on)}　{meeting.place}".strip()
        yield HomeItem(KIND, f"{meeting}　出欠の回答", url, "回答する", note, due_on, (due_on - today).days)


def _in_writing(user: User, *, today: date) -> Iterator[HomeItem]:
    for meeting in Meeting.objects.to_answer_in_writing_by(user, today=today):
        due_on = meeting.reply_by or meeting.held_on
        url = reverse("written_answer", args=[meeting.number])
        yield HomeItem(KIND, f"{meeting}　書面の回答", url, "回答する", "", due_on, (due_on - today).days)


def _minutes(user: User, *, today: date) -> Iterator[HomeItem]:
    for minutes in Minutes.objects.to_check_by(user).select_related("meeting"):
        left = (minutes.reply_by - today).days if minutes.reply_by else None
        url = reverse("minutes_reply", args=[minutes.meeting.number])
        yield HomeItem(KIND, f"{minutes}の確認", url, "確認する", "", minutes.reply_by, left)


def _action_items(user: User, *, today: date) -> Iterator[HomeItem]:
    for task in ActionItem.objects.to_do_by(user, today=today).select_related("meeting"):
        left = (task.due_on - today).days if task.due_on else None
        note = f"{task.meeting}の宿題{'（決定の条件）' if task.is_condition else ''}"
        yield HomeItem("宿題", str(task), task.get_absolute_url(), "済ませた", note, task.due_on, left)
