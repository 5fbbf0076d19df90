"""書面開催（持ち回り）: what each member answers to each subject."""

from django.db import models
from django.db.models import Q

from committee.choices import Vote
from committee.models.meeting import AgendaItem
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import User


class WrittenAnswer(VersionedModel):
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="answers", verbose_name="議題")
    person = models.ForeignKey(User, models.PROTECT, related_name="written_answers", verbose_name="人")
    seat = models.CharField("職・氏名", max_length=200)
    vote = models.CharField("回答", max_length=10, choices=Vote.choices)
    comment = models.TextField("意見", blank=True, max_length=4000)

    history = ChangeHistory()

    class Meta:
        verbose_name = "書面の回答"
        verbose_name_plural = "書面の回答"
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "person"],
                name="one_answer_per_person_and_subject",
                violation_error_message="この議題には、もう回答しています。",
            ),
            models.CheckConstraint(
                name="opposition_says_why",
                condition=Q(vote="agree") | ~Q(comment=""),
                violation_error_message="「意見あり」「反対」のときは、意見を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.get_vote_display()} {self.seat}"

    @property
    def vote_choice(self) -> Vote:
        return Vote(self.vote)
