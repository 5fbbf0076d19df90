"""The planner: writes down what is owed to whom, and has letters made of it (schedule/outbox.py).

It takes a plain list of what is due and knows nothing of duties or reports. It may run any number of times, in any
number of processes: unique keys make a repetition change nothing. schedule/sender.py sends what it wrote.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from schedule.choices import LineState
from schedule.models import ReminderLine
from schedule.models.reminder import LineQuerySet
from schedule.outbox import LineKey, Outbox, doubt_stuck_letters, release_stragglers, withhold_waiting
from schedule.recipients import Audience, Directory
from schedule.recurrence import Step
from schedule.sources import DueItem, Key
from townhall.models import User

LOOK_BACK = timedelta(days=31)  # how long an outage is made up for

REPLACED = "次の知らせに替えました。"
BY_HAND = "manual"  # the name of the steps that 事務局 sets (schedule/actions/chasing.py)


@dataclass
class Planned:
    """What one run of the planner changed; all zero when there was nothing to do."""

    new: int = 0
    replaced: int = 0
    finished: int = 0
    passed_on: int = 0  # the person no longer answers for it
    letters: int = 0
    doubtful: int = 0  # letters found stuck
    without_owner: int = 0  # open things for which 事務局 stands in (R7)

    @property
    def sentence(self) -> str:
        return f"新しい用件 {self.new}件、手紙 {self.letters}通、担当者のいない用件 {self.without_owner}件"


@dataclass(frozen=True)
class _Run:
    """The facts of one planning run."""

    items: dict[Key, DueItem]
    kinds: Collection[str]
    directory: Directory
    today: date
    now: datetime
    only_to: User | None

    def audience(self, item: DueItem, step: Step | None) -> Audience:
        return audience_of(item, step, self.directory)

    def lines(self, state: LineState) -> LineQuerySet:
        """Lines of these kinds up to today; what a later day has planned is none of this run's business."""
        lines = ReminderLine.objects.filter(kind__in=self.kinds, state=state, nominal_on__lte=self.today)
        return lines if self.only_to is None else lines.filter(recipient=self.only_to)

    def urgent(self) -> set[LineKey]:
        """The steps of today that do not wait for the morning's letter."""
        steps = ((item, item.current_step(self.today)) for item in self.items.values())
        return {
            (item.kind, item.subject, step.key)
            for item, step in steps
            if step and step.at_once and step.nominal_on == self.today
        }


def audience_of(item: DueItem, step: Step | None, directory: Directory) -> Audience:
    return directory.audience(
        item.section,
        permission=item.permission,
        reach=directory.reach(step),
        begins_with=item.begins_with,
        people=item.people,
        ciso_reads_with=item.ciso_reads_with,
        office_stands_in_with=item.office_stands_in_with,
    )


def plan(
    items: Iterable[DueItem], *, kinds: Collection[str], today: date, now: datetime, only_to: User | None = None
) -> Planned:
    """Bring the ledger up to date. `items` are all open things of these `kinds`; a line of another thing is over."""
    outbox = Outbox.at(now)
    run = _Run({item.key: item for item in items}, kinds, Directory.on(today, outbox.rules), today, now, only_to)
    done = Planned(doubtful=doubt_stuck_letters(now=now))
    if outbox.rules.is_paused:
        withhold_waiting()
    else:
        release_stragglers(now=now)
    done.without_owner = sum(not run.audience(item, None).has_owner for item in run.items.values())
    # Close before writing: nobody ever sees two open lines of one thing, and a run cut off here is repeated.
    _close_lines(run, done)
    _revive_lines(run)
    done.new = _write_lines(run)
    done.letters = outbox.write_urgent(run.urgent(), only_to=only_to) + outbox.write_digests(only_to=only_to)
    return done


def is_open(*, subject: str) -> bool:
    """Is there a notice about this thing in the portal, or a letter still to leave?"""
    return ReminderLine.objects.filter(subject=subject, state=LineState.DUE).exists()


def settle(*, kind: str, subject: str, reason: str) -> int:
    """The thing is done: its notices leave the portal at once, and a letter not yet sent will not mention them."""
    open_lines = ReminderLine.objects.filter(kind=kind, subject=subject, state=LineState.DUE)
    return open_lines.update(state=LineState.DONE, state_reason=reason[:200])


