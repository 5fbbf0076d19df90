"""研修・ポリシー as people use it."""

from datetime import date

import pytest
from django.urls import reverse

from schedule.actions.duties import mark_done
from schedule.models import DutyOccurrence
from tests import factories
from tests.conftest import TODAY
from tests.otaki_dx.pages import words
from tests.schedule.duties import create_duty, create_occurrence, plan_all
from tests.schedule.policies import create_document, review
from townhall.choices import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]

LIST = "/duties/"


def text(response):
    return response.content.decode()


def post(client, row, verb, **fields):
    values = {"seen_version": row.version} | fields
    data = {f"{verb}-{name}": value for name, value in values.items()} | {"verb": verb}
    return client.post(row.get_absolute_url(), data)


@pytest.fixture
def row(general_affairs):
    return create_occurrence(section=general_affairs)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


def test_list_says_what_is_due(office, row):
    page = text(office.get(LIST))
    assert "情報セキュリティ研修" in page
    assert "令和8年11月30日" in page
    assert "あと6日" in page
    assert 'href="/admin/schedule/duty/"' in page


def test_empty_list_says_who_fills_it(client, member):
    client.force_login(member)
    page = text(client.get(LIST))
    assert "令和8年度の研修・ポリシーの見直しは、まだありません。" in page
    assert "総務課（事務局）が毎年度の義務を登録すると" in page


def test_another_year_can_be_chosen_and_nonsense_is_explained(office, row):
    assert "情報セキュリティ研修" not in text(office.get(LIST, {"year": "2025"}))
    assert "情報セキュリティ研修" in text(office.get(LIST, {"year": "令和8年度"}))
    answer = office.get(LIST, {"year": "来年"})
    assert answer.status_code == 200
    assert "「来年」は年度として読めません。" in text(answer)


def test_done_is_recorded_and_shown(office, row):
    plan_all()
    answer = post(office, row, "done", done_on="2026-11-20", evidence="総務第123号", note="参加 98人")
    assert answer.status_code == 302
    page = text(office.get(answer.url))
    assert "済みと記録しました。お知らせは止まります。" in page
    assert "令和8年11月20日" in page
    assert "総務第123号" in page
    assert "総務課 事務局 見本 花子" in page  # in the history
    assert "済み" in text(office.get(LIST))


def test_the_date_may_be_typed_the_japanese_way(office, row):
    post(office, row, "done", done_on="R8.11.20")
    assert DutyOccurrence.objects.get().done_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "済ませた日を入力してください。"),
        ("2026-11-25", "まだ来ていない日です。"),
        ("2026-03-31", "令和8年度の始め（令和8年4月1日）より前の日です。"),
        ("2026-02-30", "「2026-02-30」という日はありません。"),
        ("近いうち", "「近いうち」は日付として読めません。"),
    ],
)
def test_a_day_that_cannot_be_gets_a_sentence_and_keeps_what_was_typed(office, row, typed, sentence):
    answer = post(office, row, "done", done_on=typed, note="参加 98人")
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "参加 98人" in text(answer)
    assert DutyOccurrence.objects.get().is_open


def test_only_a_policy_asks_for_no_change(office, row):
    policy = create_occurrence(duty=create_duty(code="policy", kind="policy", name="ポリシー見直し"))
    assert 'name="done-no_change"' not in text(office.get(row.get_absolute_url()))
    assert 'name="done-no_change"' in text(office.get(policy.get_absolute_url()))
    post(office, policy, "done", done_on="2026-11-20", no_change="on")
    assert DutyOccurrence.objects.get(pk=policy.pk).no_change


def test_the_policy_card_speaks_of_the_documents_and_their_next_review(office, row):
    assert "セキュリティポリシーの文書は、まだ登録されていません。" in text(office.get(LIST))
    create_document(next_review_on=date(2026, 11, 20))
    review(create_document(code="standard", name="情報セキュリティ対策基準"), next_on=date(2027, 11, 24))
    said = words(text(office.get(LIST)))
    assert "次の見直しは 情報セキュリティ基本方針 、期限は 令和8年11月20日（期限を4日過ぎています）です。" in said
    assert "期限を過ぎた文書が 1 件あります。" in said
    assert "前回の見直し：情報セキュリティ対策基準 令和8年11月24日（見直した結果、変更なし）" in said


def test_skip_and_reopen_need_a_reason(office, row):
    answer = post(office, row, "skip", reason="")
    assert (answer.status_code, "行わない理由を入力してください。" in text(answer)) == (422, True)
    post(office, row, "skip", reason="制度の廃止")
    row.refresh_from_db()
    assert row.skipped_reason == "制度の廃止"
    assert "令和8年度は行いません。理由：制度の廃止" in text(office.get(row.get_absolute_url()))
    post(office, row, "reopen", reason="誤って押したため")
    row.refresh_from_db()
    assert row.is_open


