import contextlib
from dataclasses import asdict
from datetime import date
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.planfile import PlanFileError, read_plan_file
from initiatives.timing import Timing

SMALL = dedent("""\
    plan:
      code: r8-r10
      name: 例の計画
      starts_on: 2026-04-01
      ends_on: 2029-03-31
    chapters:
    - number: 1
      heading: 取組
      text: |
        一文目【※1】。
        二文目。

        ［重点的に取り組む事項］

        ［全体スケジュール］
      priorities:
      - number: 1
        name: 例の取組
        text: 例の説明。
      rows:
      - code: 1-1
        initiative: 1
        content: 例の内容
        timing: 毎年
    terms:
    - number: 1
      term: 例の用語
      definition: 例の説明。
    """)


def complaints(text):
    with pytest.raises(PlanFileError) as refusal:
        read_plan_file(text)
    return [str(problem) for problem in refusal.value.problems]


def changed(old, new):
    assert SMALL.count(old) == 1, f"{old!r} must occur once"
    return SMALL.replace(old, new)


def test_small_plan_is_read():
    assert asdict(read_plan_file(SMALL)) == {
        "code": "r8-r10",
        "name": "例の計画",
        "starts_on": date(2026, 4, 1),
        "ends_on": date(2029, 3, 31),
        "chapters": (
            {
                "number": 1,
                "heading": "取組",
                "text": "一文目【※1】。二文目。\n\n［重点的に取り組む事項］\n\n［全体スケジュール］",
            },
        ),
        "principles": (),
        "priorities": ({"number": 1, "marked_name": "例の取組", "text": "例の説明。"},),
        "studies": (),
        "rows": (
            {
                "code": "1-1",
                "priority": 1,
                "content": "例の内容",
                "timing_text": "毎年",
                "timing": {"kind": "yearly", "first_year": 2026, "last_year": 2028, "due_on": None},
                "timing_reason": "",
            },
        ),
        "roles": (),
        "terms": (
            {"number": 1, "term": "例の用語", "definition": "例の説明。", "aliases": (), "first_used": "1 取組"},
        ),
    }


