"""予算の段階, as one table: who writes which figure, what must be there before, until when. No database.

A figure that the town or its assembly has decided is changed only with a reason (訂正); an estimate is revised freely
until the books close. 出納整理期間 (地方自治法235条の5): figures of the ended year move until 5/31, a Sunday or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from committee.choices import Assessment, BudgetStage
from townhall import fiscal
from townhall.permissions import Permission

S, P = BudgetStage, Permission


@dataclass(frozen=True)
class StageRule:
    stage: BudgetStage
    permission: Permission
    needs: tuple[BudgetStage, ...] = ()  # one of these must be recorded
    free_until: tuple[BudgetStage, ...] = ()  # changed without a reason while none of these is recorded
    means: str = ""


RULES = {
    rule.stage: rule
    for rule in (
        StageRule(S.REQUEST, P.REQUEST_BUDGET, (), (S.ASSESSED, S.INITIAL, S.SUPPLEMENT), "担当課が求める額です。"),
        StageRule(S.ASSESSED, P.MANAGE_BUDGET, (S.REQUEST,), (), "査定で認められた額です。見送りのときは 0 です。"),
        StageRule(S.INITIAL, P.MANAGE_BUDGET, (), (), "議会が議決した当初予算の額です。"),
        StageRule(S.SUPPLEMENT, P.MANAGE_BUDGET, (), (), "補正で増えた額、または減った額（△）です。"),
        StageRule(
            S.ESTIMATE,
            P.REQUEST_BUDGET,
            (S.INITIAL, S.SUPPLEMENT),
            (S.SETTLED,),
            "年度末までに使う見込みの額です。5月31日（出納閉鎖）まで直せます。",
        ),
        StageRule(S.SETTLED, P.REQUEST_BUDGET, (S.INITIAL, S.SUPPLEMENT), (), "出納閉鎖の後に確定した額です。"),
    )
}
RESULT_SENTENCE = "査定の結果（計上・一部計上・見送り）を選んでください。"


def books_close_on(fiscal_year: int) -> date:
    """出納閉鎖: the last day on which money of that year is spent. It does not move to a working day."""
    return date(fiscal_year + 1, 5, 31)


def are_books_closed(fiscal_year: int, *, today: date) -> bool:
    return today > books_close_on(fiscal_year)


def stage_refusal(stage: BudgetStage, recorded: Mapping[BudgetStage, int], *, spending_year: int, today: date) -> str:
    """Why this stage cannot be written now; empty when it can. `recorded`: the amount of each recorded stage."""
    rule = RULES[stage]
    if rule.needs and not any(each in recorded for each in rule.needs):
        return f"{stage.label}は、{'か'.join(each.label for each in rule.needs)}を記録してから入力します。"
    if stage == S.INITIAL and recorded.get(S.ASSESSED) == 0:
        return "査定が見送りのため、当初予算はありません。補正で計上されたときは、補正予算に入力します。"
    closing = fiscal.format_date(books_close_on(spending_year))
    closed = are_books_closed(spending_year, today=today)
    year = fiscal.format_fiscal_year(spending_year)
    if stage == S.ESTIMATE and closed:
        return f"{year}の出納は{closing}に閉鎖しました。決算見込は直せません。決算を入力してください。"
    if stage == S.SETTLED and not closed:
        return f"{year}の決算は、出納閉鎖（{closing}）の後に確定します。それまでは決算見込に入力します。"
    return ""


def asks_for_a_reason(stage: BudgetStage, recorded: Mapping[BudgetStage, int]) -> bool:
    """Is a change of what is recorded for this stage a 訂正?"""
    if stage not in recorded:
        return False
    free_until = RULES[stage].free_until
    return not free_until or any(each in recorded for each in free_until)


def amount_errors(
    stage: BudgetStage,
    thousands: int,
    parts: Mapping[int, int],
    *,
    result: str,
    recorded: Mapping[BudgetStage, int],
    voted_without: int,
    decided_on: date,
    today: date,
) -> dict[str, str]:
    """Field → sentence. `parts`: source → 千円. `voted_without`: 予算現額 without the amount that is being written."""
    errors = {}
    if thousands < 0 and stage != S.SUPPLEMENT:
        errors["thousands"] = "金額は 0 以上で入力してください。減らすのは補正予算だけです。"
    elif stage == S.REQUEST and thousands == 0:
        errors["thousands"] = "要求する額を入力してください。要求しないときは、記録しません。"
    elif stage in S.VOTED and voted_without + thousands < 0:
        errors["thousands"] = f"減らしすぎです。予算現額が{voted_without + thousands:,}千円になります。"
    if sum(parts.values()) != thousands:
        total = sum(parts.values())
        errors["parts"] = (
            f"財源の内訳の合計は{total:,}千円で、金額{thousands:,}千円と{abs(total - thousands):,}千円違います。"
        )
    elif any(part * thousands < 0 for part in parts.values()):
        errors["parts"] = "財源の内訳の符号が、金額と違います。"
    if decided_on > today:
        errors["decided_on"] = "日付は、今日までの日にしてください。"
    if stage == S.ASSESSED:
        errors |= _assessment_errors(thousands, result, recorded.get(S.REQUEST, 0))
    return errors


def _assessment_errors(thousands: int, result: str, requested: int) -> dict[str, str]:
    if not result:
        return {"result": RESULT_SENTENCE}
    if result == Assessment.NONE and thousands:
        return {"thousands": "見送りのときは、査定額を 0 にしてください。"}
    if result == Assessment.FULL and thousands != requested:
        return {"thousands": f"計上は要求額（{requested:,}千円）と同じ額です。減らしたときは一部計上を選んでください。"}
    if result == Assessment.PART and not 0 < thousands < requested:
        return {"thousands": f"一部計上の査定額は、1 から{requested - 1:,}までの間です（要求額 {requested:,}千円）。"}
    return {}
