"""次第 with its forms: 決定 and 宿題 are written where the subject stands; what is refused comes back on its own page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from committee.forms import ActionItemForm, DecisionForm
from committee.forms.execution import PlacementOnDecisionForm, places_open_on
from committee.models import ActionItem, AgendaItem, Meeting
from committee.summaries import ActionItemRow, AgendaRow, MeetingPage
from committee.summaries.meetings import ITEM_RELATED
from initiatives.models import Initiative
from townhall.models import Section


@dataclass(frozen=True)
class AgendaCard:
    """One subject, the 宿題 it gave, and the forms this person may send from it."""

    item: AgendaRow
    tasks: tuple[ActionItemRow, ...]
    decision: DecisionForm | None = None
    place: PlacementOnDecisionForm | None = None
    task: ActionItemForm | None = None


def agenda_cards(meeting: Meeting, page: MeetingPage, *, today: date) -> tuple[AgendaCard, ...]:
    """For who writes, two to three queries more, however long the agenda is."""
    forms_of = _Forms(meeting, page, today)
    return tuple(
        AgendaCard(
            item=item,
            tasks=tuple(row for row in page.tasks if row.item.item_id == item.pk),
            decision=forms_of.decision(item),
            place=forms_of.place(item),
            task=forms_of.task(item),
        )
        for item in page.items
    )


class _Forms:
    """Fields of all cards stand on one page: each card's ids begin with its own."""

    def __init__(self, meeting: Meeting, page: MeetingPage, today: date) -> None:
        self.meeting, self.page, self.today = meeting, page, today
        self.can_give = page.can_give and not meeting.is_closed
        writes = page.can_decide or self.can_give
        rows = meeting.items.select_related(*ITEM_RELATED, "proposal__initiative") if writes else ()
        self.items: dict[int, AgendaItem] = {row.pk: row for row in rows}
        self.sections = list(Section.objects.on(today)) if self.can_give else []
        asks_where = page.can_decide and any(item.is_open and item.proposal for item in page.items)
        self.places: list[Initiative] = list(places_open_on(today)) if asks_where else []

    def decision(self, item: AgendaRow) -> DecisionForm | None:
        if not (self.page.can_decide and item.is_open):
            return None
        return DecisionForm(item=self.items[item.pk], today=self.today, auto_id=_ids(item))

    def place(self, item: AgendaRow) -> PlacementOnDecisionForm | None:
        proposal = self.items[item.pk].proposal if self.page.can_decide and item.is_open else None
        if proposal is None or not self.places:
            return None
        return PlacementOnDecisionForm(
            None, proposal=proposal, today=self.today, offered=self.places, auto_id=_ids(item)
        )

    def task(self, item: AgendaRow) -> ActionItemForm | None:
        """Suggested to the section whose subject it is."""
        if not self.can_give:
            return None
        task = ActionItem(meeting=self.meeting)
        first = {"item": item.pk, "section": getattr(self.items[item.pk].section, "pk", None)}
        form = ActionItemForm(instance=task, today=self.today, initial=first, auto_id=f"id_task{item.pk}_%s")
        fields: Any = form.fields
        fields["item"].widget = forms.HiddenInput()
        fields["section"].widget.choices = [("", "事務局"), *((section.pk, section) for section in self.sections)]
        return form


def _ids(item: AgendaRow) -> str:
    return f"id_item{item.pk}_%s"
