import pytest
from django.core.management import CommandError, call_command

from schedule.models import ProgressReport
from tests import factories
from townhall.models import User

# What it holds is asked by test_preparation, which loads it whole.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def shipped():
    call_command("load_defaults", verbosity=0)
    call_command("load_plan", verbosity=0)


def test_demonstration_is_refused_where_people_already_work(shipped):
    factories.create_user(username="hanako")
    with pytest.raises(CommandError, match="利用者がもういるので"):
        call_command("load_demo", password="demo-password-1")
    assert ProgressReport.objects.count() == 0


def test_production_never_loads_it(shipped, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="本番"):
        call_command("load_demo", password="demo-password-1")
    assert User.objects.count() == 0


def test_first_secretary_is_made_with_a_checked_password(shipped, monkeypatch, capsys):
    module = "otaki_dx.management.commands.create_secretary.getpass"
    monkeypatch.setattr(module, lambda prompt: "123")
    with pytest.raises(CommandError, match="パスワードは短すぎます"):
        call_command("create_secretary", username="hanako", name="見本 花子")
    monkeypatch.setattr(module, lambda prompt: "ながいパスワードの例です")
    call_command("create_secretary", username="hanako", name="見本 花子")
    assert capsys.readouterr().out == "見本 花子（hanako）を事務局として登録しました。\n"
    assert [post.role for post in User.objects.get().posts.all()] == ["secretariat"]
