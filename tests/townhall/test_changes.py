import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from tests import factories
from tests.conftest import TODAY
from townhall.changes import StaleVersion, System, create_row, delete_row, save_row
from townhall.history import Change, FieldChange, changes_of
from townhall.models import ClosingDay, Section, User


def test_saving_with_the_seen_version_counts_it_up(planning, secretary):
    planning.name = "企画政策課"
    save_row(planning, by=secretary, seen_version=1, today=TODAY, reason="改編")
    planning.refresh_from_db()
    assert (planning.name, planning.version) == ("企画政策課", 2)


@pytest.mark.parametrize("seen", [0, 2, 99, None])
def test_another_version_is_refused_and_nothing_is_saved(planning, secretary, seen):
    planning.name = "上書き"
    with pytest.raises(StaleVersion):
        save_row(planning, by=secretary, seen_version=seen, today=TODAY)
    row = Section.objects.get(pk=planning.pk)
    assert (row.name, row.version, row.history.count()) == ("企画課", 1, 1)


def test_conflict_says_who_saved_first(planning, secretary, section_head):
    planning.name = "企画政策課"
    save_row(planning, by=section_head, seen_version=1, today=TODAY)
    with pytest.raises(StaleVersion) as stale:
        save_row(Section.objects.get(pk=planning.pk), by=secretary, seen_version=1, today=TODAY)
    assert "企画課 課長 見本 二郎さんが" in str(stale.value)
    assert stale.value.current.name == "企画政策課"


def test_deleted_meanwhile_is_said(db, secretary):
    day = create_row(ClosingDay(day=date(2026, 12, 28), label="庁舎点検"), by=secretary, today=TODAY)
    delete_row(ClosingDay.objects.get(pk=day.pk), by=secretary, seen_version=1, today=TODAY)
    with pytest.raises(StaleVersion) as stale:
        save_row(day, by=secretary, seen_version=1, today=TODAY)
    assert str(stale.value) == "この内容は、ほかの人が削除しました。保存していません。"


def test_invalid_values_change_nothing(planning, secretary):
    planning.valid_from, planning.valid_until = date(2026, 4, 1), date(2025, 4, 1)
    with pytest.raises(ValidationError) as invalid:
        save_row(planning, by=secretary, seen_version=1, today=TODAY)
    assert invalid.value.messages == ["有効期間の終わりは、始めより後の日にしてください。"]
    assert (Section.objects.get(pk=planning.pk).version, planning.version) == (1, 1)


def test_history_keeps_actor_reason_and_values_as_text(planning, secretary):
    planning.name = "企画政策課"
    save_row(planning, by=secretary, seen_version=1, today=TODAY, reason="4月1日の改編")
    newest, first = changes_of(planning)
    assert newest == Change(
        at=newest.at,
        actor="総務課 事務局 見本 花子",
        kind="変更",
        source="画面",
        reason="4月1日の改編",
        fields=(FieldChange("名称", "企画課", "企画政策課"),),
    )
    assert (first.kind, first.actor) == ("作成", "システム：試験")


def test_history_keeps_the_actor_after_the_account_is_renamed(planning, secretary):
    save_row(planning, by=secretary, seen_version=1, today=TODAY)
    secretary.name = "別の名前"
    save_row(secretary, by=System("人事異動"), seen_version=1, today=TODAY)
    assert changes_of(planning)[0].actor == "総務課 事務局 見本 花子"


def test_saving_outside_the_pages_is_marked(planning):
    planning.name = "抜け道"
    planning.save()
    assert changes_of(planning)[0].actor == "不明（画面を通らない保存）"


def test_logging_in_leaves_no_change(secretary):
    before = secretary.history.count()
    secretary.save(update_fields=["last_login"])
    assert User.objects.get(pk=secretary.pk).history.count() == before


def test_rolled_back_save_leaves_no_history(planning, secretary):
    other = Section.objects.get(pk=planning.pk)
    save_row(other, by=secretary, seen_version=1, today=TODAY)
    count = planning.history.count()
    with pytest.raises(StaleVersion):
        save_row(planning, by=secretary, seen_version=1, today=TODAY)
    assert planning.history.count() == count


@pytest.mark.django_db(transaction=True)
def test_of_eight_racing_saves_exactly_one_wins():
    section = factories.create_section()
    results: list[str] = []

    def save(number: int) -> None:
        row = Section.objects.get(pk=section.pk)
        row.name = f"課{number}"
        barrier.wait()
        try:
            save_row(row, by=System("競争"), seen_version=1, today=TODAY)
            results.append(row.name)
        except StaleVersion:
            results.append("conflict")
        finally:
            connection.close()

    barrier = threading.Barrier(8)
    threads = [threading.Thread(target=save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [name for name in results if name != "conflict"]
    assert len(winners) == 1
    row = Section.objects.get(pk=section.pk)
    assert (row.name, row.version, row.history.count()) == (winners[0], 2, 2)
