"""専門部会 and who is in it."""

from datetime import date
from typing import Any

from django import forms

from committee.models import ProjectTeam, TeamMember
from townhall.fields import DayField
from townhall.forms import VersionedForm
from townhall.models import Section, User
from townhall.once import keep_all_that_is_typed


class TeamForm(VersionedForm):
    use_required_attribute = False
    starts_on = DayField(label="設置の日", error_messages={"required": "設置の日を入力してください。"})
    ends_on = DayField(label="終わりの日", error_messages={"required": "終わりの日を入力してください。"})

    class Meta:
        model = ProjectTeam
        fields = ["name", "task", "section", "starts_on", "ends_on"]
        widgets = {"task": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"name": "例 書かない窓口専門部会", "task": "何を調べ、いつまでに委員会へ何を報告するか。"}
        error_messages = {
            "name": {"required": "名称を入力してください。", "unique": "同じ名称の専門部会が、もうあります。"},
            "task": {"required": "任務を入力してください。"},
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Section.objects.filter(pk=self.instance.section_id)
        field: Any = self.fields["section"]
        field.queryset, field.empty_label = Section.objects.on(today) | kept, "事務局"
        keep_all_that_is_typed(self)

    def _get_validation_exclusions(self) -> set[str]:
        """A second press of the button finds the first one's row; that the name is free is asked when it is saved."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"name"} if self.instance.pk is None else excluded


class TeamMemberForm(VersionedForm):
    use_required_attribute = False
    starts_on = DayField(label="任期の始め", error_messages={"required": "任期の始めを入力してください。"})
    ends_on = DayField(
        label="任期の終わり",
        help_text="途中で抜けるときは、その日にします。",
        error_messages={"required": "任期の終わりを入力してください。"},
    )

    class Meta:
        model = TeamMember
        fields = ["person", "is_leader", "starts_on", "ends_on"]
        error_messages = {"person": {"required": "人を選んでください。", "invalid_choice": "その人は選べません。"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset, field.empty_label = (
            User.objects.filter(is_active=True).order_by("name", "username"),
            "（選んでください）",
        )
        if self.instance.pk is not None:
            del self.fields["person"]
            return
        self.fields["starts_on"].initial = self.instance.team.starts_on
        self.fields["ends_on"].initial = self.instance.team.ends_on
