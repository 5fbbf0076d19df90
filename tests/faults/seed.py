"""Run in a process of its own (`python -m tests.faults.seed 20`): a section with so many people and one duty due soon."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otaki_dx.settings")


def main(count: int) -> None:
    django.setup()
    from tests import factories  # noqa: PLC0415 - after django.setup()
    from tests.schedule.duties import create_duty  # noqa: PLC0415
    from townhall.choices import Role  # noqa: PLC0415

    section = factories.create_section(code="kikaku", name="企画課")
    create_duty(owner_section=section)
    for number in range(count):
        factories.create_person(username=f"p{number:02}", name=f"見本 {number}", role=Role.STAFF, section=section)


if __name__ == "__main__":
    main(int(sys.argv[1]))
