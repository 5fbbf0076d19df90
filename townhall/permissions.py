"""Who may do what: the one table. Pages, admin, imports, tasks and menus all ask here and nowhere else.

A role grants a permission either for the whole town (ALL) or only for the section in which it is held (OWN).
A view is closed until it carries `@requires(...)`; townhall.middleware.AccessTableMiddleware refuses the rest.
"""

from collections.abc import Callable
from datetime import date
from enum import Enum, StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from townhall.choices import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from townhall.models import Section, User


class Permission(StrEnum):
    VIEW_PORTAL = "view_portal"  # home, help
    VIEW_PLAN = "view_plan"  # dashboard, initiatives, rows, plan text
    VIEW_HISTORY = "view_history"
    RECORD_PROGRESS = "record_progress"
    CONFIRM_REPORT = "confirm_report"  # 課長の確認, where the town has switched it on
    ACCEPT_REPORT = "accept_report"
    CORRECT_REPORT = "correct_report"  # 訂正 after closing
    MANAGE_ROUND = "manage_round"
    EDIT_PLAN = "edit_plan"  # master data of the plan: wording, owner sections
    MANAGE_INDICATOR = "manage_indicator"  # which indicators there are, and their targets
    RECORD_INDICATOR = "record_indicator"  # what was measured for one of the own section's initiatives
    VIEW_EVALUATION = "view_evaluation"  # 年度評価 with all its stages; everybody sees the fixed letter
    EVALUATE = "evaluate"  # 自己評価 of the own section's initiatives
    REVIEW_EVALUATION = "review_evaluation"  # 課長（一次）
    MANAGE_EVALUATION = "manage_evaluation"  # 事務局's own stage, the letters, fixing a year, correcting after it
    VIEW_PROPOSAL = "view_proposal"
    WRITE_PROPOSAL = "write_proposal"
    APPROVE_PROPOSAL = "approve_proposal"  # 課内の決裁
    RECEIVE_PROPOSAL = "receive_proposal"  # 事務局の確認: ask, return, put before a meeting
    SCORE_PROPOSAL = "score_proposal"  # 採点: one's own points, and the summary of all
    VIEW_MEETING = "view_meeting"
    MANAGE_MEETING = "manage_meeting"
    MANAGE_TEAM = "manage_team"  # 専門部会: its task, term and members; the committee sets it up, 事務局 writes it down
    VIEW_PACK = "view_pack"  # 会議資料, with every proposal before the meeting in full
    MAKE_PACK = "make_pack"
    DECIDE = "decide"  # write down what the committee decided
    VIEW_BUDGET = "view_budget"
    REQUEST_BUDGET = "request_budget"  # 要求, and what the section knows of its own spending: 決算見込, 決算
    MANAGE_BUDGET = "manage_budget"  # 査定, 予算, 財源の一覧: what the town has decided
    VIEW_SYSTEM = "view_system"  # 標準化20業務: what it shows is published or a matter of contracts
    MANAGE_SYSTEM = "manage_system"  # dates, vendors, cost and steps of a 業務, by its 主管課
    IMPORT_MINISTRY = "import_ministry"  # the ministries' large workbooks, which name every 業務
    VIEW_PROCESS = "view_process"  # 業務の棚卸し: how long the sections' own work takes
    MANAGE_PROCESS = "manage_process"
    GIVE_ACTION_ITEM = (
        "give_action_item"  # 宿題: the committee gives it with its decision; 委員長 or 事務局 writes it down
    )
    ANSWER_MEETING = "answer_meeting"  # one's own seat: 出欠, 書面開催の回答, 会議録の確認
    FINISH_ACTION_ITEM = "finish_action_item"  # say that 宿題 is done
    COMMENT = "comment"  # 意見 on submitted proposals, rows and subjects
    VIEW_DUTY = "view_duty"
    MANAGE_DUTY = "manage_duty"  # record that a yearly duty was done, or why not
    VIEW_TRAINEE = "view_trainee"  # names of those who have (not) taken part in a training, and the roster
    MANAGE_TRAINING = "manage_training"  # roster, sessions, attendance
    MANAGE_POLICY = "manage_policy"  # versions, reviews and findings of the security policy
    VIEW_SENT_MAIL = "view_sent_mail"
    MANAGE_SENT_MAIL = "manage_sent_mail"
    MANAGE_REMINDERS = "manage_reminders"  # 通知と催促の設定, stopping the mail; 事務局 alone, who answers for it
    PUBLISH = "publish"  # 住民向けの公開: what residents read; 事務局 alone, who answers for it
    USE_ADMIN = "use_admin"
    MANAGE_PEOPLE = "manage_people"


