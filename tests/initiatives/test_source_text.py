import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.source_text import normalise_cell, normalise_source, without_marks


@pytest.mark.parametrize(
    ("extracted", "meant"),
    [
        ("D X", "DX"),
        ("R P A", "RPA"),
        ("A I - O C R", "AI-OCR"),
        ("I C T", "ICT"),
        ("B P R", "BPR"),
        ("C I O", "CIO"),
        ("C I S O", "CISO"),
        ("S o c i e t y 5 . 0", "Society 5.0"),
        ("S o c i e t y 5 . 0 【※2】社会", "Society 5.0【※2】社会"),
        ("D X 人材育成", "DX人材育成"),
        ("職員の D X、B P R 等", "職員のDX、BPR等"),
        ("大多喜町D X推進計画", "大多喜町DX推進計画"),
        ("、R P A 【※3】やA I - O C R 【※4】、I C T 【※5】ツール", "、RPA【※3】やAI-OCR【※4】、ICT【※5】ツール"),
        ("※11 C I O", "※11 CIO"),
        ("令 和 5 年度", "令和5年度"),
        ("令 和 元 年度", "令和元年度"),
        ("令和 5 年度～ 実施", "令和5年度～実施"),
        ("取組事項\t内 容\t令 和 5 年度\t令 和 6 年度", "取組事項\t内容\t令和5年度\t令和6年度"),
        ("デジタルデバйд対策", "デジタルデバイド対策"),
        ("<p>一つ目。</p><p>二つ目。</p>", "一つ目。\n二つ目。"),
        ("推進する。 新型コロナウイルスの", "推進する。\n新型コロナウイルスの"),
        ("・精査 ・検討、協議 ・見直し", "・精査\n・検討、協議\n・見直し"),
        ("業務のペーパーレス化 【※9】", "業務のペーパーレス化【※9】"),
        ("サイバー空間 (仮想空間) とフィジカル空間", "サイバー空間（仮想空間）とフィジカル空間"),
        ("- (1) 副町長（委員長）は、", "(1) 副町長（委員長）は、"),
        ("■ (1) 重点的に取り組む事項", "■ (1) 重点的に取り組む事項"),
    ],
)
def test_defect_of_the_source_is_mended(extracted, meant):
    assert normalise_source(extracted) == meant


@pytest.mark.parametrize(
    "text",
    [
        "「ひと まち みどり 未来に光り続けるふるさと大多喜」を目指し、",
        "Robotic Process Automation（ロボティック・プロセス・オートメーション）、",
        "Artificial Intelligence - Optical Character Recognition/Reader",
        "Society 5.0",
        "PC・スマートフォン",
        "5 DXに向けた取組",
        "令和2年12月25日、",
        "町総合計画及び情報化推進計画等の見直し",
        "",
    ],
)
def test_text_without_a_defect_is_left_alone(text):
    assert normalise_source(text) == text


def test_cell_loses_the_blank_of_its_line_break():
    assert [normalise_cell(cell) for cell in ("令和 5 年度～ 随時実施", "随時継続的に 実施", "毎年")] == [
        "令和5年度～随時実施",
        "随時継続的に実施",
        "毎年",
    ]


def test_name_is_read_without_its_term_marks():
    assert without_marks("デジタルデバイド【※7】対策") == "デジタルデバイド対策"


@given(st.text(alphabet="aD5 .-(（)）令和年度元内容・。～【※】\n\t<p/>й", max_size=40))
def test_any_text_is_mended_without_failing(text):
    mended = normalise_source(text)
    assert "й" not in mended
