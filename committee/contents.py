"""What a proposal says, line by line and in words: for its page, for the editions that are frozen, for their comparison."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from committee.costs import YEARS_COUNTED, Years
from townhall.forms import BLANK, shown_value

if TYPE_CHECKING:
    from committee.models import Proposal
    from townhall.models import Attachment

OUTLINE = (
    *("title", "category", "initiative", "process", "problem", "solution", "stops_first"),
    *("procedures", "starts_when", "milestones", "contact"),
)
MEASURED_BY = ("citizen_effect", "indicator", "procurement")
CHECKED = (
    *("personal_data", "network", "standardisation", "privacy_assessment"),
    *("team", "risks", "other_towns"),
)
# Shown on the page also while they are empty; the others only when they say something.
ALWAYS_SHOWN = {
    *("title", "initiative", "problem", "solution", "procedures", "starts_when"),
    *("personal_data", "network", "standardisation"),
}
LONG_TEXTS = {"problem", "solution", "stops_first", "milestones", "citizen_effect", "team", "risks", "other_towns"}
FILE_LABEL = "添付："
FUNDING_LABEL = "財源："
_AMOUNT = re.compile(r"-?[\d,]+")
_AMOUNT_OF_A_YEAR = re.compile(r"(\d)年目 (-?[\d,]+)千円")


@dataclass(frozen=True)
class Line:
    """`key` is the field, or what the line is about; `text` is empty where nothing was filled in."""

    key: str
    label: str
    text: str


def lines_of(proposal: "Proposal", names: Iterable[str]) -> tuple[Line, ...]:
    return tuple(Line(name, _label(proposal, name), _text(proposal, name)) for name in names)


def shown_lines(proposal: "Proposal", names: Iterable[str], *, all_of_them: bool) -> tuple[Line, ...]:
    """Who writes it sees every line; who reads it those that say something or must."""
    return tuple(line for line in lines_of(proposal, names) if all_of_them or line.text or line.key in ALWAYS_SHOWN)


def _label(proposal: "Proposal", name: str) -> str:
    return str(getattr(proposal._meta.get_field(name), "verbose_name", name))


def _text(proposal: "Proposal", name: str) -> str:
    shown = shown_value(proposal, name)
    return "" if shown == BLANK else shown


def every_line(proposal: "Proposal") -> tuple[Line, ...]:
    """The whole proposal: texts, figures with what follows from them, 財源, attached files."""
    return (
        *lines_of(proposal, OUTLINE),
        *_figures(proposal),
        *_funding(proposal),
        *lines_of(proposal, (*MEASURED_BY, *CHECKED)),
        *_files(proposal),
    )


def _files(proposal: "Proposal") -> tuple[Line, ...]:
    rows = proposal.attachments.filter(is_removed=False).select_related("attachment") if proposal.pk else []
    return tuple(
        Line(f"attachment {row.pk}", f"{FILE_LABEL}{row.attachment.name}", _size(row.attachment)) for row in rows
    )


def _size(attachment: "Attachment") -> str:
    """The mark is enough to tell two files of one name apart."""
    return f"{attachment.size:,}バイト（SHA-256 {attachment.sha256[:12]}…）"


def _figures(proposal: "Proposal") -> tuple[Line, ...]:
    def amount(value: int | None, unit: str) -> str:
        return "" if value is None else f"{value:,}{unit}"

    minutes = proposal.minutes_saved
    return (
        Line("yearly_volume", "年間の件数", amount(proposal.yearly_volume, "件")),
        Line("minutes_saved", "1件あたりの短縮", "" if minutes is None else f"{minutes.normalize():f}分"),
        Line("hours_saved", "削減できる時間（見込み）", amount(proposal.hours_saved, "時間／年")),
        Line("yen_per_hour", "時間あたりの人件費", amount(proposal.yen_per_hour, "円")),
        Line("yearly_effect", "1年の効果額（換算）", amount(proposal.yearly_effect, "千円")),
        Line("initial_cost", "導入時の費用", amount(proposal.initial_cost, "千円")),
        Line("yearly_cost", "1年の運用費", amount(proposal.yearly_cost, "千円")),
        Line("total_cost", f"{YEARS_COUNTED}年間の費用", amount(proposal.total_cost, "千円")),
        Line("town_share", "うち町の負担", amount(proposal.town_share, "千円")),
    )


def _funding(proposal: "Proposal") -> tuple[Line, ...]:
    plan = proposal.cost_plan
    if plan is None:
        return ()
    lines = [*plan.sources, plan.rest_line]
    return tuple(
        Line(f"funding {line.name}", f"{FUNDING_LABEL}{line.name}", _years(line.amounts))
        for line in lines
        if any(line.amounts)
    )


def _years(amounts: Iterable[int]) -> str:
    return "　".join(f"{year}年目 {amount:,}千円" for year, amount in enumerate(amounts, start=1) if amount)


# --- read back: an edition keeps words alone


def amount_in(text: str) -> int | None:
    found = _AMOUNT.match(text)
    return int(found[0].replace(",", "")) if found else None


def years_in(lines: Iterable[Line]) -> list[tuple[str, str, Years]]:
    """事業費 and 財源 by year, as key, name and amounts; nothing while a figure of the cost is missing."""
    said = {line.key: line for line in lines}
    initial, yearly = (amount_in(said[name].text) for name in ("initial_cost", "yearly_cost"))
    if initial is None or yearly is None:
        return []
    first, running = (initial, *(0,) * (YEARS_COUNTED - 1)), (yearly,) * YEARS_COUNTED
    cost = tuple(map(sum, zip(first, running, strict=True)))
    sources = [(line.key, _source(line.label), _amounts(line.text)) for key, line in said.items() if _is_source(key)]
    return [("initial", "導入", first), ("running", "運用", running), ("cost", "事業費", cost), *sources]


def _is_source(key: str) -> bool:
    return key.startswith("funding ")


def _source(label: str) -> str:
    return f"財源 {label.removeprefix(FUNDING_LABEL)}"


def _amounts(text: str) -> Years:
    paid = {int(year): int(amount.replace(",", "")) for year, amount in _AMOUNT_OF_A_YEAR.findall(text)}
    return tuple(paid.get(year, 0) for year in range(1, YEARS_COUNTED + 1))


# --- frozen with an edition


def frozen(lines: Iterable[Line]) -> list[dict[str, str]]:
    return [asdict(line) for line in lines]


def thawed(contents: Any) -> tuple[Line, ...]:
    return tuple(Line(each["key"], each["label"], each["text"]) for each in contents)


@dataclass(frozen=True)
class Difference:
    label: str
    old: str
    new: str
    is_text: bool  # sentences on both sides, to be shown with their difference


def differences(older: Iterable[Line], newer: Iterable[Line]) -> tuple[Difference, ...]:
    """Line by line, in the order of the newer; what only the older had comes last."""
    before = {line.key: line for line in older}
    found = []
    for line in newer:
        old = before.pop(line.key, Line(line.key, line.label, ""))
        if old.text != line.text:
            is_text = line.key in LONG_TEXTS and bool(old.text) and bool(line.text)
            found.append(Difference(line.label, old.text, line.text, is_text))
    return (*found, *(Difference(line.label, line.text, "", False) for line in before.values() if line.text))
