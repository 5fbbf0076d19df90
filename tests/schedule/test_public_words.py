"""Words that should not stand on a page for residents."""

import pytest

from schedule.public.words import warnings_in


def found(text):
    people = {"names": ["見本 花子", "山田　太郎"], "usernames": ["jimukyoku", "abc"]}
    return [(each.stops, each.sentence) for each in warnings_in([("5-1", text)], **people)]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "見本 花子",
            "見本花子です",
            "見本　花子",
            "担当の見本さん",
            "見本係長",
            "山田太郎",
            "JIMUKYOKUではなくjimukyoku",
        ),
        *("a.b-c@town.example", "ａ＠ｔｏｗｎ．ｅｘａｍｐｌｅ"),
    ],
)
def test_names_and_addresses_stop_it(text):
    assert [stops for stops, _ in found(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "0470-82-2111",
        "０４７０－８２－２１１１",
        "0470(82)2111",
        "09012345678",
        "内線 123",
        "見積を取りました",
        "部外秘",
    ],
)
def test_numbers_like_a_telephones_and_words_of_the_office_are_pointed_out(text):
    assert [stops for stops, _ in found(text)] == [False]


@pytest.mark.parametrize(
    "text",
    ["", "見本を配りました。", "2026-11-24に12～34件、1,450人", "令和8年10月10日", "R7-10-01", "大多喜町は12.5％"],
)
def test_ordinary_sentences_pass(text):
    assert found(text) == []
