from committee.forms.action_items import ActionItemForm, CancelForm, EndForm
from committee.forms.attachments import AttachmentForm, PaperForm, TakeBackForm, TakeOffForm
from committee.forms.attendance import CorrectionReasonForm, SeatForm
from committee.forms.meetings import (
    AgendaItemForm,
    BuildForm,
    CloseForm,
    ConveneForm,
    CorrectDecisionForm,
    DecisionForm,
    MeetingForm,
    MoveForm,
    RemoveItemForm,
    TableForm,
)
from committee.forms.minutes import (
    CommentForm,
    HandleForm,
    MinutesForm,
    MinutesReplyForm,
    SendMinutesForm,
    WrittenAnswerForm,
)
from committee.forms.proposals import AnswersForm, ProposalForm, QuestionsForm, StepForm
from committee.forms.scoring import OpinionForm, ScoreForm
from committee.forms.teams import TeamForm, TeamMemberForm

__all__ = [
    "ActionItemForm",
    "AgendaItemForm",
    "AnswersForm",
    "AttachmentForm",
    "BuildForm",
    "CancelForm",
    "CloseForm",
    "CommentForm",
    "ConveneForm",
    "CorrectDecisionForm",
    "CorrectionReasonForm",
    "DecisionForm",
    "EndForm",
    "HandleForm",
    "MeetingForm",
    "MinutesForm",
    "MinutesReplyForm",
    "MoveForm",
    "OpinionForm",
    "PaperForm",
    "ProposalForm",
    "QuestionsForm",
    "RemoveItemForm",
    "ScoreForm",
    "SeatForm",
    "SendMinutesForm",
    "StepForm",
    "TableForm",
    "TakeBackForm",
    "TakeOffForm",
    "TeamForm",
    "TeamMemberForm",
    "WrittenAnswerForm",
]
