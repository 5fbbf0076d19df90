"""The pages of indicators: what they say when empty, wrong, late; what was typed stays; who may do what."""

from datetime import date
from decimal import Decimal

import pytest

from initiatives.models import Indicator, IndicatorTarget, IndicatorValue
from tests.initiatives.factories import aim, create_indicator, create_initiative, create_plan, measure
from tests.otaki_dx.pages import card, get, html_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]

TYPED = {"name": "研修の受講率", "unit": "%", "kind": "outcome", "direction": "up"}


@pytest.fixture
def small_plan(db):
    return create_plan()


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def reader(client, member):
    client.force_login(member)
    return client


# --- reading


def test_without_indicators_everybody_is_told_why_and_who_adds_them(small_plan, reader):
    text = words(html_of(reader, "indicator_list"))
    assert "指標は未設定です。計画本文に数値目標はありません。" in text
    assert "総務課（事務局）が指標を加えます。" in text
    assert "指標を追加" not in text


def test_without_a_plan_the_list_opens(office):
    assert "指標は未設定です。" in words(html_of(office, "indicator_list"))
    assert get(office, "indicator_create").status_code == 404


def test_the_list_says_targets_figures_and_how_they_were_judged(small_plan, reader):
    indicator = create_indicator(plan=small_plan)
    aim(indicator, 2024, "60")
    measure(indicator, 2024, "61")
    measure(indicator, 2025, "88", basis="estimated")
    create_indicator(plan=small_plan, name="まだ空の指標")
    html = html_of(reader, "indicator_list")
    text = words(html)
    assert "指標2件のうち、目標と実測のそろった1件で判定し、達成は 1 件です" in text
    assert "達成 101.7％ 令和6年度" in text
    assert "見込 88" in text
    assert "目標のないもの1件。実測値のないもの1件。" in text
    assert 'aria-label="研修の受講率：令和6年度 目標60 実測61%、令和7年度 見込88%"' in html
    assert 'aria-label="まだ空の指標：値はまだありません"' in html


def test_another_plan_is_asked_for_by_its_code(small_plan, reader):
    other = create_plan(code="r8", first_year=2026, last_year=2028)
    create_indicator(plan=small_plan, name="前の計画の指標")
    create_indicator(plan=other, name="いまの指標")
    assert "前の計画の指標" not in html_of(reader, "indicator_list")
    assert "前の計画の指標" in html_of(reader, "indicator_list", plan="small")
    assert get(reader, "indicator_list", plan="none").status_code == 404


def test_one_indicator_shows_definition_chart_figures_and_history(small_plan, reader):
    indicator = create_indicator(plan=small_plan, formula="受講した人 ÷ 対象の人", source="総務課の記録")
    aim(indicator, 2025, "90")
    measure(indicator, 2025, "73", as_of=date(2026, 3, 31))
    text = words(html_of(reader, "indicator_detail", indicator.pk))
    assert "算式 受講した人 ÷ 対象の人 出典 総務課の記録" in text
    assert "未達 81.1％ 実測値 ÷ 目標値 第1回委員会" in text
    assert "値の変更履歴" in text
    assert "直す" not in text.split("指標の変更履歴")[0]


def test_history_is_for_those_inside(small_plan, client, expert):
    indicator = create_indicator(plan=small_plan)
    client.force_login(expert)
    assert "変更履歴" not in words(html_of(client, "indicator_detail", indicator.pk))


def test_the_initiative_and_the_dashboard_show_the_same_figures(plan, office):
    initiative = plan.initiatives.get(code="2")
    assert "この取組に関係する指標はありません。" in card(html_of(office, "initiative_detail", "2"), "指標の一覧")
    assert "指標は未設定です。計画本文に数値目標はありません。" in card(html_of(office, "plan_dashboard"), "指標の一覧")
    measure(create_indicator(plan=plan, initiative=initiative), 2025, "73")
    for page in (html_of(office, "initiative_detail", "2"), html_of(office, "plan_dashboard")):
        assert "指標1 研修の受講率" in card(page, "指標の一覧")
    assert "研修の受講率" not in words(html_of(office, "initiative_detail", "5"))


# --- defining


