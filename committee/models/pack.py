"""会議資料: what the meeting's papers said at one moment, frozen. Documents are made from it, never from newer rows."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from committee.models.meeting import Meeting
from townhall.frozen import Frozen
from townhall.paper.content import Paper, from_json


class PackQuerySet(models.QuerySet["Pack"]):
    def newest_first(self) -> Self:
        return self.order_by("-edition")

    def without_content(self) -> Self:
        """For lists: the papers themselves are long."""
        return self.defer("content")


class Pack(Frozen):
    """One edition (版). Never changed and never deleted (R8): the database refuses both."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="packs", verbose_name="会議")
    edition = models.PositiveSmallIntegerField("版")
    as_of = models.DateField("時点")
    content = models.TextField("内容（JSON）")
    sha256 = models.CharField("内容の照合番号（SHA-256）", max_length=64)
    made_at = models.DateTimeField("作成した日時")
    made_by = models.CharField("作成した人", max_length=200)

    objects = PackQuerySet.as_manager()

    class Meta:
        verbose_name = "会議資料の版"
        verbose_name_plural = "会議資料の版"
        ordering = ["meeting", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "edition"], name="one_pack_per_edition"),
            models.CheckConstraint(name="pack_edition_from_1", condition=Q(edition__gte=1)),
            models.CheckConstraint(
                name="pack_says_what_and_who", condition=~Q(content="") & ~Q(sha256="") & ~Q(made_by="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting.short_name} 会議資料 {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("pack_detail", args=[self.meeting.number, self.edition])

    @property
    def label(self) -> str:
        return f"第{self.edition}版"

    @property
    def paper(self) -> Paper:
        return from_json(self.content)
