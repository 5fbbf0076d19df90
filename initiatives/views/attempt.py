"""From what an action says no with, back to the form: the sentence on top, everything typed still in it."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError

from initiatives.refusal import Refused
from townhall.changes import StaleVersion
from townhall.fields import add_errors
from townhall.forms import VersionedForm

DONE, AGAIN, FORBIDDEN, CONFLICT, GONE = 0, 422, 403, 409, 410
FORM_METHODS = ["GET", "HEAD", "POST"]


def attempt(form: forms.BaseForm, action: Callable[[], object]) -> int:
    """Run the action. 0 when it is done, else the status with which the form is shown again."""
    try:
        action()
    except StaleVersion as stale:
        return _stale(form, stale)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return CONFLICT
    except PermissionDenied as denied:
        form.add_error(None, str(denied))
        return FORBIDDEN
    except ValidationError as error:
        add_errors(form, error)
        return AGAIN
    return DONE


def _stale(form: forms.BaseForm, stale: StaleVersion) -> int:
    """The form then carries the newer version: pressing again acts on what the person has now been told of."""
    if isinstance(form, VersionedForm):
        form.take_conflict(stale)
    form.add_error(None, stale.sentence)
    return GONE if stale.current is None and stale.seen_version is not None else CONFLICT


def status_of(form: forms.BaseForm, refused: int) -> int:
    """Of the page that shows the form: 200 while nothing is wrong."""
    return refused or (AGAIN if form.is_bound and form.errors else 200)