def test_an_indicator_is_added_once_however_often_the_button_is_pressed(small_plan, office):
    key = get(office, "indicator_create").context["form"]["creation_key"].value()
    data = TYPED | {"creation_key": key, "baseline_year": "Ｒ４", "baseline_value": "１２.５％"}
    for _ in range(2):
        response = office.post("/data/indicators/new/", data)
        assert response.status_code == 302
    made = Indicator.objects.get()
    assert (made.number, made.baseline_year, made.baseline_value) == (1, 2022, Decimal("12.500"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "指標名を入力してください。"),
        ({"baseline_value": "5"}, "基準値と基準年度は、両方入れるか、両方空欄にしてください。"),
        ({"baseline_year": "18", "baseline_value": "5"}, "元号"),
        ({"baseline_year": "R4", "baseline_value": "5件"}, "単位が、この指標の単位「%」と違います"),
        ({"baseline_year": "R4", "baseline_value": "0.1234"}, "小数3桁まで"),
        ({"baseline_year": "R4", "baseline_value": "9" * 13}, "大きすぎます"),
        ({"direction": "sideways"}, "正しく選択してください"),
        ({"creation_key": "x"}, "UUID"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(small_plan, office, typed, sentence):
    response = office.post("/data/indicators/new/", TYPED | {"formula": "打ちかけの算式"} | typed)
    assert (response.status_code, "打ちかけの算式" in response.text) == (422, True)
    assert sentence in response.text
    assert Indicator.objects.count() == 0


def test_two_who_edit_see_each_other(small_plan, office):
    indicator = create_indicator(plan=small_plan)
    old = TYPED | {"seen_version": 1, "is_active": "on"}
    assert office.post(f"/data/indicators/{indicator.pk}/edit/", old | {"source": "先の人"}).status_code == 302
    response = office.post(f"/data/indicators/{indicator.pk}/edit/", old | {"source": "後の人"})
    assert response.status_code == 409
    assert "先の人" in response.text
    assert "後の人" in response.text
    indicator.refresh_from_db()
    assert indicator.source == "先の人"


def test_an_unused_indicator_is_seen_by_the_office_alone(small_plan, client, secretary, member):
    create_indicator(plan=small_plan, is_active=False)
    shown = {}
    for person in (secretary, member):
        client.force_login(person)
        shown[person.username] = "研修の受講率" in html_of(client, "indicator_list")
    assert shown == {"secretary": True, "member": False}


def test_national_indicators_are_offered_once(small_plan, office):
    assert office.post("/data/indicators/national/", {}).status_code == 422
    assert office.post("/data/indicators/national/", {"codes": ["none"]}).status_code == 422
    office.post("/data/indicators/national/", {"codes": ["training", "card"]})
    assert [row.name for row in Indicator.objects.all()] == [
        "全職員を対象とした研修の受講率",
        "マイナンバーカードの保有率",
    ]
    html = html_of(office, "indicator_national")
    assert "マイナンバーカードの保有率" not in html
    assert "RPAを導入した業務の数" in html


# --- aiming and recording


def test_a_target_needs_who_set_it(small_plan, office):
    indicator = create_indicator(plan=small_plan)
    url = f"/data/indicators/{indicator.pk}/targets/2025/"
    response = office.post(url, {"value": "９０", "decided_by": ""})
    assert (response.status_code, "目標を決めた会議・文書を入力してください。" in response.text) == (422, True)
    assert office.post(url, {"value": "９０", "decided_by": "第1回委員会"}).status_code == 302
    target = IndicatorTarget.objects.get()
    assert (target.fiscal_year, target.value) == (2025, 90)
    response = office.post(url, {"value": "80", "decided_by": "別の会議"})  # opened before the first was saved
    assert response.status_code == 409
    changed = {"value": "80", "decided_by": "第2回委員会", "seen_version": target.version}
    assert office.post(url, changed).status_code == 302
    assert get(office, "indicator_target", indicator.pk, 1066).status_code == 404


def test_a_section_records_a_figure_of_its_own_initiative(small_plan, client, clerk, planning, welfare):
    own = create_indicator(plan=small_plan, initiative=create_initiative(plan=small_plan, owner_section=planning))
    theirs = create_initiative(plan=small_plan, number=2, owner_section=welfare)
    other = create_indicator(plan=small_plan, name="よその指標", initiative=theirs)
    client.force_login(clerk)
    data = {"fiscal_year": "令和7年度", "part": "0", "basis": "measured", "value": "７３％", "as_of": "R8.3.31"}
    assert client.post(f"/data/indicators/{own.pk}/values/new/", data).status_code == 302
    assert client.post(f"/data/indicators/{other.pk}/values/new/", data).status_code == 403
    value = IndicatorValue.objects.get()
    assert (value.fiscal_year, value.value, value.as_of) == (2025, 73, date(2026, 3, 31))
    response = client.post(f"/data/indicators/{own.pk}/values/new/", data | {"value": "80"})
    assert response.status_code == 409
    assert "73" in response.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"as_of": "R9.3.31", "fiscal_year": "R8"}, "実測の基準日は、今日までの日にしてください。"),
        ({"as_of": "きのう"}, "きのう"),
        ({"value": "約8割"}, "約8割"),
        ({"part": "9"}, "正しく選択してください"),
        ({"basis": ""}, "実測・見込の別"),
        ({"fiscal_year": "R99999999999999999999"}, "R99999999999999999999"),
    ],
)
def test_a_figure_that_cannot_be_is_said(small_plan, office, typed, sentence):
    indicator = create_indicator(plan=small_plan)
    data = {"fiscal_year": "R7", "part": "0", "basis": "measured", "value": "73", "as_of": "R8.3.31"}
    response = office.post(f"/data/indicators/{indicator.pk}/values/new/", data | typed)
    assert response.status_code == 422
    assert sentence in response.text
    assert IndicatorValue.objects.count() == 0


def test_a_figure_is_corrected_with_a_reason_that_everybody_reads(small_plan, office):
    indicator = create_indicator(plan=small_plan)
    value = measure(indicator, 2025, "73")
    url = f"/data/indicators/{indicator.pk}/values/{value.pk}/"
    data = {"value": "74", "as_of": "R8.3.31", "seen_version": value.version}
    response = office.post(url, data)
    assert (response.status_code, "訂正の理由を入力してください。" in response.text) == (422, True)
    assert office.post(url, data | {"reason": "名簿の数え直し"}).status_code == 302
    assert "名簿の数え直し" in words(html_of(office, "indicator_detail", indicator.pk))
    response = office.post(url, data | {"value": "75", "reason": "古い画面から"})
    assert response.status_code == 409


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(small_plan, reader, count, django_assert_num_queries):
    for number in range(count):
        indicator = create_indicator(plan=small_plan, name=f"指標の名前{number}")
        aim(indicator, 2024, "60")
        measure(indicator, 2024, "61")
    for _ in range(count):
        measure(indicator, 2023 - count, "5")
    with django_assert_num_queries(9):
        get(reader, "indicator_list")
    with django_assert_num_queries(11):
        get(reader, "indicator_detail", indicator.pk)
