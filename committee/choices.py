"""Words of the committee: states of a proposal, kinds of agenda items, outcomes of decisions."""

from enum import nonmember

from django.db import models


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

    EDITABLE = nonmember(("draft", "returned"))  # the section may change the text
    IN_SECTION_ONLY = nonmember(("draft", "section_review"))  # nobody outside the section sees it
    DECIDED = nonmember(("adopted", "conditional", "rejected"))
    CLOSED = nonmember(("adopted", "conditional", "rejected", "withdrawn"))

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
}


class ItemKind(models.TextChoices):
    """議題の種類. Agreement, review of a proposal, approval, report."""

    DISCUSS = "discuss", "協議"
    REVIEW = "review", "審査"
    APPROVE = "approve", "承認"
    REPORT = "report", "報告"


class Outcome(models.TextChoices):
    ADOPTED = "adopted", "採択"
    CONDITIONAL = "conditional", "条件付き採択"
    CONTINUED = "continued", "継続審議"
    REJECTED = "rejected", "不採択"
    NOTED = "noted", "報告了承"

    # 報告了承 is an answer to a report, the others to a proposal.
    FOR_PROPOSALS = nonmember(("adopted", "conditional", "continued", "rejected"))
