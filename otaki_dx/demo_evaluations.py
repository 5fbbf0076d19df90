"""Made-up year-end evaluations of the demonstration: two fixed years, and one in which the sections have begun."""

from datetime import date

from django.db import transaction

from initiatives.actions.evaluations import adopt_scale, evaluate, fix_year
from initiatives.choices import EvaluationStage, FutureDirection
from initiatives.grading import PRESETS
from initiatives.models import Evaluation, EvaluationGrade, EvaluationYear, Initiative, Plan
from otaki_dx.demo import ACCOUNTS
from townhall.choices import Role
from townhall.models import User

OFFICE, CHAIR = ACCOUNTS[0].username, ACCOUNTS[1].username
HEADS = {account.section: account.username for account in ACCOUNTS if account.role == Role.SECTION_HEAD}
# Letters of 自己, 課長, 委員会 for 取組 1 to 8 in turn; R7 has begun with the sections.
FIXED = {2023: ("BBBBCABB", "BBBBCABB", "BBBBCBBB"), 2024: ("BBABCABB", "BBABCABB", "BBBBCABD")}
BEGUN = {2025: "BAB.C.BB"}
COMMENTS = {
    "A": "計画より早く進んでいる。",
    "B": "計画どおりに進んでいる。",
    "C": "関係者との調整に時間がかかり、計画より遅れている。",
    "D": "この年度に取り組む内容が国の制度の見直しと重なり、評価できない。",
}


@transaction.atomic
def load_evaluations(*, today: date) -> None:
    plan = Plan.objects.get(code="r5-r7")
    people = {user.username: user for user in User.objects.all()}
    adopt_scale(plan, PRESETS[0], by=people[OFFICE], today=today)
    for year, (own, first, final) in FIXED.items():
        day = min(date(year + 1, 7, 10), today)
        for number, letters in enumerate(zip(own, first, final, strict=True)):
            _evaluate(plan, number + 1, year, letters, people, day)
        row = EvaluationYear.objects.get(plan=plan, fiscal_year=year)
        fix_year(row, by=people[OFFICE], today=day, seen_version=row.version)
    for year, own in BEGUN.items():
        for number, letter in enumerate(own):
            if letter != ".":
                _give(plan, _initiative(plan, number + 1), year, EvaluationStage.SELF, letter, people[OFFICE], today)


def _evaluate(
    plan: Plan, number: int, year: int, letters: tuple[str, str, str], people: dict[str, User], day: date
) -> None:
    """課長 where the demonstration has one; 事務局 writes down what the other sections said."""
    initiative = _initiative(plan, number)
    own, first, final = letters
    head = HEADS.get(initiative.owner_section.code) if initiative.owner_section else None
    _give(plan, initiative, year, EvaluationStage.SELF, own, people[head or OFFICE], day)
    if head:
        _give(plan, initiative, year, EvaluationStage.FIRST, first, people[head], day)
    _give(plan, initiative, year, EvaluationStage.COMMITTEE, final, people[CHAIR], day)


def _initiative(plan: Plan, number: int) -> Initiative:
    return plan.initiatives.select_related("plan", "owner_section").get(kind="priority", number=number)


def _give(
    plan: Plan, initiative: Initiative, year: int, stage: EvaluationStage, letter: str, by: User, day: date
) -> None:
    grade = EvaluationGrade.objects.select_related("scale").get(scale__plan=plan, code=letter)
    direction = FutureDirection.IMPROVE if letter == "C" else FutureDirection.CONTINUE
    draft = Evaluation(initiative=initiative, stage=stage, grade=grade, comment=COMMENTS[letter], direction=direction)
    evaluate(draft, plan=plan, fiscal_year=year, by=by, today=day, seen_version=None)
