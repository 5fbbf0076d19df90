"""財源の内訳 inside the form of a proposal: one line per source, one figure per year."""

from collections.abc import Iterable
from typing import Any

from django import forms

from committee.costs import YEARS_COUNTED, FundingEntry
from committee.models import FundingSource, Proposal, ProposalFunding
from committee.models.proposal_funding import MOST_IN_A_YEAR
from townhall.fields import MONEY_UNITS, FigureField

EMPTY_LINES = 2
MOST_LINES = 12
YEARS = range(1, YEARS_COUNTED + 1)


class SourceChoice(forms.ModelChoiceField):
    def label_from_instance(self, source: Any) -> str:
        return str(source.label)


class FundingLines:
    """Adds its fields to a form and reads them back; errors stand beside the fields of the form."""

    def __init__(self, form: forms.BaseForm, proposal: Proposal, *, fiscal_year: int) -> None:
        self.form = form
        self.rows = list(proposal.funding.select_related("source")) if proposal.pk else []
        used = [row.source_id for row in self.rows]
        offered = FundingSource.objects.in_year(fiscal_year) | FundingSource.objects.filter(pk__in=used)
        self.count = min(max(len(self.rows) + EMPTY_LINES, EMPTY_LINES + 1), MOST_LINES)
        for number in range(self.count):
            self._add(number, offered.order_by("order", "pk"))

    def _add(self, number: int, offered: Any) -> None:
        row: ProposalFunding | None = self.rows[number] if number < len(self.rows) else None
        name = f"funding_{number}"
        self.form.fields[name] = SourceChoice(
            label=f"財源{number + 1}",
            queryset=offered,
            required=False,
            empty_label="（選んでください）",
            initial=row.source_id if row else None,
            widget=forms.Select(attrs={"aria-label": f"財源{number + 1}"}),
        )
        for year in YEARS:
            amount = row.amounts[year - 1] if row else 0
            self.form.fields[f"{name}_{year}"] = FigureField(
                label=f"財源{number + 1}の{year}年目",
                required=False,
                most=MOST_IN_A_YEAR,
                units=MONEY_UNITS,
                initial=amount or None,
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "aria-label": f"財源{number + 1}　{year}年目（千円）", "size": 8}
                ),
            )

    def bound(self) -> list[tuple[Any, list[Any]]]:
        """For the template: the choice of the source, and its five figures."""
        names = [f"funding_{number}" for number in range(self.count)]
        return [(self.form[name], [self.form[f"{name}_{year}"] for year in YEARS]) for name in names]

    def entries(self) -> tuple[FundingEntry, ...]:
        """What was typed. Adds an error to the form for a line that cannot be kept."""
        found: dict[int, FundingEntry] = {}
        for number in range(self.count):
            name, data = f"funding_{number}", self.form.cleaned_data
            source = data.get(name)
            amounts = tuple(data.get(f"{name}_{year}") or 0 for year in YEARS)
            if source is None and any(amounts):
                self._complain(name, "どの財源かを選んでください。")
            elif source is not None and source.pk in found:
                self._complain(name, f"「{source.name}」が2行あります。1行にまとめてください。")
            elif source is not None and any(amounts):
                found[source.pk] = FundingEntry(source.pk, amounts)
            elif source is not None and not any(f"{name}_{year}" in self.form.errors for year in YEARS):
                self._complain(name, f"「{source.name}」の額を、どれかの年に入力してください。")
        return tuple(found.values())

    @property
    def names(self) -> dict[int, str]:
        """Of the sources that were chosen."""
        chosen = [self.form.cleaned_data.get(f"funding_{number}") for number in range(self.count)]
        return {source.pk: source.name for source in chosen if source is not None}

    def _complain(self, name: str, sentence: str) -> None:
        if name not in self.form.errors:
            self.form.add_error(name, sentence)


def in_words(entries: Iterable[tuple[str, tuple[int, ...]]]) -> str:
    """For a conflict: 「一般財源：100・0・0・0・0千円」, one line per source."""
    return "\n".join(
        f"{name}：{'・'.join(f'{amount:,}' for amount in amounts)}千円" for name, amounts in sorted(entries)
    )
