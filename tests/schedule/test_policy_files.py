"""セキュリティポリシー from a file: documents by code or name, findings by number or by day and words."""

from datetime import date

import pytest

from schedule.finding_resource import FindingResource
from schedule.models import PolicyDocument, PolicyFinding, ReminderLine
from schedule.policy_resources import PolicyResource
from tests.conftest import NOW, TODAY
from tests.schedule import small_plan
from tests.schedule.duties import plan_all
from tests.schedule.policies import create_document, find
from townhall.sheets.table import Line, Sheet

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def take_in(resource, headings, *lines, by):
    numbered = tuple(Line(number, line) for number, line in enumerate(lines, 2))
    sheet = Sheet(headers=headings, lines=numbered, columns=tuple("ABCDEFGH"[: len(headings)]))
    return resource(by=by, today=TODAY, now=NOW, reason="取込#1").run(sheet, dry_run=False)


def places(outcome):
    return [row.errors[0].split("：")[0] for row in outcome.failed]


def test_document_is_found_by_code_or_name_and_a_new_name_gets_a_code(secretary, general_affairs):
    activity = small_plan.create_activity(initiative=small_plan.create_initiative(plan=small_plan.create_plan()))
    old = create_document(name="情報セキュリティ基本方針")
    headings = (
        "記号",
        "文書名",
        "区分",
        "担当課",
        "何か月ごとに見直すか",
        "次の見直しの期限",
        "見直しを定めた計画の行",
    )
    renamed = ("basic", "基本方針", "", "総務課", "２４か月", "", f"small {activity.label}")
    made = ("", "運用手順〜髙", "実施手順", "", "", "Ｒ９．３．３１", "")
    outcome = take_in(PolicyResource, headings, renamed, made, by=secretary)
    assert outcome.counts == {"新規": 1, "変更": 1, "変更なし": 0}
    old.refresh_from_db()
    assert (old.name, old.owner_section, old.review_months, old.activity) == ("基本方針", general_affairs, 24, activity)
    new = PolicyDocument.objects.get(name="運用手順〜髙")
    assert (new.code, new.next_review_on, new.is_public) == ("procedure", date(2027, 3, 31), False)
    assert [row.history.latest().history_change_reason for row in (old, new)] == ["取込#1", "取込#1"]
    again = take_in(PolicyResource, ("文書名", "区分"), ("運用手順～髙", "実施手順"), by=secretary)
    assert again.counts == {"新規": 0, "変更": 1, "変更なし": 0}


def test_what_no_document_can_be_is_refused_with_its_cell(secretary):
    create_document(name="基本方針")
    create_document(code="standard", name="対策基準")
    headings = ("記号", "文書名", "区分", "見直しを定めた計画の行")
    lines = (
        ("", "", "実施手順", ""),
        ("", "運用手順", "", ""),
        ("new", "対策基準", "", ""),
        ("basic", "対策基準", "", ""),
        ("あ", "運用手順", "実施手順", ""),
        ("", "対策基準", "", "r5-r7 9-9"),
    )
    outcome = take_in(PolicyResource, headings, *lines, by=secretary)
    assert outcome.failed[4].errors == ("記号（A6）：半角の英数字と「-」「_」だけで書いてください。",)
    assert places(outcome) == [
        "文書名（B2）",
        "区分（C3）",
        "記号（A4）",
        "文書名（B5）",
        "記号（A6）",
        "見直しを定めた計画の行（D7）",
    ]
    assert set(PolicyDocument.objects.values_list("code", "version")) == {("basic", 1), ("standard", 1)}


def test_new_finding_is_one_however_often_and_mended_it_asks_nobody(secretary, general_affairs):
    create_document(name="基本方針")
    headings = ("指摘の日", "指摘の内容", "きっかけ", "関係する文書", "直すこと", "担当課", "期限")
    line = ("R8.10.1", "共有のパスワード", "自己点検", "basic", "やめる。", "総務課", "Ｒ８．１１．２０")
    first, again = (take_in(FindingResource, headings, line, by=secretary) for _ in range(2))
    counts = [first.counts["新規"], again.counts["新規"]]
    assert first.rows[0].name == "共有のパスワード（令和8年10月1日）"
    assert first.rows[0].changes[2] == ("きっかけ", "", "自己点検")  # nothing was there that it could replace
    finding = PolicyFinding.objects.get()
    assert (counts, finding.source, finding.document.code) == ([1, 0], "self_check", "basic")
    plan_all()
    open_lines = ReminderLine.objects.filter(kind="finding", state="due")
    assert open_lines.exists()
    mended = (str(finding.pk), "R8.10.2", "共有のパスワードの利用", "R8.11.10", "個人ごとにした。")
    outcome = take_in(
        FindingResource, ("番号", "指摘の日", "指摘の内容", "直した日", "どう直したか"), mended, by=secretary
    )
    finding.refresh_from_db()
    assert outcome.counts == {"新規": 0, "変更": 1, "変更なし": 0}
    assert (finding.found_on, finding.content, finding.done_on, finding.version) == (
        *(date(2026, 10, 2), "共有のパスワードの利用", date(2026, 11, 10), 3),
    )
    assert not open_lines.exists()
    headings = (*headings[:2], "直した日", "変更の理由")
    again = ("R8.10.2", "共有のパスワードの利用", "（消す）", "まだ残っていた")
    assert [
        len(take_in(FindingResource, headings, line, by=secretary).failed) for line in ((*again[:3], ""), again)
    ] == [1, 0]
    finding.refresh_from_db()
    assert (finding.is_open, finding.done_note, finding.history.latest().history_change_reason) == (
        True,
        "",
        "まだ残っていた",
    )


def test_what_no_finding_can_be_is_refused_with_its_cell(secretary, general_affairs):
    twins = [find(general_affairs, content="同じ") for _ in range(2)]
    headings = ("番号", "指摘の日", "指摘の内容", "直すこと", "担当課", "期限", "直した日", "どう直したか")
    new = ("", "R8.10.1", "新しい", "直す。", "総務課", "R9.1.29", "", "")
    lines = (
        ("99999", *new[1:]),
        (*new[:1], "", *new[2:]),
        (*new[:2], "", *new[3:]),
        ("", "R8.11.25", "先の日", *new[3:]),
        (*new[:4], "", *new[5:]),
        ("", "R8.10.1", "同じ", *new[3:]),
        (*new[:6], "R8.11.25", "直した。"),
        (str(twins[0].pk), *[""] * 6, "直した。"),
        (str(twins[1].pk), *[""] * 4, "R8.9.30", "", ""),
    )
    assert places(take_in(FindingResource, headings, *lines, by=secretary)) == [
        *("番号（A2）", "指摘の日（B3）", "指摘の内容（C4）", "指摘の日（B5）", "担当課（E6）", "指摘の内容（C7）"),
        *("同じ行が、このファイルに二つ以上あります。", "直した日（G9）"),
        "期限は、指摘の日と同じ日か、その後の日にしてください。",
    ]
    assert PolicyFinding.objects.count() == 2
