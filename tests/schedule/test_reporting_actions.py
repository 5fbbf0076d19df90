"""record_report: each rule, from the point of view of whoever types."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from schedule.actions.reporting import (
    AlreadyReported,
    InvalidReportError,
    NotYoursError,
    RoundNotOpenError,
    WrongStateError,
    accept_report,
    return_report,
)
from schedule.models import ProgressReport
from schedule.report_rules import ReportValues, hint_about
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from tests.schedule.factories import FULL, close, create_round, give_rows_to, record, row
from townhall.changes import StaleVersion, create_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def current(plan):
    return create_round(plan=plan)


def test_secretariat_records_and_thereby_accepts(current, secretary):
    report = record(row("1-1"), current, by=secretary)
    newest = report.history.get()
    assert ReportValues.of(report) == ReportValues(**FULL)
    assert (report.state, report.version) == ("accepted", 1)
    assert (report.reported_at, report.reported_by) == (NOW, "総務課 事務局 見本 花子")
    assert (newest.history_actor, newest.history_source) == ("総務課 事務局 見本 花子", "画面")


def test_section_submits_its_own_row(current, clerk, planning):
    give_rows_to(planning, "5-1")
    assert record(row("5-1"), current, by=clerk).state == "submitted"


def test_section_reports_a_row_of_its_initiative(current, clerk, planning):
    initiative = row("5-1").initiative
    initiative.owner_section = planning
    initiative.save()
    assert record(row("5-1"), current, by=clerk).state == "submitted"


@pytest.mark.parametrize("owner", ["welfare", None])
@pytest.mark.parametrize(
    "person", ["clerk", "section_head", "member", "deputy_mayor", "expert", "outsider", "engineer"]
)
def test_nobody_else_reports_a_row(current, request, person, owner):
    if owner:
        give_rows_to(request.getfixturevalue(owner), "5-1")
    with pytest.raises(NotYoursError, match="5-1は、あなたの課の行ではない"):
        record(row("5-1"), current, by=request.getfixturevalue(person))
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("missing", [{"standing": ""}, {"text": ""}, {"standing": "", "text": " \n"}])
def test_incomplete_report_is_kept_as_a_draft(current, secretary, missing):
    report = record(row("1-1"), current, by=secretary, **missing)
    assert (report.state, report.reported_at, report.reported_by) == ("draft", None, "")
    assert ReportValues.of(report) == ReportValues(**{**FULL, **missing}).as_stored()
    assert not ProgressReport.objects.reported().exists()


def test_completing_a_draft_reports_it(current, clerk, planning):
    give_rows_to(planning, "5-1")
    draft = record(row("5-1"), current, by=clerk, text="")
    done = record(row("5-1"), current, by=clerk, seen_version=draft.version)
    assert (done.pk, done.state, done.version) == (draft.pk, "submitted", 2)


def test_nothing_typed_is_no_report(current, secretary):
    blank = {"standing": "", "percent": None, "text": "", "next_step": ""}
    with pytest.raises(InvalidReportError, match="まだ何も入力されていません"):
        record(row("1-1"), current, by=secretary, **blank)


@pytest.mark.parametrize("standing", ["slightly_late", "late"])
def test_delay_demands_reason_and_next_step(current, secretary, standing):
    with pytest.raises(InvalidReportError) as refused:
        record(row("5-3"), current, by=secretary, standing=standing, next_step="")
    assert list(refused.value.errors) == ["reason", "next_step"]
    assert all(sentence.endswith("を入力してください。") for sentence in refused.value.errors.values())


def test_delay_with_both_is_recorded(current, secretary):
    report = record(row("5-3"), current, by=secretary, standing="late", reason="費用負担の条件が合わない。")
    assert (report.standing, report.reason) == ("late", "費用負担の条件が合わない。")


def test_reason_goes_when_the_delay_goes(current, secretary):
    late = record(row("5-3"), current, by=secretary, standing="late", reason="条件が合わない。")
    fine = record(row("5-3"), current, by=secretary, seen_version=late.version, reason="条件が合わない。")
    assert fine.reason == ""


def test_ongoing_row_is_never_late(current, secretary):
    with pytest.raises(InvalidReportError) as refused:
        record(row("1-1"), current, by=secretary, standing="late", reason="遅い")
    assert list(refused.value.errors) == ["standing"]
    assert "「遅れ」になりません" in refused.value.errors["standing"]


@pytest.mark.parametrize(
    ("code", "standing"), [("1-1", "trying"), ("k1", "on_track"), ("1-1", "unreported"), ("1-1", "nonsense")]
)
def test_standing_must_suit_the_row(current, secretary, code, standing):
    with pytest.raises(InvalidReportError) as refused:
        record(row(code), current, by=secretary, standing=standing, percent=None)
    assert list(refused.value.errors) == ["standing"]


@pytest.mark.parametrize(("code", "percent"), [("1-1", 101), ("1-1", -1), ("k1", 50)])
def test_percent_must_be_in_range_and_never_on_a_study(current, secretary, code, percent):
    standing = "trying" if code == "k1" else "on_track"
    with pytest.raises(InvalidReportError) as refused:
        record(row(code), current, by=secretary, standing=standing, percent=percent)
    assert list(refused.value.errors) == ["percent"]


@pytest.mark.parametrize(("name", "limit"), [("text", 4000), ("reason", 2000), ("next_step", 4000)])
def test_text_has_a_limit(current, secretary, name, limit):
    values = {"standing": "slightly_late", "reason": "理由", name: "あ" * (limit + 1)}
    with pytest.raises(InvalidReportError) as refused:
        record(row("1-1"), current, by=secretary, **values)
    assert list(refused.value.errors) == [name]


def test_text_is_stored_so_that_every_file_can_hold_it(current, secretary):
    report = record(row("1-1"), current, by=secretary, text=" 一行目\r\n二行目\x0b三\x00 ")
    assert report.text == "一行目\n二行目\n三\ufffd"


def test_closed_round_is_read_only(current, secretary):
    report = record(row("1-1"), current, by=secretary)
    close(current, by=secretary, seen_version=1)
    sentence = "令和7年度 第4四半期は、11月24日 10:00 に締め切りました（総務課 事務局 見本 花子）。保存していません。"
    for refused in (
        lambda: record(row("1-1"), current, by=secretary, seen_version=1, text="後から"),
        lambda: record(row("1-2"), current, by=secretary),
        lambda: accept_report(report, by=secretary, today=TODAY, seen_version=1),
        lambda: return_report(report, by=secretary, today=TODAY, seen_version=1, reason="直す"),
    ):
        with pytest.raises(RoundNotOpenError) as error:
            refused()
        assert str(error.value) == sentence
    with pytest.raises(RoundNotOpenError, match="もう締め切られています（総務課 事務局 見本 花子）"):
        close(current, by=secretary, seen_version=2)


def test_round_that_has_not_begun_takes_nothing(plan, secretary):
    later = create_round(plan=plan, opens_on=date(2027, 1, 5), due_on=date(2027, 1, 20))
    with pytest.raises(RoundNotOpenError, match="令和9年1月5日から入力できます"):
        record(row("1-1"), later, by=secretary)


def test_same_values_again_change_nothing(current, secretary):
    first = record(row("1-1"), current, by=secretary)
    again = record(row("1-1"), current, by=secretary, seen_version=first.version, now=NOW + timedelta(hours=1))
    twice = record(row("1-1"), current, by=secretary, seen_version=None)  # the button pressed twice
    assert (again.version, twice.version, again.reported_at) == (1, 1, NOW)
    assert first.history.count() == 1


def test_saving_over_a_newer_version_is_a_conflict(current, secretary):
    first = record(row("1-1"), current, by=secretary)
    record(row("1-1"), current, by=secretary, seen_version=first.version, text="先の人")
    with pytest.raises(StaleVersion) as stale:
        record(row("1-1"), current, by=secretary, seen_version=first.version, text="後の人")
    assert stale.value.current.text == "先の人"
    assert "総務課 事務局 見本 花子さんが" in stale.value.sentence


def test_two_first_reports_are_a_conflict(current, secretary):
    record(row("1-1"), current, by=secretary, text="先の人")
    with pytest.raises(AlreadyReported) as stale:
        record(row("1-1"), current, by=secretary, text="後の人")
    assert stale.value.current.text == "先の人"
    assert "に更新しました" in stale.value.sentence


def test_row_of_another_plan_is_refused(current, secretary):
    from initiatives.models import Plan  # noqa: PLC0415

    other = create_row(
        Plan(code="r8-r10", name="次期計画", starts_on=date(2026, 4, 1), ends_on=date(2029, 3, 31)),
        by=TESTS,
        today=TODAY,
    )
    with pytest.raises(InvalidReportError, match="この期の計画にありません"):
        record(row("1-1"), create_round(plan=other, fiscal_year=2026, quarter=3), by=secretary)


def test_submitted_report_is_accepted_once(current, secretary, clerk, planning):
    give_rows_to(planning, "5-1")
    report = record(row("5-1"), current, by=clerk)
    accepted = accept_report(report, by=secretary, today=TODAY, seen_version=1)
    again = accept_report(report, by=secretary, today=TODAY, seen_version=1)
    assert (accepted.state, again.version) == ("accepted", 2)
    with pytest.raises(NotYoursError):
        accept_report(report, by=clerk, today=TODAY, seen_version=2)


def test_draft_is_not_accepted(current, secretary):
    draft = record(row("1-1"), current, by=secretary, text="")
    with pytest.raises(WrongStateError, match="「下書き」"):
        accept_report(draft, by=secretary, today=TODAY, seen_version=1)
    with pytest.raises(WrongStateError, match="「下書き」"):
        return_report(draft, by=secretary, today=TODAY, seen_version=1, reason="直す")


def test_returned_report_waits_for_its_section(current, secretary, clerk, planning):
    give_rows_to(planning, "5-1")
    report = record(row("5-1"), current, by=clerk)
    returned = return_report(report, by=secretary, today=TODAY, seen_version=1, reason="人数を入れてください。")
    assert (returned.state, returned.is_reported) == ("returned", False)
    assert returned.history.first().history_change_reason == "人数を入れてください。"
    assert record(row("5-1"), current, by=clerk, seen_version=2, text="").state == "returned"
    assert record(row("5-1"), current, by=clerk, seen_version=3, text="31人").state == "submitted"


@pytest.mark.parametrize("reason", ["", " ", "あ" * 1001])
def test_return_demands_a_reason(current, secretary, reason):
    report = record(row("1-1"), current, by=secretary)
    with pytest.raises(InvalidReportError) as refused:
        return_report(report, by=secretary, today=TODAY, seen_version=1, reason=reason)
    assert list(refused.value.errors) == ["reason"]


def test_only_the_secretariat_closes_a_round(current, section_head):
    with pytest.raises(NotYoursError, match="事務局"):
        close(current, by=section_head, seen_version=1)


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        ({"standing": "on_track", "percent": 100}, "進捗率が100％です。終わっていれば「完了」を選んでください。"),
        ({"standing": "done", "percent": 90}, "「完了」ですが、進捗率が90％です。"),
        ({"standing": "done", "percent": 100}, ""),
        ({"standing": "done"}, ""),
        ({"percent": 100}, ""),
    ],
)
def test_percent_and_done_are_only_compared(values, hint):
    assert hint_about(ReportValues(**values)) == hint


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"percent": 101}, "進捗率は 0～100 で入力してください。"),
        ({"state": "accepted", "text": ""}, "状況と今期の実績を入力してください。"),
        (
            {"state": "submitted", "standing": "late"},
            "「やや遅れ」「遅れ」のときは、理由と来期の予定を入力してください。",
        ),
        ({"standing": "unreported"}, "「未報告」は選べません。"),
    ],
)
def test_database_itself_refuses(current, values, sentence):
    report = ProgressReport(activity=row("5-3"), round=current, **{"standing": "on_track", "text": "実績", **values})
    with pytest.raises(ValidationError) as refused:
        report.full_clean()
    assert sentence in refused.value.messages


def test_one_report_per_row_and_round(current, secretary):
    record(row("1-1"), current, by=secretary)
    with pytest.raises(ValidationError, match="この行のこの期の報告は、もうあります。"):
        create_row(ProgressReport(activity=row("1-1"), round=current), by=TESTS, today=TODAY)
