from initiatives.models.evaluation import Evaluation, EvaluationGrade, EvaluationScale, EvaluationYear
from initiatives.models.indicator import Indicator, IndicatorTarget, IndicatorValue
from initiatives.models.plan import Chapter, GlossaryTerm, Initiative, Plan, PlanRole, Principle
from initiatives.models.systems import PublishedProgress, StandardizedSystem, SystemStep, SystemStepTemplate

__all__ = [
    "Chapter",
    "Evaluation",
    "EvaluationGrade",
    "EvaluationScale",
    "EvaluationYear",
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
