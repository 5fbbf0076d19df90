import email
from email import policy

import pytest
from django.core import mail

from townhall.mail import MailRoom, UnusableAddress, one_line, usable_address


def send_letter(**letter):
    with MailRoom() as room:
        room.send(**letter)


LETTER = {"subject": "研修の期限", "body": "本文です。", "message_id": "<mail-1@portal.example>"}


def test_letter_goes_to_one_person_with_its_own_number():
    send_letter(to="hanako@town.example", to_name="見本 花子", **LETTER)
    (letter,) = mail.outbox
    assert (letter.subject, letter.body) == ("研修の期限", "本文です。")
    assert letter.recipients() == ["=?utf-8?b?6KaL5pysIOiKseWtkA==?= <hanako@town.example>"]
    assert letter.extra_headers["Message-ID"] == "<mail-1@portal.example>"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "メールアドレスが登録されていません。"),
        ("hanako", "メールアドレスの形が正しくありません：hanako"),
        ("a@town.example, b@town.example", "メールアドレスの形が正しくありません：a@town.example, b@town.example"),
        (
            "a@town.example\nBcc: b@town.example",
            "メールアドレスの形が正しくありません：a@town.example Bcc: b@town.example",
        ),
        ("<a@town.example>", "メールアドレスの形が正しくありません：<a@town.example>"),
    ],
)
def test_unusable_address_is_refused_with_a_sentence_before_anything_is_sent(address, sentence):
    with pytest.raises(UnusableAddress) as refused:
        send_letter(to=address, to_name="見本", **LETTER)
    assert str(refused.value) == sentence
    assert mail.outbox == []


def test_usable_address_is_returned_as_it_is():
    assert usable_address("hanako@town.example") == "hanako@town.example"


def test_line_breaks_never_reach_a_header():
    send_letter(
        to="a@town.example", to_name="見本\r\nBcc: x@y.example", **LETTER | {"subject": "件名\nBcc: x@y.example"}
    )
    (letter,) = mail.outbox
    assert letter.subject == "件名 Bcc: x@y.example"
    assert letter.message()["Bcc"] is None
    assert one_line("a\tb\x00c\x7f d") == "a b c d"


def test_demonstration_writes_each_letter_as_a_readable_file(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_BACKEND = "townhall.mail.EmlFileBackend"
    for number in (1, 2):
        send_letter(to="a@town.example", to_name="見本 花子", **LETTER | {"body": f"本文{number}"})
    letters = [
        email.message_from_bytes(f.read_bytes(), policy=policy.default) for f in (tmp_path / "mail").glob("*.eml")
    ]
    assert sorted(letter.get_content().strip() for letter in letters) == ["本文1", "本文2"]
    assert {letter["Subject"] for letter in letters} == {"研修の期限"}
