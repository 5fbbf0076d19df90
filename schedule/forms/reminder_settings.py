"""通知と催促の設定: the days of each kind, the sending hour, how far reminders reach; stopping the mail and going on."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from schedule import sources
from schedule.actions.sending import Withheld
from schedule.forms.rounds import SeenForm
from schedule.models import ReminderSettings
from schedule.models.reminder_settings import FARTHEST_LEAD, LONGEST_ANSWER, LONGEST_WAIT, require_days
from schedule.sources import Kind
from townhall.changes import StaleVersion

ON_THE_DAY = "当日"


class DaysField(forms.CharField):
    """「10、3、当日」: days before the deadline, far ones first. Empty: nobody is told before the deadline."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=100, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        words = [word.removesuffix("日前") for word in re.split(r"[、,・\s]+", text) if word]
        days = {0 if word == ON_THE_DAY else _number(word) for word in words}
        require_days(days)
        return tuple(sorted(days, reverse=True))

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else days_in_words(value)


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit()) or len(word) > 4:
        raise ValidationError(
            f"「{word[:20]}」は日数として読めません。0から{FARTHEST_LEAD}までの数字を「、」で区切ってください（例　10、3、当日）。"
        )
    return int(word)


def days_in_words(days: Iterable[int]) -> str:
    return "、".join(ON_THE_DAY if day == 0 else str(day) for day in days)


def _days_late(whom: str, **kwargs: Any) -> forms.IntegerField:
    label = f"期限の何日後から、{whom}へも知らせるか"
    return forms.IntegerField(label=label, min_value=1, max_value=FARTHEST_LEAD, **kwargs)


class ReminderSettingsForm(SeenForm):
    sending_time = forms.TimeField(
        label="送る時刻",
        help_text="開庁日のこの時刻から、1人1通にまとめて送ります",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": "送る時刻を入力してください。",
            "invalid": "送る時刻は「8:30」の形で入力してください。",
        },
    )
    head_after = _days_late("課長")
    secretariat_after = _days_late("事務局")
    ciso_after = _days_late("CISO（委員長）", help_text="毎年度の義務とポリシーだけです")
    repeat_every = forms.IntegerField(
        label="期限の後、何日ごとにもう一度知らせるか",
        min_value=1,
        max_value=LONGEST_WAIT,
        help_text="長くすると、課長や事務局へ知らせるのも、その日まで遅くなります",
    )

    def __init__(self, row: ReminderSettings, data: Any = None) -> None:
        super().__init__(data, initial=_initial(row))
        self.kinds = tuple(sources.all_kinds().values())
        for kind in self.kinds:
            if kind.lead_days is not None:
                self.fields[f"days_{kind.slug}"] = DaysField(label=f"{kind.label}：何日前に知らせるか")
            if kind.answer_within is not None:
                label = f"{kind.label}：頼んだ日から何開庁日以内か"
                self.fields[f"answer_{kind.slug}"] = forms.IntegerField(
                    label=label, min_value=1, max_value=LONGEST_ANSWER
                )
            self.fields[f"mail_{kind.slug}"] = forms.BooleanField(label=f"{kind.label}：メールでも送る", required=False)

    def clean(self) -> Any:
        cleaned = super().clean()
        head, secretariat = self.cleaned_data.get("head_after"), self.cleaned_data.get("secretariat_after")
        if head is not None and secretariat is not None and secretariat < head:
            self.add_error("secretariat_after", "課長へ知らせる日より前にはできません。")
        ciso = self.cleaned_data.get("ciso_after")
        if secretariat is not None and ciso is not None and ciso < secretariat:
            self.add_error("ciso_after", "事務局へ知らせる日より前にはできません。")
        return cleaned

    def rows(self) -> list[tuple[Any, ...]]:
        """Per kind: its days and its deadline (None where each thing has its own) and its mail box."""
        return [(kind, *map(self._field, _names_of(kind))) for kind in self.kinds]

    def _field(self, name: str) -> Any:
        return self[name] if name in self.fields else None

    @property
    def values(self) -> dict[str, Any]:
        """As the model keeps them: only days that differ from the usual ones, only kinds that are not mailed."""
        typed = self.cleaned_data
        days = {kind.slug: typed[f"days_{kind.slug}"] for kind in self.kinds if kind.lead_days is not None}
        usual = sources.all_kinds()
        return {
            "sending_time": typed["sending_time"],
            "head_after": typed["head_after"],
            "secretariat_after": typed["secretariat_after"],
            "ciso_after": typed["ciso_after"],
            "repeat_every": typed["repeat_every"],
            "answer_days": {
                kind.slug: typed[f"answer_{kind.slug}"]
                for kind in self.kinds
                if kind.answer_within is not None and typed[f"answer_{kind.slug}"] != kind.answer_within
            },
            "lead_days": {slug: list(each) for slug, each in days.items() if each != usual[slug].lead_days},
            "without_mail": [kind.slug for kind in self.kinds if not typed[f"mail_{kind.slug}"]],
        }

    def tell_of(self, stale: StaleVersion) -> None:
        """Who was faster, and every value that differs; the form then carries the newer version."""
        self.add_error(None, stale.sentence)
        if not isinstance(stale.current, ReminderSettings) or stale.seen_version is None:
            return
        theirs = _initial(stale.current)
        for name, field in self.fields.items():
            mine = self.cleaned_data.get(name)
            if name in theirs and theirs[name] != mine:
                words = f"{field.label}：相手の値「{_words(theirs[name])}」／自分の値「{_words(mine)}」"
                self.add_error(None, words)
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["seen_version"] = str(stale.current.seen)  # type: ignore[index]


