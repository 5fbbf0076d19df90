"""What an action refuses, as the error of one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError

from townhall.changes import StaleVersion
from townhall.refusal import Refused

EMPTY = "空欄にはできません。値を入れてください。"


@contextmanager
def refused_in_words() -> Iterator[None]:
    try:
        yield
    except (Refused, PermissionDenied) as refused:
        raise ValidationError(str(refused)) from None
    except StaleVersion as stale:
        raise ValidationError(stale.sentence) from None
    except ValidationError as error:
        raise _in_plain_words(error) from None


def _in_plain_words(error: ValidationError) -> ValidationError:
    """A file has cells and no NULL."""
    if not hasattr(error, "error_dict"):
        return error
    return ValidationError(
        {
            name: [
                ValidationError(EMPTY, code=each.code) if each.code in ("null", "blank") else each for each in errors
            ]
            for name, errors in error.error_dict.items()
        }
    )
