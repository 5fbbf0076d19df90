"""Reading pages the way people see them."""

import re
from html import unescape

from django.urls import reverse


def get(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def html_of(client, name, *args, **query):
    response = get(client, name, *args, **query)
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    """What is read on the page's main part, on one line: no tags, no blanks of the markup."""
    main = re.split(r"<main[^>]*>", html, maxsplit=1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", main))).strip()


def card(html, heading):
    """The words of the section with that heading."""
    for section in re.split(r"<section", html)[1:]:
        text = words(f"<main{section.split('</section>', 1)[0]}</main>")
        if heading in text:
            return text
    raise AssertionError(f"no section {heading}")
