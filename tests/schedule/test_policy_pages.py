"""セキュリティポリシー as people use it."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from schedule.models import PolicyDocument, PolicyFinding, PolicyReview, PolicyVersion
from tests.schedule.duties import create_duty, create_occurrence
from tests.schedule.policies import add_version, create_document, find, review
from townhall.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
VERSION = {
    "label": "第2版",
    "revised_on": "令和8年11月10日",
    "in_force_on": "R8.12.1",
    "trigger": "guideline",
    "reason": "国のガイドラインの改定に合わせて",
    "approved_by": "第6回 情報化推進委員会",
}


def text(response):
    return response.content.decode()


def url(name, *args):
    return reverse(name, args=args)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def document(db):
    return create_document(next_review_on=date(2026, 12, 25), is_public=True)


def test_the_list_says_version_next_review_and_what_is_to_be_mended(client, member, document, planning):
    add_version(document, approved_by="第5回 情報化推進委員会")
    find(planning, due_on=date(2026, 11, 2))
    client.force_login(member)
    page = text(client.get(url("policy_list")))
    for words in (
        "第1版",
        "第5回 情報化推進委員会",
        "令和8年12月25日",
        "期限間近",
        "あと31日",
        "基準日 令和8年11月24日",
    ):
        assert words in page
    assert "退職者のアカウントが残っていた" in page
    assert 'うち期限切れ <b class="dx-num">1</b> 件' in page
    assert "指摘を登録する" not in page


def test_an_empty_ledger_says_who_fills_it(client, office, member):
    assert "文書を加える" in text(office.get(url("policy_list")))
    client.force_login(member)
    page = text(client.get(url("policy_list")))
    assert "セキュリティポリシーの文書は、まだ登録されていません。" in page
    assert "総務課（事務局）が登録すると" in page


def test_a_version_is_entered_with_its_comparison(client, office, member, document):
    file = SimpleUploadedFile("新旧対照表.pdf", PDF, content_type="application/pdf")
    answer = office.post(url("policy_version_create", "basic"), VERSION | {"file": file})
    assert (answer.status_code, answer.url) == (302, "/policy/basic/")
    version = PolicyVersion.objects.get()
    assert (version.in_force_on, version.comparison.name) == (date(2026, 12, 1), "新旧対照表.pdf")
    client.force_login(member)
    assert "新旧対照表.pdf" in text(client.get("/policy/basic/"))
    got = client.get(url("policy_comparison", version.pk))
    assert (got.content, got["Content-Disposition"].startswith("attachment")) == (PDF, True)


@pytest.mark.parametrize(
    ("name", "data"),
    [("新旧対照表.exe", b"MZ"), ("新旧対照表.pdf", b"not a pdf"), ("新旧対照表.xlsx", PDF)],
)
def test_a_file_that_is_not_what_it_says_keeps_nothing_and_what_was_typed(office, document, name, data):
    answer = office.post(url("policy_version_create", "basic"), VERSION | {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert "国のガイドラインの改定に合わせて" in text(answer)
    assert (PolicyVersion.objects.count(), Attachment.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"label": ""}, "版を入力してください。"),
        ({"reason": " "}, "改定の理由を入力してください。"),
        ({"in_force_on": "R8.11.9"}, "施行日は、改定日と同じ日か、その後の日にしてください。"),
        ({"revised_on": "近いうち"}, "「近いうち」は日付として読めません。"),
        ({"label": "第1版"}, "この文書のこの版は、もうあります。"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(office, document, fields, sentence):
    add_version(document)
    answer = office.post(url("policy_version_create", "basic"), VERSION | fields)
    assert (answer.status_code, sentence in text(answer), PolicyVersion.objects.count()) == (422, True, 1)


def test_two_people_mend_a_version_the_second_sees_both(office, document):
    version = add_version(document)
    page = url("policy_version_edit", version.pk)
    assert office.post(page, VERSION | {"seen_version": 1}).status_code == 302
    late = office.post(page, VERSION | {"seen_version": 1, "reason": "別の理由"})
    assert (late.status_code, "国のガイドラインの改定に合わせて" in text(late), "別の理由" in text(late)) == (
        409,
        True,
        True,
    )


def test_no_change_is_recorded_with_the_duty_of_the_year(office, document):
    duty = create_occurrence(duty=create_duty(code="review", kind="policy", name="セキュリティポリシー見直し"))
    page = url("policy_review_create", "basic")
    assert "令和8年度 セキュリティポリシー見直し" in text(office.get(page))
    fields = {"reviewed_on": "2026-11-20", "next_review_on": "2027-11-30", "trigger": "regular", "outcome": "no_change"}
    assert office.post(page, fields | {"next_review_on": "2026-11-20"}).status_code == 422
    assert office.post(page, fields | {"outcome": ""}).status_code == 422
    assert office.post(page, fields | {"occurrence": duty.pk}).status_code == 302
    duty.refresh_from_db()
    assert (PolicyReview.objects.count(), duty.done_on, duty.no_change) == (1, date(2026, 11, 20), True)
    detail = text(office.get("/policy/basic/"))
    assert "見直した結果、変更なし" in detail
    assert "次の見直し 令和9年11月30日" in detail


def test_a_finding_is_entered_and_mended_by_its_section(client, office, clerk, other_head, document, planning):
    fields = {
        "document": document.pk,
        "source": "audit",
        "found_on": "R8.10.1",
        "content": "退職者のアカウントが残っていた",
        "task": "月に1回、確かめる。",
        "owner_section": planning.pk,
        "due_on": "R8.12.25",
    }
    early = office.post(url("finding_create"), fields | {"due_on": "R8.9.30"})
    assert (early.status_code, "期限は、指摘の日と同じ日か、その後の日" in text(early)) == (422, True)
    answer = office.post(url("finding_create"), fields)
    finding = PolicyFinding.objects.get()
    assert (answer.status_code, answer.url) == (302, finding.get_absolute_url())
    client.force_login(other_head)
    mend = {"verb": "mend", "mend-seen_version": 1, "mend-done_on": "R8.11.20", "mend-done_note": "手順を改めた"}
    assert "直したことの記録は、企画課が行います。" in text(client.get(answer.url))
    assert client.post(answer.url, mend).status_code == 403
    client.force_login(clerk)
    assert client.post(answer.url, mend | {"mend-done_note": ""}).status_code == 422
    assert client.post(answer.url, mend | {"mend-done_on": "R8.11.25"}).status_code == 422
    assert client.post(answer.url, mend | {"verb": "explode"}).status_code == 422
    assert client.post(answer.url, mend).status_code == 302
    assert client.post(answer.url, mend | {"mend-done_note": "別の人"}).status_code == 409
    reopen = {"verb": "reopen", "reopen-seen_version": 2, "reopen-reason": "まだ直っていなかったため"}
    assert client.post(answer.url, reopen | {"reopen-reason": ""}).status_code == 422
    assert client.post(answer.url, reopen).status_code == 302
    assert PolicyFinding.objects.open().count() == 1


def test_a_finding_can_be_begun_from_its_document(office, document):
    assert f'value="{document.pk}" selected' in text(office.get(url("finding_create"), {"document": "basic"}))


@pytest.mark.parametrize("count", [1, 3])
def test_detail_query_count(office, planning, document, count, django_assert_num_queries):
    for number in range(count):
        add_version(document, f"第{number + 1}版")
        review(document)
        find(planning, document=document)
    with django_assert_num_queries(11):
        office.get("/policy/basic/")


def test_what_is_past_its_day_is_on_the_dashboard_and_the_chairs_home(client, deputy_mayor, expert, plan):
    create_document(next_review_on=date(2026, 11, 20))
    client.force_login(deputy_mayor)
    for page in ("/", "/plan/"):
        words = text(client.get(page))
        assert "ポリシー 情報セキュリティ基本方針の見直し" in words
        assert "期限 令和8年11月20日を4日過ぎています" in words
    client.force_login(expert)
    assert "情報セキュリティ基本方針の見直し" not in text(client.get("/plan/"))


# --- documents
DOCUMENT = {"name": "情報セキュリティ実施手順", "kind": "procedure", "review_months": "12", "is_active": "on"}


def test_a_document_is_added_once_and_gets_its_address_from_its_kind(office, document):
    create_document(code="procedure", name="電子メール利用の実施手順", kind="procedure")
    answers = [office.post(url("policy_create"), DOCUMENT | {"next_review_on": "R9.3.31"}) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/policy/procedure-2/")] * 2
    made = PolicyDocument.objects.get(code="procedure-2")
    assert (made.name, made.next_review_on, made.is_example) == ("情報セキュリティ実施手順", date(2027, 3, 31), False)
    refused = office.post(url("policy_create"), DOCUMENT | {"name": document.name})
    assert refused.status_code == 422
    assert "この文書名の文書は、もうあります。" in text(refused)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "　"}, "文書名を入力してください。"),
        ({"kind": "law"}, "law"),
        ({"review_months": "0"}, "1"),
        ({"next_review_on": "そのうち"}, "そのうち"),
    ],
)
def test_a_document_that_cannot_be_is_a_sentence_and_keeps_what_was_typed(office, fields, sentence):
    page = office.post(url("policy_create"), DOCUMENT | {"name": "手順書"} | fields)
    assert page.status_code == 422
    assert sentence in text(page)
    assert not PolicyDocument.objects.exists()


def test_an_example_is_confirmed_and_the_second_of_two_people_is_told(office, document):
    page = url("policy_edit", "basic")
    typed = {"name": "大多喜町情報セキュリティ基本方針", "kind": "basic", "review_months": "24", "is_active": "on"}
    assert office.post(page, typed | {"seen_version": 1}).url == "/policy/basic/"
    late = office.post(page, typed | {"seen_version": 1, "name": "方針"})
    assert late.status_code == 409
    assert "大多喜町情報セキュリティ基本方針" in text(late)
    row = PolicyDocument.objects.get(code="basic")
    assert (row.name, row.review_months, row.is_example, row.version) == (typed["name"], 24, False, 2)
    assert "文書を直す" in text(office.get("/policy/basic/"))


def test_what_the_admin_records_follows_the_rules_of_the_pages(office, document, planning):
    finding = find(planning)
    add = url("admin:schedule_policyreview_add")
    given = {"document": document.pk, "trigger": "regular", "outcome": "no_change", "reviewed_on": "2026-11-25"}
    mended = {"source": "audit", "content": finding.content, "task": finding.task, "found_on": "2026-10-01"}
    mended |= {"owner_section": planning.pk, "due_on": "2027-01-29", "done_on": "2026-11-25", "done_note": "消した"}
    change = url("admin:schedule_policyfinding_change", finding.pk)
    answers = [office.post(add, given), office.post(change, mended | {"seen_version": 1})]
    assert [(answer.status_code, "まだ来ていない日です。" in text(answer)) for answer in answers] == [(409, True)] * 2
    assert office.post(add, given | {"reviewed_on": "2026-11-24"}).status_code == 302
    document.refresh_from_db()
    finding.refresh_from_db()
    assert (PolicyReview.objects.count(), document.next_review_on, finding.is_open) == (1, date(2027, 11, 24), True)
    twin = {"code": "twin", "name": document.name, "kind": "basic", "review_months": 12, "order": 0}
    refused = office.post(url("admin:schedule_policydocument_add"), twin)
    assert (refused.status_code, "この文書名の文書は、もうあります。" in text(refused)) == (409, True)
    assert PolicyDocument.objects.count() == 1
