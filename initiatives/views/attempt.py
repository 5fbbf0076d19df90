"""What the ledgers' pages have in common: a form with a value that cannot be stored comes back with 422."""

from functools import partial

from django import forms

from townhall import attempt as townhall
from townhall.attempt import INVALID

FORM_METHODS = ["GET", "HEAD", "POST"]

attempt = partial(townhall.attempt, invalid=INVALID)


def status_of(form: forms.BaseForm, refused: int) -> int:
    """Of the page that shows the form: 200 while nothing is wrong."""
    return refused or (INVALID if form.is_bound and form.errors else 200)
