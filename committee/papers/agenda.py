"""次第, and the 資料番号 of each subject."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch

from committee.choices import ItemKind
from committee.models import AgendaItem, CommitteeRules, ItemPaper, Meeting
from committee.papers.words import long_day, pairs_of
from townhall.paper.content import Agenda, Block, Entry, Pair, Section, Text

ITEM_RELATED = (
    *("decision", "proposal__section", "proposal__initiative", "activity__plan", "activity__owner_section"),
    *("activity__initiative__owner_section", "occurrence__duty__owner_section"),
)


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """Four queries: the subjects and their files; questions and frozen editions of the proposals among them."""
    items = meeting.items.select_related(*ITEM_RELATED).prefetch_related(Prefetch("papers", ItemPaper.objects.laid()))
    return list(items.prefetch_related("proposal__questions", "proposal__editions").order_by("order", "pk"))


def when_and_where(meeting: Meeting) -> tuple[Pair, ...]:
    if meeting.is_written:
        return pairs_of(("day", "回答の期限", long_day(meeting.held_on)), ("place", "開催の方法", "書面（持ち回り）"))
    time = f"　{meeting.starts_at:%H時%M分}から" if meeting.starts_at else ""
    return pairs_of(("day", "日時", f"{long_day(meeting.held_on)}{time}"), ("place", "場所", meeting.place))


def agenda_section(
    meeting: Meeting, items: Sequence[AgendaItem], rules: CommitteeRules, *, lists_papers: bool = False
) -> Section:
    """開会 and 閉会 are numbered as every line of a 次第; the subjects stand in brackets below 議題."""
    entries = tuple(_entries(items, rules))
    empty: tuple[Block, ...] = () if items else (Text("empty", "議題はまだありません。"),)
    blocks = (*([Agenda("agenda", entries)] if entries else []), *empty)
    return Section("agenda", "次第", blocks, over=str(meeting), is_listed=False, lists_papers=lists_papers)


def _entries(items: Sequence[AgendaItem], rules: CommitteeRules) -> Iterable[Entry]:
    before, after = rules.opening_lines, rules.closing_lines
    for number, text in enumerate(before, start=1):
        yield Entry(f"opening-{number}", str(number), text)
    if items:
        yield Entry("subjects", str(len(before) + 1), "議題")
    for position, item in enumerate(items, start=1):
        kind = ItemKind(item.kind).label
        yield Entry(
            key=f"item-{item.pk}",
            number=f"（{position}）",
            text=f"{item.title}（{kind}）",
            note="　".join(filter(None, (_presented_by(item), _planned(item), *_files(item, position)))),
            aside=number_of(item, position),
        )
    for number, text in enumerate(after, start=len(before) + bool(items) + 1):
        yield Entry(f"closing-{number - len(before) - bool(items)}", str(number), text)


def number_of(item: AgendaItem, position: int) -> str:
    """資料番号: fixed when the meeting is convened, before that by position."""
    return item.paper_label or f"資料{position}"


def files_of(item: AgendaItem, position: int) -> tuple[tuple[int, str, str], ...]:
    """Key, 資料番号 and name of each file laid with the subject; reads `papers` (prefetched)."""
    sheet = number_of(item, position)
    return tuple((paper.pk, paper.label_under(sheet), paper.attachment.name) for paper in item.papers.all())


def _files(item: AgendaItem, position: int) -> Iterable[str]:
    return (f"{label} {name}" for _, label, name in files_of(item, position))


def owner_of(item: AgendaItem) -> str:
    return item.presenter or (item.section.name if item.section else "")


def _presented_by(item: AgendaItem) -> str:
    owner = owner_of(item)
    return f"説明　{owner}" if owner else ""


def _planned(item: AgendaItem) -> str:
    return f"予定{item.minutes_planned}分" if item.minutes_planned else ""
