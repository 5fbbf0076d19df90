"""提案 in and out. A file writes drafts of the own section; what has gone on is told and not touched, and no step is taken.

財源 and files of a proposal stay with its page.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from committee.actions.proposals import create_proposal, edit_proposal
from committee.choices import PrivacyAssessment, Procurement, ProposalCategory, ProposalState
from committee.models import Proposal
from initiatives.models import Initiative, Plan
from initiatives.process_resources import InitiativeCell
from townhall.cells import CellError, fold, quoted
from townhall.models import Section
from townhall.permissions import Permission, sections_open_to
from townhall.sheets.by_action import ActionResource
from townhall.sheets.columns import ChoiceCell, FigureCell, Known, SectionCell
from townhall.sheets.keys import APART, key_from
from townhall.sheets.resource import Column, as_text

THOUSANDS = FigureCell("千円")


class KnownToWriter(Known):
    """The sections that this person writes for, and what their form offers."""

    def __init__(self, own: Q, *, today: Any) -> None:
        super().__init__()
        self.own = set(Section.objects.filter(own).values_list("pk", flat=True))
        offered = Q(plan=Plan.objects.current(today=today)) | Q(proposals__section__in=self.own)
        rows = Initiative.objects.filter(offered).select_related("plan").distinct()
        self.initiatives = {fold(f"{row.plan.code} {row.label}"): row for row in rows}


class ProposalResource(ActionResource):
    number = Column("管理番号", "pk", is_key=True)
    label = Column("番号", "number_label", is_shown_only=True)
    state = Column("段階", "get_state_display", is_shown_only=True)
    section = Column("提案する課", "section__name", is_key=True)
    title = Column("提案名", "title")
    category = Column("区分", "category", widget=ChoiceCell(ProposalCategory))
    initiative = Column("対象の取組", "initiative", widget=InitiativeCell())
    problem = Column("いまの困りごと", "problem")
    solution = Column("やること", "solution")
    stops_first = Column("先にやめる・減らすこと", "stops_first")
    procedures = Column("対象の手続", "procedures")
    starts_when = Column("始める時期", "starts_when")
    milestones = Column("日程", "milestones")
    contact = Column("担当者・連絡先", "contact")
    yearly_volume = Column("年間の件数", "yearly_volume", widget=FigureCell("件"))
    minutes_saved = Column("1件あたりの短縮（分）", "minutes_saved", widget=FigureCell("分", decimals=1))
    initial_cost = Column("導入時の費用（千円）", "initial_cost", widget=THOUSANDS)
    yearly_cost = Column("1年の運用費（千円）", "yearly_cost", widget=THOUSANDS)
    citizen_effect = Column("住民への効果", "citizen_effect")
    indicator = Column("効果を測る指標（KPI）", "indicator")
    procurement = Column("調達の方法", "procurement", widget=ChoiceCell(Procurement))
    personal_data = Column("個人情報", "personal_data")
    network = Column("使うネットワーク", "network")
    standardisation = Column("標準化との関係", "standardisation")
    privacy_assessment = Column(
        "特定個人情報保護評価（PIA）", "privacy_assessment", widget=ChoiceCell(PrivacyAssessment)
    )
    team = Column("体制", "team")
    risks = Column("リスクと備え", "risks")
    other_towns = Column("ほかの団体の事例", "other_towns")

    WIDTHS = (9, 10, 14, 16, 34, 14, 12, 40, 40, 30, 30, 18, 30, 20, 10, 10, 12, 12, *(30,) * 10)

    class Meta:
        model = Proposal
        import_id_fields = ("number",)
        fields = (
            *("number", "label", "state", "section", "title", "category", "initiative", "problem", "solution"),
            *("stops_first", "procedures", "starts_when", "milestones", "contact"),
            *("yearly_volume", "minutes_saved", "initial_cost", "yearly_cost"),
            *("citizen_effect", "indicator", "procurement"),
            *("personal_data", "network", "standardisation", "privacy_assessment", "team", "risks", "other_towns"),
        )

    compared = Meta.fields[Meta.fields.index("title") :]

    @classmethod
    def key_headings(cls) -> list[str]:
        """A table of new proposals has no numbers yet."""
        return ["提案する課", "提案名"]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once. Of other sections' proposals nothing is known here."""
        open_to = sections_open_to(self.by, Permission.WRITE_PROPOSAL, today=self.today)
        self.known = KnownToWriter(Q() if open_to is None else Q(pk__in=open_to), today=self.today)
        mine = Proposal.objects.filter(section__in=self.known.own).select_related("section", "initiative__plan")
        self._proposals = {str(row.pk): row for row in mine}
        self._titled: dict[tuple[int, str], list[Proposal]] = {}
        for row in mine.exclude(state=ProposalState.WITHDRAWN):
            self._titled.setdefault((row.section_id, fold(row.title)), []).append(row)
        self._sections: dict[str, Section] = {}

    def key_of(self, row: dict[str, Any]) -> str:
        section, title = self._section(row), fold(as_text(row.get("提案名") or ""))
        number = fold(as_text(row.get("管理番号") or ""))
        if not number and not title:
            raise ValidationError({"title": "提案名がありません。"})
        twins = [] if number else self._titled.get((section.pk, title), [])
        if len(twins) > 1:
            raise ValidationError({"title": "同じ提案名の提案が二つ以上あります。管理番号を書いてください。"})
        key = str(twins[0].pk) if twins else number or key_from("", section.pk, title)
        self._sections[key] = section
        return key

    def _section(self, row: dict[str, Any]) -> Section:
        try:
            section = SectionCell().clean(row.get("提案する課") or "", instance=self)
        except CellError as error:
            raise ValidationError({"section": str(error)}) from error
        if section.pk not in self.known.own:
            raise ValidationError({"section": f"{quoted(section)}の提案は、その課の人が取り込みます。"})
        return section

    def find(self, key: str) -> tuple[Any, bool]:
        section = self._sections[key]
        found = self._proposals.get(key)
        if found is None and not key.startswith(APART):
            raise ValidationError({"number": f"管理番号{quoted(key)}の提案は、{section}にはありません。"})
        if found is not None and found.section_id != section.pk:
            raise ValidationError({"section": "提案する課は変えられません。"})
        proposal: Any = found or Proposal(section=section)
        proposal.known = self.known
        return proposal, found is None

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        if instance.state != ProposalState.DRAFT:
            label = instance.state_choice.label
            raise ValidationError(
                {"state": f"「{label}」の提案は、ファイルでは変えられません。提案の画面で行ってください。"}
            )
        if instance.pk is None:
            create_proposal(instance, now=self.now, **self.told, reason=self.reason)
        else:
            edit_proposal(instance, seen_version=seen_version or 0, **self.told, reason=self.reason)

    def lines_of(self, proposals: Iterable[Proposal]) -> list[list[Any]]:
        return self.written(proposals)


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("管理番号", "下書きを直す行の鍵です。空欄の行は、同じ提案名がなければ、自分の課の新しい下書きになります。"),
        ("番号・段階", "確かめるための列です。提出・決裁・取下げは、提案の画面で行います。"),
        ("提案する課", "自分の課。必ず入れます。ほかの課の提案は取り込めません。"),
        ("直せる提案", "下書きだけです。決裁を待つ提案と提出した提案は、値が違うと取り込めません。"),
        ("対象の取組", "「r5-r7 5」のように、いまの計画の記号と取組の番号。"),
        ("区分", "・".join(ProposalCategory.labels)),
        ("調達の方法", "・".join(Procurement.labels)),
        ("特定個人情報保護評価（PIA）", "・".join(PrivacyAssessment.labels)),
        ("件数・短縮・費用", "件、分、千円の数。5年間の費用と効果は計算されます。"),
        ("財源・添付・業務の棚卸し", "この表にはありません。提案の画面で入れます。"),
    ]
