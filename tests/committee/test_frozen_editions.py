"""What was submitted, and the database that guards it: asked on both."""

import pytest
from django.db import IntegrityError, transaction

from committee.choices import ProposalAction
from committee.models import ProposalEdition
from tests.committee.factories import create_draft, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def submitted(section_head, planning, initiative):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    return step(draft, ProposalAction.SUBMIT, by=section_head)


@pytest.mark.parametrize(
    "change",
    [lambda rows: rows.update(contents=[]), lambda rows: rows.delete(), lambda rows: rows._raw_delete("default")],
)
def test_the_database_refuses_every_change_of_an_edition(submitted, change):
    before = submitted.editions.get().contents
    with pytest.raises(IntegrityError, match="rows never change"), transaction.atomic():
        change(ProposalEdition.objects.all())
    assert submitted.editions.get().contents == before