class Scope(Enum):
    ALL = "all"
    OWN = "own"


P = Permission
READERS = {P.VIEW_PORTAL: Scope.ALL, P.VIEW_PLAN: Scope.ALL, P.VIEW_SYSTEM: Scope.ALL}
INSIDERS = READERS | {
    P.VIEW_HISTORY: Scope.ALL,
    P.VIEW_EVALUATION: Scope.ALL,
    P.VIEW_MEETING: Scope.ALL,
    P.VIEW_BUDGET: Scope.ALL,
    P.VIEW_DUTY: Scope.ALL,
    P.VIEW_PROCESS: Scope.ALL,
}

ROLE_TABLE: dict[Role, dict[Permission, Scope]] = {
    # 計画書 7 (3): 事務局は、総務課が行う — sees everything, edits everything, but approves for no section.
    Role.SECRETARIAT: {
        p: Scope.ALL
        for p in Permission
        if p not in (P.WRITE_PROPOSAL, P.APPROVE_PROPOSAL, P.CONFIRM_REPORT, P.REVIEW_EVALUATION)
    },
    # 計画書 7 (1): 副町長（委員長）は、CIO兼CISOとし、DX推進等を総括する
    Role.CHAIR: INSIDERS
    | {
        P.VIEW_PROPOSAL: Scope.ALL,
        P.SCORE_PROPOSAL: Scope.ALL,
        P.VIEW_PACK: Scope.ALL,
        P.DECIDE: Scope.ALL,
        P.GIVE_ACTION_ITEM: Scope.ALL,
        P.ANSWER_MEETING: Scope.ALL,
        P.COMMENT: Scope.ALL,
        P.VIEW_SENT_MAIL: Scope.ALL,
    },
    # 計画書 7 (2): 課長等（委員）は、検討、協議し、意思決定を行う
    Role.MEMBER: INSIDERS
    | {
        P.VIEW_PROPOSAL: Scope.ALL,
        P.SCORE_PROPOSAL: Scope.ALL,
        P.VIEW_PACK: Scope.ALL,
        P.ANSWER_MEETING: Scope.ALL,
        P.COMMENT: Scope.ALL,
    },
    # 計画書 7 (4): 具体的なDX関連事業の提案、実施等については、各担当課で推進する
    Role.SECTION_HEAD: INSIDERS
    | {
        P.VIEW_PROPOSAL: Scope.OWN,
        P.WRITE_PROPOSAL: Scope.OWN,
        P.APPROVE_PROPOSAL: Scope.OWN,
        P.REQUEST_BUDGET: Scope.OWN,
        P.RECORD_PROGRESS: Scope.OWN,
        P.RECORD_INDICATOR: Scope.OWN,
        P.EVALUATE: Scope.OWN,
        P.REVIEW_EVALUATION: Scope.OWN,
        P.CONFIRM_REPORT: Scope.OWN,
        P.MANAGE_DUTY: Scope.OWN,
        # 情報セキュリティ管理者 of the section: sees who of its own people is missing, nobody else's.
        P.VIEW_TRAINEE: Scope.OWN,
        P.MANAGE_SYSTEM: Scope.OWN,
        P.MANAGE_PROCESS: Scope.OWN,
        P.FINISH_ACTION_ITEM: Scope.OWN,
    },
    Role.STAFF: INSIDERS
    | {
        P.VIEW_PROPOSAL: Scope.OWN,
        P.WRITE_PROPOSAL: Scope.OWN,
        P.REQUEST_BUDGET: Scope.OWN,
        P.RECORD_PROGRESS: Scope.OWN,
        P.RECORD_INDICATOR: Scope.OWN,
        P.EVALUATE: Scope.OWN,
        P.MANAGE_DUTY: Scope.OWN,
        P.MANAGE_SYSTEM: Scope.OWN,
        P.MANAGE_PROCESS: Scope.OWN,
        P.FINISH_ACTION_ITEM: Scope.OWN,
    },
    # 計画書 7 なお書き: 必要に応じて専門部会を設置し、外部人材等を活用できる — they read and comment, for a limited time
    Role.TASK_FORCE: INSIDERS | {P.VIEW_PROPOSAL: Scope.ALL, P.ANSWER_MEETING: Scope.ALL, P.COMMENT: Scope.ALL},
    Role.EXPERT: READERS
    | {
        P.VIEW_MEETING: Scope.ALL,
        P.VIEW_PROPOSAL: Scope.ALL,
        P.ANSWER_MEETING: Scope.ALL,
        P.COMMENT: Scope.ALL,
    },
    Role.ENGINEER: READERS | {P.VIEW_SENT_MAIL: Scope.ALL, P.USE_ADMIN: Scope.ALL, P.MANAGE_PEOPLE: Scope.ALL},
}


