"""宿題 as lists show them."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from committee.choices import ActionState
from committee.models import ActionItem
from townhall.models import User
from townhall.permissions import Permission, can

ROWS_PER_PAGE = 50
FILTERS = {"open": "未了", "late": "期限切れ", "yours": "あなたの課", "all": "すべて"}


@dataclass(frozen=True)
class ActionItemRow:
    item: ActionItem
    is_late: bool
    can_finish: bool

    @property
    def status(self) -> tuple[str, str]:
        """Tone and word of its badge."""
        return ("late", "期限切れ") if self.is_late else (self.item.state_choice.tone, self.item.state_choice.label)


@dataclass(frozen=True)
class Filter:
    """A way to narrow a list, with how many it would leave."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class ActionItemTable:
    rows: tuple[ActionItemRow, ...]
    page: Page[ActionItem]
    filters: tuple[Filter, ...]
    show: str


def action_item_table(user: User, *, today: date, show: str = "open", page: int | str = 1) -> ActionItemTable:
    """What was given to whom, by its day; three queries."""
    narrowed = {
        "open": ActionItem.objects.open(),
        "late": ActionItem.objects.overdue(today=today),
        "yours": ActionItem.objects.to_do_by(user, today=today),
        "all": ActionItem.objects.all(),
    }
    counts = ActionItem.objects.aggregate(
        **{f"n_{key}": Count("pk", filter=Q(pk__in=rows.order_by().values("pk"))) for key, rows in narrowed.items()}
    )
    show = show if show in FILTERS else "open"
    chosen = Paginator(narrowed[show].select_related("meeting", "section", "item").by_day(), ROWS_PER_PAGE).get_page(
        page
    )
    return ActionItemTable(
        rows=tuple(action_item_row(item, user, today=today) for item in chosen.object_list),
        page=chosen,
        filters=tuple(Filter(key, label, counts[f"n_{key}"]) for key, label in FILTERS.items()),
        show=show,
    )


def action_item_row(item: ActionItem, user: User, *, today: date) -> ActionItemRow:
    allowed = can(user, Permission.FINISH_ACTION_ITEM, today=today, section=item.section_id or 0)
    return ActionItemRow(item, is_late=item.is_late_on(today), can_finish=allowed and item.is_open)


def tasks_about(about: Q, user: User, *, today: date) -> tuple[ActionItemRow, ...]:
    """宿題 about a proposal, a row, an initiative; one query."""
    items = ActionItem.objects.filter(about).select_related("meeting", "section", "item").by_day()
    return tuple(action_item_row(item, user, today=today) for item in items)


def done_of(items: tuple[ActionItem, ...]) -> int:
    return sum(item.state != ActionState.OPEN for item in items)