def settle_all(*, subject_prefix: str, reason: str) -> int:
    """The same for everything whose subject begins so: a round that was closed."""
    open_lines = ReminderLine.objects.filter(subject__startswith=subject_prefix, state=LineState.DUE)
    return open_lines.update(state=LineState.DONE, state_reason=reason[:200])


def tell_now(item: DueItem, *, today: date, now: datetime) -> None:
    """Write the newest step of one thing before the planner comes by, with its letter if it cannot wait."""
    step = item.current_step(today)
    if step is None:
        return
    for person, note in audience_of(item, step, Directory.on(today)).people:
        write_line(line_of(item, step, person, note, now))
    if step.at_once and step.nominal_on == today:
        Outbox.at(now).write_urgent({(item.kind, item.subject, step.key)})


def write_line(line: ReminderLine) -> ReminderLine:
    """The one open line of this thing for this person: older ones give way, and a line written before is open again."""
    same_thing = ReminderLine.objects.filter(kind=line.kind, subject=line.subject, recipient=line.recipient)
    same_thing.filter(state=LineState.DUE).exclude(step=line.step).update(state=LineState.MISSED, state_reason=REPLACED)
    ReminderLine.objects.bulk_create([line], ignore_conflicts=True)
    same_thing.filter(step=line.step).update(state=LineState.DUE, state_reason="", note=line.note, title=line.title)
    return same_thing.get(step=line.step)


# --- lines that are over ---------------------------------------------------------------------------------------------
@dataclass
class _Change:
    """Lines that stop being open in the same way, changed with one conditional UPDATE."""

    state: LineState
    reason: str
    pks: list[int] = field(default_factory=list)

    def save(self) -> int:
        if not self.pks:
            return 0
        lines = ReminderLine.objects.filter(pk__in=self.pks, state=LineState.DUE)
        return lines.update(state=self.state, state_reason=self.reason)


def _close_lines(run: _Run, done: Planned) -> None:
    finished = _Change(LineState.DONE, "用件が済んだか、締め切られました。")
    replaced = _Change(LineState.MISSED, REPLACED)
    moved = _Change(LineState.MISSED, "期限が変わりました。")
    passed_on = _Change(LineState.CANCELLED, "担当が変わりました。")
    open_lines = list(run.lines(LineState.DUE))
    by_hand = {(line.kind, line.subject, line.recipient_id): line.nominal_on for line in open_lines if is_by_hand(line)}
    for line in open_lines:
        item = run.items.get((line.kind, line.subject))
        asked_on = by_hand.get((line.kind, line.subject, line.recipient_id))
        if item is None:
            finished.pks.append(line.pk)
        elif _deadline_moved(line, item):
            moved.pks.append(line.pk)
        elif not _still_answers(line, item, run):
            passed_on.pks.append(line.pk)
        elif _has_newer_step(line, item, run) or (asked_on and asked_on >= line.nominal_on and not is_by_hand(line)):
            replaced.pks.append(line.pk)
        else:
            _refresh(line, item)
    done.finished, done.passed_on = finished.save(), passed_on.save()
    done.replaced = replaced.save() + moved.save()


def is_by_hand(line: ReminderLine) -> bool:
    return line.step.endswith(f":{BY_HAND}")


def _deadline_moved(line: ReminderLine, item: DueItem) -> bool:
    """Of lines that follow from the deadline; what a person asked for stays, with the new day."""
    return line.due_on != item.due_on and not is_by_hand(line) and line.step not in {step.key for step in item.steps}


def _still_answers(line: ReminderLine, item: DueItem, run: _Run) -> bool:
    return line.recipient_id in run.audience(item, item.current_step(run.today)).pks


def _has_newer_step(line: ReminderLine, item: DueItem, run: _Run) -> bool:
    step = item.current_step(run.today)
    if step is None or step.nominal_on < run.today - LOOK_BACK:
        return False
    if line.nominal_on == step.nominal_on:  # 差戻し for the second time on one day
        return step.at_once and line.step != step.key and not is_by_hand(line)
    return line.nominal_on < step.nominal_on


