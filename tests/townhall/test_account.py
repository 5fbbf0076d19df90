"""Logging in, the own password and the second factor: what is left of the login library, end to end."""

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from townhall.changes import last_change

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]

PASSWORD = "さくら並木の道をあるく9番"


@pytest.fixture
def clerk_with_password(clerk):
    clerk.set_password(PASSWORD)
    clerk.save()
    return clerk


def log_in(client: Client, password: str = PASSWORD):
    return client.post("/account/login/", {"login": "clerk", "password": password})


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_login_leads_home_and_logout_to_the_login(client, clerk_with_password):
    assert log_in(client).url == "/"
    assert client.get("/").status_code == 200
    assert client.post("/account/logout/").url == "/account/login/"
    assert client.get("/").url == "/account/login/?next=/"


def test_wrong_password_and_unknown_person_get_the_same_sentence(client, clerk_with_password):
    pages = [
        log_in(client, password="ちがう").text,
        client.post("/account/login/", {"login": "no", "password": "x"}).text,
    ]
    sentence = "入力されたユーザー名もしくはパスワードが正しくありません。"
    assert [sentence in page for page in pages] == [True, True]


def test_a_stopped_person_is_told_so(client, clerk_with_password):
    clerk_with_password.is_active = False
    clerk_with_password.save()
    assert log_in(client).url == "/account/inactive/"
    assert client.get("/").url == "/account/login/?next=/"


def test_changing_the_own_password_is_written_down(client, clerk_with_password):
    log_in(client)
    new = "わたしの町の川をわたる8番"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", data).status_code == 302
    clerk_with_password.refresh_from_db()
    newest = last_change(clerk_with_password)
    assert clerk_with_password.check_password(new)
    assert (newest.history_actor, newest.history_change_reason) == ("企画課 担当 見本 三郎", "パスワードの変更")
    assert clerk_with_password.version == 2
    assert client.get("/").status_code == 200  # and one stays logged in


def test_second_factor_from_switching_on_to_logging_in(client, clerk_with_password):
    log_in(client)
    activate = reverse("mfa_activate_totp")
    assert client.get(activate).url == f"/account/reauthenticate/?next={activate.replace('/', '%2F')}"
    client.post(f"/account/reauthenticate/?next={activate}", {"password": PASSWORD})
    secret = client.get(activate).context["form"].secret
    assert client.post(activate, {"code": code_for(secret)}).url == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 200

    elsewhere = Client()
    assert log_in(elsewhere).url == reverse("mfa_authenticate")
    assert elsewhere.get("/").url == "/account/login/?next=/"  # half a login is none
    assert elsewhere.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert elsewhere.post(reverse("mfa_authenticate")).status_code == 200
    recovery = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    assert elsewhere.post(reverse("mfa_authenticate"), {"code": recovery}).url == "/"
    assert elsewhere.get("/").status_code == 200
