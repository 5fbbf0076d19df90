"""採点と所見 of the demonstration: two people score what waits for the committee, and 事務局 says what it would recommend."""

from datetime import date

from committee import actions
from committee.choices import ProposalState, Recommendation
from committee.models import Criterion, Proposal, ProposalOpinion
from townhall.models import User

POINTS = {"jimukyoku": (3, 3, 3, 2, 2), "iin": (2, 3, 4, 3, 1)}
OPINION = "効果の根拠は確かです。録音の保存先と、使わない会議の決め方を、採択の条件にするのがよいと考えます（例）。"


def load_scores(*, today: date) -> None:
    proposal = Proposal.objects.filter(state=ProposalState.SUBMITTED).first()
    criteria = Criterion.objects.in_use()
    if proposal is None or not criteria:
        return
    for username, points in POINTS.items():
        given = {each.pk: min(point, each.most) for each, point in zip(criteria, points, strict=False)}
        actions.score_proposal(proposal, given, by=_person(username), today=today)
    opinion = ProposalOpinion(
        proposal=proposal, edition=proposal.edition, recommendation=Recommendation.CONDITIONS, text=OPINION
    )
    actions.write_opinion(opinion, by=_person("jimukyoku"), today=today, seen_version=None)


def _person(username: str) -> User:
    return User.objects.get(username=username)
