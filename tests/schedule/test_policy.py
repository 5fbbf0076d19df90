"""The policy ledger: versions, reviews and their deadlines, findings, and what is past its day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from schedule.actions import policy as actions
from schedule.actions.duties import WrongStateError
from schedule.due import open_items
from schedule.models import PolicyFinding, PolicyReview, PolicyVersion, ReminderLine
from schedule.models.policy import months_after
from schedule.sources import DueDay
from schedule.summaries.overdue import overdue_things, with_overdue
from schedule.summaries.plan import AttentionItem
from schedule.summaries.policy import policy_board
from schedule.summaries.rows import lines_on
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.schedule.duties import create_duty, create_occurrence, plan_all
from tests.schedule.policies import add_version, create_document, find, review
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report
from townhall.changes import StaleVersion

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2025, 12, 25), 12, date(2026, 12, 25)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_so_many_months_later_stays_in_its_month(day, months, expected):
    assert months_after(day, months) == expected


# --- versions and reviews ---------------------------------------------------------------------------------------------
def test_a_new_version_sets_the_next_review_and_never_brings_an_earlier_one_back():
    document = create_document()
    add_version(document, "第2版", on=date(2025, 12, 25))
    assert document.next_review_on == date(2026, 12, 25)
    add_version(document, "第1版", on=date(2023, 4, 1))
    document.refresh_from_db()
    assert document.next_review_on == date(2026, 12, 25)


def test_the_version_in_force_is_that_of_the_day():
    document = create_document()
    add_version(document, "第1版", on=date(2023, 4, 1))
    add_version(document, "第2版", on=date(2026, 11, 1), in_force_on=date(2026, 12, 1))
    [line] = policy_board(today=TODAY).documents
    assert (line.version.label, line.coming.label) == ("第1版", "第2版")
    [line] = policy_board(today=date(2026, 12, 1)).documents
    assert (line.version.label, line.coming) == ("第2版", None)


def test_reviewed_without_change_is_a_record_and_can_close_the_duty_of_the_year():
    document = create_document(next_review_on=TODAY)
    duty = create_occurrence(duty=create_duty(code="review", kind="policy", name="セキュリティポリシー見直し"))
    review(document, occurrence=duty, note="国のガイドラインと照らした。")
    document.refresh_from_db()
    duty.refresh_from_db()
    assert (document.next_review_on, duty.done_on, duty.no_change) == (date(2027, 11, 24), TODAY, True)
    assert (duty.evidence, duty.note) == ("情報セキュリティ基本方針の見直しの記録", "国のガイドラインと照らした。")


def test_a_review_that_cannot_close_its_duty_is_not_recorded():
    duty = create_occurrence(duty=create_duty(code="review", kind="policy"), skipped_reason="制度の変更")
    with pytest.raises(WrongStateError):
        review(create_document(), occurrence=duty)
    assert PolicyReview.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reviewed_on": date(2026, 11, 25)}, "まだ来ていない日です"),
        ({"next_on": TODAY}, "見直した日より後の日"),
    ],
)
def test_days_of_a_review_that_cannot_be(values, sentence):
    with pytest.raises(ValidationError, match=sentence):
        review(create_document(), **values)


def test_sent_twice_is_there_once():
    document = create_document()
    version = add_version(document)
    again = PolicyVersion(
        document=document, label="第1版", revised_on=TODAY, in_force_on=TODAY, creation_key=version.creation_key
    )
    assert actions.add_version(again, by=TESTS, today=TODAY) == version


# --- findings ---------------------------------------------------------------------------------------------------------
def test_mended_says_how_and_stops_the_notices(planning, clerk):
    finding = find(planning, due_on=date(2026, 12, 4))
    plan_all()
    assert ReminderLine.objects.open_for(clerk).filter(kind="finding").count() == 1
    assert "アカウント" not in ReminderLine.objects.open_for(clerk).get(kind="finding").title
    who = {"by": clerk, "today": TODAY, "seen_version": finding.version}
    with pytest.raises(ValidationError, match="どう直したか"):
        actions.mend_finding(finding, **who, done_on=TODAY, done_note="")
    finding.refresh_from_db()
    actions.mend_finding(finding, **who, done_on=TODAY, done_note="手順を改めた")
    assert ReminderLine.objects.open_for(clerk).filter(kind="finding").count() == 0
    with pytest.raises(StaleVersion):
        actions.mend_finding(finding, **who, done_on=TODAY, done_note="別の人")


def test_taking_it_back_needs_a_reason(planning, clerk):
    finding = find(planning)
    who = {"by": clerk, "today": TODAY}
    with pytest.raises(WrongStateError, match="まだ「直した」と記録されていません"):
        actions.reopen_finding(finding, **who, seen_version=1, reason="誤り")
    actions.mend_finding(finding, **who, seen_version=1, done_on=TODAY, done_note="手順を改めた")
    with pytest.raises(WrongStateError, match="取り消す理由"):
        actions.reopen_finding(finding, **who, seen_version=2, reason=" ")
    actions.reopen_finding(finding, **who, seen_version=2, reason="別の指摘だったため")
    assert PolicyFinding.objects.open().count() == 1


@pytest.mark.parametrize(
    "values",
    [{"due_on": date(2026, 9, 30)}, {"done_on": TODAY}, {"done_note": "直した"}],
)
def test_a_finding_keeps_its_rules_in_the_database(planning, values):
    finding = find(planning)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyFinding.objects.filter(pk=finding.pk).update(**values)


def test_a_version_keeps_its_rules_in_the_database():
    version = add_version(create_document())
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(in_force_on=date(2025, 12, 24))
    twin = PolicyVersion(document=version.document, label="第1版", revised_on=TODAY, in_force_on=TODAY, reason="同じ版")
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.bulk_create([twin])


# --- numbers and what is past its day ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "label"),
    [
        (None, "期限なし"),
        (date(2026, 11, 20), "期限切れ"),
        (TODAY, "期限間近"),
        (date(2027, 1, 22), "期限間近"),
        (date(2027, 1, 25), "期限内"),
        (date(2026, 11, 28), "期限間近"),  # Saturday: Friday counts
    ],
)
def test_state_of_a_document_in_words(day, label):
    create_document(next_review_on=day)
    assert [line.state.label for line in policy_board(today=TODAY).documents] == [label]


@pytest.mark.parametrize("count", [1, 3])
def test_policy_board_query_count(count, planning, django_assert_num_queries):
    for number in range(count):
        document = create_document(code=f"doc-{number}", name=f"文書{number}", owner_section=planning, order=number)
        add_version(document)
        review(document)
        find(planning, document=document, content=f"指摘{number}")
    with django_assert_num_queries(5):
        board = policy_board(today=TODAY)
    assert [line.name for line in board.documents] == [f"文書{number}" for number in range(count)]
    assert [line.content for line in board.to_mend] == [f"指摘{number}" for number in range(count)]


def test_what_is_past_its_day_is_named_oldest_first_whatever_its_year(planning):
    create_occurrence(duty=create_duty(owner_section=planning), due_on=date(2026, 3, 31))
    create_occurrence(duty=create_duty(code="b"), due_on=date(2026, 11, 30))
    create_document(next_review_on=date(2026, 11, 20))
    find(planning, due_on=date(2026, 11, 2))
    things = overdue_things(today=TODAY)
    assert [(item.label, item.title, item.note) for item in things] == [
        ("義務", "令和7年度 情報セキュリティ研修", "企画課／期限 令和8年3月31日を238日過ぎています"),
        ("是正", "退職者のアカウントが残っていた", "企画課／期限 令和8年11月2日を22日過ぎています"),
        ("ポリシー", "情報セキュリティ基本方針の見直し", "担当課なし／期限 令和8年11月20日を4日過ぎています"),
    ]
    assert {(item.tone, item.word) for item in things} == {("late", "期限切れ")}


@pytest.mark.parametrize("count", [1, 3])
def test_overdue_query_count(count, planning, django_assert_num_queries):
    for number in range(count):
        create_occurrence(duty=create_duty(code=f"d{number}", owner_section=planning), due_on=date(2026, 11, 2))
        create_document(code=f"doc-{number}", owner_section=planning, next_review_on=date(2026, 11, 2))
        find(planning, due_on=date(2026, 11, 2))
    with django_assert_num_queries(4):
        assert len(overdue_things(today=TODAY)) == 3 * count


def test_what_is_past_its_day_stands_after_the_late_rows():
    late, slow, thing = (
        AttentionItem(name, name, "/", tone, "", "", ()) for name, tone in (("a", "late"), ("b", "slow"), ("c", "late"))
    )
    assert with_overdue((late, slow), (thing,)) == (late, thing, slow)


def test_documents_and_findings_are_handed_to_the_reminders(planning):
    create_document(next_review_on=date(2026, 12, 25), owner_section=planning)
    find(planning, due_on=date(2026, 12, 4))
    items = [(item.kind, item.title, item.section) for item in open_items(DueDay.on(TODAY))]
    assert items == [
        ("policy", "情報セキュリティ基本方針の見直し", planning),
        ("finding", "セキュリティの指摘の是正", planning),
    ]


# --- the row of the plan ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("as_of", "reviewed"),
    [
        (date(2024, 6, 30), None),  # before the first version
        (date(2025, 6, 30), (date(2025, 3, 20), date(2026, 3, 20))),
        (date(2026, 2, 15), (date(2025, 12, 25), date(2026, 12, 25))),
    ],
)
def test_the_row_of_the_review_starts_at_the_last_revision_in_force(as_of, reviewed):
    plan = create_plan()
    row = create_activity(initiative=create_initiative(plan=plan), kind="ongoing")
    document = create_document(activity=row)
    add_version(document, "第1版", on=date(2025, 3, 20), in_force_on=date(2025, 4, 1))
    add_version(document, "第2版", on=date(2025, 12, 25))
    report(row, create_quarter(plan=plan, fiscal_year=2025, quarter=3), percent=50)
    [line] = lines_on(plan, as_of=as_of).rows
    assert line.facts.reviewed == reviewed
