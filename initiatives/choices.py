from django.db import models


class InitiativeKind(models.TextChoices):
    """計画書 5: (1) 重点的に取り組む事項, (2) その他（検討事項）."""

    PRIORITY = "priority", "重点取組"
    STUDY = "study", "検討事項"


class IndicatorKind(models.TextChoices):
    """事務事業評価の区分: how much was done, or what came of it."""

    ACTIVITY = "activity", "活動指標"
    OUTCOME = "outcome", "成果指標"


class GoodDirection(models.TextChoices):
    UP = "up", "大きいほど良い"
    DOWN = "down", "小さいほど良い"
    RANGE = "range", "決めた範囲の中が良い"


class ValueBasis(models.TextChoices):
    """Never drawn as one line and never added together (R9)."""

    MEASURED = "measured", "実測"
    ESTIMATED = "estimated", "見込・推計"


class PartOfYear(models.IntegerChoices):
    WHOLE = 0, "年度"
    Q1 = 1, "第1四半期"
    Q2 = 2, "第2四半期"
    Q3 = 3, "第3四半期"
    Q4 = 4, "第4四半期"
