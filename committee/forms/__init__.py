from committee.forms.meetings import AgendaItemForm, CloseForm, DecisionForm, MeetingForm, RemoveItemForm, TableForm
from committee.forms.proposals import ProposalForm, StepForm

__all__ = [
    "AgendaItemForm",
    "CloseForm",
    "DecisionForm",
    "MeetingForm",
    "ProposalForm",
    "RemoveItemForm",
    "StepForm",
    "TableForm",
]
