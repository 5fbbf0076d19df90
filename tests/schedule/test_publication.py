"""What 公開する freezes, and what it refuses."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from schedule.actions import publication as actions
from schedule.models import ProgressReport, Publication, PublicLine, Withdrawal
from schedule.public.candidate import candidate
from schedule.public.content import PublicChange, as_json, from_json, mark_of
from schedule.summaries.publication import publication_check
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from tests.schedule.publishing import closed_round, publish, small_plan, write_line
from tests.schedule.small_plan import create_quarter, report
from townhall.changes import StaleVersion, save_row
from townhall.frozen import FrozenRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return small_plan()


def said(plan):
    return [(row.code, row.state.label, row.text, row.next_step) for row in candidate(plan, today=TODAY).rows]


@pytest.mark.one_database
def test_nothing_of_a_report_is_public_until_somebody_flags_it(plan, secretary):
    assert said(plan) == [("1-1", "非公開", "", ""), ("1-2", "未報告", "", "")]
    actions.flag_accepted(plan, by=secretary, today=TODAY)
    assert said(plan) == [("1-1", "順調", "", ""), ("1-2", "未報告", "", "")]
    write_line("1-1", by=secretary, text="広めました。", next_step="続けます。")
    assert said(plan)[0] == ("1-1", "順調", "広めました。", "続けます。")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("state", "shown"), [("submitted", "確認中"), ("returned", "未報告"), ("draft", "未報告"), ("checking", "未報告")]
)
def test_only_an_accepted_report_is_shown_whatever_is_flagged(plan, secretary, state, shown):
    write_line("1-1", by=secretary, text="広めました。")
    found = ProgressReport.objects.get()
    found.state = state
    save_row(found, by=TESTS, seen_version=found.version, today=TODAY)
    assert said(plan)[0] == ("1-1", shown, "", "")
    assert candidate(plan, today=TODAY).shown_rows == 0


@pytest.mark.one_database
def test_a_round_that_is_open_is_not_public(plan, secretary):
    now = create_quarter(plan=plan, fiscal_year=2026, quarter=1)
    report(plan.activities.get(code="1-1"), now, "late")
    actions.flag_accepted(plan, by=secretary, today=TODAY)
    assert said(plan)[0] == ("1-1", "順調", "", "")


@pytest.mark.one_database
def test_without_a_closed_round_the_plan_alone_is_published(secretary):
    plan = small_plan()
    closed = closed_round()
    closed.closed_at, closed.closed_by = None, ""
    save_row(closed, by=TESTS, seen_version=closed.version, today=TODAY)
    made = publish(plan, by=secretary)
    assert (made.round, made.shown.round, [row.state.label for row in made.shown.rows]) == (None, "", ["未報告"] * 2)


@pytest.mark.one_database
def test_flagging_all_leaves_alone_what_somebody_has_decided(plan, secretary):
    write_line("1-1", by=secretary, is_public=False)
    assert actions.flag_accepted(plan, by=secretary, today=TODAY) == []
    assert PublicLine.objects.get().is_public is False


@pytest.mark.one_database
def test_two_people_at_one_line_see_the_conflict(plan, secretary):
    line = write_line("1-1", by=secretary, text="一人目")
    line.text = "二人目"
    with pytest.raises(StaleVersion):
        actions.save_public_line(line, by=secretary, today=TODAY, seen_version=line.version - 1)
    assert PublicLine.objects.get().text == "一人目"


def test_a_publication_says_what_was_looked_at_and_pressing_twice_makes_one(plan, secretary):
    write_line("1-1", by=secretary, text="広めました。")
    made = publish(plan, by=secretary)
    assert publish(plan, by=secretary) == made
    assert (made.number, made.as_of, made.sha256) == (1, TODAY, mark_of(made.content))
    assert made.published_by == "総務課 事務局 見本 花子"
    assert made.shown == candidate(plan, today=TODAY)
    assert as_json(from_json(made.content)) == made.content


def test_what_is_edited_later_does_not_reach_the_publication(plan, secretary):
    write_line("1-1", by=secretary, text="広めました。")
    made = publish(plan, by=secretary)
    write_line("1-1", by=secretary, text="書きかけ")
    assert Publication.objects.current().content == made.content
    assert "書きかけ" not in made.content


@pytest.mark.one_database
def test_the_next_publication_says_what_changed(plan, secretary):
    first = publish(plan, by=secretary)
    assert (first.shown.since, first.shown.changes) == (None, ())
    actions.flag_accepted(plan, by=secretary, today=TODAY)
    second = publish(plan, by=secretary)
    title = "取組その1の内容1"
    assert second.shown.changes == (PublicChange("1-1", title, "1", "非公開", "順調"),)
    assert (second.number, second.shown.since) == (2, TODAY)
    assert second.shown.alone == replace(second.shown, since=None, changes=())


@pytest.mark.one_database
def test_what_changed_since_it_was_looked_at_is_not_published(plan, secretary):
    stamp = publication_check(plan, today=TODAY).stamp
    write_line("1-1", by=secretary, text="あとから")
    with pytest.raises(actions.ChangedSinceLookedError, match="公開していません"):
        publish(plan, by=secretary, seen_stamp=stamp)
    assert Publication.objects.count() == 0


@pytest.mark.one_database
@pytest.mark.parametrize("text", ["見本花子が行いました。", "見本係長に聞いてください。", "somu@town.example へ。"])
def test_a_name_or_an_address_is_never_published(plan, secretary, text):
    write_line("1-1", by=secretary, text=text)
    with pytest.raises(actions.NotPublishedError, match="公開できない言葉"):
        publish(plan, by=secretary, is_confirmed=True)
    assert Publication.objects.count() == 0


@pytest.mark.one_database
def test_a_doubtful_word_is_published_only_when_somebody_has_looked(plan, secretary):
    write_line("1-1", by=secretary, text="電話 0470-82-2111 へ。")
    with pytest.raises(actions.NotPublishedError, match="確かめました"):
        publish(plan, by=secretary)
    assert publish(plan, by=secretary, is_confirmed=True).number == 1


def test_a_withdrawn_publication_gives_way_to_the_one_before(plan, secretary):
    first = publish(plan, by=secretary)
    actions.flag_accepted(plan, by=secretary, today=TODAY)
    second = publish(plan, by=secretary)
    made = actions.withdraw(second, by=secretary, today=TODAY, now=NOW, reason=" 誤りのため ")
    assert actions.withdraw(second, by=secretary, today=TODAY, now=NOW, reason="また") == made
    assert (made.reason, made.withdrawn_by) == ("誤りのため", "総務課 事務局 見本 花子")
    assert Publication.objects.current() == first
    assert publish(plan, by=secretary).number == 3


@pytest.mark.one_database
def test_taking_back_needs_a_reason(plan, secretary):
    made = publish(plan, by=secretary)
    with pytest.raises(ValidationError):
        actions.withdraw(made, by=secretary, today=TODAY, now=NOW, reason=" ")
    assert Publication.objects.current() == made


@pytest.mark.one_database
def test_nobody_else_publishes(plan, section_head, deputy_mayor, engineer):
    for person in (section_head, deputy_mayor, engineer):
        with pytest.raises(PermissionDenied):
            publish(plan, by=person)
        with pytest.raises(PermissionDenied):
            actions.flag_accepted(plan, by=person, today=TODAY)
    assert (Publication.objects.count(), PublicLine.objects.count()) == (0, 0)


def test_the_database_refuses_to_change_or_delete_a_publication_and_its_withdrawal(plan, secretary):
    made = publish(plan, by=secretary)
    actions.withdraw(made, by=secretary, today=TODAY, now=NOW, reason="誤り")
    for row in (made, Withdrawal.objects.get()):
        with pytest.raises(FrozenRow):
            row.save()
        with pytest.raises(FrozenRow):
            row.delete()
    for statement in (
        "UPDATE schedule_publication SET content = 'x'",
        "DELETE FROM schedule_withdrawal",
        "UPDATE schedule_withdrawal SET reason = 'x'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.one_database
@pytest.mark.parametrize("rows", [1, 3])
def test_the_check_asks_as_much_for_three_rows_as_for_one(secretary, rows, django_assert_num_queries):
    plan = small_plan(rows=rows)
    actions.flag_accepted(plan, by=secretary, today=TODAY)
    publish(plan, by=secretary)
    with django_assert_num_queries(17):
        check = publication_check(plan, today=TODAY)
    assert (check.shown, check.hidden) == (1, rows - 1)
