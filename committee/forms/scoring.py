"""採点: one choice per criterion, each step with its meaning in words. 所見 of the secretariat."""

from typing import Any

from django import forms

from committee.models import Criterion, ProposalOpinion
from townhall.forms import VersionedForm


class ScoreForm(forms.Form):
    """Every criterion may be left out; what is left out stays as it was."""

    use_required_attribute = False

    def __init__(self, *args: Any, own: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in Criterion.objects.in_use():
            steps = [
                (str(number), f"{number}　{meaning}") for number, meaning in enumerate(criterion.meanings, start=1)
            ]
            self.fields[f"criterion_{criterion.pk}"] = forms.ChoiceField(
                label=f"{criterion.name}（重み {criterion.weight}）",
                help_text=criterion.question,
                choices=steps,
                required=False,
                initial=str(own[criterion.pk]) if criterion.pk in own else "",
                widget=forms.RadioSelect,
            )

    @property
    def points(self) -> dict[int, int]:
        chosen = ((name.removeprefix("criterion_"), value) for name, value in self.cleaned_data.items() if value)
        return {int(pk): int(value) for pk, value in chosen}


class OpinionForm(VersionedForm):
    use_required_attribute = False

    class Meta:
        model = ProposalOpinion
        fields = ["recommendation", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.pop("maxlength", None)
