"""The difference of two texts in words: it loses nothing, reads well, and stays quick."""

import re
from html import unescape
from itertools import pairwise

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from townhall import textdiff
from townhall.textdiff import Kind, Part, shortened, text_diff

SAME, DELETED, ADDED = Kind.SAME, Kind.DELETED, Kind.ADDED
TEXTS = st.text(
    alphabet=st.sampled_from("計画策定のをはカナー12.５ab、。「」…<&'\" \n\r\u200b👍\U00020b9f"), max_size=80
)


def sides(parts):
    """Both texts, put together again."""
    return (
        "".join(part.text for part in parts if part.kind is not ADDED),
        "".join(part.text for part in parts if part.kind is not DELETED),
    )


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("", "", ()),
        ("同じ文。", "同じ文。", ((SAME, "同じ文。"),)),
        ("", "新しい文。", ((ADDED, "新しい文。"),)),
        ("消した文。", "", ((DELETED, "消した文。"),)),
        (
            "研修を2回開いた。",
            "研修を3回開いた。",
            ((SAME, "研修を"), (DELETED, "2"), (ADDED, "3"), (SAME, "回開いた。")),
        ),
        (
            "費用は1,450千円。",
            "費用は1,500千円。",
            ((SAME, "費用は"), (DELETED, "1,450"), (ADDED, "1,500"), (SAME, "千円。")),
        ),
        (
            "事業者と協議した。",
            "事業者と協議した。来月に結ぶ。",
            ((SAME, "事業者と協議した。"), (ADDED, "来月に結ぶ。")),
        ),
        ("DX推進", "DX化の推進", ((SAME, "DX"), (ADDED, "化の"), (SAME, "推進"))),
        # One sign between two changes joins them.
        (
            "企画課の担当が説明した。",
            "総務課の係長が説明した。",
            ((DELETED, "企画課の担当"), (ADDED, "総務課の係長"), (SAME, "が説明した。")),
        ),
        (
            "一行目\n二行目\n",
            "一行目\n加えた行\n二行目\n",
            ((SAME, "一行目\n"), (ADDED, "加えた行\n"), (SAME, "二行目\n")),
        ),
    ],
)
def test_reads_in_words(old, new, parts):
    assert text_diff(old, new) == tuple(Part(*part) for part in parts)


@given(TEXTS, TEXTS)
def test_the_parts_are_both_texts(old, new):
    parts = text_diff(old, new)
    assert sides(parts) == (old, new)
    assert all(part.text for part in parts)
    kinds = [part.kind for part in parts]
    assert all(one is not other for one, other in pairwise(kinds))
    assert (ADDED, DELETED) not in pairwise(kinds)


@given(TEXTS, TEXTS, st.integers(0, 3), st.integers(0, 300))
def test_so_are_those_of_the_coarser_ways(old, new, most_pairs, most_characters):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textdiff, "MOST_PAIRS", most_pairs)
        patch.setattr(textdiff, "MOST_CHARACTERS", most_characters)
        assert sides(text_diff(old, new)) == (old, new)


def test_beyond_4000_characters_lines_are_compared():
    filler = "長い文です。\n" * 700
    assert text_diff(f"はじめに3回。\n{filler}", f"はじめに4回。\n{filler}") == (
        Part(DELETED, "はじめに3回。\n"),
        Part(ADDED, "はじめに4回。\n"),
        Part(SAME, filler),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("あ。" * 2000, "。あ" * 1999),
        ("\n" * 60_000, "あ\n" + "\n" * 30_000 + "い\n" * 30_000),
        ("あ1" * 1000 + "い", "1あ" * 1000),
        ("甲乙" * 500_000, "乙甲" * 500_000),
    ],
)
def test_whatever_was_pasted_the_work_is_bounded(old, new):
    assert sides(text_diff(old, new)) == (old, new)  # without the limits: hours


def test_in_lists_only_what_lies_near_a_change_is_kept():
    parts = text_diff("あ" * 90 + "1" + "い" * 90 + "2" + "う" * 90, "あ" * 90 + "3" + "い" * 90 + "4" + "う" * 90)
    assert "".join(part.text for part in shortened(parts, 5)) == "…あああああ13いいいいい…いいいいい24ううううう…"
    assert shortened(text_diff("短い1", "短い2"), 5) == text_diff("短い1", "短い2")


def html(old, new, **options):
    more = "".join(f" {name}={value}" for name, value in options.items())
    template = Template(f"{{% load portal %}}{{% textdiff old new{more} %}}")
    return template.render(Context({"old": old, "new": new}))


def test_the_page_says_deleted_and_added_in_words():
    assert html("2回開いた。", "3回開いた。") == (
        '<span class="dx-diff">'
        '<del class="dx-diff__del"><span class="dx-visually-hidden">削除：</span>2'
        '<span class="dx-visually-hidden">（削除ここまで）</span></del>'
        '<ins class="dx-diff__ins"><span class="dx-visually-hidden">追加：</span>3'
        '<span class="dx-visually-hidden">（追加ここまで）</span></ins>'
        "回開いた。</span>"
    )


def test_a_line_end_or_blank_alone_is_named():
    assert "（改行）" in html("一行目。二行目。", "一行目。\n二行目。")
    assert "（空白）" in html("DX推進", "DX 推進")


@given(TEXTS, TEXTS)
def test_nothing_typed_becomes_markup(old, new):
    page = html(old, new)
    plain = re.sub(r'</?(?:span|del|ins)(?: class="[\w -]+")?>', "", page)
    assert "<" not in plain
    assert set(re.findall(r"&\S*?;", plain)) <= {"&lt;", "&amp;", "&#x27;", "&quot;", "&gt;"}
    kept = re.sub(r"<del .*?</del>", "", page, flags=re.DOTALL)
    kept = re.sub(r'<span class="dx-visually-hidden">.*?</span>|（改行）|（空白）', "", kept)
    assert unescape(re.sub(r"<[^>]*>", "", kept)) == new
