"""The request as the portal's views see it: a logged-in person, and the day read once at the edge."""

from datetime import date, datetime

from django.http import HttpRequest

from townhall.models import User


class PortalRequest(HttpRequest):
    """Only a type: middleware sets `today` and `now`; OpenOrLoggedInMiddleware guarantees the user."""

    user: User
    today: date
    now: datetime
    menu_counts: dict[str, int]  # by URL name, for the numbers in the menu; set by the pages that know them