def can(
    user: "User | AnonymousUser", permission: Permission, *, today: date, section: "Section | int | None" = None
) -> bool:
    """May this person do this today, for this section?

    Without a section: may they do it somewhere at all (for menus and pages that then narrow the rows)?
    Roles count only inside their term (有効期間); deactivated and anonymous people may do nothing.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    wanted = section if isinstance(section, int) or section is None else section.pk
    for post in user.posts_on(today):
        scope = ROLE_TABLE[Role(post.role)].get(permission)
        if scope is Scope.ALL or (scope is Scope.OWN and (wanted is None or wanted == post.section_id)):
            return True
    return False


def sections_open_to(user: "User | AnonymousUser", permission: Permission, *, today: date) -> list[int] | None:
    """Ids of the sections for which this person holds the permission; None means every section, [] means none."""
    if not user.is_authenticated or not user.is_active:
        return []
    own: list[int] = []
    for post in user.posts_on(today):
        scope = ROLE_TABLE[Role(post.role)].get(permission)
        if scope is Scope.ALL:
            return None
        if scope is Scope.OWN and post.section_id is not None:
            own.append(post.section_id)
    return own


def roles_with(permission: Permission) -> list[Role]:
    return [role for role, granted in ROLE_TABLE.items() if permission in granted]


def roles_for_all(permission: Permission) -> list[Role]:
    """Those that hold it for every section."""
    return [role for role, granted in ROLE_TABLE.items() if granted.get(permission) is Scope.ALL]


View = Callable[..., HttpResponseBase]


def requires(permission: Permission) -> Callable[[View], View]:
    """Open a view to those who hold the permission; everyone else gets 403 with a sentence.

    A view that concerns one section's object asks `can(..., section=...)` again for that object.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not can(request.user, permission, today=request.today):  # type: ignore[attr-defined]
                raise PermissionDenied(refusal(permission))
            return view(request, *args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to_all(view: View) -> View:
    """Mark a view as public: no login, no permission. Use it together with `login_not_required`."""
    view.access = None  # type: ignore[attr-defined]
    return view


def refusal(permission: Permission) -> str:
    """The sentence for a refused person: who uses this page, and whom to ask."""
    people = "・".join(role.label for role in roles_with(permission))
    return f"この画面は{people}が使います。用があるときは、総務課（事務局）へお知らせください。"
