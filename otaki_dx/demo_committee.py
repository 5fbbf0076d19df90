"""Made-up proposals and meetings of the demonstration, taken through the workflow like real ones."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from committee import actions
from committee.choices import FundingKind, ItemKind, MeetingWay, Outcome, ProposalAction
from committee.costs import FundingEntry
from committee.models import AgendaItem, Decision, FundingSource, Meeting, Proposal
from initiatives.models import Initiative
from otaki_dx import demo_meetings
from otaki_dx.demo_meetings import call_meeting
from schedule.models import Activity
from townhall import calendar, fiscal
from townhall.models import Section, User

COUNTER = {
    "title": "書かない窓口（申請書作成支援）の導入",
    "category": "new",
    "problem": "転入・転出や証明書の申請で、住民が同じ氏名・住所を平均3枚の用紙に書いている。繁忙期は待ち時間が40分を超える。",
    "solution": "窓口で職員が聞き取り、本人確認書類を読み取って申請書を作成する。住民は内容を確かめて署名する。",
    "stops_first": "窓口ごとの受付簿（紙）をやめる。記入台の申請書は、機器が止まったときの分だけ残す。",
    "procedures": "転入・転出・転居、証明書交付、国民健康保険など 38手続",
    "starts_when": "次年度の10月（3～4月の繁忙期を避ける）",
    "milestones": "4月 見積、7月 契約、9月 職員の練習、10月 開始",
    "citizen_effect": "書く用紙が平均3枚から署名1か所になる（見込み）。",
    "indicator": "1件あたりの時間（開始の前と、6か月後・12か月後に3日間ずつ測る）",
    "procurement": "proposals",
    "yearly_volume": 14500,
    "minutes_saved": Decimal("6"),
    "initial_cost": 4300,
    "yearly_cost": 1500,
    "personal_data": "あり。本人確認書類の読取画像は保存しない。",
    "network": "マイナンバー利用事務系（窓口端末4台）",
    "standardisation": "標準準拠の住民記録システムとデータ連携",
    "privacy_assessment": "asking",
    "team": "税務住民課2人、企画課1人。",
    "risks": "機器が止まったときは手書きに戻す。",
}
MINUTES = {
    "title": "議事録作成支援の導入",
    "problem": "会議の議事録づくりに、1回あたり平均2時間かかっている。",
    "solution": "録音から議事録の下書きを作る。職員が直して確定する。",
    "procedures": "庁内の会議",
    "starts_when": "次年度の4月",
    "yearly_volume": 320,
    "minutes_saved": Decimal("70"),
    "initial_cost": 300,
    "yearly_cost": 480,
    "personal_data": "なし。住民の個人情報を扱う会議では使わない。",
    "network": "LGWAN接続系",
    "standardisation": "関係なし",
}
BOOKING = {
    "title": "公共施設予約の電子化",
    "problem": "予約は窓口と電話だけで、空き状況の問い合わせが多い。",
    "solution": "空き状況の公開と予約の受付をインターネットで行う。",
    "procedures": "公民館・体育館など 9施設",
    "starts_when": "次年度の7月",
    "yearly_volume": 3600,
    "minutes_saved": Decimal("8"),
    "initial_cost": 1200,
    "yearly_cost": 300,
    "personal_data": "あり。氏名と連絡先だけを扱う。",
    "network": "インターネット接続系",
    "standardisation": "関係なし",
}


@transaction.atomic
def load_committee(*, today: date) -> None:
    """One decided, one asked back, one waiting and one draft proposal; one past, one coming meeting, one in writing."""
    past = call_meeting(2, calendar.working_day_on_or_before(today - timedelta(days=88)), today=today)
    coming = call_meeting(3, calendar.working_day_on_or_after(today + timedelta(days=10)), today=today)
    in_writing_on = calendar.working_day_on_or_after(coming.held_on + timedelta(days=5))
    in_writing = call_meeting(4, in_writing_on, today=today, place="", way=MeetingWay.WRITTEN)
    demo_meetings.call_past(past)
    _decided_booking(past)
    demo_meetings.confirm_minutes(past)
    _asked_back_counter(today)
    _submitted_minutes(today)
    _draft(today)
    row = Activity.objects.get(plan__code="r5-r7", code="5-3")
    item = AgendaItem(meeting=coming, kind=ItemKind.DISCUSS, title="5-3を次期計画へ引き継ぐか", activity=row)
    item.note = "案A 引き継ぐ／案B 規模を縮小する／案C 見送る"
    actions.add_agenda_item(item, by=_person("jimukyoku"), today=today)
    demo_meetings.call_coming(coming, today=today)
    demo_meetings.ask_in_writing(in_writing, today=today)


def _person(username: str) -> User:
    return User.objects.get(username=username)


def _propose(
    contents: dict[str, Any], section: str, initiative: str, author: str, day: date, *, grant: tuple[int, ...] = ()
) -> Proposal:
    """`grant`: what 国 pays in each of the five years."""
    draft = Proposal(
        section=Section.objects.get(code=section),
        initiative=Initiative.objects.get(plan__code="r5-r7", code=initiative),
        **contents,
    )
    source = FundingSource.objects.in_year(fiscal.fiscal_year(day)).filter(kind=FundingKind.NATIONAL).first()
    funding = [FundingEntry(source.pk, grant)] if source is not None and grant else []
    return actions.create_proposal(draft, by=_person(author), today=day, now=_at(day, 9), funding=funding)


def _step(proposal: Proposal, action: ProposalAction, who: str, day: date, comment: str = "") -> Proposal:
    return actions.take_step(
        proposal, action, by=_person(who), today=day, now=_at(day, 11), comment=comment, seen_version=proposal.version
    )


def _decided_booking(meeting: Meeting) -> None:
    day = calendar.working_days_before(meeting.held_on, 10)
    proposal = _propose(BOOKING, "kikaku", "1", "kikaku-tanto", day, grant=(600, 0, 0, 0, 0))
    proposal = _step(proposal, ProposalAction.SUBMIT, "kikaku-tanto", day)
    proposal = _step(proposal, ProposalAction.APPROVE, "kikaku-kacho", day)
    secretary = _person("jimukyoku")
    item = actions.table_proposal(
        proposal, meeting, by=secretary, today=day, now=_at(day, 14), seen_version=proposal.version
    )
    decision = Decision(
        item=item,
        outcome=Outcome.CONDITIONAL,
        reason="住民の利便性が高く、費用も見合うため。",
        conditions="高齢者が電話でも予約できる窓口を残すこと。",
        decided_on=meeting.held_on,
    )
    held = meeting.held_on
    actions.record_decision(decision, by=secretary, today=held, now=_at(held, 15), seen_version=item.version)
    demo_meetings.give_homework(meeting, item)
    meeting.refresh_from_db()
    actions.close_meeting(meeting, by=secretary, today=held, now=_at(held, 16), seen_version=meeting.version)


def _asked_back_counter(today: date) -> None:
    day = calendar.working_days_before(today, 8)
    proposal = _propose(
        COUNTER | {"starts_when": "次年度の4月", "initial_cost": 4800},
        "zeimu",
        "1",
        "zeimu-kacho",
        day,
        grant=(2150, 0, 0, 0, 0),
    )
    note = "年間件数の内訳（例）\n証明書 11,200件\n転出入 1,900件\nその他 1,400件\n"
    head = _person("zeimu-kacho")
    actions.attach_to_proposal(proposal, "件数の内訳（例）.txt", note.encode(), by=head, today=day, now=_at(day, 10))
    proposal = _step(proposal, ProposalAction.SUBMIT, "zeimu-kacho", day)
    first = calendar.working_days_before(today, 6)
    proposal = _step(proposal, ProposalAction.RETURN, "jimukyoku", first, "繁忙期の切替は避けられますか。")
    proposal.starts_when, proposal.initial_cost = "次年度の10月（3～4月の繁忙期を避ける）", 4300
    clerk, again = _person("zeimu-kacho"), calendar.working_days_before(today, 5)
    actions.edit_proposal(proposal, by=clerk, today=again, seen_version=proposal.version)
    proposal = _step(proposal, ProposalAction.ANSWER, "zeimu-kacho", again, "始める時期を10月に変えました。")
    day = calendar.working_days_before(today, 2)
    actions.take_step(
        proposal,
        ProposalAction.RETURN,
        by=_person("jimukyoku"),
        today=day,
        now=_at(day, 11),
        questions=[
            "年間14,500件の内訳（証明書・転出入・その他）を教えてください。",
            "標準準拠システムとの連携にかかる費用は、見積に入っていますか。",
        ],
        seen_version=proposal.version,
    )


def _submitted_minutes(today: date) -> None:
    day = calendar.working_days_before(today, 4)
    proposal = _propose(MINUTES, "kikaku", "k2", "kikaku-tanto", day)
    proposal = _step(proposal, ProposalAction.SUBMIT, "kikaku-tanto", day)
    _step(proposal, ProposalAction.APPROVE, "kikaku-kacho", calendar.working_days_before(today, 3))


def _draft(today: date) -> None:
    contents = {"title": "オープンデータの更新の自動化", "problem": "公開しているデータの更新を手作業で行っている。"}
    _propose(contents, "kikaku", "7", "kikaku-tanto", calendar.working_days_before(today, 1))


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
