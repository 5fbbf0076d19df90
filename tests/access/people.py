"""One person per kind of visitor, by the names used in tests/access/table.py. 企画課 is "own", 健康福祉課 is "other"."""

from dataclasses import dataclass
from datetime import date

from tests import factories
from townhall.choices import Role
from townhall.models import Section, User

ANONYMOUS, STOPPED = "anonymous", "stopped"


@dataclass(frozen=True)
class Sections:
    general_affairs: Section
    planning: Section
    welfare: Section


def create_sections() -> Sections:
    return Sections(
        factories.create_section(code="somu", name="総務課", order=1),
        factories.create_section(code="kikaku", name="企画課", order=2),
        factories.create_section(code="kenko", name="健康福祉課", order=3),
    )


def create_people(sections: Sections) -> dict[str, User]:
    person = factories.create_person
    last_year = {"valid_from": date(2025, 4, 1), "valid_until": date(2026, 3, 31)}
    this_year = {"valid_from": date(2026, 4, 1), "valid_until": date(2027, 3, 31)}
    next_year = {"valid_from": date(2027, 4, 1)}
    office, own, other = sections.general_affairs, sections.planning, sections.welfare
    people = [
        person(username="secretary", name="見本 花子", role=Role.SECRETARIAT, section=office),
        person(username="deputy_mayor", name="見本 太郎", role=Role.CHAIR, title="副町長"),
        person(username="member", name="見本 四郎", role=Role.MEMBER, title="総務課長"),
        person(username="section_head", name="見本 二郎", role=Role.SECTION_HEAD, section=own),
        person(username="clerk", name="見本 三郎", role=Role.STAFF, section=own),
        person(username="other_head", name="見本 五郎", role=Role.SECTION_HEAD, section=other),
        person(username="other_clerk", name="見本 九郎", role=Role.STAFF, section=other),
        person(username="task_force", name="見本 部会", role=Role.TASK_FORCE),
        person(username="expert", name="見本 六郎", role=Role.EXPERT, **this_year),
        person(username="engineer", name="見本 七郎", role=Role.ENGINEER),
        # Nothing opens for these: no post, a post that is over, one that has not begun, flags of Django's own.
        factories.create_user(username="outsider", name="見本 八郎"),
        person(username="expert_after_term", name="見本 昔", role=Role.EXPERT, **last_year),
        person(username="head_before_term", name="見本 次", role=Role.SECTION_HEAD, section=own, **next_year),
        factories.create_user(username="staff_flag", name="見本 旗", is_staff=True, is_superuser=True),
        # Holds the most powerful post, and is deactivated once logged in (tests/access/world.py).
        person(username=STOPPED, name="見本 停止", role=Role.SECRETARIAT, section=office),
    ]
    return {user.username: user for user in people}
