"""Sections, people and the posts they hold; the files they bring. The owner of a row is a section, never a bare person."""

import uuid
from datetime import date
from typing import Any, Self, TypeVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from townhall.changes import ChangeHistory, VersionedModel
from townhall.choices import JobState, Role

M = TypeVar("M", bound=models.Model)


class InTermQuerySet(models.QuerySet[M]):
    """Rows with 有効期間: valid_from is the first day, valid_until the last; an empty end means open."""

    def on(self, today: date) -> Self:
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=today),
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        )


class Section(VersionedModel):
    """課. Facts not in the plan are 例 (is_example) until the town confirms them."""

    code = models.SlugField("記号", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60)
    order = models.PositiveSmallIntegerField("並び順", default=0)
    is_example = models.BooleanField("例（町の確認前）", default=False)
    valid_from = models.DateField("有効期間の始め", null=True, blank=True)
    valid_until = models.DateField("有効期間の終わり", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="引き継いだ課"
    )

    objects = InTermQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "課"
        verbose_name_plural = "課"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                name="section_term_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
                violation_error_message="有効期間の終わりは、始めより後の日にしてください。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser, VersionedModel):
    """A person. Deactivated, never deleted: history and decisions keep pointing at them."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("氏名", max_length=60)
    wants_mail = models.BooleanField("メールを受け取る", default=True)

    REQUIRED_FIELDS = ["name"]
    history = ChangeHistory(excluded_fields=["password", "last_login"])

    class Meta(AbstractUser.Meta):
        verbose_name = "利用者"
        verbose_name_plural = "利用者"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Logging in writes last_login only: that is an access, not a change of the person.
        if kwargs.get("update_fields") == ["last_login"]:
            self.skip_history_when_saving = True
        try:
            super().save(*args, **kwargs)
        finally:
            if hasattr(self, "skip_history_when_saving"):
                del self.skip_history_when_saving

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def posts_on(self, today: date) -> list["RoleAssignment"]:
        """The posts held on that day, read once per object (a request asks many times). First the most senior."""
        cache: dict[date, list[RoleAssignment]] = self.__dict__.setdefault("_posts", {})
        if today not in cache:
            cache[today] = list(self.posts.on(today).select_related("section").order_by("pk"))
        return cache[today]

    def remember_posts(self, posts: "list[RoleAssignment]", *, today: date) -> None:
        """The posts of that day, by who has read them already, for many people in one query."""
        self.__dict__.setdefault("_posts", {})[today] = posts

    def holds(self, *roles: str, today: date) -> bool:
        return any(post.role in roles for post in self.posts_on(today))

    def section_on(self, today: date) -> Section | None:
        return next((post.section for post in self.posts_on(today) if post.section_id), None)

    def described_on(self, today: date) -> str:
        """Name, post and section as text, for histories and letters: 「総務課 係長 見本 花子」."""
        post = next(iter(self.posts_on(today)), None)
        if post is None:
            return str(self)
        section = post.section.name if post.section else ""
        return " ".join(part for part in (section, post.title or post.get_role_display(), str(self)) if part)


class RoleAssignment(VersionedModel):
    """Who holds which post in which section, from when until when (職 and 役割)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name="利用者")
    role = models.CharField("役割", max_length=20, choices=Role.choices)
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="課")
    title = models.CharField("職名", max_length=40, blank=True)
    valid_from = models.DateField("有効期間の始め")
    valid_until = models.DateField("有効期間の終わり", null=True, blank=True)

    objects = InTermQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "役割の割当て"
        verbose_name_plural = "役割の割当て"
        ordering = ["section__order", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                name="post_term_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_from__lte=F("valid_until")),
                violation_error_message="有効期間の終わりは、始めより後の日にしてください。",
            ),
            models.CheckConstraint(
                name="post_of_a_section_names_it",
                condition=~Q(role__in=Role.OF_A_SECTION) | Q(section__isnull=False),
                violation_error_message="課長・担当には課を選んでください。",
            ),
            models.CheckConstraint(
                name="expert_has_an_end",
                condition=~Q(role=Role.EXPERT) | Q(valid_until__isnull=False),
                violation_error_message="外部人材には有効期間の終わりを入れてください。",
            ),
        ]

    def __str__(self) -> str:
        place = f"{self.section} " if self.section else ""
        return f"{place}{self.get_role_display()} {self.user}"


class ClosingDay(VersionedModel):
    """閉庁日 beyond weekends, public holidays and 12/29–1/3, which are computed."""

    day = models.DateField("日", unique=True)
    label = models.CharField("理由", max_length=60)

    history = ChangeHistory()

    class Meta:
        verbose_name = "町の閉庁日"
        verbose_name_plural = "町の閉庁日"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.label}"

    @classmethod
    def days(cls) -> frozenset[date]:
        return frozenset(cls.objects.values_list("day", flat=True))


class Notice(models.Model):
    """Facts about this installation that pages must show, such as 「例のデータ」. One row per key."""

    key = models.CharField("種類", max_length=30, unique=True)
    text = models.CharField("文", max_length=200)

    class Meta:
        verbose_name = "お知らせの帯"
        verbose_name_plural = "お知らせの帯"

    def __str__(self) -> str:
        return self.text