def test_text_bytes_and_file_give_the_same_plan(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert read_plan_file(path) == read_plan_file(path.read_bytes()) == read_plan_file(SMALL)


def test_decision_of_the_town_goes_before_the_text_and_carries_its_reason():
    override = "{kind: deadline, first_year: 2026, last_year: 2027, due_on: 2027-09-30, reason: 例の理由}"
    row = read_plan_file(changed("timing: 毎年", f"timing: 9月の議会まで\n    override: {override}")).rows[0]
    assert (row.timing_text, row.timing, row.timing_reason) == (
        "9月の議会まで",
        Timing("deadline", 2026, 2027, date(2027, 9, 30)),
        "例の理由",
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # keys
        ("  code: r8-r10\n", "", ["2行目：計画に「code」がありません。"]),
        (
            "name: 例の取組",
            "name: 例の取組\n    owner: 総務課",
            ["19行目：重点に「owner」という項目はありません。使えるのは number・name・text です。"],
        ),
        ("name: 例の計画", "name: 例の計画\n  name: 例の計画", ["4行目：計画に「name」が2回書かれています。"]),
        ("name: 例の計画", "name: 例の計画\n  <<: {a: b}", ["4行目：計画に「<<」という項目はありません。使えるのは code・name・starts_on・ends_on です。"]),
        ("name: 例の計画", "name: 例の計画\n  ? [a]\n  : b", ["4行目：計画に「一覧や入れ子」という項目はありません。使えるのは code・name・starts_on・ends_on です。"]),
        # types
        ("name: 例の計画", "name: [例]", ["3行目：計画の名称（name）は文字で書いてください。"]),
        ("name: 例の計画", "name: 2026", ["3行目：計画の名称（name）の「2026」が文字として読めません。引用符（'…'）で囲んでください。"]),
        ("name: 例の計画", "name:", ["3行目：計画の名称（name）が空です。"]),
        ("name: 例の計画", "name: '　'", ["3行目：計画の名称（name）が空です。"]),
        ("name: 例の計画", "name: |\n    二\n    行", ["3行目：計画の名称（name）は一行で書いてください。"]),
        ("name: 例の計画", f"name: {'長' * 121}", ["3行目：計画の名称（name）が長すぎます（120文字まで、いま121文字）。"]),
        ("code: r8-r10", "code: R8/R10", ["2行目：計画の記号（code）は、r5-r7 のように半角の英小文字・数字・「-」で書いてください。"]),
        ("ends_on: 2029-03-31", "ends_on: 2029-02-30", ["5行目：計画期間の終わり（ends_on）は2026-03-31のように実在する日付で書いてください。"]),
        ("ends_on: 2029-03-31", "ends_on: 令和11年3月31日", ["5行目：計画期間の終わり（ends_on）は2026-03-31のように実在する日付で書いてください。"]),
        ("ends_on: 2029-03-31", "ends_on: 2026-04-01", ["5行目：計画期間の終わり（ends_on）は、始めより後の日にしてください。"]),
        ("- number: 1\n  heading", "- number: 一\n  heading", ["7行目：章の番号（number）は1から99までの半角の数字で書いてください。"]),
        ("- number: 1\n  heading", "- number: 0x1\n  heading", ["7行目：章の番号（number）は1から99までの半角の数字で書いてください。"]),
        ("  priorities:\n  - number: 1", "  priorities:\n    number: 1", None),
        ("text: 例の説明。", "text: ''", ["19行目：重点の本文（text）が空です。"]),
        # lists and inserts
        ("［重点的に取り組む事項］", "［取組の一覧］", [
            "9行目：［取組の一覧］に入る一覧はありません。使えるのは［基本理念］［重点的に取り組む事項］［検討事項］［全体スケジュール］［役割の一覧］です。",
            "17行目：この章の本文に、「priorities」を入れる場所［重点的に取り組む事項］がありません。",
        ]),
        ("［全体スケジュール］", "［全体スケジュール］\n\n    ［検討事項］", ["9行目：本文に［検討事項］がありますが、この章に「studies」がありません。"]),
        # references
        ("一文目【※1】", "一文目【※9】", ["10行目：【※9】の用語説明がありません。"]),
        ("二文目", "二文目【※12】", ["11行目：【※12】の用語説明がありません。"]),
        ("name: 例の取組", "name: 例の【※7】取組", ["18行目：【※7】の用語説明がありません。"]),
        ("initiative: 1", "initiative: 2", [
            "21行目：行の番号（code）1-1 は、取組の番号に合わせて 2-1 のように書いてください。",
            "22行目：行の取組（initiative）2 は、重点（priorities）にありません。",
        ]),
        ("initiative: 1", "initiative: 例の取組", None),
        ("code: 1-1", "code: 2-1", ["21行目：行の番号（code）2-1 は、取組の番号に合わせて 1-1 のように書いてください。"]),
        ("initiative: 1", "initiative: DX推進体制", ["21行目：行の番号（code）1-1 は、取組の番号に合わせて 0-1 のように書いてください。"]),
        # numbers twice
        ("    text: 例の説明。", "    text: 例の説明。\n  - number: 1\n    name: 別の取組\n    text: 別の説明。", ["20行目：重点の番号 1 が2回使われています。"]),
        ("    timing: 毎年", "    timing: 毎年\n  - code: 1-1\n    initiative: 1\n    content: 別の内容\n    timing: 随時", ["25行目：行の番号（code）1-1 が2回使われています。"]),
        # when
        ("timing: 毎年", "timing: そのうち", None),
        ("timing: 毎年", "timing: 令和7年度～実施", ["24行目：実施時期の令和7年度は、計画期間（令和8年度～令和10年度）の外です。"]),
        ("timing: 毎年", "timing: 別途\n    override: {kind: いつか, first_year: 2026, last_year: 2026, reason: 例}", ["25行目：種類（kind）は deadline・from・yearly・ongoing のどれかです。"]),
        ("timing: 毎年", "timing: 別途\n    override: {kind: from, first_year: 2026, last_year: 2026}", ["25行目：overrideに「reason」がありません。"]),
        ("timing: 毎年", "timing: 別途\n    override: {kind: deadline, first_year: 2026, last_year: 2026, reason: 例}", ["25行目：期限（due_on）は、種類が deadline のときに必ず書き、ほかのときは書きません。"]),
        ("timing: 毎年", "timing: 別途\n    override: {kind: from, first_year: 2028, last_year: 2027, reason: 例}", ["25行目：終わりの年度（last_year）は、始めの年度より前にできません。"]),
        ("timing: 毎年", "timing: 別途\n    override: {kind: from, first_year: 2025, last_year: 2027, reason: 例}", ["25行目：始めの年度（first_year）は、計画期間の年度を 2026 から 2028 までの西暦で書いてください。"]),
    ],
)  # fmt: skip
def test_mistake_is_named_with_its_line(old, new, expected):
    found = complaints(changed(old, new))
    assert found == expected or (expected is None and found)


