"""Open data: what other programs read."""

import csv
import json
from io import StringIO

import pytest

from initiatives.models import PlainWords
from otaki_dx.open_data import FILES, TABLES
from otaki_dx.public_site import edition_of, file_of
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.initiatives.factories import aim, create_indicator, measure
from tests.schedule.publishing import publish, small_plan, write_line
from townhall.changes import create_row
from townhall.town_code import OTAKI, check_digit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def edition(secretary):
    plan = small_plan()
    initiative = plan.initiatives.get()
    create_row(PlainWords(initiative=initiative, text="やさしい説明", is_example=True), by=TESTS, today=TODAY)
    indicator = create_indicator(plan=plan, initiative=initiative)
    aim(indicator, 2024, "90")
    measure(indicator, 2024, "73.5", is_public=True)
    measure(indicator, 2025, "80", is_public=True, basis="estimated")
    measure(indicator, 2023, "66")  # not flagged
    write_line("1-1", by=secretary, text="=1+1\n二行目", next_step="続けます。")
    return edition_of(publish(plan, by=secretary))


def file(edition, name):
    data, _ = file_of(edition, f"data/{name}")
    return data


def records(edition, name):
    return list(csv.DictReader(StringIO(file(edition, name).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(("five", "digit"), [("12441", "9"), ("12443", "5"), ("01100", "2")])
def test_the_check_digit_of_a_municipality(five, digit):
    assert check_digit(five) == digit
    assert check_digit(OTAKI[:5]) == OTAKI[5]


def test_a_csv_is_utf8_with_bom_and_crlf_and_its_code_is_text(edition):
    data = file(edition, "124419_dx_plan_rows.csv")
    assert data.startswith(b"\xef\xbb\xbf\xe5\x85\xa8\xe5\x9b\xbd")
    assert data.count(b"\r\n") == 3
    assert [row["全国地方公共団体コード"] for row in records(edition, "124419_dx_plan_rows.csv")] == ["124419"] * 2


def test_a_standing_has_its_day_and_nothing_that_a_section_wrote(edition):
    first, second = records(edition, "124419_dx_plan_standings.csv")
    assert (first["ID"], first["進捗状況"], first["説明"], first["次にすること"], first["基準日"]) == (
        *("small/1-1/2025-4", "順調", "'=1+1\n二行目", "続けます。", "2026-11-24"),
    )
    assert (second["進捗状況"], second["説明"]) == ("未報告", "")


def test_measured_and_estimated_values_stand_in_columns_of_their_own(edition):
    found = [
        (row["年度（西暦）"], row["目標値"], row["実績値"], row["見込値"])
        for row in records(edition, "124419_dx_indicators.csv")
    ]
    assert found == [("2024", "90", "73.5", ""), ("2025", "", "", "80")]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_csv_json_and_schema_say_the_same(edition, table):
    names = [column.name for column in table.columns]
    rows = records(edition, f"124419_{table.name}.csv")
    package = json.loads(file(edition, "datapackage.json"))
    schema = next(each for each in package["resources"] if each["name"] == table.name)
    assert [field["name"] for field in schema["schema"]["fields"]] == names
    assert schema["path"] == f"124419_{table.name}.csv"
    plain = json.loads(file(edition, f"124419_{table.name}.json"))["rows"]
    assert [list(row) for row in plain] == [names] * len(rows)
    assert len({row["ID"] for row in rows}) == len(rows)


def test_numbers_are_numbers_in_json(edition):
    first, second = json.loads(file(edition, "124419_dx_indicators.json"))["rows"]
    assert (first["実績値"], first["見込値"], second["見込値"], first["全国地方公共団体コード"]) == (
        73.5,
        None,
        80,
        "124419",
    )


def test_the_catalogue_has_absolute_addresses_and_the_licence(edition, settings):
    settings.PORTAL_PUBLIC_URL = "https://www.town.example/dx"
    catalogue = json.loads(file(edition, "catalog.jsonld"))
    addresses = [
        each["dcat:downloadURL"]["@id"]
        for dataset in catalogue["dcat:dataset"]
        for each in dataset["dcat:distribution"]
    ]
    assert addresses == [f"https://www.town.example/dx/data/{each.name}" for each in FILES.values() if each.table]
    assert catalogue["dct:license"]["@id"].startswith("https://creativecommons.org/licenses/by/4.0/")
