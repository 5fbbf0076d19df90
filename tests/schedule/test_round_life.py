"""One round from its rule to its second closing, on a pinned clock, with the dashboard read at every step."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from schedule.actions.rounds import generate_rounds
from schedule.models import EntryDraft, ProgressReport, ReminderLine, ReportingRound, RoundRule
from tests.factories import TESTS
from tests.otaki_dx.pages import html_of, words
from tests.schedule.duties import plan_all
from tests.schedule.small_plan import create_activity, create_initiative, create_plan
from townhall.changes import create_row

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
KEY = "2025-4"
TEXTS = {"text": "会議を開いた。", "next_step": "続ける。"}


def at(month, day, hour=10):
    return time_machine.travel(datetime(2026, month, day, hour - 9, tzinfo=UTC), tick=False)


@pytest.fixture
def rows(planning, welfare):
    plan = create_plan()
    first = create_initiative(plan=plan, number=1, owner_section=planning)
    second = create_initiative(plan=plan, number=2, owner_section=welfare)
    create_row(RoundRule(plan=plan), by=TESTS, today=date(2026, 3, 2))
    return [create_activity(initiative=first, number=number, kind="ongoing") for number in (1, 2)] + [
        create_activity(initiative=second, number=number, kind="ongoing") for number in (1, 2)
    ]


def round_now():
    return ReportingRound.objects.get(fiscal_year=2025, quarter=4)


def dashboard(client, **query):
    return words(html_of(client, "plan_dashboard", **query))


def standings(client, **query):
    """「1-1 順調」 … of the schedule table."""
    text = words(html_of(client, "schedule_table", **query))
    return {code: text.split(f"{code} ")[1] for code in ("1-1", "1-2", "2-1", "2-2")}


def reports():
    found = ProgressReport.objects.order_by("activity__order")
    return [(each.activity.code, each.state, each.standing) for each in found]


def save(client, *codes, standing="on_track", version=0, **texts):
    data = {"save": "1"}
    for code in codes:
        said = {"standing": standing, "seen_version": version, **TEXTS, **texts}
        data |= {f"r{code}-{name}": value for name, value in said.items()}
    return client.post(f"/progress/{KEY}/", data)


def plan_reminders(month, day):
    """The steps that anybody is told of on that day."""
    today = date(2026, month, day)
    plan_all(today)
    return sorted(set(ReminderLine.objects.filter(state="due", kind="report").values_list("step", flat=True)))


def test_the_life_of_a_round(client, rows, secretary, section_head, other_head):
    with at(3, 2):
        client.force_login(secretary)
        generate_rounds(RoundRule.objects.get(), by=secretary, today=date(2026, 3, 2))
        assert [each.key for each in ReportingRound.objects.order_by("opens_on")] == ["2025-4", "2026-1"]
        assert "準備中" in words(html_of(client, "round_list"))
        assert "この期はまだ始まっていません。令和8年4月1日に入力できるようになります。" in words(
            client.get(f"/progress/{KEY}/").text
        )

    with at(4, 1):  # ten working days before 4/15
        assert plan_reminders(4, 1) == ["2026-04-01:D-10"]
    with at(4, 10):
        assert plan_reminders(4, 10) == ["2026-04-10:D-3"]

    with at(4, 13):  # partial: 企画課 reports both rows, 健康福祉課 one
        client.force_login(section_head)
        assert save(client, "1-1", "1-2").status_code == 302
        client.force_login(other_head)
        assert save(client, "2-1", standing="slightly_late", reason="人手不足").status_code == 302
        assert reports() == [
            ("1-1", "submitted", "on_track"),
            ("1-2", "submitted", "on_track"),
            ("2-1", "submitted", "slightly_late"),
        ]
        client.force_login(secretary)
        assert "4の取組内容のうち 1 件がやや遅れ。 1 件は未報告です。" in dashboard(client)

    with at(4, 14):  # returned with a reason: it is no report any more
        client.force_login(secretary)
        first = ProgressReport.objects.get(activity__code="1-2")
        asked = {"reason": "人数を書いてください。", "seen_version": first.version}
        assert client.post(f"/progress/{KEY}/1-2/return/", asked).status_code == 302
        assert ("1-2", "returned", "on_track") in reports()
        client.force_login(section_head)
        assert "人数を書いてください。" in words(client.get(f"/progress/{KEY}/").text)

    with at(4, 16):  # the day after: 未報告 is said, and the section is told again
        assert plan_reminders(4, 16) == ["2026-04-16:D+1"]
        client.force_login(secretary)
        said = standings(client)
        assert [("未報告" in said[code][:400]) for code in ("1-2", "2-2")] == [True, True]

    with at(4, 22):
        client.force_login(secretary)
        EntryDraft.objects.create(
            activity=rows[3], round=round_now(), author=other_head, typed={"text": "途中"}, saved_at=datetime.now(UTC)
        )
        page = client.get(f"/progress/{KEY}/close/")
        told = words(page.text)
        assert "「未報告」で確定する行 2行" in told
        assert "差戻しのまま" in told
        assert "2-2 見本 五郎さん" in told
        check = page.context["check"]
        seen = {"seen_version": round_now().version, "seen_stamp": check.stamp}
        client.force_login(section_head)  # somebody saves after the check was opened
        again = ProgressReport.objects.get(activity__code="1-1")
        save(client, "1-1", version=again.version, text="会議を2回開いた。")
        client.force_login(secretary)
        refused = client.post(f"/progress/{KEY}/close/", seen)
        assert refused.status_code == 409
        assert "確認の画面を開いたあとに、報告が変わりました" in words(refused.text)
        seen["seen_stamp"] = refused.context["check"].stamp
        assert client.post(f"/progress/{KEY}/close/", seen).status_code == 302
        assert round_now().unreported_at_close == ["1-2", "2-2"]
        assert "1 件がやや遅れ。 2 件は未報告です。" in dashboard(client)
        assert plan_reminders(4, 22) == []

    with at(4, 23):  # closed: nothing but a correction changes it
        client.force_login(secretary)
        assert save(client, "2-2", version=0).status_code == 409
        correction = {"standing": "on_track", **TEXTS, "why": "報告が届いていました。", "seen_version": 0}
        without_reason = client.post(f"/progress/{KEY}/2-2/correct/", {**correction, "why": " "})
        assert (without_reason.status_code, len(reports())) == (422, 3)
        assert client.post(f"/progress/{KEY}/2-2/correct/", correction).status_code == 302
        again = client.post(f"/progress/{KEY}/2-2/correct/", {**correction, "text": "見ていない人の訂正"})
        assert (again.status_code, "更新しました" in words(again.text)) == (409, True)
        corrected = ProgressReport.objects.get(activity__code="2-2")
        assert (corrected.state, corrected.correction_reason) == ("accepted", "報告が届いていました。")
        assert "未報告" not in standings(client)["2-2"][:200]
        assert "未報告" in words(html_of(client, "schedule_table", as_of="2026-04-22")).split("2-2 ")[1][:400]
        assert "報告が届いていました。" in words(html_of(client, "activity_history", "2-2"))
        assert "1 件がやや遅れ。 1 件は未報告です。" in dashboard(client)
        assert "1 件がやや遅れ。 2 件は未報告です。" in dashboard(client, as_of="2026-04-22")
        assert "訂正" in words(client.get(f"/progress/{KEY}/").text)

    with at(4, 24):  # reopened with a reason, reported, closed again
        client.force_login(secretary)
        version = round_now().version
        reason = {"reason": "1課がまとめて直すため", "seen_version": version}
        assert client.post(f"/progress/{KEY}/reopen/", {**reason, "reason": ""}).status_code == 422
        assert client.post(f"/progress/{KEY}/reopen/", reason).status_code == 302
        assert "1課がまとめて直すため" in words(client.get(f"/progress/{KEY}/").text)
        returned = ProgressReport.objects.get(activity__code="1-2")
        assert save(client, "1-2", version=returned.version, text="会議を開いた（31人）。").status_code == 302
        stamp = client.get(f"/progress/{KEY}/close/").context["check"].stamp
        client.post(f"/progress/{KEY}/close/", {"seen_version": round_now().version, "seen_stamp": stamp})
        assert (round_now().is_closed, round_now().unreported_at_close) == (True, [])
        assert "件は未報告です" not in dashboard(client)
