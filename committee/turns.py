"""だれの番か: who has to act on a proposal, in words and for one person."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from committee.choices import ProposalState
from committee.models import AgendaItem, EffectReview, Meeting, Proposal
from committee.workflow import TURNS
from townhall import calendar
from townhall.models import User
from townhall.permissions import Permission, can

S = ProposalState

# What the person whose turn it is has to do; the button that does it; the page behind the button.
TASKS = {
    S.DRAFT: ("内容を書き上げて、提出してください", "内容を確認する", "proposal_submit"),
    S.SECTION_REVIEW: ("内容を確かめて、決裁してください", "決裁する", "proposal_approve"),
    S.SUBMITTED: ("内容を確かめて、照会するか、委員会の次第に載せてください", "次第に載せる", "proposal_table"),
    S.RETURNED: ("事務局からの照会に回答して、再提出してください", "照会に回答する", "proposal_answer"),
    S.TABLED: ("委員会の決定を記録してください", "決定を記録する", ""),
    S.CONTINUED: ("継続審議です。照会するか、次の会議の次第に載せてください", "次第に載せる", "proposal_table"),
    S.ADOPTED: ("予算を要求するか、予算を使わずに始めてください", "予算を要求する", "proposal_budget"),
    S.CONDITIONAL: (
        "条件を確かめて、予算を要求するか、予算を使わずに始めてください",
        "予算を要求する",
        "proposal_budget",
    ),
    S.UNFUNDED: ("次の年度に要求するか、予算を使わずに始めてください", "予算を要求する", "proposal_budget"),
    S.REQUESTED: ("査定の結果を入力してください", "査定を入力する", "proposal_budget"),
    S.BUDGETED: ("実施を始めたら、開始日を記録してください", "実施を始める", "proposal_start"),
    S.RUNNING: ("効果を測って、記録してください", "効果を記録する", ""),
    S.MEASURED: ("検証の結果を確かめて、完了にしてください", "完了にする", "proposal_complete"),
}
NOBODYS = {S.WITHDRAWN: "なし（取下げ）", S.COMPLETED: "なし（完了）", S.DROPPED: "なし（見送り）"}
OTHERS_DO = {
    S.DRAFT: "提案を書いています",
    S.SECTION_REVIEW: "課内の決裁を待っています",
    S.SUBMITTED: "内容を確かめています",
    S.RETURNED: "事務局からの照会への回答を待っています",
    S.CONTINUED: "継続審議になりました。次の会議にかける準備をしています",
    S.ADOPTED: "予算要求の準備をしています",
    S.CONDITIONAL: "条件を確かめ、予算要求の準備をしています",
    S.UNFUNDED: "査定で見送りになりました。次の年度の要求を考えています",
    S.REQUESTED: "査定の結果を待っています",
    S.BUDGETED: "予算に計上されました。実施の準備をしています",
    S.RUNNING: "実施しています",
    S.MEASURED: "検証の結果を確かめています",
}
FOR_THE_OFFICE = (*S.FOR_AN_AGENDA, S.REQUESTED, S.MEASURED)


@dataclass(frozen=True)
class Turn:
    """`permission` is what the next person must hold; None when nobody has to act. `from_day`: not before that day."""

    label: str
    task: str = ""
    waiting: str = ""
    button: str = ""
    url: str = ""
    permission: Permission | None = None
    section_id: int | None = None
    from_day: date | None = None

    def is_yours(self, user: User, *, today: date) -> bool:
        if self.permission is None or (self.from_day is not None and today < self.from_day):
            return False
        return can(user, self.permission, today=today, section=self.section_id)


def item_at_hand(proposal: Proposal) -> AgendaItem | None:
    """The agenda item it now waits for a decision on. Reads `agenda_items` (prefetched in lists)."""
    if proposal.state != S.TABLED:
        return None
    return next((item for item in proposal.agenda_items.all() if item.decision_or_none is None), None)


def review_at_hand(proposal: Proposal) -> EffectReview | None:
    """The effect that is measured next. Reads `execution__reviews` (prefetched in lists)."""
    execution = getattr(proposal, "execution", None) if proposal.state == S.RUNNING else None
    return next((review for review in execution.reviews.all() if not review.is_measured), None) if execution else None


def whose_turn(proposal: Proposal) -> Turn:
    state = proposal.state_choice
    if state in S.CLOSED:
        return Turn(NOBODYS.get(state, "なし（決定済み）"))
    task, button, page = TASKS[state]
    item = item_at_hand(proposal)
    review = review_at_hand(proposal)
    return Turn(
        label=_label(proposal, item.meeting if item else None),
        task=task,
        waiting=OTHERS_DO.get(state) or _waiting_for(item),
        button=button,
        url=reverse(page, args=[proposal.pk]) if page else _url_of(item, review),
        permission=TURNS[state],
        section_id=proposal.section_id,
        from_day=item.meeting.held_on if item else review.asked_from if review else None,
    )


def _label(proposal: Proposal, meeting: Meeting | None) -> str:
    state = proposal.state_choice
    if state == S.SECTION_REVIEW:
        return f"{proposal.section.name}長"
    if state in FOR_THE_OFFICE:
        return "事務局"
    if state == S.TABLED:
        return f"委員会（{meeting.short_name}）" if meeting else "委員会"
    return proposal.section.name


def _waiting_for(item: AgendaItem | None) -> str:
    if item is None:
        return "審査を待っています"
    day = item.meeting.held_on
    return f"{item.meeting.short_name}（{day.month}月{day.day}日（{calendar.weekday_ja(day)}））で審査します"


def _url_of(item: AgendaItem | None, review: EffectReview | None) -> str:
    """The page of the decision, or of the measuring, that is next."""
    if item is not None:
        return reverse("decision_create", args=[item.meeting.number, item.pk])
    return review.get_absolute_url() if review else ""
