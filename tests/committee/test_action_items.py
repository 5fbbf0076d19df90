"""宿題: given, done, carried to the next meeting until it is."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from committee import actions
from committee.choices import Outcome
from committee.models import ActionItem
from committee.summaries import action_item_table, meeting_page
from schedule.models import Activity
from tests.committee.factories import add_item, assign, close, create_meeting, decide
from tests.conftest import TODAY
from townhall.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def meeting(secretary):
    return create_meeting(by=secretary, held_on=TODAY - timedelta(days=30))


@pytest.fixture
def task(meeting, secretary, planning):
    return assign(meeting, by=secretary, section=planning, due_on=date(2027, 1, 31))


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


def text_of(response):
    return response.content.decode()


def finish(task, *, by, note="協定の案を総務第5号で送った。", ended_on=TODAY):
    return actions.finish_action_item(task, by=by, today=TODAY, ended_on=ended_on, note=note, seen_version=task.version)


def test_the_owning_section_or_the_office_says_it_is_done(task, clerk, other_head, member, secretary):
    for stranger in (other_head, member):
        with pytest.raises(PermissionDenied, match="企画課の課長・担当と事務局"):
            finish(task, by=stranger)
    done = finish(task, by=clerk)
    assert (done.state, done.ended_on, done.outcome_note) == ("done", TODAY, "協定の案を総務第5号で送った。")
    assert finish(ActionItem.objects.get(), by=clerk).version == done.version  # a double click
    with pytest.raises(Refused, match="「済み」になっています"):
        finish(ActionItem.objects.get(), by=secretary, note="別の話")


def test_what_no_section_owns_is_the_offices(meeting, secretary, clerk):
    task = assign(meeting, by=secretary)
    assert task.owner == "事務局"
    with pytest.raises(PermissionDenied):
        finish(task, by=clerk)
    assert finish(task, by=secretary).state == "done"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"note": " "}, "何をして済ませたか"),
        ({"ended_on": TODAY + timedelta(days=1)}, "今日までの日付"),
        ({"ended_on": TODAY - timedelta(days=31)}, "会議の日（令和8年10月25日）から"),
    ],
)
def test_it_is_not_done_without_saying_how_and_when(task, clerk, values, sentence):
    with pytest.raises(Refused, match=sentence):
        finish(task, by=clerk, **values)
    assert ActionItem.objects.get().is_open


def test_the_conditions_of_a_decision_become_homework_of_the_section(secretary, deputy_mayor, planning):
    meeting = create_meeting(by=secretary)
    item = add_item(meeting, by=secretary)
    day = date(2027, 1, 31)
    decide(item, by=secretary, outcome=Outcome.CONDITIONAL, conditions="1月末までに協定", conditions_due_on=day)
    (task,) = ActionItem.objects.all()
    assert (task.text, task.item, task.due_on, task.is_condition, task.owner) == (
        "1月末までに協定",
        item,
        day,
        True,
        "事務局",
    )


def test_a_day_for_conditions_needs_conditions(secretary):
    item = add_item(create_meeting(by=secretary), by=secretary)
    with pytest.raises(Exception, match="条件の期限は、条件があるときだけ"):
        decide(item, by=secretary, conditions_due_on=TODAY)
    assert ActionItem.objects.count() == 0


def test_it_is_carried_until_the_meeting_after_it_was_done(meeting, task, secretary, clerk):
    def carried(number, days):
        other = create_meeting(by=secretary, number=number, held_on=TODAY + timedelta(days=days))
        return [row.item for row in meeting_page(other, secretary, today=TODAY).carried]

    assert carried(8, 10) == [task]
    assert carried(9, 100) == [task]
    finish(task, by=clerk)
    assert carried(10, 5) == [task]  # done since the meeting before: its result is reported
    assert carried(11, 200) == []
    assert meeting_page(meeting, secretary, today=TODAY).carried == ()


def test_after_the_end_homework_is_added_with_a_reason(office, meeting, secretary, planning):
    decide(add_item(meeting, by=secretary), by=secretary, outcome=Outcome.NOTED)
    close(meeting, by=secretary)
    data = {"text": "書き漏らした宿題", "section": planning.pk}
    refused = office.post("/meetings/7/tasks/new/", data)
    assert refused.status_code == 409
    assert "書き漏らした宿題" in text_of(refused)
    assert office.post("/meetings/7/tasks/new/", data | {"correction_reason": "書き漏らし"}).url == "/meetings/7/"
    task = ActionItem.objects.get()
    url, changed = f"/meetings/tasks/{task.pk}/edit/", data | {"text": "直した宿題", "seen_version": task.version}
    refused = office.post(url, changed)
    assert (refused.status_code, "直した宿題" in text_of(refused)) == (409, True)
    assert office.post(url, changed | {"correction_reason": "聞き違い"}).url == f"/meetings/tasks/{task.pk}/"
    assert task.history.first().history_change_reason == "訂正：聞き違い"


def test_it_leads_to_what_it_is_about_and_the_row_and_its_initiative_lead_to_it(
    office, secretary, deputy_mayor, planning, plan
):
    row = Activity.objects.get(code="5-3")
    meeting = create_meeting(by=secretary, number=70)
    task = assign(meeting, by=secretary, section=planning, item=add_item(meeting, by=secretary, activity=row))
    assert row.get_absolute_url() in text_of(office.get(task.get_absolute_url()))
    for page in (row, row.initiative):
        assert f'href="{task.get_absolute_url()}"' in text_of(office.get(page.get_absolute_url()))


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"text": ""}, ["text"]),
        ({"text": "長" * 2001}, ["text"]),
        ({"section": "99999"}, ["section"]),
        ({"item": "99999"}, ["item"]),
        ({"due_on": "来月"}, ["due_on"]),
        ({"person": "名" * 61}, ["person"]),
    ],
)
def test_a_wrong_entry_is_named_and_kept(office, meeting, values, wrong):
    answer = office.post("/meetings/7/tasks/new/", {"text": "すること", "person": "見本"} | values)
    assert (answer.status_code, list(answer.context["form"].errors), ActionItem.objects.count()) == (200, wrong, 0)
    assert next(iter(values.values())) in text_of(answer) or wrong in (["section"], ["item"])


def test_a_form_sent_twice_gives_one(office, meeting, planning):
    data = {"text": "一度だけ", "section": planning.pk, "creation_key": "6f1e7d3e-0000-4000-8000-000000000001"}
    assert [office.post("/meetings/7/tasks/new/", data).url for _ in range(2)] == ["/meetings/7/"] * 2
    assert ActionItem.objects.count() == 1


def test_the_pages_of_one(client, task, clerk, secretary):
    client.force_login(clerk)
    page = text_of(client.get(f"/meetings/tasks/{task.pk}/"))
    assert "済ませたら、結果を記録してください" in page
    assert "宿題を直す" not in page
    url = f"/meetings/tasks/{task.pk}/finish/"
    answer = client.post(url, {"ended_on": "", "note": "書いた結果", "seen_version": task.version})
    assert "書いた結果" in text_of(answer)
    client.force_login(secretary)
    client.post(
        f"/meetings/tasks/{task.pk}/edit/",
        {"text": "直した宿題", "section": task.section_id, "due_on": "", "seen_version": task.version},
    )
    client.force_login(clerk)
    stale = client.post(url, {"ended_on": "2026-11-24", "note": "書いた結果", "seen_version": task.version})
    assert (stale.status_code, "書いた結果" in text_of(stale)) == (409, True)
    again = {"ended_on": "2026-11-24", "note": "書いた結果", "seen_version": task.version + 1}
    assert client.post(url, again).url == f"/meetings/tasks/{task.pk}/"
    assert "書いた結果" in text_of(client.get(f"/meetings/tasks/{task.pk}/"))


def test_it_is_dropped_with_a_reason(office, task):
    url = f"/meetings/tasks/{task.pk}/cancel/"
    assert "取りやめる理由を入力してください。" in text_of(office.post(url, {"note": "", "seen_version": task.version}))
    assert office.post(url, {"note": "国の制度が変わった", "seen_version": task.version}).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.outcome_note) == ("cancelled", "国の制度が変わった")


def test_the_list_counts_and_narrows(task, meeting, secretary, clerk, other_head):
    late = assign(meeting, by=secretary, text="遅れた宿題", due_on=TODAY - timedelta(days=1))
    finish(assign(meeting, by=secretary, text="済んだ宿題"), by=secretary)
    table = action_item_table(clerk, today=TODAY)
    assert [(f.key, f.count) for f in table.filters] == [("open", 2), ("late", 1), ("yours", 1), ("all", 3)]
    assert [row.item for row in table.rows] == [late, task]
    assert [row.status for row in table.rows] == [("late", "期限切れ"), ("study", "未了")]
    assert [row.can_finish for row in table.rows] == [False, True]
    assert action_item_table(other_head, today=TODAY, show="yours").rows == ()
    assert len(action_item_table(secretary, today=TODAY, show="nonsense", page="x").rows) == 2


def test_the_empty_list_says_where_they_come_from(office):
    assert "会議のページで事務局が加えるか" in text_of(office.get("/meetings/tasks/?show=all"))
    assert "この条件の宿題はありません。" in text_of(office.get("/meetings/tasks/"))


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(count, meeting, secretary, planning, django_assert_num_queries):
    for number in range(count):
        assign(meeting, by=secretary, text=f"宿題{number}", section=planning)
    secretary.posts_on(TODAY)
    with django_assert_num_queries(3):
        assert len(action_item_table(secretary, today=TODAY).rows) == count
