"""Error pages come out without a request, a context, a database or a manifest of static files."""

import pytest
from django.template import Context, Engine, loader


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "405.html", "500.html", "503.html"])
def test_a_page_for_bad_times_needs_nothing(name):
    # Django's own engine without our context processors: nothing may be asked of the database (no `db` mark here).
    page = loader.get_template(name).render()
    assert page.lstrip().startswith("<!doctype html>")
    assert page.count("<h1>") == 1
    assert "css/tokens.css" in page
    assert "（情報化推進委員会 事務局）" in page


@pytest.mark.parametrize("name", ["404.html", "403.html"])
def test_a_page_is_whole_without_the_portals_context(name):
    page = Engine.get_default().get_template(name).render(Context())
    assert page.count("<h1>") == 1
    assert "メインメニュー" not in page
    assert "ログイン" in page


def test_the_number_of_a_failure_is_shown():
    assert '<strong class="dx-num">3f9a</strong>' in loader.get_template("500.html").render({"number": "3f9a"})


def test_the_sentence_of_a_refusal_is_shown():
    page = Engine.get_default().get_template("403.html").render(Context({"sentence": "この画面は事務局が使います。"}))
    assert "<p>この画面は事務局が使います。</p>" in page
