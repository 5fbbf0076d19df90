"""業務の棚卸し on screen and in Excel."""

import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from initiatives.models import BusinessProcess, HourlyCost, ProcessStep
from initiatives.process_resources import ProcessStepResource
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.initiatives import ledgers
from townhall.changes import create_row, save_row
from townhall.sheets.writing import write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
LIST, NEW = "/processes/", "/processes/new/"
IMPORT, EXPORT = "/admin/initiatives/processstep/import/", "/admin/initiatives/processstep/export/"


@pytest.fixture
def process(planning):
    return ledgers.create_process(section=planning)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def sent(process):
    """What the page of steps sends back unchanged."""
    data = {"seen_version": process.version}
    for number, step in enumerate(process.steps.all(), start=1):
        for name in ("name", "minutes", "volume", "minutes_planned"):
            value = getattr(step, name)
            data[f"row-{number}-{name}"] = "" if value is None else value
        data[f"row-{number}-position"] = number
    return data


def steps_page(process):
    return reverse("process_steps", args=[process.pk])


def test_the_empty_list_says_what_it_is_and_who_fills_it(office, client, member):
    assert "棚卸しした業務は、まだありません。" in text(office.get(LIST))
    client.force_login(member)
    assert "各課の担当が加えます。" in text(client.get(LIST))


def test_one_process_shows_three_figures_chart_flow_and_table(office, process):
    answer = office.get(process.get_absolute_url())
    page, html = text(answer), answer.content.decode()
    assert "見直し後（見込）80.090.052.9％360.0" in page
    assert "見直し後（実測）――――" in page
    assert "予算の減額ではありません。" in page
    said = "年間の処理時間の比較：現行 170.0時間、見直し後（見込） 80.0時間、見直し後（実測） ―（まだ分かりません）"
    assert f'aria-label="{said}"' in html
    assert 'aria-label="業務の流れ：1 受付、2 交付"' in html


def test_a_section_makes_its_own_with_a_one_time_key(client, clerk, planning, welfare):
    client.force_login(clerk)
    form = client.get(NEW).content.decode()
    assert "健康福祉課" not in form
    key = re.search(r'name="creation_key" value="([^"]+)"', form)[1]
    fields = {"creation_key": key, "section": planning.pk, "name": "申請の受付", "yen_per_hour": "4,000円"}
    for _ in range(2):
        assert client.post(NEW, fields).status_code == 302
    assert [row.name for row in BusinessProcess.objects.all()] == ["申請の受付"]
    answer = client.post(NEW, fields | {"section": welfare.pk, "name": "よその業務", "creation_key": ""})
    assert (answer.status_code, "よその業務" in answer.content.decode()) == (422, True)


def test_a_new_process_begins_with_the_price_that_the_town_has_set(office, process):
    assert office.get(NEW).context["form"]["yen_per_hour"].value() == 4000
    create_row(HourlyCost(yen=3200, starts_on=TODAY), by=TESTS, today=TODAY)
    form = office.get(NEW).context["form"]
    assert (form["yen_per_hour"].value(), "設定の値は3,200円。" in form["yen_per_hour"].help_text) == (3200, True)
    form = office.get(reverse("process_edit", args=[process.pk])).context["form"]
    assert form["yen_per_hour"].value() == 4000  # what was surveyed keeps its own


def test_steps_are_typed_with_units_and_renumbered(office, process):
    data = sent(process) | {
        "row-1-position": "9", "row-3-name": "審査", "row-3-minutes": "０.５時間", "row-3-volume": "1,200件",
    }  # fmt: skip
    assert office.post(steps_page(process), data).status_code == 302
    assert [(s.order, s.name, s.minutes, s.volume) for s in process.steps.all()] == [
        (1, "交付", Decimal("5.0"), 600),
        (2, "審査", Decimal("30.0"), 1200),
        (3, "受付", Decimal("12.0"), 600),
    ]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"row-1-minutes": ""}, "1行目：1件にかかる分を入力してください。"),
        ({"row-1-minutes": "約10"}, "1行目：「約10」は一つの数に決められません。"),
        ({"row-2-volume": "-5"}, "2行目：「-5」は 0 より小さい数です。"),
        ({"row-3-problem": "名前のない行"}, "3行目：工程の名前を入力してください。"),
        ({"row-1-change": "e", "row-1-minutes_planned": "3"}, "「なくす」工程の見直し後の分は 0 にしてください。"),
        ({"row-1-position": "上"}, "1行目："),
        ({"row-1-name": "あ" * 81}, "1行目："),
    ],
)
def test_a_wrong_line_gets_a_sentence_and_nothing_is_saved(office, process, values, sentence):
    answer = office.post(steps_page(process), sent(process) | {"row-2-note": "打った文"} | values)
    assert (answer.status_code, sentence in text(answer), "打った文" in answer.content.decode()) == (422, True, True)
    assert list(process.steps.values_list("name", "version")) == [("受付", 1), ("交付", 1)]


