from initiatives.models.indicator import Indicator, IndicatorTarget, IndicatorValue
from initiatives.models.plan import Chapter, GlossaryTerm, Initiative, Plan, PlanRole, Principle

__all__ = [
    "Chapter",
    "GlossaryTerm",
    "Indicator",
    "IndicatorTarget",
    "IndicatorValue",
    "Initiative",
    "Plan",
    "PlanRole",
    "Principle",
]
