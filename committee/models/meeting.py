"""情報化推進委員会: meetings, their agenda, and what was decided. A decision hangs off the meeting that made it."""

import uuid
from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from committee.choices import ItemKind, ItemOrigin, MeetingWay, Outcome, ProposalState
from committee.models.proposal import Proposal
from committee.models.team import ProjectTeam
from schedule.models import Activity, DutyOccurrence
from townhall import calendar, fiscal
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Section, User


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def upcoming(self, *, today: date) -> Self:
        return self.filter(held_on__gte=today, is_closed=False).order_by("held_on", "number")

    def open_for_items(self) -> Self:
        return self.filter(is_closed=False).order_by("held_on", "number")

    def next_number(self) -> int:
        return (self.aggregate(last=models.Max("number"))["last"] or 0) + 1

    def to_answer_in_writing_by(self, user: User, *, today: date) -> Self:
        """書面開催 with a subject this member has not answered."""
        open_ones = self.filter(way=MeetingWay.WRITTEN, is_closed=False, reply_by__gte=today)
        mine = open_ones.filter(seats__person=user, seats__is_member=True)
        unanswered = AgendaItem.objects.filter(follows_up=False).exclude(answers__person=user)
        return mine.filter(pk__in=unanswered.values("meeting"))

    def past(self, *, today: date) -> Self:
        return self.filter(held_on__lt=today).order_by("-held_on", "-number")


class Meeting(VersionedModel):
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveSmallIntegerField("回", unique=True)
    held_on = models.DateField("開催日")
    starts_at = models.TimeField("開始時刻", null=True, blank=True)
    place = models.CharField("場所", max_length=80, blank=True)
    way = models.CharField("開催の方法", max_length=10, choices=MeetingWay.choices, default=MeetingWay.GATHERED)
    chaired_by = models.CharField(
        "議長",
        max_length=100,
        blank=True,
        help_text="委員長が務めるときは空けておきます。代わる人がいるときは職と名前。",
    )
    reply_by = models.DateField("回答期限", null=True, blank=True, editable=False)
    convened_at = models.DateTimeField("招集した日時", null=True, blank=True, editable=False)
    convened_by = models.CharField("招集した人", max_length=200, blank=True, editable=False)
    moved_at = models.DateTimeField("日時を変えた日時", null=True, blank=True, editable=False)  # after 招集
    is_closed = models.BooleanField("終了", default=False, editable=False)
    closed_at = models.DateTimeField("終了した日時", null=True, blank=True, editable=False)
    closed_by = models.CharField("終了した人", max_length=200, blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "委員会の会議"
        verbose_name_plural = "委員会の会議"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="meeting_number_from_1",
                condition=Q(number__gte=1),
                violation_error_message="回は 1 以上で入力してください。",
            ),
            models.CheckConstraint(
                name="closed_meeting_says_when",
                condition=Q(is_closed=False) | (Q(closed_at__isnull=False) & ~Q(closed_by="")),
                violation_error_message="終了した会議には、終了した日時と人が必要です。",
            ),
            models.CheckConstraint(
                name="convened_meeting_says_when",
                condition=Q(convened_at__isnull=True) | (~Q(convened_by="") & Q(reply_by__isnull=False)),
                violation_error_message="招集した会議には、招集した人と回答期限が必要です。",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}回 情報化推進委員会"

    def get_absolute_url(self) -> str:
        return reverse("meeting_detail", args=[self.number])

    @property
    def short_name(self) -> str:
        return f"第{self.number}回"

    @property
    def is_written(self) -> bool:
        return self.way == MeetingWay.WRITTEN

    @property
    def is_convened(self) -> bool:
        return self.convened_at is not None

    def describe(self) -> str:
        """「第7回　令和8年12月4日（金）大会議室」, where one of several is chosen."""
        day = f"{fiscal.format_date(self.held_on)}（{calendar.weekday_ja(self.held_on)}）"
        return "　".join(part for part in (self.short_name, day, self.place) if part)


