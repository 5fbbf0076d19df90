"""Words of the committee: states of a proposal, kinds of agenda items, outcomes of decisions."""

from enum import nonmember

from django.db import models

AFTER_ADOPTION = (
    *("adopted", "conditional", "requested", "unfunded", "budgeted"),
    *("running", "measured", "completed", "dropped"),
)


CORRECTION = "訂正："  # what the history says of a change after the end begins so


class ProposalState(models.TextChoices):
    DRAFT = "draft", "作成中"
    SECTION_REVIEW = "section_review", "課内の決裁待ち"
    SUBMITTED = "submitted", "事務局の確認中"
    RETURNED = "returned", "照会中（差戻し）"
    TABLED = "tabled", "委員会の審査待ち"
    ADOPTED = "adopted", "採択"
    CONDITIONAL = "conditional", "条件付き採択"
    CONTINUED = "continued", "継続審議"
    REJECTED = "rejected", "不採択"
    WITHDRAWN = "withdrawn", "取下げ"
    REQUESTED = "requested", "予算要求中"
    UNFUNDED = "unfunded", "予算見送り"
    BUDGETED = "budgeted", "予算計上（実施前）"
    RUNNING = "running", "実施中"
    MEASURED = "measured", "効果の検証済み"
    COMPLETED = "completed", "完了"
    DROPPED = "dropped", "見送り"

    IN_SECTION_ONLY = nonmember(("draft", "section_review"))  # the section has it, before its (next) submission
    WITH_SECTION = nonmember(("draft", "section_review", "returned"))
    FOR_AN_AGENDA = nonmember(("submitted", "continued"))  # 事務局 may put it before a meeting
    BEING_WEIGHED = nonmember(("submitted", "returned", "tabled", "continued"))  # 採点と所見
    BEFORE_THE_COMMITTEE = nonmember(("tabled", "continued"))  # 審査待ち
    ADOPTED_OR_LATER = nonmember(AFTER_ADOPTION)
    DECIDED = nonmember(("rejected", *AFTER_ADOPTION))
    ASKS_FOR_MONEY = nonmember(("adopted", "conditional", "unfunded"))  # the section requests its budget next
    CLOSED = nonmember(("rejected", "withdrawn", "completed", "dropped"))

    @property
    def tone(self) -> str:
        return PROPOSAL_TONES[self]


PROPOSAL_TONES = {
    ProposalState.DRAFT: "none",
    ProposalState.SECTION_REVIEW: "study",
    ProposalState.SUBMITTED: "study",
    ProposalState.RETURNED: "slow",
    ProposalState.TABLED: "study",
    ProposalState.ADOPTED: "ok",
    ProposalState.CONDITIONAL: "ok",
    ProposalState.CONTINUED: "slow",
    ProposalState.REJECTED: "done",
    ProposalState.WITHDRAWN: "none",
    ProposalState.REQUESTED: "study",
    ProposalState.UNFUNDED: "slow",
    ProposalState.BUDGETED: "ok",
    ProposalState.RUNNING: "ok",
    ProposalState.MEASURED: "ok",
    ProposalState.COMPLETED: "done",
    ProposalState.DROPPED: "none",
}


class ProposalAction(models.TextChoices):
    """What can be done to a proposal. The label is what 経過 says afterwards; who may do it stands in workflow.py."""

    CREATE = "create", "下書きを作成"
    SUBMIT = "submit", "提出"
    APPROVE = "approve", "課長が決裁"
    SEND_BACK = "send_back", "課長が差戻し"
    TAKE_BACK = "take_back", "取戻し"
    RETURN = "return", "事務局が照会"
    ANSWER = "answer", "照会に回答"
    TABLE = "table", "委員会の次第に掲載"
    UNTABLE = "untable", "委員会の次第から削除"
    ADOPT = "adopt", "委員会が採択"
    ADOPT_CONDITIONALLY = "adopt_conditionally", "委員会が条件付きで採択"
    CONTINUE = "continue", "委員会が継続審議に"
    REJECT = "reject", "委員会が不採択に"
    WITHDRAW = "withdraw", "取下げ"
    REQUEST_BUDGET = "request_budget", "予算を要求"
    FUND = "fund", "査定で計上"
    FUND_PARTLY = "fund_partly", "査定で一部計上"
    PUT_OFF = "put_off", "査定で見送り"
    START = "start", "実施を開始"
    MEASURE = "measure", "効果を検証"
    COMPLETE = "complete", "完了"
    DROP = "drop", "実施を見送り"

    DECISIONS = nonmember(("adopt", "adopt_conditionally", "continue", "reject"))


class DraftKind(models.TextChoices):
    """Which form of a proposal somebody is typing in."""

    CONTENTS = "contents", "提案の内容"
    ANSWERS = "answers", "照会への回答"


class ProposalCategory(models.TextChoices):
    """区分 of what is proposed."""

    NEW = "new", "新規"
    EXTENSION = "extension", "拡充"
    RENEWAL = "renewal", "更新"


