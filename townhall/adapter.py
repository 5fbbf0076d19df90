from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from townhall.changes import save_row
from townhall.models import User


class TownAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the secretariat, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Any, password: str) -> None:
        """A change of the person like any other: with a version, and with who and when in the history."""
        person = User.objects.get(pk=user.pk)  # `user` is the request's lazy one
        person.set_password(password)
        save_row(person, by=person, seen_version=person.version, today=self.request.today, reason="パスワードの変更")
        user.password = person.password  # from which the login is renewed
