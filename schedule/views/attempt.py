"""From what an action says no with, back to the form: the sentence on top, everything typed still in it."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError

from schedule.actions.duties import WrongStateError
from townhall.changes import StaleVersion
from townhall.fields import add_errors
from townhall.forms import VersionedForm

DONE, INVALID, CONFLICT = 0, 422, 409


def attempt(form: forms.BaseForm, action: Callable[[], object]) -> int:
    """Run the action of a valid form. 0 when it is done, else the status with which the form is shown again."""
    if not form.is_valid():
        return INVALID
    try:
        action()
    except StaleVersion as stale:
        if isinstance(form, VersionedForm):
            form.take_conflict(stale)
        form.add_error(None, stale.sentence)
        return CONFLICT
    except WrongStateError as wrong:
        form.add_error(None, str(wrong))
        return CONFLICT
    except ValidationError as error:
        add_errors(form, error)
        return INVALID
    return DONE
