import pytest

from tests.committee import factories


@pytest.fixture
def initiative(db):
    return factories.create_initiative()
