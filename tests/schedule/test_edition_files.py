"""改定 and 見直し from a file: new ones move the next review on, as on the page; those recorded are mended."""

from datetime import date

import pytest

from schedule.edition_resources import ReviewResource, VersionResource
from schedule.models import PolicyReview, PolicyVersion
from tests.conftest import NOW, TODAY
from tests.schedule.policies import add_version, create_document, review
from townhall.sheets.table import Line, Sheet

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def take_in(resource, headings, *lines, by):
    numbered = tuple(Line(number, line) for number, line in enumerate(lines, 2))
    sheet = Sheet(headers=headings, lines=numbered, columns=tuple("ABCDEFGH"[: len(headings)]))
    return resource(by=by, today=TODAY, now=NOW, reason="取込#1").run(sheet, dry_run=False)


def places(outcome):
    return [row.errors[0].split("：")[0] for row in outcome.failed]


def test_new_editions_are_added_and_move_the_next_review_on(secretary):
    document = create_document(next_review_on=date(2026, 4, 1))
    old = add_version(document, "第1版")
    headings = ("文書", "版", "改定日", "施行日", "改定の理由", "承認した会議など")
    lines = (
        ("basic", "第１版", "", "", "", "第5回 委員会"),
        ("情報セキュリティ基本方針", "第3版", "R8.10.1", "R8.11.1", "国の改定", ""),
        ("basic", "第2版", "R8.2.1", "R8.3.1", "事故", ""),
    )
    assert take_in(VersionResource, headings, *lines, by=secretary).counts == {"新規": 2, "変更": 1, "変更なし": 0}
    for row in (document, old):
        row.refresh_from_db()
    assert (old.label, old.approved_by, document.next_review_on) == ("第1版", "第5回 委員会", date(2027, 11, 1))
    again = take_in(VersionResource, headings, *lines, by=secretary)
    assert (again.counts["変更なし"], PolicyVersion.objects.count()) == (3, 3)


def test_what_no_edition_can_be_is_refused_with_its_cell(secretary):
    create_document()
    headings = ("文書", "版", "改定日", "施行日", "改定の理由")
    lines = (
        ("", "第1版", "R8.10.1", "R8.11.1", "国の改定"),
        ("ない文書", "第1版", "R8.10.1", "R8.11.1", "国の改定"),
        ("basic", "", "R8.10.1", "R8.11.1", "国の改定"),
        ("basic", "第1版", "R8.10.1", "", "国の改定"),
        ("basic", "第2版", "R8.10.1", "R8.11.1", ""),
        ("basic", "第3版", "R8.10.1", "R8.9.1", "国の改定"),
    )
    assert places(take_in(VersionResource, headings, *lines, by=secretary)) == [
        *("文書（A2）", "文書（A3）", "版（B4）", "施行日（D5）", "改定の理由（E6）"),
        "施行日は、改定日と同じ日か、その後の日にしてください。",
    ]
    assert PolicyVersion.objects.count() == 0


def test_new_reviews_are_recorded_and_those_of_one_day_are_told_apart(secretary):
    document = create_document()
    first, second = (review(document, note=note) for note in ("甲", "乙"))
    headings = ("番号", "文書", "見直した日", "結果", "確かめたこと")
    lines = (
        (str(second.pk), "basic", "R8.11.24", "", "丙"),
        ("", "basic", "Ｒ８．１１．１", "見直した結果、変更なし", "国のガイドライン"),
    )
    assert take_in(ReviewResource, headings, *lines, by=secretary).counts == {"新規": 1, "変更": 1, "変更なし": 0}
    assert sorted(PolicyReview.objects.values_list("note", "version")) == [
        *(("丙", 2), ("国のガイドライン", 1), ("甲", 1)),
    ]
    wrong = (
        ("", "basic", "R8.11.24", "改定する", ""),
        (str(first.pk), "basic", "R8.11.1", "改定する", ""),
        ("", "basic", "R8.11.25", "改定する", ""),
        ("", "basic", "R8.10.1", "", ""),
        ("", "basic", "", "改定する", ""),
    )
    assert places(take_in(ReviewResource, headings, *wrong, by=secretary)) == [
        *("見直した日（C2）", "番号（A3）", "見直した日（C4）", "結果（D5）", "見直した日（C6）"),
    ]
    assert PolicyReview.objects.count() == 3