class ImportJob(models.Model):
    """One file that somebody chose for an import, from the first look to the last line. Never deleted.

    The browser is only told the number. `table` is what was read, `base` the versions the preview was made from,
    `result` what came of it; townhall.sheets.jobs is the only writer.
    """

    profile = models.CharField("取込の種類", max_length=60)
    subject = models.CharField("対象", max_length=100, blank=True)
    file_name = models.CharField("ファイル名", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="利用者")
    person_text = models.CharField("だれ", max_length=200)
    created_at = models.DateTimeField("選んだ日時")
    state = models.CharField("状態", max_length=10, choices=JobState.choices, default=JobState.REFUSED)
    table = models.JSONField("読み取った表", default=dict, blank=True)
    base = models.JSONField("確認した版", default=dict, blank=True)
    result = models.JSONField("結果", default=dict, blank=True)
    # Model, key, kind and version of each record that went into the history. A column of its own: thousands of rows
    # are written down without writing the whole result again.
    written = models.JSONField("書いた行", default=list, blank=True, editable=False)
    applied_at = models.DateTimeField("取り込んだ日時", null=True, blank=True)
    # Of a file that is read by the worker: when it last began, and how often.
    begun_at = models.DateTimeField("読み始めた日時", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("読み取りの回数", default=0)

    class Meta:
        verbose_name = "取込の記録"
        verbose_name_plural = "取込の記録"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["sha256", "profile", "subject"], name="import_of_the_same_file")]
        constraints = [
            models.CheckConstraint(
                name="import_applied_has_a_moment",
                condition=Q(state__in=JobState.WRITTEN, applied_at__isnull=False)
                | (~Q(state__in=JobState.WRITTEN) & Q(applied_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"取込#{self.pk}"


class Attachment(models.Model):
    """A file that somebody attached to something. Written once by townhall.attachments, never changed, never deleted.

    Which object it belongs to stands in a table of the app that owns the object. `stored_as` is its name on the disk;
    `name` is only ever shown.
    """

    stored_as = models.UUIDField("保存した名前", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("ファイル名", max_length=120)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    sha256 = models.CharField("SHA-256", max_length=64)
    content_type = models.CharField("種類", max_length=100)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="添付した利用者")
    added_by_text = models.CharField("だれ", max_length=200)
    added_at = models.DateTimeField("添付した日時")

    class Meta:
        verbose_name = "添付ファイル"
        verbose_name_plural = "添付ファイル"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="attachment_is_not_empty",
                condition=Q(size__gt=0),
                violation_error_message="ファイルが空です。",
            )
        ]

    def __str__(self) -> str:
        return f"添付#{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError("添付したファイルは変えられません。新しく添付してください。")
        super().save(*args, **kwargs)


class WaitingFile(models.Model):
    """The bytes of a large file between the request that brought it and the worker that reads it; then it goes."""

    job = models.OneToOneField(
        ImportJob, models.CASCADE, primary_key=True, related_name="waiting_file", verbose_name="取込"
    )
    data = models.BinaryField("ファイル")

    class Meta:
        verbose_name = "読み取り待ちのファイル"
        verbose_name_plural = "読み取り待ちのファイル"

    def __str__(self) -> str:
        return str(self.job)


class CalendarAddressQuerySet(models.QuerySet["CalendarAddress"]):
    def in_use(self) -> Self:
        return self.filter(revoked_at=None)


class CalendarAddress(models.Model):
    """The secret address under which a person's own calendar program reads their days. One in use per person.

    Only the hash of the secret is kept: who reads the database or a backup cannot read anybody's calendar. Rows are
    revoked, never deleted; townhall.calendar_address is the only writer.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="calendar_addresses", verbose_name="利用者")
    token_hash = models.CharField("秘密の部分のハッシュ", max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("作った日時")
    revoked_at = models.DateTimeField("やめた日時", null=True, blank=True)

    objects = CalendarAddressQuerySet.as_manager()

    class Meta:
        verbose_name = "カレンダーのアドレス"
        verbose_name_plural = "カレンダーのアドレス"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="one_calendar_address_in_use"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}のカレンダー"


class ColumnMapping(models.Model):
    """Which column of a file is which of ours, as somebody said it once for this kind and these headings."""

    profile = models.CharField("取込の種類", max_length=60)
    headings = models.CharField("見出しの並び（SHA-256）", max_length=64)
    columns = models.JSONField("列の対応", default=dict)
    person_text = models.CharField("だれ", max_length=200)
    said_at = models.DateTimeField("決めた日時")

    class Meta:
        verbose_name = "列の対応"
        verbose_name_plural = "列の対応"
        ordering = ["-said_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "headings"], name="one_mapping_per_kind_and_headings"),
        ]

    def __str__(self) -> str:
        return f"{self.profile}の列の対応"


class ExportRecord(models.Model):
    """One file that left the portal: who took it, of which table, what was asked for, how many rows. Never changed."""

    kind = models.CharField("種類", max_length=60)
    label = models.CharField("表", max_length=100)
    about = models.CharField("条件", max_length=200, blank=True)
    file_name = models.CharField("ファイル名", max_length=200)
    rows = models.PositiveIntegerField("行数")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="利用者")
    person_text = models.CharField("だれ", max_length=200)
    taken_at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "書き出しの記録"
        verbose_name_plural = "書き出しの記録"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.label}（{self.rows}行）"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError("書き出しの記録は変えられません。")
        super().save(*args, **kwargs)