def _refresh(line: ReminderLine, item: DueItem) -> None:
    """The portal shows the line, so a renamed thing is renamed there; what was mailed stays as it was."""
    current = {"title": item.title[:200], "path": item.path, "due_on": item.due_on}
    if any(getattr(line, name) != value for name, value in current.items()):
        ReminderLine.objects.filter(pk=line.pk).update(**current)


def _revive_lines(run: _Run) -> None:
    """A thing that was done and is open again is a notice again; no second letter for a step already mailed."""
    pks = []
    for line in run.lines(LineState.DONE).filter(nominal_on__gte=run.today - LOOK_BACK):
        item = run.items.get((line.kind, line.subject))
        step = item.current_step(run.today) if item else None
        is_newest = step is not None and (
            line.step == step.key or (is_by_hand(line) and line.nominal_on >= step.nominal_on)
        )
        if item and is_newest and _still_answers(line, item, run):
            pks.append(line.pk)
    if pks:
        ReminderLine.objects.filter(pk__in=pks, state=LineState.DONE).update(state=LineState.DUE, state_reason="")


# --- new lines -------------------------------------------------------------------------------------------------------
def _write_lines(run: _Run) -> int:
    wanted = _wanted_lines(run)
    told, newest_told = _told(run)
    missing = [line for line in wanted if (line.kind, line.subject, line.recipient_id, line.step) not in told]
    for line in missing:
        newest = newest_told.get((line.kind, line.subject, line.recipient_id))
        if newest is not None and newest > (line.nominal_on, False):
            _mark_missed(line)  # a run for a past day, or a person has asked since
    # Another planner may have been faster since: the unique key decides, and its line stays as it is.
    ReminderLine.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _told(run: _Run) -> tuple[set[tuple[str, str, int, str]], dict[tuple[str, str, int], tuple[date, bool]]]:
    """The keys of the lines in the window, and of each thing and person the newest day that stands.

    With the day: was it asked by hand? Then it stands for the portal's own step of that day, too.
    """
    known = ReminderLine.objects.filter(nominal_on__gte=run.today - LOOK_BACK)
    told: set[tuple[str, str, int, str]] = set()
    newest: dict[tuple[str, str, int], tuple[date, bool]] = {}
    for kind, subject, recipient, step, nominal_on, state in known.values_list(
        "kind", "subject", "recipient_id", "step", "nominal_on", "state"
    ):
        told.add((kind, subject, recipient, step))
        # A line that gave way counts only for a run of a day before it: a moved deadline is told anew.
        if state in (LineState.DUE, LineState.DONE) or nominal_on > run.today:
            thing, day = (kind, subject, recipient), (nominal_on, step.endswith(f":{BY_HAND}"))
            newest[thing] = max(day, newest.get(thing, day))
    return told, newest


def _wanted_lines(run: _Run) -> list[ReminderLine]:
    """A line for every step in the window. Of several steps only the newest stays open (after an outage)."""
    wanted: list[ReminderLine] = []
    newest: dict[tuple[Key, int], ReminderLine] = {}
    for item in run.items.values():
        for step in item.steps:
            if not run.today - LOOK_BACK <= step.nominal_on <= run.today:
                continue
            for person, note in run.audience(item, step).people:
                if run.only_to is None or person == run.only_to:
                    line = line_of(item, step, person, note, run.now)
                    _mark_missed(newest.get((item.key, person.pk)))
                    newest[item.key, person.pk] = line
                    wanted.append(line)
    return wanted


def _mark_missed(line: ReminderLine | None) -> None:
    if line is not None:
        line.state = LineState.MISSED
        line.state_reason = "知らせる前に次の知らせの日が来たため、まとめました。"


def line_of(item: DueItem, step: Step, person: User, note: str, now: datetime) -> ReminderLine:
    """Not yet saved."""
    return ReminderLine(
        kind=item.kind,
        subject=item.subject,
        recipient=person,
        step=step.key,
        nominal_on=step.nominal_on,
        due_on=item.due_on,
        title=item.title[:200],
        path=item.path,
        note=f"{step.note}{item.note}{note}"[:200],
        created_at=now,
    )
