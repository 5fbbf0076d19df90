"""One line of the home page's lists of tasks."""

from dataclasses import dataclass
from datetime import date

SOON_DAYS = 7


@dataclass(frozen=True)
class HomeItem:
    """`due_on` is None for what has no day."""

    kind: str
    title: str
    url: str
    verb: str = ""  # on the button; empty for what somebody else does
    note: str = ""
    due_on: date | None = None
    days_left: int | None = None

    @property
    def tone(self) -> str:
        if self.days_left is None:
            return "none"
        return "late" if self.days_left < 0 else "slow" if self.days_left <= SOON_DAYS else "none"

    @property
    def days_in_words(self) -> str:
        if self.days_left is None:
            return "期限なし"
        if self.days_left < 0:
            return f"期限切れ{-self.days_left}日"
        return f"あと{self.days_left}日" if self.days_left else "今日まで"
