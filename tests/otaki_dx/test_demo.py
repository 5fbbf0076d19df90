import pytest
from django.core.management import CommandError, call_command

from committee.models import BudgetLine, Decision, EffectReview, Meeting, Proposal
from initiatives.models import Evaluation, EvaluationYear, Indicator, IndicatorValue
from otaki_dx.demo import ACCOUNTS
from schedule.models import ProgressReport, ReportingRound
from tests import factories
from townhall.context import DEMO_NOTICE
from townhall.models import Notice, User

# That it loads on both databases is asked by test_preparation.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def shipped():
    call_command("load_defaults", verbosity=0)
    call_command("load_plan", verbosity=0)


def test_demonstration_fills_an_empty_portal_through_the_actions(shipped, capsys, client):
    call_command("load_demo", password="demo-password-1")
    assert capsys.readouterr().out == "例のデータを読み込みました。すべて架空です。\n"
    counts = {
        model.__name__: model.objects.count() for model in (User, ReportingRound, ProgressReport, Proposal, Meeting)
    }
    # 12 quarters x 19 lines, one of them left unreported, and 6 lines of the final round.
    assert counts == {
        "User": len(ACCOUNTS),
        "ReportingRound": 13,
        "ProgressReport": 12 * 19 - 1 + 6,
        "Proposal": 5,
        "Meeting": 4,
    }
    assert sorted(Proposal.objects.values_list("state", flat=True)) == [
        "draft",
        "requested",
        "returned",
        "running",
        "submitted",
    ]
    assert sorted(Decision.objects.values_list("outcome", flat=True)) == ["adopted", "conditional"]
    assert (BudgetLine.objects.count(), EffectReview.objects.exclude(measured_on=None).count()) == (4, 1)
    assert (Indicator.objects.count(), IndicatorValue.objects.count()) == (4, 12)
    assert (Evaluation.objects.final().count(), EvaluationYear.objects.count()) == (16, 3)
    assert ProgressReport.objects.filter(version__gt=1).count() == 0
    assert all(user.check_password("demo-password-1") for user in User.objects.all()[:1])
    # Every page says that the data is made up.
    assert Notice.objects.get(key=DEMO_NOTICE).text.startswith("例のデータ")
    client.force_login(User.objects.get(username="iin"))
    assert "例のデータで動いています" in client.get("/plan/").text


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
