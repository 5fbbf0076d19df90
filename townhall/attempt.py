"""From what an action says no with, back to the form: the sentence on top, everything typed still in it."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError

from townhall.changes import StaleVersion
from townhall.fields import add_errors
from townhall.forms import VersionedForm
from townhall.refusal import Incomplete, Refused

DONE, AGAIN, FORBIDDEN, CONFLICT, GONE, INVALID = 0, 200, 403, 409, 410, 422


def attempt(form: forms.BaseForm, action: Callable[[], object], *, invalid: int = AGAIN) -> int:
    """Run the action. 0 when it is done, else the status with which the form is shown again.

    `invalid`: the status for values that cannot be stored.
    """
    try:
        action()
    except StaleVersion as stale:
        return _stale(form, stale)
    except Incomplete as lacking:
        _point_out(form, lacking)
        return invalid
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return CONFLICT
    except PermissionDenied as denied:
        form.add_error(None, str(denied))
        return FORBIDDEN
    except ValidationError as error:
        add_errors(form, error)
        return invalid
    return DONE


def attempt_if_valid(form: forms.BaseForm, action: Callable[[], object]) -> int:
    """The same of a form that nobody has checked yet; what cannot be stored comes back with 422."""
    return attempt(form, action, invalid=INVALID) if form.is_valid() else INVALID


def _point_out(form: forms.BaseForm, lacking: Incomplete) -> None:
    """Beside the fields, where the form has them; a page without them lists what is missing itself."""
    here = [name for name in lacking.missing if name in form.fields]
    for name in here:
        form.add_error(name, lacking.missing[name])
    if not here:
        form.add_error(None, lacking.sentence)


def _stale(form: forms.BaseForm, stale: StaleVersion) -> int:
    """The form then carries the newer version: pressing again acts on what the person has now been told of."""
    if isinstance(form, VersionedForm):
        form.take_conflict(stale)
    elif stale.current is not None and stale.seen_version is not None:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["seen_version"] = str(stale.current.version)  # type: ignore[index]
    form.add_error(None, stale.sentence)
    return GONE if stale.current is None and stale.seen_version is not None else CONFLICT
