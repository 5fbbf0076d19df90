"""No figure on the dashboard disagrees with the rows: counted here again, from what was reported, by other means."""

import random
import re
from collections import Counter
from datetime import date

import pytest

from schedule.choices import Standing
from tests.committee.factories import create_meeting
from tests.otaki_dx.pages import html_of, words
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]

BEFORE, MEETING, NOW = date(2024, 7, 5), date(2024, 8, 28), date(2024, 10, 15)  # the second round is due on 10/10
CHOICES = ["on_track", "slightly_late", "late", "done", "not_started"]


@pytest.fixture(params=range(6), ids=lambda seed: f"seed {seed}")
def made_up(request, secretary):
    """Standing of each row at the first round and at the second; None: 未報告. Ongoing rows: no view of the portal's."""
    chance = random.Random(request.param)  # noqa: S311
    plan = create_plan()
    rounds = [create_quarter(plan=plan, fiscal_year=2024, quarter=quarter) for quarter in (1, 2)]
    create_meeting(by=secretary, number=1, held_on=MEETING, today=MEETING)
    rows = {}
    for number in range(1, chance.randint(2, 4)):
        initiative = create_initiative(plan=plan, number=number)
        for place in range(1, chance.randint(2, 5)):
            row = create_activity(initiative=initiative, number=place, kind="ongoing")
            rows[row.code] = [chance.choice([*CHOICES, None]) for _ in rounds]
            for each, standing, on in zip(rounds, rows[row.code], (BEFORE, date(2024, 10, 1)), strict=True):
                if standing:
                    report(row, each, standing, on=on)
    return rows


def page_of(client, secretary):
    client.force_login(secretary)
    return html_of(client, "plan_dashboard", as_of=NOW.isoformat())


def test_every_figure_is_that_of_the_rows(made_up, client, secretary):
    html = page_of(client, secretary)
    text = words(html)
    now = Counter(after or "unreported" for _, after in made_up.values())
    legend = re.search(r"内訳：([^\"]+)\"", html)[1]
    assert dict(re.findall(r"([^0-9、]+)(\d+)", legend)) == {
        Standing(standing).label: str(number) for standing, number in now.items()
    }
    assert f"{len(made_up)}の取組内容のうち" in text
    assert (f"{now['late']} 件が遅れ" in text) == bool(now["late"])
    assert (f"{now['slightly_late']} 件がやや遅れ" in text) == bool(now["slightly_late"])
    assert (f"{now['unreported']} 件は未報告です" in text) == bool(now["unreported"])
    silent = sum(bool(before) and not after for before, after in made_up.values())  # for 102 days
    assert f"遅れ・注意（{now['late'] + now['slightly_late'] + silent}件）" in text


def test_what_changed_since_the_meeting_is_what_the_reports_say(made_up, client, secretary):
    """At the meeting the first round stood; a row silent then was 未報告 and is neither better nor worse now."""
    text = words(page_of(client, secretary))
    order = {name: place for place, name in enumerate(["late", "slightly_late", "not_started", "on_track", "done"])}
    pairs = [(before, after) for before, after in made_up.values() if before and after and before != after]
    worse = sum(order[after] < order[before] for before, after in pairs)
    better = len(pairs) - worse
    if worse or better:
        assert f"前回の委員会から {worse} 件が悪くなり、 {better} 件がよくなりました。" in text
    else:
        assert "前回の委員会から、状況の変わった取組内容はありません。" in text
    changed = sum((before or "") != (after or "") for before, after in made_up.values())
    heading = f"前回の委員会から変わったこと（{changed}件）" if changed else "前回の委員会から変わったこと"
    assert heading in text


def test_the_matrix_shows_the_worst_row_of_each_initiative(made_up, client, secretary):
    html = page_of(client, secretary)
    worst_first = ["late", "slightly_late", "unreported", "not_started", "on_track", "done"]
    for code in sorted({code.split("-")[0] for code in made_up}):
        standings = {after or "unreported" for row, (_, after) in made_up.items() if row.split("-")[0] == code}
        line = re.search(rf'<th scope="row"><a href="/plan/{code}/">.*?</tr>', html, re.S)[0]
        shown = re.search(r'dx-badge dx-badge--\w+">.*?</svg>([^<]+)<', line, re.S)[1]
        assert shown == Standing(min(standings, key=worst_first.index)).label
