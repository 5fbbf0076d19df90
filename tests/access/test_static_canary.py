"""R11, T-P2: the files for the town's web server hold nothing but what was published, and no name of the staff."""

import pytest
from django.core.management import call_command

from tests.access.stage import canary
from tests.access.table import CANARIES

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_the_exported_site_holds_the_published_word_and_no_other(world, tmp_path):
    call_command("export_public", str(tmp_path), verbosity=0)
    everything = "\n".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file())
    assert [word for word in CANARIES if canary(word) in everything] == ["published"]
    assert [user.name for user in world.stage.people.values() if user.name in everything] == []
    assert [user.email for user in world.stage.people.values() if user.email in everything] == []
