"""What people do to 宿題."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from committee.actions.holding import hold_for_correction
from committee.actions.once import create_once
from committee.choices import ActionState
from committee.due import TASK_KIND, action_item_subject
from committee.models import ActionItem
from committee.workflow import who_may
from schedule.reminders import settle
from townhall import fiscal
from townhall.changes import save_row
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.refusal import Refused


@transaction.atomic
def assign_action_item(
    task: ActionItem, *, by: User, today: date, reason: str = "", source: str = "画面"
) -> ActionItem:
    """Give a section something to do. After the meeting was closed that is a correction, with a reason."""
    if not can(by, Permission.GIVE_ACTION_ITEM, today=today):
        raise PermissionDenied(f"宿題を出せるのは、{who_may(Permission.GIVE_ACTION_ITEM)}です。")
    if task.item is not None and task.item.meeting_id != task.meeting_id:
        raise Refused("その議題は、この会議の議題ではありません。")
    hold_for_correction(task.meeting, reason=reason)
    return give_action_item(task, by=by, today=today, source=source)


def give_action_item(task: ActionItem, *, by: User, today: date, source: str = "画面") -> ActionItem:
    """For whoever holds the meeting's row already. The same key a second time gives the first one."""
    twins = ActionItem.objects.filter(creation_key=task.creation_key)
    return create_once(task, twins, by=by, today=today, source=source)


@transaction.atomic
def edit_action_item(
    task: ActionItem, *, by: User, today: date, seen_version: int | None, reason: str = "", source: str = "画面"
) -> ActionItem:
    """What a closed meeting gave is corrected, with a reason."""
    _manages(by, today=today)
    told = hold_for_correction(task.meeting, reason=reason)
    _still_open(task)
    return save_row(task, by=by, seen_version=seen_version, today=today, reason=told, source=source)


@transaction.atomic
def finish_action_item(
    task: ActionItem, *, by: User, today: date, ended_on: date, note: str, seen_version: int | None
) -> ActionItem:
    """済ませた, with what came of it: the note is what the next meeting reads."""
    if not can(by, Permission.FINISH_ACTION_ITEM, today=today, section=task.section_id or 0):
        raise PermissionDenied(f"「済ませた」を記録できるのは、{task.owner}の課長・担当と事務局です。")
    if not note.strip():
        raise Refused("何をして済ませたかを入力してください。")
    if not task.meeting.held_on <= ended_on <= today:
        first = fiscal.format_date(task.meeting.held_on)
        raise Refused(f"済ませた日は、会議の日（{first}）から今日までの日付にしてください。")
    return _end(task, ActionState.DONE, by=by, today=today, ended_on=ended_on, note=note, seen_version=seen_version)


@transaction.atomic
def cancel_action_item(task: ActionItem, *, by: User, today: date, note: str, seen_version: int | None) -> ActionItem:
    _manages(by, today=today)
    if not note.strip():
        raise Refused("取りやめる理由を入力してください。")
    return _end(task, ActionState.CANCELLED, by=by, today=today, ended_on=today, note=note, seen_version=seen_version)


def _end(
    task: ActionItem, state: ActionState, *, by: User, today: date, ended_on: date, note: str, seen_version: int | None
) -> ActionItem:
    now = ActionItem.objects.select_for_update().get(pk=task.pk)
    if (now.state, now.outcome_note, now.ended_on) == (state, note.strip(), ended_on):
        return now  # a double click
    _still_open(now)
    task.state, task.ended_on, task.outcome_note = state, ended_on, note.strip()
    save_row(task, by=by, seen_version=seen_version, today=today, reason=state.label)
    settle(kind=TASK_KIND.slug, subject=action_item_subject(task), reason=f"宿題が「{state.label}」になりました。")
    return task


def _still_open(task: ActionItem) -> None:
    now = ActionItem.objects.get(pk=task.pk)
    if not now.is_open:
        day = fiscal.format_date(now.ended_on) if now.ended_on else ""
        raise Refused(f"この宿題は、{day}に「{now.state_choice.label}」になっています。")


def _manages(by: User, *, today: date) -> None:
    if not can(by, Permission.MANAGE_MEETING, today=today):
        raise PermissionDenied(f"宿題を直せるのは、{who_may(Permission.MANAGE_MEETING)}です。")
