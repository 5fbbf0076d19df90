"""Two publications of the demonstration: the words for residents, what was published, and what changed since."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from initiatives.models import Plan
from otaki_dx.demo import ACCOUNTS
from schedule.actions import publication as actions
from schedule.models import PublicLine
from schedule.summaries.publication import letter_years, publication_check
from townhall import calendar
from townhall.models import User

# Row → 住民向けの文, 次にすること. 架空.
WORDS = {
    "1-1": ("役場の仕事の進め方を課ごとに調べました。", "住民のみなさんに関係の深い手続から見直します。"),
    "2-1": ("職員の研修を、今年度も行いました。", "次の年度の研修の内容を決めます。"),
    "4-1": ("スマートフォンの使い方の教室を開きました。", "開く場所を増やせるか調べます。"),
    "6-1": ("20業務のシステムの入れかえを進めています。", "残る業務の入れかえの日を決めます。"),
    "7-1": ("公開しているデータを増やしました。", "更新の日を決めて、続けて公開します。"),
}
KEPT_INSIDE = "3-1"  # a row that the town has decided not to show


def load_publication(*, today: date) -> None:
    office = User.objects.get(username=ACCOUNTS[0].username)
    plan = Plan.objects.get(code="r5-r7")
    first_day = calendar.working_day_on_or_before(today - timedelta(days=30))
    actions.flag_accepted(plan, by=office, today=first_day)
    _keep_inside(by=office, today=first_day)
    _publish(plan, by=office, today=first_day)
    _write(by=office, today=today)
    _show_letters(plan, by=office, today=today)
    _publish(plan, by=office, today=today)


def _line(code: str) -> PublicLine:
    return PublicLine.objects.get(activity__code=code, activity__plan__code="r5-r7")


def _keep_inside(*, by: User, today: date) -> None:
    line = _line(KEPT_INSIDE)
    line.is_public = False
    actions.save_public_line(line, by=by, today=today, seen_version=line.version)


def _write(*, by: User, today: date) -> None:
    for code, (text, next_step) in WORDS.items():
        line = _line(code)
        line.text, line.next_step = text, next_step
        actions.save_public_line(line, by=by, today=today, seen_version=line.version)
    _show_again(by=by, today=today)


def _show_again(*, by: User, today: date) -> None:
    """So that the second publication has something that changed."""
    line = _line(KEPT_INSIDE)
    line.is_public = True
    actions.save_public_line(line, by=by, today=today, seen_version=line.version)


def _show_letters(plan: Plan, *, by: User, today: date) -> None:
    """The committee's letters of the last year that is fixed."""
    last = letter_years(plan)[0]
    public = {each.pk for each in last.letters}
    actions.choose_letters(last.year, public=public, seen_stamp=last.stamp, by=by, today=today)


def _publish(plan: Plan, *, by: User, today: date) -> None:
    stamp = publication_check(plan, today=today).stamp
    actions.publish(plan, by=by, today=today, now=_at(today, 9), seen_stamp=stamp, is_confirmed=True)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