def test_a_line_that_goes_need_not_be_right(office, process):
    data = sent(process) | {"row-1-remove": "on", "row-1-minutes": "?"}
    assert office.post(steps_page(process), data).status_code == 302
    assert [step.name for step in process.steps.all()] == ["交付"]


def test_a_list_changed_meanwhile_is_a_conflict_and_keeps_what_was_typed(office, process):
    data = sent(process) | {"row-1-name": "自分の名前"}
    save_row(process, by=TESTS, seen_version=process.version, today=TODAY)
    answer = office.post(steps_page(process), data)
    assert (answer.status_code, "自分の名前" in answer.content.decode()) == (409, True)
    assert [step.name for step in process.steps.all()] == ["受付", "交付"]
    assert office.post(steps_page(process), data | {"seen_version": "x"}).status_code == 409


def test_the_second_of_two_people_sees_both_values_of_the_process(office, process, planning):
    old = {"seen_version": process.version, "section": planning.pk, "name": "乙", "yen_per_hour": 4000}
    process.name = "甲"
    save_row(process, by=TESTS, seen_version=process.version, today=TODAY)
    answer = office.post(reverse("process_edit", args=[process.pk]), old)
    assert (answer.status_code, "甲" in text(answer), "乙" in answer.content.decode()) == (409, True, True)


def test_the_day_to_measure_again_is_said(office, process):
    process.remeasure_on = TODAY
    save_row(process, by=TESTS, seen_version=process.version, today=TODAY)
    assert "次に測る日（令和8年11月24日）が来ています。" in text(office.get(process.get_absolute_url()))
    assert "1業務は、次に測る日が来ています。" in text(office.get(LIST))


# --- Excel


def upload(client, data):
    file = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    file.name = "工程.csv"
    return client.post(IMPORT, {"file": file})


def apply(client, preview):
    return client.post(IMPORT, {"job": re.search(r'name="job" value="([0-9]+)"', preview.content.decode())[1]})


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_imported_unchanged_changes_nothing(office, process, kind):
    file = office.post(EXPORT, {"format": kind})
    data = io.BytesIO(b"".join(file) if file.streaming else file.content)
    data.name = f"工程.{kind}"
    before = ProcessStep.history.count()
    answer = office.post(IMPORT, {"file": data})
    assert (answer.status_code, ProcessStep.history.count()) == (200, before)
    assert "変わるところはありません。2行とも、いまの内容と同じです。" in text(answer)


def test_a_file_changes_and_adds_steps_all_or_nothing(office, process):
    head = ProcessStepResource.headings()[:9]
    line = ["企画課", "証明書の交付", "1", "受付と確認", "", "電子", "", "１０分", "700"]
    new = ["企画課", "証明書の交付", "3", "控え", "", "", "", "1", "600"]
    bad = ["企画課", "知らない業務", "1", "x", "", "", "", "1", "1"]
    refused = upload(office, write_csv(head, [line, bad, new]))
    assert (refused.status_code, "「知らない業務」はありません。先に業務を加えてください。" in text(refused)) == (
        422,
        True,
    )
    assert apply(office, upload(office, write_csv(head, [line, new]))).status_code == 302
    assert list(process.steps.values_list("order", "name", "minutes", "volume", "medium")) == [
        (1, "受付と確認", Decimal("10.0"), 700, "digital"),
        (2, "交付", Decimal("5.0"), 600, ""),
        (3, "控え", Decimal("1.0"), 600, ""),
    ]


def test_the_admin_opens(office, process):
    for name, row in (("businessprocess", process), ("processstep", process.steps.first())):
        base = f"/admin/initiatives/{name}/"
        for page in ("", "?q=交付", "add/", f"{row.pk}/change/", f"{row.pk}/history/"):
            assert (page, office.get(base + page).status_code) == (page, 200)


def test_a_proposal_points_to_the_process_of_its_section(client, clerk, planning, welfare, process):
    other = ledgers.create_process(section=welfare, name="よその業務")
    client.force_login(clerk)
    form = client.get(reverse("proposal_create")).content.decode()
    assert (f'<option value="{process.pk}">' in form, "よその業務" in form) == (True, False)
    key = re.search(r'name="creation_key" value="([^"]+)"', form)[1]
    fields = {"creation_key": key, "title": "書かない窓口", "process": process.pk}
    page = client.post(reverse("proposal_create"), fields, follow=True).content.decode()
    assert f'href="{process.get_absolute_url()}"' in page
    refused = client.post(reverse("proposal_create"), fields | {"process": other.pk, "creation_key": ""})
    assert "書かない窓口" in refused.content.decode()
    assert not other.proposals.exists()
