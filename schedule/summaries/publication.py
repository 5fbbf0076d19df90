"""公開前チェック: what would be public, what changed since the last publication, and what should not stand there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from initiatives.models import Evaluation, EvaluationYear, Plan
from schedule.models import Activity, ProgressReport, Publication, PublicLine, ReportingRound
from schedule.public.candidate import RoundRows, candidate, round_rows
from schedule.public.content import PublicChange, PublicContent, PublicRow, as_json, mark_of, with_changes
from schedule.public.words import Warned, warnings_in
from townhall.models import User


@dataclass(frozen=True)
class CheckLine:
    """One row: what residents would read, and what the section reported, for 事務局 alone."""

    row: PublicRow
    activity: Activity
    report: ProgressReport | None
    line: PublicLine | None


@dataclass(frozen=True)
class LetterYear:
    """The committee's letters of one fixed year, and a stamp of them, so that nobody chooses what they did not see."""

    year: EvaluationYear
    letters: tuple[Evaluation, ...]

    @property
    def public(self) -> int:
        return sum(each.is_public for each in self.letters)

    @property
    def hidden(self) -> int:
        return len(self.letters) - self.public

    @property
    def stamp(self) -> str:
        return "|".join(f"{each.pk}:{each.version}" for each in self.letters)


def letter_years(plan: Plan) -> list[LetterYear]:
    """Newest year first; one query."""
    found = Evaluation.objects.final().fixed().filter(year__plan=plan)
    found = found.select_related("year__plan", "initiative", "grade")
    found = found.order_by("-year__fiscal_year", "initiative__number")
    return [LetterYear(year, tuple(letters)) for year, letters in groupby(found, key=lambda each: each.year)]


@dataclass(frozen=True)
class PublicationCheck:
    content: PublicContent
    round: ReportingRound | None
    lines: tuple[CheckLine, ...]
    letter_years: tuple[LetterYear, ...]
    last: Publication | None
    warnings: tuple[Warned, ...]

    @cached_property
    def stamp(self) -> str:
        """Of what is looked at; the day is no part of it."""
        return mark_of(as_json(self.content))

    @cached_property
    def is_new(self) -> bool:
        return self.last is None or mark_of(as_json(self.last.shown.alone)) != self.stamp

    @cached_property
    def with_changes(self) -> PublicContent:
        """As it would be frozen: beside it, what the publication before said."""
        return with_changes(self.content, self.last.shown, since=self.last.as_of) if self.last else self.content

    @property
    def changes(self) -> tuple[PublicChange, ...]:
        return self.with_changes.changes

    @property
    def stopping(self) -> tuple[Warned, ...]:
        return tuple(each for each in self.warnings if each.stops)

    @property
    def doubtful(self) -> tuple[Warned, ...]:
        return tuple(each for each in self.warnings if not each.stops)

    @property
    def shown(self) -> int:
        return self.content.shown_rows

    @property
    def hidden(self) -> int:
        return len(self.content.rows) - self.shown

    @property
    def undecided(self) -> int:
        """Accepted rows about which nobody has said yet whether they are public."""
        return sum(
            each.report is not None and each.report.state == "accepted" and each.line is None for each in self.lines
        )


def publication_check(plan: Plan, *, today: date) -> PublicationCheck:
    """A fixed number of queries, however many rows."""
    rows = round_rows(plan)
    content = candidate(plan, today=today, rows=rows)
    people = list(User.objects.values_list("name", "username"))
    warnings = warnings_in(
        texts_of(content), names=[name for name, _ in people], usernames=[username for _, username in people]
    )
    return PublicationCheck(
        content=content,
        round=rows.round,
        lines=_lines(rows, content),
        letter_years=tuple(letter_years(plan)),
        last=Publication.objects.current(),
        warnings=tuple(warnings),
    )


def _lines(rows: RoundRows, content: PublicContent) -> tuple[CheckLine, ...]:
    return tuple(
        CheckLine(row, activity, rows.reports.get(activity.pk), rows.lines.get(activity.pk))
        for row, activity in zip(content.rows, rows.activities, strict=True)
    )


def texts_of(content: PublicContent) -> Iterator[tuple[str, str]]:
    """What the town typed for residents, each with its place; the words of the adopted plan are not looked at."""
    for row in content.rows:
        yield f"{row.label} 住民向けの文", row.text
        yield f"{row.label} 次にすること", row.next_step
    for each in content.initiatives:
        yield f"{each.label} やさしい説明", each.plain
    for figure in content.figures:
        words = (figure.name, figure.unit, figure.formula, figure.source, figure.target_by)
        yield f"指標{figure.indicator}", "　".join(words)
    for system in content.systems.lines:
        yield f"20業務 {system.name}", system.exclusion_reason
    yield "20業務 出典", content.systems.source
    for grade in content.scale:
        yield f"評価の区分 {grade.code}", f"{grade.label}　{grade.meaning}"
