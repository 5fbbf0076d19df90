"""委員会の決まり: what a town's 要綱 fixes. 大多喜町's own is not in the plan, so every value is 要確認 until confirmed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from committee.choices import QuorumRule
from townhall.changes import ChangeHistory, VersionedModel

OPENING = "開会\n委員長あいさつ"
CLOSING = "その他\n閉会"


class CommitteeRules(VersionedModel):
    """One row. While there is none, the values below count."""

    is_the_one = models.BooleanField(default=True, unique=True, editable=False)
    quorum_rule = models.CharField(
        "定足数の決め方", max_length=10, choices=QuorumRule.choices, default=QuorumRule.MAJORITY
    )
    quorum_number = models.PositiveSmallIntegerField(
        "定足数（人）",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text="「定めた人数」のときだけ入力します。",
    )
    counts_proxies = models.BooleanField("代理出席を出席に数える", default=True)
    notice_days = models.PositiveSmallIntegerField(
        "招集は会議の何開庁日前までか", default=5, validators=[MaxValueValidator(60)]
    )
    minutes_days = models.PositiveSmallIntegerField(
        "会議録の確認の日数（開庁日）", default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    opening = models.TextField("議題の前の次第", default=OPENING, blank=True, max_length=1000, help_text="1行に1つ。")
    closing = models.TextField("議題の後の次第", default=CLOSING, blank=True, max_length=1000, help_text="1行に1つ。")
    is_confirmed = models.BooleanField("要綱で確認した", default=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "委員会の決まり"
        verbose_name_plural = "委員会の決まり"
        constraints = [
            models.CheckConstraint(
                name="committee_has_one_set_of_rules",
                condition=Q(is_the_one=True),
                violation_error_message="委員会の決まりは1つだけです。",
            ),
            models.CheckConstraint(
                name="numbered_quorum_names_its_number",
                condition=~Q(quorum_rule="number") | Q(quorum_number__isnull=False),
                violation_error_message="「定めた人数」のときは、定足数（人）を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return "委員会の決まり"

    @classmethod
    def now(cls) -> "CommitteeRules":
        return cls.objects.first() or cls()

    @property
    def opening_lines(self) -> tuple[str, ...]:
        return _lines(self.opening)

    @property
    def closing_lines(self) -> tuple[str, ...]:
        return _lines(self.closing)

    def quorum_of(self, members: int) -> int | None:
        """How many of the members must attend; None where no number is asked for, or there are no members."""
        if self.quorum_rule == QuorumRule.NONE or not members:
            return None
        return self.quorum_number if self.quorum_rule == QuorumRule.NUMBER else members // 2 + 1


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
