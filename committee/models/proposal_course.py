"""What happened to a proposal on its way: steps, questions and answers, who opened it, what it said each time."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from committee.choices import ProposalAction, ProposalState
from committee.models.proposal import Proposal


class ProposalEvent(models.Model):
    """経過: one row per step of the workflow, append-only. 照会 and 回答 are events with a text."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="events", verbose_name="提案")
    action = models.CharField("したこと", max_length=20, choices=ProposalAction.choices)
    from_state = models.CharField("前の段階", max_length=15, choices=ProposalState.choices)
    to_state = models.CharField("後の段階", max_length=15, choices=ProposalState.choices)
    at = models.DateTimeField("日時")
    actor = models.CharField("だれ", max_length=200)
    comment = models.TextField("文", blank=True)
    edition = models.PositiveSmallIntegerField("版", default=0)

    class Meta:
        verbose_name = "提案の経過"
        verbose_name_plural = "提案の経過"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.proposal} {self.get_action_display()}"


class ProposalQuestion(models.Model):
    """照会 of the secretariat and the section's 回答. Numbered through one proposal; asked and answered once."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="questions", verbose_name="提案")
    number = models.PositiveSmallIntegerField("番号")
    edition = models.PositiveSmallIntegerField("版")
    question = models.TextField("照会の内容", max_length=4000)
    asked_by = models.CharField("照会した人", max_length=200)
    asked_at = models.DateTimeField("照会した日時")
    answer = models.TextField("回答", max_length=4000, blank=True)
    answered_by = models.CharField("回答した人", max_length=200, blank=True)
    answered_at = models.DateTimeField("回答した日時", null=True, blank=True)

    class Meta:
        verbose_name = "提案への照会"
        verbose_name_plural = "提案への照会"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="one_question_per_number"),
            models.CheckConstraint(
                name="answer_has_text_and_moment",
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                violation_error_message="回答を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} 照会{self.number}"


class ProposalOpening(models.Model):
    """When the secretariat first opened what was submitted: from then on the section cannot take it back."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="openings", verbose_name="提案")
    edition = models.PositiveSmallIntegerField("版")
    opened_by = models.CharField("開いた人", max_length=200)
    opened_at = models.DateTimeField("開いた日時")

    class Meta:
        verbose_name = "事務局の開封"
        verbose_name_plural = "事務局の開封"
        ordering = ["-opened_at"]
        constraints = [models.UniqueConstraint(fields=["proposal", "edition"], name="one_opening_per_edition")]

    def __str__(self) -> str:
        return f"{self.proposal} 第{self.edition}版"


class ProposalEdition(models.Model):
    """What the proposal said when it was submitted, in words and as a whole. Never changed, never deleted (R8): the database refuses both."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="editions", verbose_name="提案")
    number = models.PositiveSmallIntegerField("版")
    contents = models.JSONField("内容")  # committee.contents.frozen
    sha256 = models.CharField("SHA-256", max_length=64)
    frozen_by = models.CharField("提出した人", max_length=200)
    frozen_at = models.DateTimeField("提出した日時")

    class Meta:
        verbose_name = "提案の版"
        verbose_name_plural = "提案の版"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="one_edition_per_number")]

    def __str__(self) -> str:
        return f"{self.proposal} 第{self.number}版"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError("提出した版は変えられません。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise ValidationError("提出した版は消せません。")
