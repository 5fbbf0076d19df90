"""The plan beside the national priorities and 総合計画: what answers to what, how sure that is, and what is left over."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from initiatives.models import CrosswalkLink, NationalPriority, NationalPriorityVersion
from initiatives.summaries.crosswalk import crosswalk_of
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.initiatives.factories import create_initiative, create_plan, map_to_the_nation, map_to_the_town
from tests.otaki_dx.pages import html_of, words
from townhall.changes import save_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def reader(client, member):
    client.force_login(member)
    return client


@pytest.mark.parametrize(
    "row",
    [
        lambda link, town: CrosswalkLink(initiative=link.initiative, priority=link.priority),
        lambda link, town: CrosswalkLink(initiative=link.initiative, item=town.item),
        lambda link, town: CrosswalkLink(initiative=link.initiative),
        lambda link, town: CrosswalkLink(initiative=link.initiative, priority=link.priority, item=town.item),
        lambda link, town: NationalPriority(version_of=link.priority.version_of, order=1, group="x", name="y"),
        lambda link, town: NationalPriorityVersion(number="2.3", order=9),
    ],
)
def test_the_database_refuses(row):
    initiative = create_initiative(plan=create_plan())
    link, town = map_to_the_nation(initiative), map_to_the_town(initiative)
    with pytest.raises(IntegrityError), transaction.atomic():
        row(link, town).save()


@pytest.mark.one_database
def test_what_answers_to_nothing_is_listed_both_ways():
    plan = create_plan()
    first, second, third = (create_initiative(plan=plan, number=number) for number in (1, 2, 3))
    map_to_the_nation(first, name="標準化")
    switched_off = map_to_the_nation(second, name="オンライン化")
    switched_off.is_active = False
    save_row(switched_off, by=TESTS, seen_version=switched_off.version, today=TODAY)
    map_to_the_town(third)
    table = crosswalk_of(plan)
    assert [(row.name, [each.initiative for each in row.answers]) for row in table.national] == [
        ("標準化", [first]),
        ("オンライン化", []),
    ]
    assert [row.name for row in table.unanswered] == ["オンライン化"]
    assert (table.unmapped, table.without_item) == ((second, third), (first, second))


@pytest.mark.one_database
def test_the_newest_version_whose_items_are_known_is_shown_first():
    initiative = create_initiative(plan=create_plan())
    map_to_the_nation(initiative, number="2.3")
    map_to_the_nation(initiative, number="3.0")
    NationalPriorityVersion(number="4.0", order=9).save()
    assert crosswalk_of(initiative.plan).version.number == "3.0"
    assert crosswalk_of(initiative.plan, number="4.0").national == ()
    assert crosswalk_of(initiative.plan, number="x").version.number == "3.0"


@pytest.mark.one_database
@pytest.mark.parametrize("count", [1, 3])
def test_query_count(count, django_assert_num_queries):
    plan = create_plan()
    for number in range(1, count + 1):
        initiative = create_initiative(plan=plan, number=number)
        map_to_the_nation(initiative, name=f"事項{number}")
        map_to_the_town(initiative, code=str(number))
    with django_assert_num_queries(5):
        assert len(crosswalk_of(plan).national) == count


@pytest.mark.one_database
def test_shipped_versions_come_once_and_what_the_town_mended_stays(plan, reader, capsys):
    call_command("load_crosswalk")
    assert capsys.readouterr().out.startswith("国の重点取組事項の版 5件、計画との対応の案 28件を加えました。")
    version = NationalPriorityVersion.objects.get(number="4.0")
    version.note = "町で確かめた"
    save_row(version, by=TESTS, seen_version=version.version, today=TODAY)
    call_command("load_crosswalk")
    assert capsys.readouterr().out.startswith("国の重点取組事項の版 0件、計画との対応の案 0件を加えました。")
    version.refresh_from_db()
    assert version.note == "町で確かめた"
    text = words(html_of(reader, "plan_crosswalk"))
    assert "国の重点取組事項（第3.0版） 2024年（月は要確認）・確認済" in text
    assert "公金収納におけるeLTAXの活用 確認済 対応する取組はありません" in text
    assert "7事項のうち、町の取組に対応のないもの 1 件。町の取組のうち、この版の事項に対応のないもの 5 件。" in text
    text = words(html_of(reader, "plan_crosswalk", version="1.0"))
    assert "令和2年12月25日・確認済" in text
    assert "自治体の行政手続のオンライン化 一般知識 対応する取組はありません" in text
    assert "この版の事項は、まだ登録されていません。" in words(html_of(reader, "plan_crosswalk", version="4.0"))
    assert "その版は登録されていません。" in words(html_of(reader, "plan_crosswalk", version="９９"))


@pytest.mark.one_database
def test_without_plan_versions_or_items_the_page_says_so(reader, client, secretary):
    assert "計画がまだ読み込まれていません。" in words(html_of(reader, "plan_crosswalk"))
    create_plan()
    text = words(html_of(reader, "plan_crosswalk"))
    assert "国の重点取組事項は、まだ登録されていません。" in text
    assert "総合計画の施策は、まだ登録されていません。総務課（事務局）が加えます。" in text
    client.force_login(secretary)
    assert "版を加える" in words(html_of(client, "plan_crosswalk"))