def test_every_mistake_is_named_not_only_the_first():
    text = changed("name: 例の計画", "name:").replace("timing: 毎年", "timing: そのうち").replace("【※1】", "【※9】")
    assert [problem.split("：")[0] for problem in complaints(text)] == ["3行目", "10行目", "24行目"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["ファイルに何も書かれていません。"]),
        ("# 見出しだけ\n", ["ファイルに何も書かれていません。"]),
        ("計画", ["1行目：計画ファイルは「項目: 値」の形で書いてください。"]),
        ("[]", ["1行目：計画ファイルは「項目: 値」の形で書いてください。"]),
        ("plan: {\n", ["2行目：YAMLの書き方に誤りがあります（1文字目付近）。字下げ、「:」、引用符を確かめてください。"]),
        ("plan:\n\tcode: x\n", ["2行目：字下げにタブが使われています。半角の空白を使ってください。"]),
        ("plan: 一\nchapters: 二\x07\n", ["2行目：使えない制御文字（U+0007）があります。"]),
        ("plan: &a 一\n", ["1行目：YAMLの参照（& と *）は使えません。同じ内容でも、そのまま書いてください。"]),
        ("plan: 一\nterms: *a\n", ["2行目：YAMLの参照（& と *）は使えません。同じ内容でも、そのまま書いてください。"]),
        ("plan: !!python/object:os.system 一\n", ["1行目：YAMLのタグ（!）は使えません。「!」で始まる文字は引用符で囲んでください。"]),
        ("plan: !town 一\n", ["1行目：YAMLのタグ（!）は使えません。「!」で始まる文字は引用符で囲んでください。"]),
        ("plan: 一\n---\nplan: 二\n", ["2行目：「---」で区切った2つ目の文書があります。1つのファイルには計画を1つだけ書いてください。"]),
        ("plan: " + "[" * 5000, ["1行目：入れ子が深すぎます。字下げを確かめてください。"]),
        ("# " + "あ" * 200_000, ["ファイルが大きすぎます（512KBまで）。"]),
    ],
)  # fmt: skip
def test_what_is_not_a_plan_at_all_is_refused(text, expected):
    assert complaints(text) == expected


def test_bytes_that_are_not_utf8_are_named_with_their_line():
    assert complaints("plan: 一\nterms: 二\n".encode("cp932")) == [
        "1行目：UTF-8として読めない文字があります。文字コードをUTF-8にして保存し直してください。"
    ]


@pytest.mark.parametrize(
    ("name", "reason"), [("absent.yaml", "見つかりません"), (".", "フォルダーです"), ("a\0b", "ファイルを開けません")]
)
def test_file_that_cannot_be_opened_is_refused_with_its_name(tmp_path, name, reason):
    path = tmp_path / name
    assert complaints(path) == [f"計画ファイル {path} を読めません（{reason}）。"]


def test_alias_bomb_is_refused_without_unfolding_it():
    bomb = "a: &a [x,x,x,x,x,x,x,x]\n" + "".join(
        f"{new}: &{new} [{','.join(['*' + old] * 8)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "YAMLの参照（& と *）は使えません。同じ内容でも、そのまま書いてください。" in complaints(bomb)[0]


@given(
    st.integers(0, len(SMALL)), st.text(alphabet="a1:-[]{}|>&*!'\"#\n \t、【※】？\x00é", max_size=6), st.integers(0, 8)
)
def test_damaged_file_is_read_or_refused_but_never_fails(at, inserted, removed):
    with contextlib.suppress(PlanFileError):
        read_plan_file(SMALL[:at] + inserted + SMALL[at + removed :])
