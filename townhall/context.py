"""What every page knows: the menu, who is logged in, and the notices across the top."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from townhall.models import Notice
from townhall.permissions import Permission, can

DEMO_NOTICE = "demo"

# label, URL name, permission. The same label stands in menu, breadcrumb, h1 and title.
MENU = (
    ("ホーム", "home", Permission.VIEW_PORTAL),
    ("計画ダッシュボード", "plan_dashboard", Permission.VIEW_PLAN),
    ("進捗入力", "round_current", Permission.RECORD_PROGRESS),
    ("提案", "proposal_list", Permission.VIEW_PROPOSAL),
    ("委員会", "meeting_list", Permission.VIEW_MEETING),
    ("標準化20業務", "system_list", Permission.VIEW_SYSTEM),
    ("研修・ポリシー", "duty_list", Permission.VIEW_DUTY),
    ("データ", "data_index", Permission.VIEW_PLAN),
)
# Pages of another address that belong to an item of the menu all the same.
BELOW = {"proposal_list": ("budget_list", "effect_list")}
# The second, small line: what the portal itself is looked after with.
CARE_MENU = (
    ("送信記録", "sent_mail_list", Permission.VIEW_SENT_MAIL),
    ("設定", "reminder_settings", Permission.MANAGE_REMINDERS),
    ("管理画面", "admin:index", Permission.USE_ADMIN),
)


@dataclass(frozen=True)
class MenuItem:
    label: str
    url: str
    is_current: bool
    count: int = 0


def portal(request: HttpRequest) -> dict[str, Any]:
    return {"portal": SimpleLazyObject(lambda: _portal(request))}


def _portal(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    today = getattr(request, "today", None)
    if user is None or today is None or not user.is_authenticated:
        return {
            "nav": [],
            "care_nav": [],
            "banners": [],
            "is_demo": False,
            "today": today,
            "user_line": "",
            "role_line": "",
        }
    posts = user.posts_on(today)
    sections = dict.fromkeys(post.section.name for post in posts if post.section)
    notices = dict(Notice.objects.values_list("key", "text"))
    return {
        "nav": menu_for(request, MENU),
        "care_nav": menu_for(request, CARE_MENU),
        "may_see_history": can(user, Permission.VIEW_HISTORY, today=today),
        "user_line": "　".join([*list(sections)[:1], str(user)]),
        "role_line": "・".join(dict.fromkeys(post.get_role_display() for post in posts)) or "役割なし",
        "is_demo": DEMO_NOTICE in notices,
        "banners": [{"tone": "slow", "text": text} for key, text in notices.items() if key != DEMO_NOTICE],
        "today": today,
    }


def menu_for(request: HttpRequest, menu: tuple[tuple[str, str, Permission], ...]) -> list[MenuItem]:
    counts = getattr(request, "menu_counts", {})
    items = []
    for label, name, permission in menu:
        if can(request.user, permission, today=request.today):  # type: ignore[attr-defined]
            url = reverse(name)
            items.append(MenuItem(label, url, _is_current(request.path, name, url), counts.get(name, 0)))
    return items


def _is_current(path: str, name: str, url: str) -> bool:
    if name == "home":
        return path == url
    return path.startswith((url, *(reverse(below) for below in BELOW.get(name, ()))))
