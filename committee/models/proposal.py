"""DX事業提案: what a section asks the committee to decide."""

import uuid
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Max, Q
from django.urls import reverse

from committee.choices import PrivacyAssessment, Procurement, ProposalCategory, ProposalState
from committee.costs import CostPlan, cost_plan
from committee.models.figures import Figures
from committee.workflow import TURNS
from initiatives.models import BusinessProcess, Initiative
from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Section, User
from townhall.permissions import Permission, can, sections_open_to

UNTITLED = "（題のない下書き）"
TABLED = ProposalState.TABLED
ASKED_BEFORE = timedelta(days=14)  # so long before its day a measuring is asked for


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User, *, today: date) -> Self:
        """A section sees its own. Who reads for the whole town (事務局, 委員) sees what was submitted at least once."""
        readable = sections_open_to(user, Permission.VIEW_PROPOSAL, today=today)
        if readable is not None:
            return self.filter(section__in=readable)
        own = sections_open_to(user, Permission.WRITE_PROPOSAL, today=today) or []
        return self.filter(Q(edition__gt=0) | Q(section__in=own))

    def of_own_section(self, user: User, *, today: date) -> Self:
        return self.filter(section__in=[post.section_id for post in user.posts_on(today) if post.section_id])

    def waiting_for(self, user: User, *, today: date) -> Self:
        """あなたの番: this person can take the next step now. `summaries.whose_turn` says the same in words."""
        waiting = Q(pk__in=())
        for state, permission in TURNS.items():
            sections = sections_open_to(user, permission, today=today)
            theirs = Q(state=state) if sections is None else Q(state=state, section__in=sections)
            if state == TABLED:
                theirs &= Q(pk__in=Proposal.objects.heard_by(today).values("pk"))
            elif state == ProposalState.RUNNING:
                theirs &= Q(pk__in=Proposal.objects.asked_to_measure(today).values("pk"))
            waiting |= theirs
        return self.filter(waiting)

    def heard_by(self, today: date) -> Self:
        """Before a meeting whose day has come: until then nobody can decide."""
        return self.filter(agenda_items__decision__isnull=True, agenda_items__meeting__held_on__lte=today)

    def asked_to_measure(self, today: date) -> Self:
        """Running, and the day of the next measuring is near: until then nobody has to act."""
        asked = today + ASKED_BEFORE
        return self.filter(execution__reviews__measured_on=None, execution__reviews__due_on__lte=asked)

    def waiting_for_agenda(self) -> Self:
        return self.filter(state__in=ProposalState.FOR_AN_AGENDA).order_by("fiscal_year", "serial")

    def before_the_committee(self) -> Self:
        return self.filter(state__in=ProposalState.BEFORE_THE_COMMITTEE)

    def of_year(self, fiscal_year: int) -> Self:
        """By its number's year; one never submitted counts in the year it was begun."""
        begun = (fiscal.fiscal_year_start(fiscal_year), fiscal.fiscal_year_end(fiscal_year))
        return self.filter(Q(fiscal_year=fiscal_year) | Q(fiscal_year__isnull=True, created_at__date__range=begun))

    def with_last_move(self) -> Self:
        """`moved_at`: when the last step was taken."""
        return self.annotate(moved_at=Max("events__at"))

    def longest_waiting_first(self) -> Self:
        return self.with_last_move().order_by("moved_at", "pk")


