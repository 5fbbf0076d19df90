from initiatives.models.indicator import Indicator, IndicatorTarget, IndicatorValue
from initiatives.models.plan import Chapter, GlossaryTerm, Initiative, Plan, PlanRole, Principle
from initiatives.models.systems import PublishedProgress, StandardizedSystem, SystemStep, SystemStepTemplate

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
    "PublishedProgress",
    "StandardizedSystem",
    "SystemStep",
    "SystemStepTemplate",
]
