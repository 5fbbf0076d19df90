"""Words are the same word in every width, case and kana, and are found where they stand in the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.searchable import merged, query_words, searchable


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DX", "ＤＸ"),
        ("dx", "DX"),
        ("ﾃﾞｼﾞﾀﾙ", "デジタル"),
        ("デジタル", "でじたる"),
        ("㈱ベンダ", "(株)ベンダ"),
        ("①", "1"),
        ("ガ", "カ\u3099"),
        ("ヴ", "ゔ"),
        ("Straße", "STRASSE"),
        ("令和７年度", "令和7年度"),
    ],
)
def test_the_same_word(one, other):
    assert searchable(one).text == searchable(other).text


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("自治体ＤＸ推進", "dx", ["ＤＸ"]),
        ("ﾃﾞｼﾞﾀﾙ化とデジタル化", "でじたる", ["ﾃﾞｼﾞﾀﾙ", "デジタル"]),
        ("㈱山田", "(株)", ["㈱"]),
        ("髙﨑𠮷〜", "𠮷", ["𠮷"]),
        ("なし", "dx", []),
        ("ああああ", "ああ", ["ああ", "ああ"]),
    ],
)
def test_where_it_stands_in_the_original(text, word, found):
    folded = searchable(text)
    assert [text[start:end] for start, end in folded.places(searchable(word).text)] == found


def test_words_are_parted_by_blanks_of_any_width():
    assert query_words("　ＤＸ  研修　dx ") == ["dx", "研修"]
    assert merged([(4, 6), (0, 2), (1, 3)]) == [(0, 3), (4, 6)]


@given(st.text(max_size=60), st.text(min_size=1, max_size=4))
def test_any_text_is_folded_without_losing_its_places(text, word):
    folded = searchable(text)
    assert len(folded.text) == len(folded.origins)
    for start, end in folded.places(searchable(word).text):
        assert 0 <= start <= end <= len(text)
