"""全体スケジュール as a file: the same words as the page, of the same day, and nothing that a spreadsheet would run."""

from datetime import date
from io import BytesIO
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from tests.otaki_dx.pages import get, html_of
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]

HEADINGS = "計画,時点,No.,取組事項,内容,主担当,実施時期,計画の期間,期限,実績,遅れ・注意,状況,目安,報告"
PERIOD = "令和5年度～実施,令和5年度～令和7年度,"
TEN_YEARS = date(2036, 3, 31)


@pytest.fixture
def reader(client, member):
    client.force_login(member)
    return client


@pytest.fixture
def formula(db):
    plan = create_plan()
    row = create_activity(initiative=create_initiative(plan=plan), content="=1+1")
    report(row, create_quarter(plan=plan, fiscal_year=2024, quarter=1))
    return row


def test_a_csv_opens_in_excel_says_its_day_and_runs_nothing(formula, reader):
    response = get(reader, "schedule_csv", as_of="2024-07-20")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert quote("全体スケジュール_2024-07-20.csv") in response["Content-Disposition"]
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.content.decode("utf-8-sig").splitlines() == [
        HEADINGS,
        f"試験の計画,令和6年7月20日,1-1,1 取組その1,'=1+1,未設定,{PERIOD},R6\N{NO-BREAK SPACE}1QからR6\N{NO-BREAK SPACE}1Qまで報告あり,―,順調,,",
    ]


def test_a_workbook_holds_the_same_as_text(formula, reader):
    sheet = load_workbook(BytesIO(get(reader, "schedule_xlsx", as_of="2024-07-20").content)).active
    assert [cell.value for cell in sheet[1]] == HEADINGS.split(",")
    assert (sheet["B2"].value, sheet["E2"].value, sheet["E2"].data_type) == ("令和6年7月20日", "=1+1", "s")


def test_the_files_are_of_the_day_and_plan_of_the_page(formula, reader):
    html = html_of(reader, "schedule_table", as_of="2024-07-20")
    for kind in ("csv", "xlsx"):
        assert f'href="/plan/table/{kind}/?as_of=2024-07-20"' in html
    new = create_plan(code="r8", starts_on=formula.plan.ends_on.replace(month=4, day=1), ends_on=TEN_YEARS)
    create_activity(initiative=create_initiative(plan=new), content="新しい行")
    old = get(reader, "schedule_csv", plan="small").content.decode("utf-8-sig")
    assert ("=1+1" in old, "新しい行" in old) == (True, False)


def test_without_a_plan_the_page_says_so(reader):
    assert get(reader, "schedule_csv").url == "/plan/table/"