def test_two_people_on_one_row_the_second_sees_both_values(office, row, deputy_mayor):
    stale = row.version
    mark_done(row, by=deputy_mayor, today=TODAY, seen_version=row.version, done_on=date(2026, 11, 10), evidence="甲")
    row.version = stale
    answer = post(office, row, "done", done_on="2026-11-20", evidence="乙")
    page = text(answer)
    assert answer.status_code == 409
    assert "副町長 見本 太郎さんが10:00（11月24日）に更新しました。" in page
    assert "甲" in page
    assert "乙" in page
    again = office.post(row.get_absolute_url(), {
        "verb": "done", "done-seen_version": "2", "done-done_on": "2026-11-20", "done-evidence": "乙"
    })  # fmt: skip
    assert again.status_code == 302
    assert DutyOccurrence.objects.get().evidence == "乙"


@pytest.mark.parametrize("seen", ["", "x", "99"])
def test_a_post_without_a_readable_version_saves_nothing(office, row, seen):
    answer = post(office, row, "done", seen_version=seen, done_on="2026-11-20")
    assert answer.status_code in (409, 422)
    assert DutyOccurrence.objects.get().is_open


def test_an_unknown_button_saves_nothing_and_says_so(office, row):
    answer = office.post(row.get_absolute_url(), {"verb": "explode"})
    assert (answer.status_code, "どの操作か分からないため、何も保存していません。" in text(answer)) == (422, True)


def test_the_section_in_charge_records_its_own_duty(client, clerk, planning):
    row = create_occurrence(section=planning)
    client.force_login(clerk)
    assert post(client, row, "done", done_on="2026-11-20").status_code == 302


def test_another_section_reads_and_cannot_record(client, other_head, planning):
    row = create_occurrence(section=planning)
    client.force_login(other_head)
    page = text(client.get(row.get_absolute_url()))
    assert "済んだことの記録は、企画課が行います。" in page
    assert "済みと記録する" not in page
    assert post(client, row, "done", done_on="2026-11-20").status_code == 403
    assert DutyOccurrence.objects.get().is_open


def test_nobodys_duty_is_recorded_by_the_secretariat_only(client, clerk):
    row = create_occurrence(duty=create_duty())
    client.force_login(clerk)
    assert post(client, row, "done", done_on="2026-11-20").status_code == 403


def test_the_page_shows_who_was_told_to_those_who_may_see_letters(client, office, row, member):
    plan_all()
    page = text(office.get(row.get_absolute_url()))
    assert "お知らせの記録" in page
    assert "送信待ち" in page
    client.force_login(member)
    assert "お知らせの記録" not in text(client.get(row.get_absolute_url()))


@pytest.mark.parametrize("pk", [999, 10**30])
def test_an_unknown_row_is_not_found(office, pk):
    assert office.get(reverse("occurrence_detail", args=[pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(office, planning, count, django_assert_num_queries):
    for n in range(count):
        create_occurrence(duty=create_duty(code=f"duty-{n}", name=f"義務{n}", owner_section=planning))
    with django_assert_num_queries(10):
        page = text(office.get(LIST))
    assert [f"義務{n}" in page for n in range(count)] == [True] * count


def test_saving_in_the_admin_stops_the_notices_too(office, row, secretary):
    plan_all()
    url = reverse("admin:schedule_dutyoccurrence_change", args=[row.pk])
    fields = {"duty": row.duty_id, "fiscal_year": 2026, "part": 0, "due_on": "2026-11-30", "done_on": "2026-11-20"}
    fields |= {"seen_version": row.version, "evidence": "", "note": "", "skipped_reason": ""}
    ahead = office.post(url, fields | {"done_on": "2026-11-25"})
    assert (ahead.status_code, "まだ来ていない日です。" in text(ahead)) == (409, True)
    assert office.post(url, fields).status_code == 302
    assert secretary.reminder_lines.filter(state="due").count() == 0
    row.refresh_from_db()
    again = fields | {"seen_version": row.version, "due_on": "2027-03-31", "done_on": ""}
    assert office.post(url, again).status_code == 302
    row.refresh_from_db()
    assert (row.due_on, row.done_on) == (date(2026, 11, 30), date(2026, 11, 20))  # both ask for a reason, on the page


def test_recording_for_the_own_section_opens_no_admin_of_all_sections(client, engineer, planning, row):
    factories.assign(engineer, role=Role.STAFF, section=planning)
    client.force_login(engineer)
    assert client.get(reverse("admin:schedule_dutyoccurrence_change", args=[row.pk])).status_code == 200  # to read
    assert client.get(reverse("admin:schedule_dutyoccurrence_add")).status_code == 403


def test_a_new_date_of_the_duty_in_the_admin_moves_its_open_rows(office, row):
    duty = row.duty
    url = reverse("admin:schedule_duty_change", args=[duty.pk])
    fields = {
        "code": duty.code, "name": duty.name, "kind": duty.kind, "due_month": 12, "due_day": 31,
        "recurrence": duty.recurrence, "escalates_after": 14, "lead_days": "[60, 30, 7, 0]", "owner_section": duty.owner_section_id, "basis": "", "guidance": "",
        "is_active": "on", "seen_version": duty.version,
    }  # fmt: skip
    assert office.post(url, fields).status_code == 302
    row.refresh_from_db()
    assert row.due_on == date(2026, 12, 28)
