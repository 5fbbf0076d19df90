"""意見: what members, 専門部会 and 外部人材 say about a proposal, a row or a subject. Never anonymous, never public."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from committee.models.meeting import AgendaItem
from committee.models.proposal import Proposal
from schedule.models import Activity
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import User


class Comment(VersionedModel):
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="comments", verbose_name="提案"
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="comments", verbose_name="取組内容"
    )
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="comments", verbose_name="議題"
    )
    text = models.TextField("意見", max_length=4000)
    author = models.ForeignKey(User, models.PROTECT, related_name="comments", verbose_name="書いた人", editable=False)
    author_text = models.CharField("職・氏名", max_length=200, editable=False)
    written_at = models.DateTimeField("書いた日時", editable=False)
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True, editable=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "意見"
        verbose_name_plural = "意見"
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="comment_concerns_one_thing",
                condition=Q(proposal__isnull=False, activity__isnull=True, item__isnull=True)
                | Q(proposal__isnull=True, activity__isnull=False, item__isnull=True)
                | Q(proposal__isnull=True, activity__isnull=True, item__isnull=False),
                violation_error_message="意見は、提案・取組内容・議題のどれか1つについて書きます。",
            ),
            models.CheckConstraint(
                name="comment_says_something", condition=~Q(text=""), violation_error_message="意見を入力してください。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_text}　{' '.join(self.text.split())[:40]}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def about(self) -> Any:
        return self.proposal or self.activity or self.item
