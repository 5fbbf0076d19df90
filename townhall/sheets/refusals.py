"""What an action refuses, as the error of one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError

from townhall.changes import StaleVersion
from townhall.refusal import Refused


@contextmanager
def refused_in_words() -> Iterator[None]:
    try:
        yield
    except (Refused, PermissionDenied) as refused:
        raise ValidationError(str(refused)) from None
    except StaleVersion as stale:
        raise ValidationError(stale.sentence) from None