class Procurement(models.TextChoices):
    """調達の方法, as far as the section knows when it proposes."""

    QUOTES = "quotes", "見積合わせ"
    PROPOSALS = "proposals", "プロポーザル"
    TENDER = "tender", "入札"
    DIRECT = "direct", "随意契約"
    UNDECIDED = "undecided", "未定"


class PrivacyAssessment(models.TextChoices):
    """特定個人情報保護評価（PIA）の要否."""

    NEEDED = "needed", "必要"
    NOT_NEEDED = "not_needed", "不要"
    ASKING = "asking", "確認中"


class Recommendation(models.TextChoices):
    """事務局の見立て: words of their own, so that nobody takes one for the committee's decision."""

    ADOPT = "adopt", "採択相当"
    CONDITIONS = "conditions", "条件付き採択相当"
    WAIT = "wait", "継続審議相当"
    REJECT = "reject", "不採択相当"


class ItemKind(models.TextChoices):
    """議題の種類. Agreement, review of a proposal, approval, report."""

    DISCUSS = "discuss", "協議"
    REVIEW = "review", "審査"
    APPROVE = "approve", "承認"
    REPORT = "report", "報告"


class ItemOrigin(models.TextChoices):
    """Where a subject came from; said beside it."""

    HAND = "hand", "事務局が加えた議題"
    PROPOSAL = "proposal", "審査を待つ提案"
    MARKED = "marked", "「諮る」の印がついた行"
    DUTY = "duty", "期限の来る義務"
    HOMEWORK = "homework", "前回までの宿題"


class MeetingWay(models.TextChoices):
    """開催の方法. 書面開催（持ち回り）: the members answer each subject in writing until a day."""

    GATHERED = "gathered", "対面"
    WRITTEN = "written", "書面"


class QuorumRule(models.TextChoices):
    MAJORITY = "majority", "委員の過半数"
    NUMBER = "number", "定めた人数"
    NONE = "none", "定めない"


class SeatState(models.TextChoices):
    """出欠 of one person at one meeting."""

    UNKNOWN = "unknown", "未回答"
    PRESENT = "present", "出席"
    PROXY = "proxy", "代理出席"
    ABSENT = "absent", "欠席"


class Vote(models.TextChoices):
    """What a member answers to a subject of 書面開催."""

    AGREE = "agree", "賛成"
    COMMENT = "comment", "意見あり"
    OPPOSE = "oppose", "反対"


class MinutesState(models.TextChoices):
    DRAFT = "draft", "下書き"
    SENT = "sent", "委員が確認中"
    CONFIRMED = "confirmed", "確定"

    @property
    def tone(self) -> str:
        return {"draft": "none", "sent": "study", "confirmed": "done"}[self.value]


class ActionState(models.TextChoices):
    OPEN = "open", "未了"
    DONE = "done", "済み"
    CANCELLED = "cancelled", "取りやめ"

    @property
    def tone(self) -> str:
        return {"open": "study", "done": "done", "cancelled": "none"}[self.value]


class Outcome(models.TextChoices):
    ADOPTED = "adopted", "採択"
    CONDITIONAL = "conditional", "条件付き採択"
    CONTINUED = "continued", "継続審議"
    REJECTED = "rejected", "不採択"
    NOTED = "noted", "報告了承"

    # 報告了承 is an answer to a report, the others to a proposal.
    ADOPTS = nonmember(("adopted", "conditional"))
    FOR_PROPOSALS = nonmember(("adopted", "conditional", "continued", "rejected"))

    @property
    def tone(self) -> str:
        return "ok" if self == Outcome.NOTED else PROPOSAL_TONES[ProposalState(self.value)]


class FundingKind(models.TextChoices):
    """財源の区分, as the published sheets of municipalities divide them."""

    NATIONAL = "national", "国庫"
    PREFECTURE = "prefecture", "県"
    BOND = "bond", "地方債"
    OTHER = "other", "その他"
    GENERAL = "general", "一般財源"

    SUBSIDIES = nonmember(("national", "prefecture"))  # 補助金: somebody else's money, with conditions


class BudgetStage(models.TextChoices):
    """予算の段階. Each is an amount of its own; none ever takes the place of another."""

    REQUEST = "request", "要求"
    ASSESSED = "assessed", "査定"
    INITIAL = "initial", "当初予算"
    SUPPLEMENT = "supplement", "補正予算"  # as often as the assembly decides one; may take away
    ESTIMATE = "estimate", "決算見込"
    SETTLED = "settled", "決算"

    VOTED = nonmember(("initial", "supplement"))  # 予算現額 = 当初 + 補正
    SPENT = nonmember(("estimate", "settled"))  # counted in the year of execution


class Assessment(models.TextChoices):
    """査定の結果."""

    FULL = "full", "計上"
    PART = "part", "一部計上"
    NONE = "none", "見送り"

    @property
    def tone(self) -> str:
        return {"full": "ok", "part": "slow", "none": "none"}[self.value]
