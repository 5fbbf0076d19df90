from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class TownAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the secretariat, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