class Proposal(Figures, VersionedModel):
    # Set when the proposal is submitted for the first time; serial within the fiscal year.
    fiscal_year = models.PositiveSmallIntegerField("年度（西暦）", null=True, blank=True, editable=False)
    serial = models.PositiveSmallIntegerField("番号", null=True, blank=True, editable=False)
    # One-time key of the form that created it: pressing twice makes one proposal.
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey(Section, models.PROTECT, related_name="proposals", verbose_name="提案する課")
    state = models.CharField(
        "段階", max_length=15, choices=ProposalState.choices, default=ProposalState.DRAFT, editable=False
    )
    edition = models.PositiveSmallIntegerField("版（提出の回数）", default=0, editable=False)

    # Everything may be empty while it is a draft; what is needed stands in workflow.NEEDED_TO_SUBMIT.
    title = models.CharField("提案名", max_length=100, blank=True)
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name="対象の取組"
    )
    # What the section has written down about how it works today; the figures of the proposal stay its own.
    process = models.ForeignKey(
        BusinessProcess, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name="業務の棚卸し"
    )
    problem = models.TextField("いまの困りごと", blank=True, max_length=4000)
    solution = models.TextField("やること", blank=True, max_length=4000)
    procedures = models.CharField("対象の手続", max_length=200, blank=True)
    starts_when = models.CharField("始める時期", max_length=100, blank=True)
    category = models.CharField("区分", max_length=10, choices=ProposalCategory.choices, blank=True)
    stops_first = models.TextField("先にやめる・減らすこと", blank=True, max_length=2000)
    contact = models.CharField("担当者・連絡先", max_length=100, blank=True)

    # What the figures (models/figures.py) do not say.
    citizen_effect = models.TextField("住民への効果", blank=True, max_length=2000)
    indicator = models.CharField("効果を測る指標（KPI）", max_length=200, blank=True)
    procurement = models.CharField("調達の方法", max_length=12, choices=Procurement.choices, blank=True)

    personal_data = models.CharField("個人情報", max_length=200, blank=True)
    network = models.CharField("使うネットワーク", max_length=200, blank=True)
    standardisation = models.CharField("標準化との関係", max_length=200, blank=True)
    privacy_assessment = models.CharField(
        "特定個人情報保護評価（PIA）", max_length=10, choices=PrivacyAssessment.choices, blank=True
    )
    milestones = models.TextField("日程", blank=True, max_length=2000)
    team = models.TextField("体制", blank=True, max_length=2000)
    risks = models.TextField("リスクと備え", blank=True, max_length=2000)
    other_towns = models.TextField("ほかの団体の事例", blank=True, max_length=2000)

    author = models.ForeignKey(User, models.PROTECT, related_name="proposals", verbose_name="書いた人", editable=False)
    created_at = models.DateTimeField("作成した日時", editable=False)
    withdrawn_reason = models.TextField("取下げの理由", max_length=4000, blank=True, editable=False)

    objects = ProposalQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "提案"
        verbose_name_plural = "提案"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "serial"], name="one_proposal_per_number"),
            models.CheckConstraint(
                name="submitted_has_number",
                condition=Q(state__in=(*ProposalState.IN_SECTION_ONLY, "withdrawn"))
                | Q(fiscal_year__isnull=False, serial__isnull=False),
                violation_error_message="提出した提案には番号が必要です。",
            ),
            models.CheckConstraint(
                name="withdrawn_has_reason",
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                violation_error_message="取下げの理由を入力してください。",
            ),
            models.CheckConstraint(
                name="minutes_not_negative",
                condition=Q(minutes_saved__isnull=True) | Q(minutes_saved__gte=0),
                violation_error_message="1件あたりの短縮は 0 以上で入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number_label} {self.shown_title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("proposal_detail", args=[self.pk])

    def is_open_inside_to(self, user: User, *, today: date) -> bool:
        """Does this person belong to the section that writes it? What happens before it is submitted is theirs alone."""
        return can(user, Permission.WRITE_PROPOSAL, today=today, section=self.section_id)

    def history_for(self, user: User, *, today: date) -> models.QuerySet[Any]:
        """Other people read what it said since it was first submitted."""
        inside = self.is_open_inside_to(user, today=today)
        history: models.QuerySet[Any] = self.history.all()
        return history if inside else history.filter(edition__gt=0)

    @property
    def was_opened(self) -> bool:
        """Has the secretariat opened what was submitted last?"""
        return self.pk is not None and self.openings.filter(edition=self.edition).exists()

    @property
    def shown_title(self) -> str:
        return self.title or UNTITLED

    @property
    def state_choice(self) -> ProposalState:
        return ProposalState(self.state)

    @property
    def number_label(self) -> str:
        """「R8-03」 once submitted, else empty."""
        if self.fiscal_year is None or self.serial is None:
            return ""
        return f"{fiscal.format_fiscal_year_short(self.fiscal_year)}-{self.serial:02d}"

    @property
    def cost_plan(self) -> CostPlan | None:
        """事業費と財源 by year; reads `funding` (prefetched on pages). None while a figure is missing."""
        lines = [row.line for row in self.funding.all()] if self.pk else []
        return cost_plan(self.initial_cost, self.yearly_cost, lines)

    @property
    def town_share(self) -> int | None:
        plan = self.cost_plan
        return None if plan is None else plan.town_share
