"""The table of all years in and out: nothing changes by itself, nothing is guessed, every figure goes through its action."""

import csv
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from initiatives.models import Indicator, IndicatorTarget, IndicatorValue
from initiatives.resources import indicator_resource
from tests.initiatives.factories import aim, create_indicator, create_initiative, create_plan, measure
from townhall.sheets.writing import write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
DECIDED = "目標を決めた会議・文書"
BASE = "/admin/initiatives/indicator/"


@pytest.fixture
def small_plan(db):
    return create_plan()


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def full(small_plan):
    initiative = create_initiative(plan=small_plan, number=2)
    first = create_indicator(
        plan=small_plan, initiative=initiative, baseline_year=2022, baseline_value=Decimal("12.5"), formula="〜−‖①髙𠮷"
    )
    aim(first, 2024, "60")
    aim(first, 2025, "90.125")
    measure(first, 2024, "61")
    measure(first, 2025, "30", part=1, as_of=date(2025, 6, 30))
    measure(first, 2025, "88", basis="estimated")
    create_indicator(plan=small_plan, name="=1+1", unit="件", direction="down")
    return first


def exported(office, kind):
    return office.post(f"{BASE}export/", {"format": kind}).content


def preview(office, data, name="指標.csv"):
    return office.post(f"{BASE}import/", {"file": SimpleUploadedFile(name, data)})


def apply(office, data, name="指標.csv"):
    response = preview(office, data, name)
    assert response.status_code == 200, response.text
    return office.post(f"{BASE}import/", {"job": response.context["job"].pk})


def lines_of(data):
    return list(csv.reader(StringIO(data.decode("utf-8-sig"))))


def state():
    models = (Indicator, IndicatorTarget, IndicatorValue)
    return [(model.objects.count(), model.history.count()) for model in models]  # type: ignore[attr-defined]


def changed(data, cells):
    """The file with some cells of its first line written over."""
    head, *lines = lines_of(data)
    for heading, value in cells.items():
        lines[0][head.index(heading)] = value
    return write_csv(head, lines)


def test_every_year_has_columns_of_its_own(full, office):
    head, line, formula = lines_of(exported(office, "csv"))
    assert head[12:] == [f"R{year} {word}" for year in (5, 6, 7) for word in ("目標", "実測", "見込")]
    assert line == [
        *("small", "1", "研修の受講率", "%", "2", "成果指標", "大きいほど良い", "〜−‖①髙𠮷", "", "令和4年度", "12.5"),
        *("第1回委員会", "", "", "", "60", "61", "", "90.125", "", "88"),
    ]
    assert formula[2:5] == ["'=1+1", "件", "計画全体"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_imported_unchanged_changes_nothing(full, office, kind):
    data, before = exported(office, kind), state()
    for _ in range(3):
        response = preview(office, data, f"指標.{kind}")
        assert response.context["outcome"].counts == {"新規": 0, "変更": 0, "変更なし": 2}
        office.post(f"{BASE}import/", {"job": response.context["job"].pk})
    assert state() == before


def test_figures_stay_numbers_and_text_stays_text(full, office):
    sheet = load_workbook(BytesIO(exported(office, "xlsx"))).active
    assert (sheet["S2"].value, sheet["C3"].value, sheet["C3"].data_type) == (90.125, "=1+1", "s")


def test_changed_years_go_through_the_actions(full, office):
    data = changed(
        exported(office, "csv"), {"R6 実測": "６２", "R7 実測": "88%", "R5 目標": "５５", DECIDED: "第2回委員会"}
    )
    assert apply(office, data).status_code == 302
    assert [(row.fiscal_year, row.value, row.decided_by) for row in full.targets.all()] == [
        (2023, 55, "第2回委員会"),
        (2024, 60, "第1回委員会"),
        (2025, Decimal("90.125"), "第1回委員会"),
    ]
    corrected, added = full.values.get(fiscal_year=2024), full.values.get(fiscal_year=2025, part=0, basis="measured")
    assert (corrected.value, corrected.correction.startswith("取込#"), corrected.version) == (62, True, 2)
    assert (added.value, added.as_of) == (88, date(2026, 3, 31))
    again = exported(office, "csv")
    assert preview(office, again).context["outcome"].counts["変更"] == 0


def test_a_line_without_number_makes_an_indicator_once(full, office):
    head, *_ = lines_of(exported(office, "csv"))
    line = dict.fromkeys(head, "") | {"計画": "small", "指標名": "来庁回数", "単位": "回", "R7 目標": "2"}
    line |= {"目標を決めた会議・文書": "第2回委員会", "良い向き": "小さいほど良い", "取組": "2"}
    data = write_csv(head, [list(line.values())])
    assert apply(office, data).status_code == 302
    made = Indicator.objects.get(name="来庁回数")
    assert (made.label, made.direction, made.initiative.code, made.targets.get().value) == ("指標3", "down", "2", 2)
    assert preview(office, data).context["outcome"].counts == {"新規": 0, "変更": 0, "変更なし": 1}


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"番号": "99"}, "番号「99」の指標はありません"),
        ({"計画": "r9"}, "計画「r9」はありません"),
        ({"R7 実測": "99（9）"}, "R7 実測（T2）"),
        ({"R7 実測": "12件"}, "単位が、この指標の単位「%」と違います"),
        ({"R7 実測": "約8割"}, "R7 実測（T2）"),
        ({"種類": "すごい指標"}, "活動指標・成果指標のどれか"),
        ({"取組": "77"}, "取組「77」は、この計画にありません"),
        ({"基準年度": "18"}, "基準年度（J2）"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_written(full, office, cells, sentence):
    before = state()
    response = preview(office, changed(exported(office, "csv"), {"R6 実測": "99"} | cells))
    assert response.status_code == 422
    assert sentence in response.text
    assert state() == before


def test_a_file_in_which_every_year_has_the_same_headings_is_refused(full, office):
    data = write_csv(["計画", "番号", "R7 目標", "R7 目標"], [["small", "1", "1", "2"]])
    response = preview(office, data)
    assert "同じ名前の列「R7 目標」が二つ以上あります（C1、D1）" in response.text


def test_a_target_without_who_set_it_is_refused(full, office):
    head, *_ = lines_of(exported(office, "csv"))
    line = dict.fromkeys(head, "") | {"計画": "small", "番号": "2", "R7 目標": "5"}
    response = preview(office, write_csv(head, [list(line.values())]))
    assert (response.status_code, "目標を決めた会議・文書" in response.text) == (422, True)
    assert IndicatorTarget.objects.filter(indicator__number=2).count() == 0


def test_somebody_who_records_between_preview_and_apply_is_not_overwritten(full, office):
    job = preview(office, changed(exported(office, "csv"), {"R6 実測": "99"})).context["job"]
    measure(full, 2023, "44")
    response = office.post(f"{BASE}import/", {"job": job.pk})
    assert response.status_code == 409
    assert full.values.get(fiscal_year=2024).value == 61


def test_query_count_of_the_export(small_plan, django_assert_num_queries):
    for number in range(3):
        measure(create_indicator(plan=small_plan, name=f"指標の名前{number}"), 2024, "61")
    resource = indicator_resource()()
    with django_assert_num_queries(4):
        assert len(resource.lines_of(Indicator.objects.all())) == 3