def _names_of(kind: Kind) -> tuple[str, str, str]:
    return f"days_{kind.slug}", f"answer_{kind.slug}", f"mail_{kind.slug}"


def _initial(row: ReminderSettings) -> dict[str, Any]:
    chosen = row.chosen_days()
    initial: dict[str, Any] = {
        "seen_version": row.seen,
        "sending_time": row.sending_time,
        "head_after": row.head_after,
        "secretariat_after": row.secretariat_after,
        "ciso_after": row.ciso_after,
        "repeat_every": row.repeat_every,
    }
    for kind in sources.all_kinds().values():
        if kind.lead_days is not None:
            initial[f"days_{kind.slug}"] = chosen.get(kind.slug, kind.lead_days)
        if kind.answer_within is not None:
            initial[f"answer_{kind.slug}"] = row.answer_days.get(kind.slug, kind.answer_within)
        initial[f"mail_{kind.slug}"] = kind.slug not in row.without_mail
    return initial


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "送る" if value else "送らない"
    if isinstance(value, tuple):
        return days_in_words(value) or "期限の前は知らせない"
    return f"{value:%H:%M}" if hasattr(value, "hour") else str(value)


class PauseForm(SeenForm):
    reason = forms.CharField(
        label="止める理由",
        max_length=180,
        help_text="例　メールサーバーの入れ替えのため。送信記録と設定の履歴に残ります",
        error_messages={"required": "止める理由を入力してください。"},
    )


class ResumeForm(SeenForm):
    withheld = forms.TypedChoiceField(
        label="保留のメール",
        choices=[
            (Withheld.SEND.value, "送る（今日の分と、たまった用件をまとめて1人1通）"),
            (Withheld.DROP.value, "送らない（用件はポータルに残ります。復元の後で、もう送ってあるときなど）"),
        ],
        coerce=Withheld,
        widget=forms.RadioSelect,
        error_messages={
            "required": "保留のメールをどうするか選んでください。",
            "invalid_choice": "保留のメールをどうするか、選び直してください。",
        },
    )
    reason = forms.CharField(label="書き添えること", max_length=150, required=False)
