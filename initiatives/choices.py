from django.db import models


class InitiativeKind(models.TextChoices):
    """計画書 5: (1) 重点的に取り組む事項, (2) その他（検討事項）."""

    PRIORITY = "priority", "重点取組"
    STUDY = "study", "検討事項"
