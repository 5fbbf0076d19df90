"""目次 of the form of a proposal: what each of its three sections still needs before it can be submitted."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms

from committee.contents import CHECKED, OUTLINE
from committee.workflow import NEEDED_TO_SUBMIT

FIGURES = ("yearly_volume", "minutes_saved", "initial_cost", "yearly_cost")
PARTS = (
    ("outline", "1　概要", OUTLINE),
    ("effect", "2　効果と費用", FIGURES),
    ("checks", "3　確認事項", CHECKED),
)


@dataclass(frozen=True)
class Part:
    """`gaps`: needed fields that are still empty, in the order of the form; its link leads to the first."""

    key: str
    label: str
    needed: int
    gaps: tuple[str, ...]

    @property
    def left(self) -> int:
        return len(self.gaps)

    @property
    def url(self) -> str:
        return f"#id_{self.gaps[0]}" if self.gaps else f"#part-{self.key}"

    @property
    def badge(self) -> tuple[str, str]:
        if not self.gaps:
            return ("done", "済")
        return ("none", f"未（{self.left}）") if self.left == self.needed else ("miss", f"残り{self.left}")


def parts_of(form: forms.BaseForm) -> tuple[Part, ...]:
    """Of what the form shows: what was typed, kept as a draft, or saved."""
    return tuple(
        _part(form, key, label, [name for name in names if name in NEEDED_TO_SUBMIT]) for key, label, names in PARTS
    )


def _part(form: forms.BaseForm, key: str, label: str, names: Sequence[str]) -> Part:
    gaps = tuple(name for name in names if form[name].value() is None or not str(form[name].value()).strip())
    return Part(key, label, len(names), gaps)
