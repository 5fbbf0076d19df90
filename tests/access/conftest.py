import logging
from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.access.stage import build_stage
from tests.access.world import World
from tests.conftest import NOW


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once for all tests of this folder, in one transaction: thousands of requests ask the same stage."""
    log = logging.getLogger("django.request")
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        log.disabled = True  # a thousand refusals are what is wanted here
        yield World(build_stage())
        log.disabled = False
        transaction.set_rollback(True)
