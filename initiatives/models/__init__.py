from initiatives.models.crosswalk import ComprehensiveItem, CrosswalkLink, NationalPriority, NationalPriorityVersion
from initiatives.models.evaluation import Evaluation, EvaluationGrade, EvaluationScale, EvaluationYear
from initiatives.models.hourly_cost import HourlyCost
from initiatives.models.indicator import Indicator, IndicatorTarget, IndicatorValue
from initiatives.models.plain_words import PlainWords
from initiatives.models.plan import Chapter, GlossaryTerm, Initiative, Plan, PlanRole, Principle
from initiatives.models.processes import BusinessProcess, ProcessStep
from initiatives.models.systems import PublishedProgress, StandardizedSystem, SystemStep, SystemStepTemplate

__all__ = [
    "BusinessProcess",
    "Chapter",
    "ComprehensiveItem",
    "CrosswalkLink",
    "Evaluation",
    "EvaluationGrade",
    "EvaluationScale",
    "EvaluationYear",
    "GlossaryTerm",
    "HourlyCost",
    "Indicator",
    "IndicatorTarget",
    "IndicatorValue",
    "Initiative",
    "NationalPriority",
    "NationalPriorityVersion",
    "PlainWords",
    "Plan",
    "PlanRole",
    "Principle",
    "ProcessStep",
    "PublishedProgress",
    "StandardizedSystem",
    "SystemStep",
    "SystemStepTemplate",
]
