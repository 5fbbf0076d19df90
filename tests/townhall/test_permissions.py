"""The table, read by a person who did not write it: role by role what one may do."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from tests import factories
from tests.conftest import TODAY
from townhall.choices import Role
from townhall.permissions import ROLE_TABLE, Permission, Scope, can, refusal, sections_open_to

P = Permission

# 専門部会 and 外部人材 read what was submitted, to comment on it.
READ_SUBMITTED = {Role.SECRETARIAT, Role.CHAIR, Role.MEMBER, Role.TASK_FORCE, Role.EXPERT}

EXPECTED = {
    # permission: who holds it for the whole town, who only for the own section
    P.VIEW_PORTAL: (set(Role), set()),
    P.VIEW_PLAN: (set(Role), set()),
    P.VIEW_HISTORY: (set(Role) - {Role.EXPERT, Role.ENGINEER}, set()),
    P.RECORD_PROGRESS: ({Role.SECRETARIAT}, {Role.SECTION_HEAD, Role.STAFF}),
    P.ACCEPT_REPORT: ({Role.SECRETARIAT}, set()),
    P.MANAGE_ROUND: ({Role.SECRETARIAT}, set()),
    P.EDIT_PLAN: ({Role.SECRETARIAT}, set()),
    P.VIEW_EVALUATION: (set(Role) - {Role.EXPERT, Role.ENGINEER}, set()),
    P.EVALUATE: ({Role.SECRETARIAT}, {Role.SECTION_HEAD, Role.STAFF}),
    P.REVIEW_EVALUATION: (set(), {Role.SECTION_HEAD}),
    P.MANAGE_EVALUATION: ({Role.SECRETARIAT}, set()),
    P.VIEW_PROPOSAL: (READ_SUBMITTED, {Role.SECTION_HEAD, Role.STAFF}),
    P.CONFIRM_REPORT: (set(), {Role.SECTION_HEAD}),
    P.CORRECT_REPORT: ({Role.SECRETARIAT}, set()),
    P.WRITE_PROPOSAL: (set(), {Role.SECTION_HEAD, Role.STAFF}),
    P.APPROVE_PROPOSAL: (set(), {Role.SECTION_HEAD}),
    P.RECEIVE_PROPOSAL: ({Role.SECRETARIAT}, set()),
    P.VIEW_MEETING: (set(Role) - {Role.ENGINEER}, set()),
    P.MANAGE_MEETING: ({Role.SECRETARIAT}, set()),
    P.VIEW_PACK: ({Role.SECRETARIAT, Role.CHAIR, Role.MEMBER}, set()),
    P.SCORE_PROPOSAL: ({Role.SECRETARIAT, Role.CHAIR, Role.MEMBER}, set()),
    P.MAKE_PACK: ({Role.SECRETARIAT}, set()),
    P.MANAGE_TEAM: ({Role.SECRETARIAT}, set()),
    P.ANSWER_MEETING: (READ_SUBMITTED, set()),
    P.COMMENT: (READ_SUBMITTED, set()),
    P.FINISH_ACTION_ITEM: ({Role.SECRETARIAT}, {Role.SECTION_HEAD, Role.STAFF}),
    P.VIEW_TRAINEE: ({Role.SECRETARIAT}, {Role.SECTION_HEAD}),
    P.MANAGE_TRAINING: ({Role.SECRETARIAT}, set()),
    P.MANAGE_POLICY: ({Role.SECRETARIAT}, set()),
    P.DECIDE: ({Role.SECRETARIAT, Role.CHAIR}, set()),
    P.GIVE_ACTION_ITEM: ({Role.SECRETARIAT, Role.CHAIR}, set()),
    P.VIEW_BUDGET: (set(Role) - {Role.EXPERT, Role.ENGINEER}, set()),
    P.REQUEST_BUDGET: ({Role.SECRETARIAT}, {Role.SECTION_HEAD, Role.STAFF}),
    P.MANAGE_BUDGET: ({Role.SECRETARIAT}, set()),
    P.VIEW_DUTY: (set(Role) - {Role.EXPERT, Role.ENGINEER}, set()),
    P.MANAGE_DUTY: ({Role.SECRETARIAT}, {Role.SECTION_HEAD, Role.STAFF}),
    P.MANAGE_INDICATOR: ({Role.SECRETARIAT}, set()),
    P.RECORD_INDICATOR: ({Role.SECRETARIAT}, {Role.SECTION_HEAD, Role.STAFF}),
    P.VIEW_SYSTEM: (set(Role), set()),
    P.MANAGE_SYSTEM: ({Role.SECRETARIAT}, {Role.SECTION_HEAD, Role.STAFF}),
    P.IMPORT_MINISTRY: ({Role.SECRETARIAT}, set()),
    P.VIEW_PROCESS: (set(Role) - {Role.EXPERT, Role.ENGINEER}, set()),
    P.MANAGE_PROCESS: ({Role.SECRETARIAT}, {Role.SECTION_HEAD, Role.STAFF}),
    P.VIEW_SENT_MAIL: ({Role.SECRETARIAT, Role.CHAIR, Role.ENGINEER}, set()),
    P.MANAGE_SENT_MAIL: ({Role.SECRETARIAT}, set()),
    P.MANAGE_REMINDERS: ({Role.SECRETARIAT}, set()),
    P.PUBLISH: ({Role.SECRETARIAT}, set()),
    P.USE_ADMIN: ({Role.SECRETARIAT, Role.ENGINEER}, set()),
    P.MANAGE_PEOPLE: ({Role.SECRETARIAT, Role.ENGINEER}, set()),
}


def test_table_grants_exactly_what_is_written_down():
    granted = {
        permission: (
            {role for role in Role if ROLE_TABLE[role].get(permission) is Scope.ALL},
            {role for role in Role if ROLE_TABLE[role].get(permission) is Scope.OWN},
        )
        for permission in Permission
    }
    assert granted == EXPECTED


def test_section_head_acts_for_the_own_section_only(section_head, planning, welfare):
    assert can(section_head, P.RECORD_PROGRESS, today=TODAY, section=planning)
    assert can(section_head, P.RECORD_PROGRESS, today=TODAY, section=planning.pk)
    assert not can(section_head, P.RECORD_PROGRESS, today=TODAY, section=welfare)
    assert can(section_head, P.RECORD_PROGRESS, today=TODAY)  # somewhere, for the menu
    assert sections_open_to(section_head, P.RECORD_PROGRESS, today=TODAY) == [planning.pk]
    assert sections_open_to(section_head, P.ACCEPT_REPORT, today=TODAY) == []


def test_secretariat_acts_for_every_section(secretary, welfare):
    assert can(secretary, P.RECORD_PROGRESS, today=TODAY, section=welfare)
    assert sections_open_to(secretary, P.RECORD_PROGRESS, today=TODAY) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_a_post_counts_only_inside_its_term(expert, day, expected):
    assert can(expert, P.VIEW_PLAN, today=day) is expected


def test_nobody_else_may_do_anything(outsider, secretary):
    secretary.is_active = False
    staff_flag = factories.create_user(username="flag", is_staff=True, is_superuser=True)
    people = [AnonymousUser(), outsider, secretary, staff_flag]
    assert [can(p, permission, today=TODAY) for p in people for permission in Permission] == [False] * 4 * len(
        Permission
    )
    assert [sections_open_to(p, P.VIEW_PLAN, today=TODAY) for p in people] == [[], [], [], []]


def test_refusal_names_who_uses_the_page():
    assert (
        refusal(P.DECIDE) == "この画面は事務局・委員長が使います。用があるときは、総務課（事務局）へお知らせください。"
    )
