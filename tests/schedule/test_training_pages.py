"""研修の受講 as people use it: numbers for everybody inside, names for 事務局 and the own 課長."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from otaki_dx.exchange_kinds import BY_PROFILE, readers
from schedule.models import Attendance, ReminderLine, Trainee, Training, TrainingSession
from schedule.training_kinds import ATTENDANCE, session_subject
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from tests.schedule.duties import create_duty, create_occurrence, plan_all
from tests.schedule.trainings import attend, create_trainee, hold, row_of, start
from townhall.changes import save_row
from townhall.models import ImportJob
from townhall.sheets.imports import write_queued
from townhall.sheets.waiting import leave_for_worker, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]


def text(response):
    return response.content.decode()


def url(name, *args):
    return reverse(name, args=args)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def training(planning, welfare):
    for name in ("見本 甲子", "見本 乙子"):
        create_trainee(name, section=planning)
    create_trainee("例 丙夫", section=welfare)
    return start()


def test_the_list_says_the_rate_its_definition_and_its_day(client, member, training):
    attend(hold(training), "見本 甲子")
    client.force_login(member)
    page = text(client.get(url("training_list")))
    assert "1/3人（33％）" in page
    assert "受講率＝受講した人÷（対象者－免除の人）" in page
    assert "基準日 令和8年11月24日" in page
    assert 'aria-label="企画課：2人のうち1人が受講"' in page
    assert "名簿を取り込む" not in page


def test_a_course_without_records_says_who_begins(client, office, member):
    create_occurrence(duty=create_duty())
    assert "受講の記録を始める" in text(office.get(url("training_list")))
    client.force_login(member)
    page = text(client.get(url("training_list")))
    assert "総務課（事務局）が始めると、ここに課ごとの受講率が出ます。" in page
    assert "令和7年度の研修はありません。" in text(client.get(url("training_list"), {"year": "2025"}))
    assert "「来年」は年度として読めません。" in text(client.get(url("training_list"), {"year": "来年"}))


def test_starting_takes_the_people_of_the_roster(office, planning, welfare):
    create_trainee("見本 甲子", section=planning)
    create_trainee("例 丙夫", section=welfare)
    occurrence = create_occurrence(duty=create_duty())
    page = url("training_start", occurrence.pk)
    assert "全課です" in text(office.get(page))
    answer = office.post(page, {"sections": ["kikaku"]})
    training = Training.objects.get()
    assert (answer.status_code, answer.url) == (302, training.get_absolute_url())
    assert [str(row.trainee) for row in training.attendances.all()] == ["見本 甲子"]
    assert office.get(page).url == training.get_absolute_url()


def test_names_are_for_the_secretariat_and_the_own_head(
    client, secretary, section_head, other_head, clerk, member, training
):
    seen = {}
    for person in (secretary, section_head, other_head):
        client.force_login(person)
        page = text(client.get(url("training_people", training.pk)))
        seen[person.username] = [name for name in ("見本 甲子", "例 丙夫") if name in page]
    assert seen == {
        "secretary": ["見本 甲子", "例 丙夫"],
        "section_head": ["見本 甲子"],
        "other_head": ["例 丙夫"],
    }
    for person in (clerk, member):
        client.force_login(person)
        assert client.get(url("training_people", training.pk)).status_code == 403
        assert "甲子" not in text(client.get(training.get_absolute_url()))


def test_people_are_recorded_by_ticking_and_by_pasting(office, training):
    session = hold(training)
    ticked = row_of(training, "見本 甲子")
    answer = office.post(
        url("training_record", training.pk),
        {"session": session.pk, "people": [ticked.pk], "names": "12\t例　丙夫\t健康福祉課\r\n見本甲子\r\n\r\n"},
    )
    assert (answer.status_code, answer.url) == (302, training.get_absolute_url())
    assert "2人の受講を記録しました。" in text(office.get(answer.url))
    assert Attendance.objects.missing().count() == 1


def test_unknown_names_are_named_and_nobody_is_recorded(office, training, planning, welfare):
    create_trainee("見本 甲子", section=welfare)
    office.post(url("training_audience", training.pk), {"seen_version": 1})
    session = hold(training)
    typed = "例 丙夫\n髙橋 一郎\n見本 甲子\n見本 甲子\t企画課"
    answer = office.post(url("training_record", training.pk), {"session": session.pk, "names": typed})
    page = text(answer)
    assert answer.status_code == 422
    assert "この研修の対象者にいない氏名です（1人）：「髙橋 一郎」" in page
    assert "同じ氏名の人が2人以上います。課か職員番号を同じ行に書いてください：「見本 甲子」" in page
    assert "髙橋 一郎\n見本 甲子" in page.replace("\r", "")
    assert Attendance.objects.missing().count() == 4


# --- a list as a file: the wizard shows each line first -----------------------------------------------------------------
def attended_in(*lines, name="出席者.csv", encoding="utf-8-sig"):
    return SimpleUploadedFile(name, "\r\n".join(lines).encode(encoding))


def give(client, training, file, session):
    fields = {"from_file": "1", "list-session": session and session.pk, "list-file": file}
    return client.post(url("training_record", training.pk), {name: value for name, value in fields.items() if value})


def test_list_as_a_file_is_shown_line_by_line_recorded_and_taken_back(office, training):
    lines = ("番号,所属,職員氏名,備考", "1,健康福祉課,例　丙夫,", "2,,見本 甲子,遅刻")
    answer = give(office, training, attended_in(*lines, encoding="cp932"), hold(training))
    preview = text(office.get(answer.url))
    assert "受講の記録（令和8年度 情報セキュリティ研修 第1回）の取り込み" in preview
    assert "状況：<del>" in preview
    assert Attendance.objects.missing().count() == 3
    done = text(office.post(answer.url, {}, follow=True))
    assert f'href="{url("training_record", training.pk)}"' in done
    assert Attendance.objects.missing().count() == 1
    undone = office.post(f"{answer.url}undo/", {"reason": "別の回だった"}, follow=True)
    assert "2行を取り込む前の値に戻しました。" in text(undone)
    assert Attendance.objects.missing().count() == 3


def test_long_list_is_read_and_written_by_the_worker_as_one_of_its_session(office, training, secretary):
    whose = {"profile": ATTENDANCE.profile, "subject": session_subject(hold(training))}
    job = leave_for_worker(attended_in("氏名", "例 丙夫"), by=secretary, today=TODAY, now=NOW, **whose)
    work_off(readers(lambda: NOW), clock=lambda: NOW)
    assert "1行を取り込む" in text(office.get(f"/data/imports/{job.pk}/"))
    ImportJob.objects.update(state="queued")
    write_queued(BY_PROFILE, clock=lambda: NOW)
    assert row_of(training, "例 丙夫").session.number == 1


def test_heading_that_is_not_known_is_asked_for_on_the_way(office, training):
    answer = give(office, training, attended_in("氏名,ID", "例 丙夫,x"), hold(training))
    assert "この対応で確認する" in text(office.get(answer.url))
    shown = office.post(answer.url, {"column-0": "氏名", "column-1": ""}, follow=True)
    assert "1行を取り込む" in text(shown)
    cancelled = office.post(answer.url, {"cancel": "1"})
    assert cancelled.url == url("training_record", training.pk)


def test_name_that_is_not_known_is_named_with_its_cell(office, training):
    answer = give(office, training, attended_in("氏名", "例 丙夫", "髙橋 一郎"), hold(training))
    assert "氏名（A3）：この研修の対象者にいない氏名です。" in text(office.get(answer.url))
    assert Attendance.objects.missing().count() == 3


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("氏名",), "見出しの下に行がありません。"),
        (("\0",), "。"),
        ((), "ファイルが空です。"),
    ],
)
def test_file_that_nobody_can_read_is_answered_with_a_sentence(office, training, lines, sentence):
    page = give(office, training, attended_in(*lines, encoding="utf-8"), hold(training))
    assert (page.status_code, sentence in text(page)) == (422, True)
    assert Attendance.objects.missing().count() == 3


def test_file_needs_a_session_of_its_training(office, training):
    page = give(office, training, attended_in("氏名", "例 丙夫"), None)
    assert (page.status_code, "実施回を選んでください。" in text(page)) == (422, True)
    assert "ファイルを選んでください。" in text(office.post(url("training_record", training.pk), {"from_file": "1"}))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "実施回を選んでください。"),
        ({"session": "9999"}, "その実施回はありません。"),
        ({"session": "x"}, "その実施回はありません。"),
        ({"people": ["x"]}, "選んだ人を読めませんでした。"),
        ({"people": ["99999999999999999999"]}, "選んだ人の中に、もう対象者でない人がいます。"),
    ],
)
def test_nonsense_is_answered_with_a_sentence(office, training, fields, sentence):
    session = hold(training)
    answer = office.post(url("training_record", training.pk), {"session": session.pk} | fields if fields else {})
    assert (answer.status_code, sentence in text(answer)) == (422, True)


def test_nobody_chosen_is_said(office, training):
    answer = office.post(url("training_record", training.pk), {"session": hold(training).pk})
    assert (
        answer.status_code,
        "受講した人を選ぶか、一覧を貼り付けてください。" in text(answer),
    ) == (422, True)


def test_one_person_is_excused_with_a_reason_and_the_second_writer_sees_both(office, training):
    row = row_of(training, "見本 甲子")
    page = url("training_attendance_edit", row.pk)
    empty = office.post(page, {"seen_version": 1, "state": "excused", "reason": ""})
    assert (empty.status_code, "免除の理由を入力してください。" in text(empty)) == (422, True)
    assert office.post(page, {"seen_version": 1, "state": "excused", "reason": "育児休業中"}).status_code == 302
    late = office.post(page, {"seen_version": 1, "state": "attended", "attended_on": "R8.11.20"})
    assert (late.status_code, "育児休業中" in text(late)) == (409, True)
    assert office.post(page, {"seen_version": 2, "state": "attended", "attended_on": "R8.11.20"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason, row.version) == ("attended", "", 3)


def test_a_day_to_come_is_no_record(office, training):
    row = row_of(training, "見本 甲子")
    answer = office.post(
        url("training_attendance_edit", row.pk), {"seen_version": 1, "state": "attended", "attended_on": "2026-11-25"}
    )
    assert (answer.status_code, "まだ来ていない日です。" in text(answer)) == (422, True)


def test_sessions_are_added_and_mended(office, training):
    page = url("session_create", training.pk)
    wrong = office.post(page, {"held_on": "令和8年3月31日", "kind": "room"})
    assert (wrong.status_code, "令和8年4月1日から令和9年3月31日まで" in text(wrong)) == (422, True)
    assert office.post(page, {"held_on": "令和8年11月10日", "kind": "room", "place": "大会議室"}).status_code == 302
    session = TrainingSession.objects.get()
    edit = url("session_edit", session.pk)
    fields = {"seen_version": 1, "held_on": "2026-11-11", "kind": "online"}
    assert office.post(edit, fields).status_code == 302
    assert office.post(edit, fields | {"kind": "material"}).status_code == 409
    session.refresh_from_db()
    assert (session.number, session.kind) == (1, "online")


def test_following_the_roster_says_first_what_would_change(office, training, planning):
    create_trainee("例 丁夫", section=planning)
    page = text(office.get(url("training_audience", training.pk)))
    assert "新しい対象者 1人、課が変わった人 0人、対象から外れた人 0人" in page
    office.post(url("training_audience", training.pk), {"seen_version": 1})
    assert training.attendances.count() == 4


@pytest.mark.parametrize("count", [1, 3])
def test_people_query_count(office, training, planning, count, django_assert_num_queries):
    for number in range(count):
        create_trainee(f"人{number}", section=planning)
    office.post(url("training_audience", training.pk), {"seen_version": 1})
    with django_assert_num_queries(6):
        page = text(office.get(url("training_people", training.pk)))
    assert f"人{count - 1}" in page


# --- the roster, in and out of Excel ----------------------------------------------------------------------------------
IMPORT = "/admin/schedule/trainee/import/"


def import_csv(client, *lines):
    body = "\r\n".join(["職員番号,氏名,課,任用の区分,採用日,名簿の最後の日,ログイン名", *lines])
    file = SimpleUploadedFile("名簿.csv", body.encode("cp932"), content_type="text/csv")
    return client.post(IMPORT, {"file": file})


def apply(client, preview):
    return client.post(IMPORT, {"job": preview.context["job"].pk})


def roster():
    return [
        (person.staff_number, person.name, person.section.name, person.employment)
        for person in Trainee.objects.order_by("pk")
    ]


def test_a_roster_brings_new_people_and_a_second_time_changes_nothing(office, planning, clerk):
    lines = ["001,見本　三郎,企画課,常勤,,,clerk", ",例 花子,企画課,会計年度任用職員,R8.10.1,,"]
    preview = import_csv(office, *lines)
    assert preview.status_code == 200
    assert apply(office, preview).status_code == 302
    assert roster() == [
        ("001", "見本 三郎", "企画課", "regular"),
        ("", "例 花子", "企画課", "fixed_term"),
    ]
    assert Trainee.objects.get(staff_number="001").user == clerk
    assert import_csv(office, *lines).context["outcome"].counts == {"新規": 0, "変更": 0, "変更なし": 2}
    # What is written out comes back unchanged.
    exported = office.post("/admin/schedule/trainee/export/", {"format": "xlsx"}).content
    cells = list(load_workbook(BytesIO(exported)).active.iter_rows(values_only=True))
    assert [row[:4] for row in cells[1:]] == [
        (None, "例 花子", "企画課", "会計年度任用職員"),
        ("001", "見本 三郎", "企画課", "常勤の職員"),
    ]
    back = office.post(IMPORT, {"file": SimpleUploadedFile("名簿.xlsx", exported)})
    assert back.context["outcome"].counts == {"新規": 0, "変更": 0, "変更なし": 2}


def test_people_move_and_marry(office, planning, welfare):
    create_trainee("見本 花子", section=planning, staff_number="001")
    create_trainee("例 一郎", section=planning)
    preview = import_csv(office, "001,新田 花子,健康福祉課,,,,", ",例　一郎,健康福祉課,,,,")
    assert preview.context["outcome"].counts == {"新規": 0, "変更": 2, "変更なし": 0}
    apply(office, preview)
    assert roster() == [
        ("001", "新田 花子", "健康福祉課", "regular"),
        ("", "例 一郎", "健康福祉課", "regular"),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (",例 花子,庶務課,,,,", "「庶務課」という課はありません。"),
        (",例 花子,,,,,", "新しい人には課が必要です。"),
        (",,企画課,,,,", "氏名がありません。"),
        (",例 花子,企画課,社長,,,", "「社長」は任用の区分にありません。"),
        (",例 花子,企画課,,,,nobody", "「nobody」という利用者はいません。"),
        (",例 花子,企画課,,きのう,,", "「きのう」は日付として読めません。"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_saved(office, planning, line, sentence):
    answer = import_csv(office, ",例 一郎,企画課,,,,", line)
    assert (answer.status_code, sentence in text(answer)) == (422, True)
    assert Trainee.objects.count() == 0


def test_two_of_one_name_are_told_apart_by_section_or_number(office, planning, welfare):
    preview = import_csv(office, ",例 花子,企画課,,,,", ",例 花子,健康福祉課,,,,")
    apply(office, preview)
    assert [name for _, _, name, _ in roster()] == ["企画課", "健康福祉課"]
    same = import_csv(office, ",例 花子,企画課,,,,", ",例 花子,健康福祉課,,,,")
    assert same.context["outcome"].counts == {"新規": 0, "変更": 0, "変更なし": 2}
    lost = import_csv(office, ",例 花子,総務課,,,,")
    assert "同じ氏名の人が2人います。職員番号を入れてください。" in text(lost)


def test_the_admin_follows_the_rules_of_the_page_and_stops_the_notices_too(office, training, clerk):
    row = row_of(training, "見本 甲子")
    row.trainee.user = clerk
    save_row(row.trainee, by=TESTS, seen_version=1, today=TODAY)
    plan_all()
    assert ReminderLine.objects.open_for(clerk).filter(kind="training").count() == 1
    page = reverse("admin:schedule_attendance_change", args=[row.pk])
    fields = {"seen_version": 1, "state": "excused", "reason": "育児休業中", "session": "", "attended_on": ""}
    ahead = office.post(page, fields | {"state": "attended", "attended_on": "2026-11-25", "reason": ""})
    assert (ahead.status_code, "まだ来ていない日です。" in text(ahead)) == (409, True)
    assert office.post(page, fields).status_code == 302
    assert ReminderLine.objects.open_for(clerk).filter(kind="training").count() == 0
