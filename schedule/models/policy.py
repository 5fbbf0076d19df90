"""The policy ledger: the documents of the security policy, their versions, reviews, and what has to be mended.

The meeting that approved a version is a text and a day here: meetings belong to `committee`, which stands to the left.
"""

import uuid
from datetime import date, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from schedule.choices import PolicyKind, PolicyTrigger, ReviewOutcome
from schedule.models.activity import Activity
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Attachment, Section


class PolicyDocument(VersionedModel):
    code = models.SlugField("記号", max_length=40, unique=True)
    name = models.CharField("文書名", max_length=80)
    kind = models.CharField("区分", max_length=10, choices=PolicyKind.choices)
    is_public = models.BooleanField(
        "公開する文書", default=False, help_text="対策基準と実施手順は、通常は公開しません。"
    )
    owner_section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="policy_documents", verbose_name="担当課"
    )
    review_months = models.PositiveSmallIntegerField(
        "何か月ごとに見直すか", default=12, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    next_review_on = models.DateField("次の見直しの期限", null=True, blank=True)
    activity = models.ForeignKey(
        Activity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="policy_documents",
        verbose_name="見直しを定めた計画の行",
        help_text="選ぶと、その行のイナズマ線が、最後の改定の日から始まります。",
    )
    order = models.PositiveSmallIntegerField("並び順", default=0)
    is_active = models.BooleanField("使う", default=True)
    is_example = models.BooleanField("例（町の確認前）", default=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "セキュリティポリシーの文書"
        verbose_name_plural = "セキュリティポリシーの文書"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("policy_detail", args=[self.code])


class PolicyVersion(VersionedModel):
    """One edition of a document. In force from a day until the next one is."""

    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="versions", verbose_name="文書")
    label = models.CharField("版", max_length=30, help_text="例　第3版")
    revised_on = models.DateField("改定日")
    in_force_on = models.DateField("施行日")
    trigger = models.CharField("きっかけ", max_length=10, choices=PolicyTrigger.choices, default=PolicyTrigger.REGULAR)
    reason = models.CharField("改定の理由", max_length=200)
    approved_by = models.CharField(
        "承認した会議など", max_length=100, blank=True, help_text="例　第6回 情報化推進委員会"
    )
    approved_on = models.DateField("承認の日", null=True, blank=True)
    document_number = models.CharField("決裁の番号", max_length=60, blank=True)
    comparison = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="新旧対照表", editable=False
    )
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "ポリシーの版"
        verbose_name_plural = "ポリシーの版"
        ordering = ["document", "-in_force_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "label"],
                name="one_version_per_label",
                violation_error_message="この文書のこの版は、もうあります。",
            ),
            models.CheckConstraint(
                name="in_force_after_the_revision",
                condition=Q(in_force_on__gte=F("revised_on")),
                violation_error_message="施行日は、改定日と同じ日か、その後の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.label}"

    def get_absolute_url(self) -> str:
        return self.document.get_absolute_url()


class PolicyReview(VersionedModel):
    """A document was looked at; 「変更なし」 is a record too."""

    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="reviews", verbose_name="文書")
    reviewed_on = models.DateField("見直した日")
    trigger = models.CharField("きっかけ", max_length=10, choices=PolicyTrigger.choices, default=PolicyTrigger.REGULAR)
    outcome = models.CharField("結果", max_length=10, choices=ReviewOutcome.choices)
    note = models.TextField("確かめたこと", max_length=2000, blank=True)
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "ポリシーの見直し"
        verbose_name_plural = "ポリシーの見直し"
        ordering = ["-reviewed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.document}の見直し"

    def get_absolute_url(self) -> str:
        return self.document.get_absolute_url()


class FindingQuerySet(models.QuerySet["PolicyFinding"]):
    def open(self) -> Self:
        return self.filter(done_on__isnull=True)


class PolicyFinding(VersionedModel):
    """Something to mend, with whom it lies and until when: 是正."""

    document = models.ForeignKey(
        PolicyDocument, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="関係する文書"
    )
    source = models.CharField("きっかけ", max_length=10, choices=PolicyTrigger.choices, default=PolicyTrigger.AUDIT)
    found_on = models.DateField("指摘の日")
    content = models.CharField("指摘の内容", max_length=200)
    task = models.TextField("直すこと", max_length=2000)
    owner_section = models.ForeignKey(Section, models.PROTECT, related_name="policy_findings", verbose_name="担当課")
    due_on = models.DateField("期限")
    done_on = models.DateField("直した日", null=True, blank=True)
    done_note = models.CharField("どう直したか", max_length=200, blank=True)
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = FindingQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "指摘と是正"
        verbose_name_plural = "指摘と是正"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="finding_due_after_it_was_found",
                condition=Q(due_on__gte=F("found_on")),
                violation_error_message="期限は、指摘の日と同じ日か、その後の日にしてください。",
            ),
            models.CheckConstraint(
                name="finding_mended_says_how",
                condition=(Q(done_on__isnull=True) & Q(done_note="")) | (Q(done_on__isnull=False) & ~Q(done_note="")),
                violation_error_message="直した日と、どう直したかは、両方を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.content

    def get_absolute_url(self) -> str:
        return reverse("finding_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.done_on is None

    def clean(self) -> None:
        super().clean()
        if self.done_on and self.found_on and self.done_on < self.found_on:
            raise ValidationError({"done_on": "指摘の日より前の日です。"})


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the end of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))
