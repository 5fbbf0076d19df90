"""The grid as a whole: every row is saved on its own, and a row that cannot be saved keeps what was typed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from schedule.actions.drafts import drop_draft
from schedule.actions.reporting import ReportError, RoundNotOpenError, accept_report, confirm_report, record_report
from schedule.choices import ReportState, Standing
from schedule.entry import EntryLine, EntrySheet, entry_sheet, values_seen
from schedule.forms.reporting import EntryForm, code_in, prefix_of
from schedule.models import EntryDraft, ProgressReport
from schedule.report_rules import LABELS, ReportValues, errors_in, in_words
from townhall.cells import quoted
from townhall.changes import StaleVersion
from townhall.forms import Conflict
from townhall.models import User


class GridRow:
    def __init__(self, line: EntryLine, data: Any = None) -> None:
        self.line = line
        self.data = data
        self.form = EntryForm(line, data)
        self.seen = self.form.seen
        self.conflict: Conflict | None = None
        self.compared: tuple[tuple[str, str, str, str], ...] = ()  # label, and the value before, theirs and mine
        self.shown_version = 0  # what 自分の値で上書き overwrites
        self.merged: tuple[str, ...] = ()  # labels of fields that only the other person changed
        self.is_saved = self.is_accepted = self.is_confirmed = False
        self.is_refused_by_round = False
        self.is_draft = False  # the controls show what this person typed and has not saved
        if data is None and line.draft is not None and line.round.is_open_on(line.today):
            self._show_draft(line.draft)

    @property
    def activity(self) -> Any:
        return self.line.activity

    @property
    def anchor(self) -> str:
        return f"row-{self.activity.code}"

    @property
    def needs_attention(self) -> bool:
        return self.conflict is not None or bool(self.form.is_bound and self.form.errors)

    @property
    def state(self) -> str:
        """How the row looks: conflict, error, missing, or nothing special."""
        if self.conflict:
            return "conflict"
        if self.needs_attention:
            return "error"
        return "missing" if self.line.values.is_blank else ""

    @property
    def is_unsaved(self) -> bool:
        """Do the controls hold text that is kept nowhere but on this page?"""
        if not self.form.is_bound or (self.is_draft and self.line.draft is not None):
            return False
        return self.needs_attention or self.is_draft or self.form.values != self.line.values

    @property
    def standing(self) -> Standing | None:
        """What the select shows now, for its mark and colour."""
        shown = self.form["standing"].value()
        return Standing(shown) if shown in Standing.values else None

    def _show_draft(self, draft: EntryDraft) -> None:
        """Put the draft into the controls and say now what saving it would say."""
        self.is_draft = True
        self.data = typed_again(self.line, draft.typed, draft.seen_version)
        self.form = EntryForm(self.line, self.data)
        self.seen = draft.seen_version
        self._say_what_saving_would()

    def _say_what_saving_would(self) -> None:
        self.check()
        if self.is_behind and self.seen is not None and self.form.is_valid():
            self._take_conflict(StaleVersion(self.line.report, self.seen), self.form.values)

    def show_carried(self) -> None:
        """Typed before the login ran out: in the controls again, not saved."""
        if not self.form.is_bound or (self.form.is_valid() and self._is_untouched(self.form.values)):
            self.form = EntryForm(self.line)
            return
        self.is_draft, self.line = True, replace(self.line, draft=None)
        self._say_what_saving_would()

    @property
    def is_behind(self) -> bool:
        """Has somebody saved this row after the version on the screen?"""
        return self.seen != self.line.version

    def check(self) -> None:
        """The sentences that saving would say about the values; nothing is saved."""
        if self.form.is_valid():
            line = self.line
            self.form.place(errors_in(self.form.values, kind=line.activity.kind, planned_on=line.planned_on))

    def copy_previous(self) -> None:
        """前期を写す: the values of the round before in the controls, not saved."""
        previous = self.line.previous
        if previous is None:
            return
        values = replace(ReportValues.of(previous), to_committee=False, completes_on=None)
        seen = self.line.version if self.seen is None else self.seen
        self.form = EntryForm(self.line, typed_again(self.line, {}, seen))
        self.form.show(values, version=seen)
        self.is_draft = True

    def drop(self, *, by: User) -> None:
        """入力を取り消す: the row shows what is recorded."""
        drop_draft(self.activity, self.line.round, by=by)
        self.line = replace(self.line, draft=None)
        self.form, self.conflict, self.is_draft = EntryForm(self.line), None, False

    def take_theirs(self, *, by: User) -> None:
        """相手の値にする: what was typed here is given up."""
        drop_draft(self.activity, self.line.round, by=by)
        self.form = EntryForm(self.line)

    def overwrite(self) -> None:
        """自分の値で上書き: saving goes over the version that the comparison showed, and over no other."""
        self.seen = self.form.shown

    def save(self, *, by: User, today: date, now: datetime) -> None:
        """Save what was changed here. Untouched rows are left alone, also when somebody else has changed them."""
        if not self.form.is_bound or not self.form.is_valid():
            return
        values = self.form.values
        if values == self.line.values or self._is_untouched(values):
            drop_draft(self.activity, self.line.round, by=by)
            self.form = EntryForm(self.line)
            return
        try:
            if self.seen is None:
                raise StaleVersion(self.line.report, None)
            self._record(values, self.seen, by=by, today=today, now=now)
        except ReportError as refused:
            self.form.place(refused.errors)
            self.is_refused_by_round = isinstance(refused, RoundNotOpenError)
        except StaleVersion as stale:
            self._take_conflict(stale, values)

    def accept(self, *, by: User, today: date) -> None:
        """Confirm what the section submitted, if it is still what the screen showed."""
        report = self.line.report
        if (
            self.needs_attention
            or report is None
            or report.state != ReportState.SUBMITTED
            or self.seen != report.version
        ):
            return
        try:
            accept_report(report, by=by, today=today, seen_version=self.seen)
            self.is_accepted = True
        except ReportError as refused:
            self.form = EntryForm(self.line, self.data)
            self.form.place(refused.errors)
        except StaleVersion:
            return  # the newer report is on the screen now, and still waits

    def confirm(self, *, by: User, today: date) -> None:
        """課長: confirm what the 担当 wrote, if it is still what the screen showed."""
        report = self.line.report
        waits = report is not None and report.state == ReportState.CHECKING and self.seen == report.version
        if self.needs_attention or report is None or not waits:
            return
        try:
            confirm_report(report, by=by, today=today, seen_version=self.seen)
            self.is_confirmed = True
        except ReportError as refused:
            self.form = EntryForm(self.line, self.data)
            self.form.place(refused.errors)
        except StaleVersion:
            return

    def _is_untouched(self, values: ReportValues) -> bool:
        report = self.line.report
        if report is None:
            return values.is_blank
        return self.seen is not None and values == values_seen(report, self.seen)

    def _record(self, values: ReportValues, seen: int, *, by: User, today: date, now: datetime) -> None:
        record_report(
            self.activity, self.line.round, by=by, today=today, now=now, seen_version=seen or None, **vars(values)
        )
        self.is_saved = True

    def _take_conflict(self, stale: StaleVersion, mine: ReportValues) -> None:
        """Keep my text, take over what only the other person changed, and show where the two differ."""
        current = stale.current if isinstance(stale.current, ProgressReport) else None
        theirs = ReportValues.of(current)
        seen = stale.seen_version
        base = values_seen(current, seen) if current is not None and seen is not None else None
        names = [name for name in LABELS if base is not None and getattr(mine, name) == getattr(base, name)]
        kept = replace(mine, **{name: getattr(theirs, name) for name in names})
        self.merged = tuple(LABELS[name] for name in names if getattr(mine, name) != getattr(theirs, name))
        # The old version stays on the screen: saving all rows is refused here again, overwriting has its own button.
        self.form.show(kept, version=seen)
        self.shown_version = current.version if current else 0
        self.compared = tuple(
            (LABELS[name], in_words(base, name) if base else "―", in_words(theirs, name), in_words(kept, name))
            for name in LABELS
            if getattr(theirs, name) != getattr(kept, name)
        )
        self.conflict = Conflict(
            stale.sentence,
            is_deleted=False,
            fields=tuple((label, other, mine) for label, _, other, mine in self.compared),
        )


class EntryGrid:
    """All rows this person may report. `shown` is the filter; rows with an error are shown under any filter."""

    def __init__(self, sheet: EntrySheet, *, shown: str = "", data: Any = None) -> None:
        self.sheet = sheet
        self.shown = shown
        self.data = data
        self.is_posted = data is not None
        posted = {code for name in data or () if (code := code_in(name))}
        self.rows = [GridRow(line, data if line.activity.code in posted else None) for line in sheet.lines]
        self.unknown = sorted(posted - {line.activity.code for line in sheet.lines})

    def save(self, *, by: User, today: date, now: datetime) -> list[str]:
        """Save every row by itself; returns sentences on what was done. What could not be saved stays in the grid."""
        data = self.data or {}
        for row in self.rows:
            if data.get("take_theirs") == row.activity.code:
                row.take_theirs(by=by)
            elif data.get("overwrite") == row.activity.code:
                row.overwrite()
            row.save(by=by, today=today, now=now)
            if "accept" in data:
                row.accept(by=by, today=today)
            if "confirm" in data:
                row.confirm(by=by, today=today)
        done = {
            "保存しました": sum(row.is_saved for row in self.rows),
            "確認済にしました": sum(row.is_accepted for row in self.rows),
            "確認して提出しました": sum(row.is_confirmed for row in self.rows),
        }
        self._read_again(by=by, today=today)
        return [f"{count}行を{words}。" for words, count in done.items() if count]

    def leave_unsaved(self, pressed: Mapping[str, str], *, by: User) -> None:
        """前期を写す and 入力を取り消す without a script: one row changes, every other keeps what was typed."""
        for row in self.rows:
            if row.activity.code == pressed.get("copy"):
                row.copy_previous()
            elif row.activity.code == pressed.get("drop"):
                row.drop(by=by)
        self.is_posted = False

    def show_carried(self) -> None:
        """What was posted with an expired login stands in the grid; nothing is saved by coming back."""
        for row in self.rows:
            if row.data is not None:
                row.show_carried()
        self.is_posted = False

    def _read_again(self, *, by: User, today: date) -> None:
        """Rows that are done show what is now in the database."""
        self.sheet = entry_sheet(self.sheet.round, user=by, today=today)
        left = {row.activity.code: row for row in self.rows if row.needs_attention}
        self.rows = [left.get(line.activity.code) or GridRow(line) for line in self.sheet.lines]
        for row, line in zip(self.rows, self.sheet.lines, strict=True):
            row.line = line

    @property
    def groups(self) -> list[tuple[str, list[GridRow]]]:
        """The shown rows under the headings of the plan's schedule."""
        groups: dict[str, list[GridRow]] = {}
        for row in self.rows:
            if row.needs_attention or self.sheet.shows(row.line, self.shown):
                heading = "検討事項" if row.activity.is_study else row.activity.group_name
                groups.setdefault(heading, []).append(row)
        return list(groups.items())

    @property
    def failed(self) -> int:
        return sum(row.state == "error" for row in self.rows)

    @property
    def attention(self) -> int:
        """What the filter 誤り shows: errors and conflicts."""
        return sum(row.needs_attention for row in self.rows)

    @property
    def conflicts(self) -> int:
        return sum(row.state == "conflict" for row in self.rows)

    @property
    def errors(self) -> list[dict[str, str]]:
        """For the summary above the page: each sentence with a link to its control."""
        found = [
            {"url": "", "text": f"{quoted(code)}は、この画面で入力できる行ではありません。この行は保存していません。"}
            for code in self.unknown[:5]
        ]
        for row in self.rows if self.is_posted else ():
            name = f"{row.activity.label} {row.activity.title}"
            if row.conflict:
                found.append({"url": f"#{row.anchor}", "text": f"{name}：{row.conflict.sentence}"})
            elif row.needs_attention:
                found += [
                    {"url": f"#{_target(row, field)}", "text": f"{name}：{sentence}"}
                    for field, sentences in row.form.errors.items()
                    for sentence in sentences
                ]
        return found

    @property
    def status(self) -> int:
        """The answer to a POST that could not save everything."""
        if not self.is_posted:
            return 200
        if self.conflicts or any(row.is_refused_by_round for row in self.rows):
            return 409
        return 422 if self.errors else 200


def typed_again(line: EntryLine, typed: Mapping[str, str], seen: int) -> QueryDict:
    """Raw text of a row's fields, as a form would post it."""
    data = QueryDict(mutable=True)
    prefix = prefix_of(line.activity.code)
    for name, text in {**typed, "seen_version": str(seen)}.items():
        if text:
            data[f"{prefix}-{name}"] = text
    return data


def _target(row: GridRow, field: str) -> str:
    return row.form[field].auto_id if field in row.form.fields else row.anchor
