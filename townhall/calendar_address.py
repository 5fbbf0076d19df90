"""The secret address of a person's calendar: made, shown once, renewed and revoked; and whose an address is."""

import hashlib
import secrets
from datetime import date, datetime

from django.db import IntegrityError, transaction

from townhall.models import CalendarAddress, User
from townhall.permissions import Permission, can

SECRET_BYTES = 32  # nobody guesses one, however fast they ask
LONGEST_SECRET = 100


def hashed(secret: str) -> str:
    """No salt and no slow hash: the secret is random, not chosen by a person."""
    return hashlib.sha256(secret.encode()).hexdigest()


def address_of(user: User) -> CalendarAddress | None:
    return CalendarAddress.objects.in_use().filter(user=user).first()


def make_address(*, by: User, now: datetime) -> str:
    """A new secret; the one before stops working at once. It is returned here and kept nowhere."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    try:
        with transaction.atomic():
            _revoke(by, now)
            CalendarAddress.objects.create(user=by, token_hash=hashed(secret), made_at=now)
    except IntegrityError:  # made twice at the same moment: the later of the two counts
        with transaction.atomic():
            _revoke(by, now)
            CalendarAddress.objects.create(user=by, token_hash=hashed(secret), made_at=now)
    return secret


def revoke_address(*, by: User, now: datetime) -> bool:
    """False when there was none in use."""
    return bool(_revoke(by, now))


def _revoke(user: User, now: datetime) -> int:
    return CalendarAddress.objects.in_use().filter(user=user).update(revoked_at=now)


def owner_of(secret: str, *, today: date) -> User | None:
    """None for a secret that is unknown or revoked, and for a person who may not use the portal today."""
    if len(secret) > LONGEST_SECRET or not secret.isascii():
        return None
    found = CalendarAddress.objects.in_use().filter(token_hash=hashed(secret)).select_related("user").first()
    if found is None or not can(found.user, Permission.VIEW_PORTAL, today=today):
        return None
    return found.user
