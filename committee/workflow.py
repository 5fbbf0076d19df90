"""The way of a proposal, as one table: who may take which step from where to where (docs/state-machine.md).

No database here. A step belongs to a permission; the permission's scope (own section, whole town) stands in
townhall.permissions. Where two lines share an action, the first one that fits the person counts.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from committee.choices import Outcome, ProposalAction, ProposalState
from committee.costs import overpaid_sentence
from townhall.permissions import Permission, can, roles_with
from townhall.refusal import Refused

if TYPE_CHECKING:
    from committee.models import Proposal
    from townhall.models import User

A, S, P = ProposalAction, ProposalState, Permission

STILL_OPEN = (S.DRAFT, S.SECTION_REVIEW, S.SUBMITTED, S.RETURNED, S.TABLED, S.CONTINUED)
FOR_MONEY = (S.ADOPTED, S.CONDITIONAL, S.UNFUNDED)
IN_THE_BUDGET = "予算の事業のページ"
WITH_ITS_DAY = "「実施を始める」のページ"
WITH_WHAT_WAS_MEASURED = "効果の検証のページ"


@dataclass(frozen=True)
class Step:
    action: ProposalAction
    sources: tuple[ProposalState, ...]
    target: ProposalState
    permission: Permission
    button: str  # what the button says before
    comment: str = ""  # name of the text that must come with it; empty: none is asked for
    until_opened: bool = False  # not any more when the secretariat has opened it
    needs_meeting: bool = False  # taken through an agenda item or a decision, never alone
    elsewhere: str = ""  # where it is taken, when it comes with something that is recorded there

    @property
    def submits(self) -> bool:
        """The proposal leaves its section: it gets its number, and counts one more edition."""
        return self.target == S.SUBMITTED and self.permission == P.APPROVE_PROPOSAL


STEPS = (
    # 課長's own submission needs no second approval.
    Step(A.SUBMIT, (S.DRAFT,), S.SUBMITTED, P.APPROVE_PROPOSAL, "提出する"),
    Step(A.SUBMIT, (S.DRAFT,), S.SECTION_REVIEW, P.WRITE_PROPOSAL, "課長の決裁へ出す"),
    Step(A.APPROVE, (S.SECTION_REVIEW,), S.SUBMITTED, P.APPROVE_PROPOSAL, "決裁して提出する"),
    Step(A.SEND_BACK, (S.SECTION_REVIEW,), S.DRAFT, P.APPROVE_PROPOSAL, "担当へ差し戻す", "差し戻す理由"),
    Step(A.TAKE_BACK, (S.SECTION_REVIEW,), S.DRAFT, P.WRITE_PROPOSAL, "取り戻す"),
    Step(A.TAKE_BACK, (S.SUBMITTED,), S.DRAFT, P.WRITE_PROPOSAL, "取り戻す", until_opened=True),
    Step(A.RETURN, (S.SUBMITTED, S.CONTINUED), S.RETURNED, P.RECEIVE_PROPOSAL, "照会する", "照会の内容"),
    Step(A.ANSWER, (S.RETURNED,), S.SUBMITTED, P.APPROVE_PROPOSAL, "回答して再提出する", "回答"),
    Step(A.ANSWER, (S.RETURNED,), S.SECTION_REVIEW, P.WRITE_PROPOSAL, "回答して課長の決裁へ出す", "回答"),
    Step(A.TABLE, (S.SUBMITTED, S.CONTINUED), S.TABLED, P.RECEIVE_PROPOSAL, "次第に載せる", needs_meeting=True),
    Step(A.UNTABLE, (S.TABLED,), S.SUBMITTED, P.RECEIVE_PROPOSAL, "次第から外す", "外す理由", needs_meeting=True),
    Step(A.ADOPT, (S.TABLED,), S.ADOPTED, P.DECIDE, "採択", "決定の理由", needs_meeting=True),
    Step(A.ADOPT_CONDITIONALLY, (S.TABLED,), S.CONDITIONAL, P.DECIDE, "条件付き採択", "決定の理由", needs_meeting=True),
    Step(A.CONTINUE, (S.TABLED,), S.CONTINUED, P.DECIDE, "継続審議", "決定の理由", needs_meeting=True),
    Step(A.REJECT, (S.TABLED,), S.REJECTED, P.DECIDE, "不採択", "決定の理由", needs_meeting=True),
    Step(A.WITHDRAW, STILL_OPEN, S.WITHDRAWN, P.WRITE_PROPOSAL, "取り下げる", "取下げの理由"),
    # 決定の後: 予算要求 → 査定 → 実施 → 効果の検証 → 完了. The figures that move it are recorded in the budget.
    Step(A.REQUEST_BUDGET, FOR_MONEY, S.REQUESTED, P.REQUEST_BUDGET, "予算を要求する", elsewhere=IN_THE_BUDGET),
    Step(A.FUND, (S.REQUESTED,), S.BUDGETED, P.MANAGE_BUDGET, "計上", elsewhere=IN_THE_BUDGET),
    Step(A.FUND_PARTLY, (S.REQUESTED,), S.BUDGETED, P.MANAGE_BUDGET, "一部計上", elsewhere=IN_THE_BUDGET),
    Step(A.PUT_OFF, (S.REQUESTED,), S.UNFUNDED, P.MANAGE_BUDGET, "見送り", elsewhere=IN_THE_BUDGET),
    Step(A.START, (S.BUDGETED,), S.RUNNING, P.WRITE_PROPOSAL, "実施を始める", elsewhere=WITH_ITS_DAY),
    Step(
        A.START,
        FOR_MONEY,
        S.RUNNING,
        P.WRITE_PROPOSAL,
        "予算を使わずに始める",
        "予算を要求しない理由",
        elsewhere=WITH_ITS_DAY,
    ),
    Step(A.MEASURE, (S.RUNNING,), S.MEASURED, P.WRITE_PROPOSAL, "効果を検証する", elsewhere=WITH_WHAT_WAS_MEASURED),
    Step(A.COMPLETE, (S.MEASURED,), S.COMPLETED, P.RECEIVE_PROPOSAL, "完了にする", "検証のまとめ"),
    Step(
        A.DROP,
        (*FOR_MONEY, S.REQUESTED, S.BUDGETED, S.RUNNING),
        S.DROPPED,
        P.RECEIVE_PROPOSAL,
        "見送りにする",
        "見送る理由",
    ),
)

ACTION_OF_OUTCOME = {
    Outcome.ADOPTED: A.ADOPT,
    Outcome.CONDITIONAL: A.ADOPT_CONDITIONALLY,
    Outcome.CONTINUED: A.CONTINUE,
    Outcome.REJECTED: A.REJECT,
}

# だれの番か: whose step the proposal waits for. Closed states wait for nobody.
TURNS = {
    S.DRAFT: P.WRITE_PROPOSAL,
    S.SECTION_REVIEW: P.APPROVE_PROPOSAL,
    S.SUBMITTED: P.RECEIVE_PROPOSAL,
    S.RETURNED: P.WRITE_PROPOSAL,
    S.TABLED: P.DECIDE,
    S.CONTINUED: P.RECEIVE_PROPOSAL,
    S.ADOPTED: P.REQUEST_BUDGET,
    S.CONDITIONAL: P.REQUEST_BUDGET,
    S.UNFUNDED: P.REQUEST_BUDGET,
    S.REQUESTED: P.MANAGE_BUDGET,
    S.BUDGETED: P.WRITE_PROPOSAL,
    S.RUNNING: P.WRITE_PROPOSAL,  # when an effect is to be measured
    S.MEASURED: P.RECEIVE_PROPOSAL,
}

# Who may change the text: whoever's turn it is, except while it is being approved or decided.
EDITORS = {state: TURNS[state] for state in (S.DRAFT, S.RETURNED, S.SUBMITTED, S.CONTINUED)}

NEEDED_TO_SUBMIT = {
    "title": "提案名を入力してください。",
    "initiative": "対象の取組を選んでください。",
    "problem": "いまの困りごとを入力してください。",
    "solution": "やることを入力してください。",
    "starts_when": "始める時期を入力してください。",
    "yearly_volume": "年間の件数を入力してください。分からないときは見込みの数を入れます。",
    "minutes_saved": "1件あたり何分短くなるかを入力してください。",
    "initial_cost": "導入時の費用を入力してください。かからないときは 0 を入れます。",
    "yearly_cost": "1年の運用費を入力してください。かからないときは 0 を入れます。",
    "personal_data": "個人情報を扱うかどうかを入力してください。",
    "network": "使うネットワークを入力してください。",
    "standardisation": "標準化との関係を入力してください。ないときは「なし」と書きます。",
}


OPENED = "事務局がもう開いたため、取り戻せません。直したいときは、事務局に差戻し（照会）を頼んでください。"


def steps_of(action: ProposalAction) -> list[Step]:
    return [step for step in STEPS if step.action == action]


def allowed_step(proposal: "Proposal", action: ProposalAction, *, by: "User", today: date) -> Step:
    """The step this person may take now. Raises PermissionDenied (never theirs) or Refused (not in this state)."""
    lines = steps_of(action)
    theirs = [step for step in lines if can(by, step.permission, today=today, section=proposal.section_id)]
    if not theirs:
        raise PermissionDenied(f"「{lines[-1].button}」は{who_may(lines[-1].permission)}が行います。")
    fitting = [step for step in theirs if proposal.state in step.sources]
    if not fitting:
        now = proposal.state_choice.label
        raise Refused(f"この提案はいま「{now}」のため、「{theirs[0].button}」はできません。")
    if fitting[0].until_opened and proposal.was_opened:
        raise Refused(OPENED)
    return fitting[0]


def open_steps(proposal: "Proposal", *, by: "User", today: date) -> list[Step]:
    """What this person can do with the proposal now, in the order of the table, each action once."""
    found: dict[ProposalAction, Step] = {}
    for step in STEPS:
        if proposal.state in step.sources and can(by, step.permission, today=today, section=proposal.section_id):
            found.setdefault(step.action, step)
    if any(step.until_opened for step in found.values()) and proposal.was_opened:
        return [step for step in found.values() if not step.until_opened]
    return list(found.values())


def who_may(permission: Permission) -> str:
    """The holders in words, for a refusal: 「提案した課の課長・担当」."""
    people = "・".join(role.label for role in roles_with(permission))
    own = permission in (P.WRITE_PROPOSAL, P.APPROVE_PROPOSAL)
    return f"提案した課の{people}" if own else people


def may_edit(proposal: "Proposal", *, by: "User", today: date) -> bool:
    permission = EDITORS.get(proposal.state_choice)
    return permission is not None and can(by, permission, today=today, section=proposal.section_id)


def missing_of(proposal: "Proposal") -> dict[str, str]:
    """Field → sentence, for everything that must be filled in before the proposal is submitted."""
    missing = {name: sentence for name, sentence in NEEDED_TO_SUBMIT.items() if getattr(proposal, name) in (None, "")}
    plan = proposal.cost_plan
    if plan is not None and plan.overpaid_years:
        missing["funding_0"] = overpaid_sentence(plan.overpaid_years)
    return missing
