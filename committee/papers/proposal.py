"""提案書: what a section submitted, what it costs and saves, and what was asked and answered.

Once submitted it is told from the newest edition, which never changes; before that from the draft.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from committee import contents, course
from committee.costs import YEARS_COUNTED
from committee.models import Proposal, ProposalEdition
from committee.models.figures import months_in_words, months_to_pay
from committee.papers.words import NOTHING, demo_note, pairs_of
from townhall import fiscal
from townhall.paper.content import Block, Column, Line, Pair, Pairs, Paper, Section, Table, Text

SAVES = ("yearly_volume", "minutes_saved", "hours_saved", "yearly_effect")
FILE = "attachment "
NOT_KEPT = "この版の控えがないため、いまの内容です。"


def proposal_paper(proposal: Proposal, *, as_of: date) -> Paper:
    number = proposal.number_label
    title = _said_by(proposal)["title"].text or proposal.shown_title
    section = Section("proposal", title, proposal_blocks(proposal), over=f"提案書　{number}".strip())
    edition = f"提出 第{proposal.edition}版" if proposal.edition else "未提出"
    name = " ".join(filter(None, (number, title)))
    return Paper(f"提案書　{name}", "DX事業提案", as_of, (section,), edition=edition, note=demo_note())


def proposal_blocks(proposal: Proposal) -> tuple[Block, ...]:
    said = _said_by(proposal)
    return (
        Pairs("contents", (*_head(proposal), *_lines(said, contents.OUTLINE[1:])), label="提案の内容"),
        Pairs("effect", (*_lines(said, SAVES), *_payback(said)), label="効果の見込み（換算）"),
        Text("effect_definition", _definition(said), is_small=True),
        _cost(said),
        Pairs("checks", _lines(said, (*contents.MEASURED_BY, *contents.CHECKED)), label="進め方と確かめたこと"),
        _files(said),
        _threads(proposal),
    )


def _edition(proposal: Proposal) -> ProposalEdition | None:
    """Reads `editions`, prefetched for a meeting."""
    return max(proposal.editions.all(), key=lambda each: each.number, default=None)


def _said_by(proposal: Proposal) -> Mapping[str, contents.Line]:
    edition = _edition(proposal)
    lines = contents.every_line(proposal) if edition is None else contents.thawed(edition.contents)
    return {line.key: line for line in lines}


def _head(proposal: Proposal) -> tuple[Pair, ...]:
    return pairs_of(
        ("number", "番号・版", _number(proposal, _edition(proposal))), ("section", "提案する課", proposal.section.name)
    )


def _number(proposal: Proposal, edition: ProposalEdition | None) -> str:
    if not proposal.edition:
        return "未提出"
    number = f"{proposal.number_label}　提出 第{proposal.edition}版"
    if edition is None:
        return f"{number}（{NOT_KEPT}）"
    day = fiscal.format_date(fiscal.japan_date(edition.frozen_at))
    return f"{number}（{day}　{edition.frozen_by}）"


def _lines(said: Mapping[str, contents.Line], names: Iterable[str]) -> tuple[Pair, ...]:
    """Those that say something or must; a frozen edition lacks lines that came into the form after it."""
    lines = [said[name] for name in names if name in said]
    must = {*contents.ALWAYS_SHOWN, *SAVES}
    return tuple(Pair(line.key, line.label, line.text or NOTHING) for line in lines if line.text or line.key in must)


def _payback(said: Mapping[str, contents.Line]) -> tuple[Pair, ...]:
    names = ("initial_cost", "yearly_cost", "yearly_effect")
    initial, yearly, effect = (contents.amount_in(said[name].text) for name in names)
    if initial is None or yearly is None or effect is None:
        return pairs_of(("payback", "費用を上回るまで", ""))
    months = months_to_pay(initial, yearly, effect)
    words = f"{YEARS_COUNTED}年では上回りません" if months is None else months_in_words(months)
    return pairs_of(("payback", "費用を上回るまで", words))


def _definition(said: Mapping[str, contents.Line]) -> str:
    return (
        f"減る時間＝年間の件数×1件あたりの短縮÷60。金額＝減る時間×{said['yen_per_hour'].text}（1時間あたりの人件費）。"
        "端数は切り捨て。見込みであり、予算の削減額ではありません。測った値とは合計しません。"
    )


def _cost(said: Mapping[str, contents.Line]) -> Table:
    """Who pays what in which year: the sources always add up to the cost."""
    years = tuple(Column(f"{year}年目", 3, "right") for year in range(1, YEARS_COUNTED + 1))
    columns = (Column("区分（千円）", 6), *years, Column("計", 3, "right"))
    lines = tuple(
        Line(key, (label, *(f"{amount:,}" for amount in amounts), f"{sum(amounts):,}"))
        for key, label, amounts in contents.years_in(said.values())
    )
    return Table("cost", columns, lines, label="事業費と財源の見込み", empty="費用はまだ見積もられていません。")


def _files(said: Mapping[str, contents.Line]) -> Table:
    """By name: the files themselves stay in the portal."""
    lines = tuple(
        Line(line.key, (line.label.removeprefix(contents.FILE_LABEL), line.text))
        for line in said.values()
        if line.key.startswith(FILE)
    )
    columns = (Column("ファイル名", 9), Column("大きさ・照合番号", 8))
    return Table("files", columns, lines, label="添付資料", empty="添付資料はありません。")


def _threads(proposal: Proposal) -> Table:
    columns = (Column("No.", 1), Column("照会", 8), Column("回答", 8))
    lines = tuple(
        Line(
            str(each.number),
            (
                str(each.number),
                f"{each.question}\n（{fiscal.format_date(each.asked_on)}　{each.asked_by}）",
                _answer(each),
            ),
        )
        for each in course.threads(list(proposal.questions.all()))
    )
    return Table("threads", columns, lines, label="照会と回答", empty="照会はありません。")


def _answer(thread: course.Thread) -> str:
    if thread.answered_on is None:
        return "まだ回答がありません。"
    return f"{thread.answer}\n（{fiscal.format_date(thread.answered_on)}　{thread.answered_by}）"
