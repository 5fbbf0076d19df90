"""One person's browser for stories: forms are sent as the page shows them."""

from django.test import Client


class Browser:
    """Forms are sent with the hidden fields that the page carries."""

    def __init__(self, user):
        self.user = user
        self.client = Client()
        self.log_in()

    def log_in(self):
        """Again after weeks: the session of the last visit is over."""
        self.client.force_login(self.user)

    def get(self, url):
        return self.client.get(url)

    def open(self, url):
        """To the end of its redirects, for `send_as_shown`."""
        return self.client.get(url, follow=True)

    def send(self, url, **typed):
        form = self.client.get(url).context["form"]
        hidden = {field.html_name: field.value() or "" for field in form.hidden_fields()}
        return self.client.post(url, hidden | typed, follow=True)

    def send_as_shown(self, page, **typed):
        """Press the button of the form on this page without changing what it is filled with."""
        filled = {field.html_name: field.value() for field in page.context["form"]}
        given = {name: value for name, value in filled.items() if value not in (None, "")}
        url = page.redirect_chain[-1][0] if page.redirect_chain else page.request["PATH_INFO"]
        return self.client.post(url, given | typed, follow=True)
