import pytest

from initiatives.models import Chapter, GlossaryTerm
from initiatives.reading import Block, Entry, Passage, Piece, TermReader, glossary, read_chapter

DX = GlossaryTerm(
    number=1, term="デジタル・トランスフォーメーション（DX）", aliases="DX\nデジタルトランスフォーメーション"
)
RPA = GlossaryTerm(number=3, term="RPA")
AI_OCR = GlossaryTerm(number=4, term="AI-OCR")


@pytest.fixture
def reader():
    return TermReader([DX, RPA, AI_OCR])


def test_mark_is_a_link_and_the_term_is_explained_below(reader):
    assert reader.passage("RPA【※3】やAI-OCR【※4】を使う。") == Passage(
        (Piece("RPA"), Piece("【※3】", RPA), Piece("やAI-OCR"), Piece("【※4】", AI_OCR), Piece("を使う。")),
        (RPA, AI_OCR),
    )


def test_word_without_a_mark_is_a_link_where_it_is_met_first(reader):
    assert [reader.passage("DXを進める。DXは、"), reader.passage("DXは続く。")] == [
        Passage((Piece("DX", DX), Piece("を進める。DXは、")), (DX,)),
        Passage((Piece("DXは続く。"),)),
    ]


def test_word_stays_plain_when_its_own_mark_follows(reader):
    assert reader.passage("デジタルトランスフォーメーション（DX）【※1】が") == Passage(
        (Piece("デジタルトランスフォーメーション（DX）"), Piece("【※1】", DX), Piece("が")), (DX,)
    )


def test_longer_spelling_goes_before_the_shorter(reader):
    assert reader.passage("デジタル・トランスフォーメーション（DX）とは").pieces[0].text == DX.term


@pytest.mark.parametrize("text", ["DXF形式", "MDX", "RPA2", "用語のない文。", "【※9】", "※3", ""])
def test_text_that_holds_no_term_of_the_glossary_is_plain(reader, text):
    assert reader.passage(text) == Passage((Piece(text),) if text else ())


def test_wording_is_never_changed_by_reading(plan):
    for chapter in plan.chapters.all():
        reader = TermReader(plan.terms.all())
        for paragraph in chapter.text.split("\n\n"):
            assert reader.passage(paragraph).text == paragraph


def test_plan_without_a_glossary_can_be_read():
    assert TermReader([]).passage("DX【※1】") == Passage((Piece("DX【※1】"),))


def test_alias_may_hold_signs_that_mean_something_to_a_pattern():
    term = GlossaryTerm(number=1, term="C++ (言語)", aliases="\n.*\n")
    assert TermReader([term]).passage("C++ (言語) と .* です").pieces[0] == Piece("C++ (言語)", term)


def test_chapter_is_read_block_by_block(plan):
    kinds = {
        chapter.number: [block.kind for block in read_chapter(chapter, TermReader(plan.terms.all()))]
        for chapter in plan.chapters.all()
    }
    assert kinds == {
        1: ["paragraph"] * 7,
        2: ["paragraph"] * 4,
        3: ["paragraph"] * 3 + ["heading", "principles"],
        4: ["paragraph"] * 2,
        5: ["heading", "initiatives", "heading", "paragraph", "initiatives"],
        6: ["schedule"],
        7: ["paragraph"] * 6 + ["roles"],
    }


def test_each_term_is_explained_once_on_a_page(plan):
    chapter = plan.chapters.get(number=5)
    blocks = read_chapter(chapter, TermReader(plan.terms.all()))
    passages = [block.passage for block in blocks if block.passage]
    for entry in (entry for block in blocks for entry in block.entries):
        passages += [*([entry.name] if entry.name else []), *entry.paragraphs]
    assert sorted(term.number for passage in passages for term in passage.notes) == [1, 3, 6, 7, 8, 9, 10]


def test_name_of_an_initiative_explains_its_term_below(plan):
    chapter = plan.chapters.get(number=5)
    entries = read_chapter(chapter, TermReader(plan.terms.all()))[1].entries
    fourth = entries[3]
    assert (fourth.label, fourth.url, fourth.name) == (
        "4",
        "/plan/4/",
        Passage((Piece("デジタルデバイド対策"),), (plan.terms.get(number=7),)),
    )


def test_lines_typed_by_the_town_are_one_paragraph(plan):
    chapter = Chapter(
        plan=plan, number=9, heading="例", text="一文目。\r\n二文目。\r\n\r\n■ 見出し\r\n\r\n［無い一覧］"
    )
    assert read_chapter(chapter, TermReader([])) == (
        Block("paragraph", Passage((Piece("一文目。二文目。"),))),
        Block("heading", Passage((Piece("見出し"),))),
        Block("paragraph", Passage((Piece("［無い一覧］"),))),
    )


def test_principles_carry_the_number_of_the_plan(plan):
    entries = read_chapter(plan.chapters.get(number=3), TermReader([]))[-1].entries
    assert entries[3] == Entry(
        "(4)",
        paragraphs=(
            Passage((Piece("国の情報システムの標準化・共通化の方針に対応し中長期的なデジタル費用の低減を図る。"),)),
        ),
    )


def test_glossary_says_where_each_term_is_used_first(plan, django_assert_num_queries):
    with django_assert_num_queries(3):
        uses = glossary(plan)
    assert [(use.term.number, use.chapter and use.chapter.number, use.place) for use in uses] == [
        (1, 1, "1 計画の目的"),
        (2, 1, "1 計画の目的"),
        (3, 1, "1 計画の目的"),
        (4, 1, "1 計画の目的"),
        (5, 1, "1 計画の目的"),
        (6, 5, "5 DXに向けた取組（重点取組1）"),
        (7, 5, "5 DXに向けた取組（重点取組4）"),
        (8, 5, "5 DXに向けた取組（重点取組6）"),
        (9, 5, "5 DXに向けた取組（検討事項1）"),
        (10, 5, "5 DXに向けた取組（検討事項3）"),
        (11, 7, "7 推進体制と役割"),
        (12, 7, "7 推進体制と役割"),
    ]