class AgendaItem(VersionedModel):
    """議題. Concerns at most one proposal or one row of the schedule."""

    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", verbose_name="会議")
    order = models.PositiveSmallIntegerField("順")
    kind = models.CharField("種類", max_length=10, choices=ItemKind.choices, default=ItemKind.DISCUSS)
    title = models.CharField("議題", max_length=120)
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name="提案"
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name="取組内容"
    )
    occurrence = models.ForeignKey(
        DutyOccurrence, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name="毎年度の義務"
    )
    team = models.ForeignKey(
        ProjectTeam, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name="報告する専門部会"
    )
    follows_up = models.BooleanField("前回までの宿題の確認", default=False, editable=False)
    origin = models.CharField(
        "どこから来たか", max_length=10, choices=ItemOrigin.choices, default=ItemOrigin.HAND, editable=False
    )
    presenter = models.CharField("説明する人", max_length=80, blank=True)
    minutes_planned = models.PositiveSmallIntegerField(
        "予定の時間（分）", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(480)]
    )
    options = models.TextField("案", blank=True, max_length=2000)
    # Follows the order until the meeting is convened; from then on it stays, and is never given twice.
    paper_number = models.PositiveSmallIntegerField("資料番号", null=True, blank=True, editable=False)
    note = models.TextField("説明", blank=True, max_length=4000)

    history = ChangeHistory()

    class Meta:
        verbose_name = "議題"
        verbose_name_plural = "議題"
        ordering = ["meeting", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "proposal"],
                name="proposal_once_per_meeting",
                violation_error_message="この提案は、もうこの会議の次第にあります。",
            ),
            models.UniqueConstraint(
                fields=["meeting", "paper_number"],
                name="paper_number_once_per_meeting",
                violation_error_message="この資料番号は、もうこの会議で使われています。",
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(follows_up=True),
                name="homework_once_per_meeting",
                violation_error_message="宿題の確認は、もうこの会議の次第にあります。",
            ),
            models.CheckConstraint(
                name="item_concerns_one_thing",
                condition=(Q(proposal__isnull=True) & Q(activity__isnull=True))
                | (Q(proposal__isnull=True) & Q(occurrence__isnull=True))
                | (Q(activity__isnull=True) & Q(occurrence__isnull=True)),
                violation_error_message="議題には、提案・取組内容・毎年度の義務のうち1つだけを選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its place on the page of the meeting."""
        return f"{self.meeting.get_absolute_url()}#item-{self.pk}"

    @property
    def section(self) -> Section | None:
        """The section the subject belongs to; None: nobody's, and so 事務局's."""
        if self.proposal is not None:
            return self.proposal.section
        if self.activity is not None:
            return self.activity.section
        return self.occurrence.duty.owner_section if self.occurrence is not None else None

    @property
    def option_list(self) -> tuple[str, ...]:
        """案A, 案B …: one a line."""
        return tuple(line.strip() for line in self.options.splitlines() if line.strip())

    @property
    def paper_label(self) -> str:
        """資料3; empty until the meeting is convened."""
        return f"資料{self.paper_number}" if self.paper_number else ""

    @property
    def decision_or_none(self) -> "Decision | None":
        return getattr(self, "decision", None)

    @property
    def is_open(self) -> bool:
        """Still to be decided; 宿題の確認, and an item whose proposal was withdrawn, need no decision."""
        withdrawn = self.proposal is not None and self.proposal.state == ProposalState.WITHDRAWN
        return self.decision_or_none is None and not withdrawn and not self.follows_up


class Decision(VersionedModel):
    """決定. One per agenda item, with a mandatory reason; corrected only with a reason (history)."""

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="decision", verbose_name="議題")
    outcome = models.CharField("決定", max_length=12, choices=Outcome.choices)
    reason = models.TextField("理由", max_length=4000)
    conditions = models.TextField("条件", blank=True, max_length=4000)
    conditions_due_on = models.DateField("条件の期限", null=True, blank=True)
    chosen_option = models.CharField("選んだ案", max_length=120, blank=True)
    decided_on = models.DateField("決定日")
    # 起案と決裁 happen in the town's own system; here stand the references.
    drafted_on = models.DateField("起案日", null=True, blank=True)
    approval_class = models.CharField("決裁区分", max_length=40, blank=True)
    approved_on = models.DateField("決裁日", null=True, blank=True)
    document_number = models.CharField("決裁・文書番号", max_length=60, blank=True)
    recorded_by = models.CharField("記録した人", max_length=200, editable=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "決定"
        verbose_name_plural = "決定"
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_has_reason",
                condition=~Q(reason=""),
                violation_error_message="決定の理由を入力してください。",
            ),
            models.CheckConstraint(
                name="conditional_names_conditions",
                condition=~Q(outcome="conditional") | ~Q(conditions=""),
                violation_error_message="条件付き採択のときは、条件を入力してください。",
            ),
            models.CheckConstraint(
                name="approved_after_drafted",
                condition=Q(drafted_on__isnull=True)
                | Q(approved_on__isnull=True)
                | Q(drafted_on__lte=F("approved_on")),
                violation_error_message="決裁日は、起案日からあとの日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.get_outcome_display()}"

    @property
    def has_references(self) -> bool:
        return bool(self.drafted_on or self.approved_on or self.approval_class or self.document_number)

    @property
    def outcome_choice(self) -> Outcome:
        return Outcome(self.outcome)
