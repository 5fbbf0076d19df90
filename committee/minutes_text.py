"""会議録の下書き: said once more from what was recorded. Nothing is invented; a person edits the result."""

from collections.abc import Iterator

from committee.models import Meeting
from committee.summaries.attendance import Roll
from committee.summaries.meetings import AgendaRow, MeetingPage
from townhall import calendar, fiscal


def minutes_text(meeting: Meeting, page: MeetingPage) -> str:
    return "\n".join(_lines(meeting, page))


def _lines(meeting: Meeting, page: MeetingPage) -> Iterator[str]:
    yield f"{meeting}　会議録"
    yield ""
    yield f"日時　{fiscal.format_date(meeting.held_on)}（{calendar.weekday_ja(meeting.held_on)}）{_clock(meeting)}"
    yield f"場所　{'書面による開催' if meeting.is_written else meeting.place or '―'}"
    yield f"議長　{meeting.chaired_by or '委員長'}"
    yield from _roll(page.roll)
    yield ""
    for line in page.opening:
        yield f"○ {line}"
    for row in page.items:
        yield ""
        yield from _subject(row, page)
    yield ""
    if page.tasks:
        yield "宿題"
        for task in page.tasks:
            due = fiscal.format_date(task.item.due_on) if task.item.due_on else "次の会議"
            yield f"・{task.item.owner}　{task.item.text}（{due}まで）"
        yield ""
    for line in page.closing:
        yield f"○ {line}"


def _clock(meeting: Meeting) -> str:
    return f" {meeting.starts_at:%H:%M}から" if meeting.starts_at else ""


def _roll(roll: Roll) -> Iterator[str]:
    if not roll.seats:
        return
    yield f"出席　委員{len(roll.members)}人のうち、出席{roll.present}人・代理{roll.proxies}人・欠席{roll.absent}人"
    yield roll.definition + ("" if roll.is_quorate is None else "成立" if roll.is_quorate else "不足")
    for seat in roll.seats:
        proxy = f"（代理 {seat.proxy}）" if seat.proxy else ""
        yield f"　{seat.seat}　{seat.state_choice.label}{proxy}"


def _subject(row: AgendaRow, page: MeetingPage) -> Iterator[str]:
    presenter = f"　説明 {row.presenter}" if row.presenter else ""
    yield f"議題{row.position}（{row.kind.label}）{row.title}　{row.paper}{presenter}"
    if row.follows_up:
        for task in page.carried:
            yield f"・{task.item.owner}　{task.item.text}　{task.status[1]}　{task.item.outcome_note}".rstrip("　")
    for option in row.options:
        yield f"　{option}"
    for seat in page.roll.opinions if row.position == 1 else ():
        yield f"書面の意見　{seat.seat}　{seat.opinion}"
    for said in row.spoken:
        yield f"意見　{said.author_text}　{said.text}"
    for answer in row.answers:
        yield f"書面の回答　{answer.seat}　{answer.vote_choice.label}　{answer.comment}".rstrip("　")
    if row.decision is not None:
        chosen = f"　{row.decision.chosen_option}" if row.decision.chosen_option else ""
        yield f"決定　{row.decision.outcome_choice.label}{chosen}"
        yield f"理由　{row.decision.reason}"
        if row.decision.conditions:
            yield f"条件　{row.decision.conditions}"
