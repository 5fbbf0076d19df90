"""The objects that the URLs of the table speak of, made the way people make them.

Texts that only some people may read carry a canary: a word that occurs nowhere else (tests/access/test_canary.py).
"""

from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from django.core.management import call_command

from committee.choices import BudgetStage, Outcome, ProposalAction, ProposalState
from committee.costs import FundingEntry
from committee.models import CommitteeRules, Criterion, Proposal, ProposalAttachment, ProposalOpinion
from initiatives.actions.evaluations import adopt_scale, fix_year
from initiatives.actions.systems import take_template
from initiatives.grading import PRESETS
from initiatives.models import Evaluation, HourlyCost, Initiative, Plan, SystemStepTemplate
from schedule import heartbeat
from schedule.actions import policy as policy_actions
from schedule.actions import publication as publishing
from schedule.actions import reminders as mail_actions
from schedule.actions.drafts import keep_draft
from schedule.actions.duties import mark_done
from schedule.actions.reporting import correct_report
from schedule.actions.rounds import note_visit
from schedule.actions.sending import change_settings
from schedule.models import Duty, DutyOccurrence, PublicLine, ReminderMail, ReportingRound, RoundRule
from schedule.models.duty import DutyKind
from schedule.report_rules import ReportValues
from schedule.summaries.publication import publication_check
from tests.access.people import Sections, create_people, create_sections
from tests.committee import factories as committee
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from tests.initiatives import factories as figures
from tests.initiatives import ledgers
from tests.schedule import factories as schedule
from tests.schedule import policies, trainings
from townhall.attachments import keep_attachment
from townhall.calendar_address import make_address
from townhall.changes import create_row, save_row
from townhall.models import ClosingDay, ColumnMapping, ImportJob, Notice, User
from townhall.sheets.exports import note_export
from townhall.sheets.jobs import note_job
from townhall.sheets.table import PASTED, Line, Sheet


def canary(name: str) -> str:
    return f"zq{name.replace(' ', '')}qz"


@dataclass(frozen=True)
class Stage:
    people: dict[str, User]
    objects: dict[str, dict[str, Any]]  # name in the table → arguments of the URL


def build_stage() -> Stage:
    call_command("load_plan", verbosity=0)
    call_command("load_plain_words", verbosity=0)
    sections = create_sections()
    people = create_people(sections)
    objects: dict[str, dict[str, Any]] = {"": {}}
    objects |= _plan_and_reports(people, sections)
    objects |= _figures(sections)
    objects |= _proposals_and_meetings(people, sections)
    objects |= _duties_and_letters(people, sections)
    objects |= _systems(people, sections)
    objects["calendar"] = {"secret": make_address(by=people["secretary"], now=NOW)}
    return Stage(people, objects)


def _plan_and_reports(people: dict[str, User], sections: Sections) -> dict[str, Any]:
    schedule.give_rows_to(sections.planning, "5-1", "5-2", "5-3")
    schedule.give_rows_to(sections.welfare, "6-1")
    plan = Plan.objects.get(code="r5-r7")
    over = schedule.create_round(plan=plan, quarter=3, opens_on=date(2026, 8, 1), due_on=date(2026, 8, 31))
    schedule.close(over, by=people["secretary"], seen_version=over.version)
    create_row(RoundRule(plan=plan), by=TESTS, today=TODAY)
    published = _published(plan, over, by=people["secretary"])
    now = schedule.create_round(plan=plan, quarter=4)
    clerk, head = people["clerk"], people["section_head"]
    schedule.record(schedule.row("5-1"), now, by=head, text=f"報告した。{canary('report')}")
    schedule.record(schedule.row("5-2"), now, by=clerk, standing="", text=f"書きかけ。{canary('draft report')}")
    taken_back = schedule.record(schedule.row("5-3"), now, by=head)
    undone = {"standing": "", "text": f"書き直す。{canary('draft report')}", "seen_version": taken_back.version}
    schedule.record(schedule.row("5-3"), now, by=clerk, **undone)
    schedule.record(schedule.row("6-1"), now, by=people["other_head"])
    for person in people.values():  # opening the grid writes down the first visit of a day only
        note_visit(now, user=person, today=TODAY)
    typed = {"text": f"打ちかけ。{canary('draft report')}"}
    keep_draft(schedule.row("5-2"), now, by=clerk, today=TODAY, now=NOW, typed=typed, seen_version=1)
    return published | {
        "chapter": {"number": 6},
        "no chapter": {"number": 99},
        "initiative": {"code": "5"},
        "no initiative": {"code": "77"},
        "row": {"code": "5-1"},
        "row with a draft": {"code": "5-2"},
        "no row": {"code": "77-1"},
        "round": {"key": now.key},
        "clerk's paste": {"key": now.key, "job": _paste(now, by=clerk).pk},
        "no paste": {"key": now.key, "job": 999_999},
        "closed round": {"key": over.key},
        "report": {"key": now.key, "code": "5-1"},
        "report of a closed round": {"key": over.key, "code": "5-1"},
        "no report": {"key": now.key, "code": "77-1"},
        "no round": {"key": "1999-1"},
    }


def _published(plan: Plan, over: ReportingRound, *, by: User) -> dict[str, Any]:
    """One publication, and one that was taken back with what it said; of the reports themselves nothing."""
    row = schedule.row("7-1")
    values = ReportValues(**schedule.FULL | {"text": f"報告の文。{canary('report')}", "next_step": canary("report")})
    correct_report(row, over, by=by, today=TODAY, now=NOW, seen_version=0, why="誤りのため", values=values)
    line = PublicLine(activity=row, round=over, is_public=True, text=f"広めました。{canary('published')}")
    publishing.save_public_line(line, by=by, today=TODAY, seen_version=None)
    stamp = publication_check(plan, today=TODAY).stamp
    made = publishing.publish(plan, by=by, today=TODAY, now=NOW, seen_stamp=stamp)
    line.text = f"書き直し中。{canary('not yet published')}"
    publishing.save_public_line(line, by=by, today=TODAY, seen_version=line.version)
    stamp = publication_check(plan, today=TODAY).stamp
    wrong = publishing.publish(plan, by=by, today=TODAY, now=NOW, seen_stamp=stamp)
    publishing.withdraw(wrong, by=by, today=TODAY, now=NOW, reason=f"誤り。{canary('withdrawn')}")
    return {
        "public line": {"code": row.code},
        "no public line": {"code": "77-1"},
        "publication": {"number": made.number},
        "no publication": {"number": 999_999},
        "open data": {"name": "124419_dx_plan_standings.csv"},
        "page of the sample": {"page": "initiatives/7/"},
        "no page of the sample": {"page": "nowhere/"},
    }


def _figures(sections: Sections) -> dict[str, Any]:
    plan = Plan.objects.get(code="r5-r7")
    initiative = plan.initiatives.get(code="7")
    initiative.owner_section = sections.planning
    save_row(initiative, by=TESTS, seen_version=initiative.version, today=TODAY)
    indicator = figures.create_indicator(plan=plan, initiative=initiative)
    figures.aim(indicator, 2025, "90")
    value = figures.measure(indicator, 2025, "73")
    adopt_scale(plan, PRESETS[0], by=TESTS, today=TODAY)
    figures.map_to_the_nation(initiative)
    figures.map_to_the_town(initiative)
    figures.give(initiative, 2024, "self", "B", comment=f"順調。{canary('evaluation')}")
    _fixed(figures.give(initiative, 2023, "committee", "B", comment=f"続ける。{canary('evaluation')}"))
    place = {"year": 2024, "code": "7"}
    return {
        "evaluated year": {"year": 2024},
        "no evaluated year": {"year": 1999},
        "fixed evaluation": {"year": 2023},
        "自己評価": place | {"stage": "self"},
        "課長の評価": place | {"stage": "first"},
        "事務局の評価": place | {"stage": "office"},
        "委員会の評価": place | {"stage": "committee"},
        "no evaluation": {"year": 2024, "code": "77", "stage": "self"},
        "indicator": {"pk": indicator.pk},
        "no indicator": {"pk": 999_999},
        "indicator of a year": {"pk": indicator.pk, "year": 2025},
        "indicator of no year": {"pk": indicator.pk, "year": 1066},
        "indicator value": {"pk": indicator.pk, "value": value.pk},
        "no indicator value": {"pk": indicator.pk, "value": 999_999},
    }


def _fixed(letter: Evaluation) -> None:
    year = letter.year
    fix_year(year, by=TESTS, today=TODAY, seen_version=year.version)


def _paste(round: ReportingRound, *, by: User) -> ImportJob:
    line = Line(1, ("5-1", f"貼った文。{canary('draft report')}"))
    sheet = Sheet(headers=("code", "text"), lines=(line,), encoding=PASTED, columns=("1列目", "2列目"))
    told = {"profile": "progress_paste", "subject": f"round:{round.pk}", "name": "貼り付け"}
    return note_job(sheet, by=by, today=TODAY, now=NOW, **told)


def _proposals_and_meetings(people: dict[str, User], sections: Sections) -> dict[str, Any]:
    clerk, head, office = people["clerk"], people["section_head"], people["secretary"]
    initiative = Initiative.objects.get(plan__code="r5-r7", code="5")
    own = {"section": sections.planning, "initiative": initiative}
    draft = committee.create_draft(by=clerk, **own, **_all_texts("draft"))
    submitted, file = _rewritten_and_submitted(clerk, head, own)
    tabled = committee.create_draft(by=head, **own, title="次第の提案", problem=f"困る。{canary('tabled')}")
    other = committee.create_draft(by=people["other_head"], section=sections.welfare, **_all_texts("other draft"))
    entry = FundingEntry(committee.create_source(name="見本の交付金", kind="national").pk, (100, 0, 0, 0, 0))
    committee.actions.edit_proposal(tabled, by=head, today=TODAY, seen_version=1, funding=[entry])
    create_row(HourlyCost(yen=4000, starts_on=TODAY), by=TESTS, today=TODAY)
    committee.step(tabled, ProposalAction.SUBMIT, by=head)
    committee.step(tabled, ProposalAction.RETURN, by=office, comment=f"なぜか。{canary('tabled')}")
    committee.step(tabled, ProposalAction.ANSWER, by=head, comment=f"こうだから。{canary('tabled')}")
    criterion = Criterion(name="見本の観点", question="見本", steps="低い\n高い")
    create_row(criterion, by=TESTS, today=TODAY)
    committee.actions.score_proposal(submitted, {criterion.pk: 2}, by=office, today=TODAY)
    opinion = ProposalOpinion(proposal=submitted, edition=submitted.edition, recommendation="adopt")
    opinion.text = f"よい。{canary('opinion')}"
    committee.actions.write_opinion(opinion, by=office, today=TODAY, seen_version=None)
    kept = {"problem": f"打ちかけ。{canary('draft')}"}
    committee.actions.keep_proposal_draft(draft, kept, by=clerk, today=TODAY, now=NOW)
    # Opening it writes that down once; then the section cannot take it back.
    committee.actions.note_opening(submitted, by=office, today=TODAY, now=NOW)
    line = committee.create_budget_line(by=head, section=sections.planning, initiative=initiative, note=canary("line"))
    running = committee.create_draft(by=clerk, **own, title=f"実施中の提案{canary('effect')}")
    committee.put_in_state(running, ProposalState.RUNNING, by=office)
    committee.record(line, BudgetStage.REQUEST, 500, by=head)
    meeting = committee.create_meeting(by=office)
    item = committee.table(tabled, meeting, by=office)
    decided = committee.add_item(meeting, by=office, title="決まった議題", note=f"説明。{canary('agenda note')}")
    committee.make_pack(meeting, by=office)
    committee.decide(decided, by=office, outcome=Outcome.NOTED, reason=f"承知した。{canary('decision')}")
    pack = committee.make_pack(meeting, by=office)
    committee.convene(meeting, by=office)
    create_row(CommitteeRules(), by=TESTS, today=TODAY)
    task = committee.assign(meeting, by=office, section=sections.planning, text=f"調べる。{canary('task')}")
    paper = committee.lay_paper(item, "経過.txt", f"見本 {canary('agenda note')}", by=office)
    comment = committee.say_about(item, by=people["expert"], text=f"意見。{canary('comment')}")
    committee.draft_minutes(meeting, by=office, text=f"下書き。{canary('draft minutes')}")
    team = committee.create_team(people["task_force"], by=office, task=f"任務。{canary('team')}")
    drafts_file = committee.attach(draft, f"{canary('draft')}.txt", f"見本 {canary('draft')}", by=clerk)
    missing = 999_999
    return {
        "draft": {"pk": draft.pk},
        "submitted": {"pk": submitted.pk},
        "tabled": {"pk": tabled.pk},
        "other section's draft": {"pk": other.pk},
        "no proposal": {"pk": missing},
        "attachment": {"pk": submitted.pk, "file": file.pk},
        "attachment of a draft": {"pk": draft.pk, "file": drafts_file.pk},
        "no attachment": {"pk": missing, "file": missing},
        "edition": {"pk": submitted.pk, "number": 1},
        "no edition": {"pk": missing, "number": 1},
        "editions": {"pk": submitted.pk, "older": 1, "newer": 2},
        "no editions": {"pk": missing, "older": 1, "newer": 2},
        "meeting": {"number": meeting.number},
        "no meeting": {"number": missing},
        "pack": {"number": meeting.number, "edition": pack.edition},
        "no pack": {"number": meeting.number, "edition": missing},
        "item": {"number": meeting.number, "pk": item.pk},
        "decided item": {"number": meeting.number, "pk": decided.pk},
        "paper": {"number": meeting.number, "pk": item.pk, "file": paper.pk},
        "no paper": {"number": meeting.number, "pk": item.pk, "file": missing},
        "no item": {"number": meeting.number, "pk": missing},
        "effect": {"pk": running.pk, "months": 6},
        "no effect": {"pk": running.pk, "months": 7},
        "budget year": {"year": 2027},
        "no budget year": {"year": 1999},
        "budget line": {"pk": line.pk},
        "no budget line": {"pk": missing},
        "request": {"pk": line.pk, "key": "request"},
        "assessment": {"pk": line.pk, "key": "assessed"},
        "no stage": {"pk": line.pk, "key": "supplement-9"},
        "own task": {"pk": task.pk},
        "comment on an item": {"kind": "item", "pk": item.pk},
        "expert's comment": {"pk": comment.pk},
        "comment on nothing": {"kind": "item", "pk": missing},
        "no task": {"pk": missing},
        "team": {"pk": team.pk},
        "no team": {"pk": missing},
        "team member": {"pk": team.pk, "member": team.members.get().pk},
        "no team member": {"pk": team.pk, "member": missing},
    }


def _all_texts(name: str) -> dict[str, str]:
    fields = [
        *("title", "problem", "solution", "stops_first", "procedures", "starts_when", "milestones", "contact"),
        *("citizen_effect", "indicator", "personal_data", "network", "standardisation"),
        *("team", "risks", "other_towns"),
    ]
    return dict.fromkeys(fields, f"見本 {canary(name)}")


def _rewritten_and_submitted(clerk: User, head: User, own: dict[str, Any]) -> tuple[Proposal, ProposalAttachment]:
    """Sent back within the section and rewritten: what stood there before never left the section."""
    proposal = committee.create_draft(by=clerk, **own, **_all_texts("before submission"))
    committee.step(proposal, ProposalAction.SUBMIT, by=clerk)
    committee.step(proposal, ProposalAction.SEND_BACK, by=head, comment=f"直す。{canary('inside the section')}")
    for name in _all_texts(""):
        setattr(proposal, name, f"見本 {canary('submitted')}")
    committee.actions.edit_proposal(proposal, by=clerk, today=TODAY, seen_version=proposal.version)
    file = committee.attach(proposal, f"{canary('submitted')}.txt", f"見本 {canary('submitted')}", by=clerk)
    committee.step(proposal, ProposalAction.SUBMIT, by=clerk)
    committee.step(proposal, ProposalAction.APPROVE, by=head)
    committee.step(proposal, ProposalAction.TAKE_BACK, by=clerk)
    committee.step(proposal, ProposalAction.SUBMIT, by=clerk)
    committee.step(proposal, ProposalAction.SEND_BACK, by=head, comment=f"また直す。{canary('inside again')}")
    committee.step(proposal, ProposalAction.SUBMIT, by=clerk)
    return committee.step(proposal, ProposalAction.APPROVE, by=head), file


def _duties_and_letters(people: dict[str, User], sections: Sections) -> dict[str, Any]:
    for code, section in (("training", sections.planning), ("policy", None)):
        duty = Duty(code=code, name=f"見本の義務 {code}", due_month=12, due_day=1, owner_section=section)
        duty.kind = DutyKind.TRAINING if section else DutyKind.POLICY
        create_row(duty, by=TESTS, today=TODAY)
    call_command("send_reminders", "--date", TODAY.isoformat(), stdout=StringIO())
    own, nobodys = (DutyOccurrence.objects.get(duty__code=code, fiscal_year=2026) for code in ("training", "policy"))
    mail = ReminderMail.objects.get(recipient=people["clerk"])
    decided = {"by": people["secretary"], "today": TODAY, "now": NOW, "seen_state": mail.state}
    mail_actions.resend(mail, **decided, reason=f"届かない。{canary('letter')}")
    mark_done(
        nobodys,
        by=people["secretary"],
        today=TODAY,
        seen_version=nobodys.version,
        done_on=TODAY,
        note=f"行った。{canary('duty note')}",
    )
    training = _training(sections, own)
    heartbeat.finished(heartbeat.PLANNER, now=NOW)
    change_settings(by=people["secretary"], today=TODAY, seen_version=0, head_after=2)
    Notice.objects.create(key="example", text="見本のお知らせ")
    ImportJob.objects.create(profile="見本", file_name="見本.xlsx", size=1, person=people["secretary"], created_at=NOW)
    ColumnMapping.objects.create(profile="見本", headings="x", columns={}, person_text="見本", said_at=NOW)
    note_export("sample", "見本の表", rows=1, name="見本.csv", by=people["secretary"], today=TODAY, now=NOW)
    create_row(ClosingDay(day=date(2026, 12, 28), label="見本の閉庁日"), by=TESTS, today=TODAY)
    return {
        "own duty": {"pk": own.pk},
        "nobody's duty": {"pk": nobodys.pk},
        "no duty": {"pk": 999_999},
        **training,
        **_policy(people, sections),
        "letter": {"pk": mail.pk},
        "no letter": {"pk": 999_999},
    }


def _training(sections: Sections, occurrence: DutyOccurrence) -> dict[str, Any]:
    """Attendance of the own duty; another course for which none is kept yet."""
    trainings.create_trainee(f"見本 {canary('trainee')}", section=sections.planning)
    trainings.create_trainee(f"例 {canary('other trainee')}", section=sections.welfare)
    training = trainings.start(occurrence=occurrence)
    session = trainings.hold(training)
    row = trainings.excuse(training, f"見本 {canary('trainee')}", reason=f"休業。{canary('excuse')}")
    duty = Duty(code="course", name="見本の研修", kind=DutyKind.TRAINING, due_month=12, due_day=1)
    create_row(duty, by=TESTS, today=TODAY)
    other = DutyOccurrence(duty=duty, fiscal_year=2026, due_on=date(2026, 12, 1))
    create_row(other, by=TESTS, today=TODAY)
    return {
        "training": {"pk": training.pk},
        "no training": {"pk": 999_999},
        "session": {"pk": session.pk},
        "attendance": {"pk": row.pk},
        "course without records": {"pk": other.pk},
    }


def _systems(people: dict[str, User], sections: Sections) -> dict[str, Any]:
    own = ledgers.create_system(code="std11", name="戸籍", owner_section=sections.planning)
    nobodys = ledgers.create_system(code="std18", name="生活保護", number=13)
    ledgers.publish(own, counted=34)
    create_row(SystemStepTemplate(number=1, phase="1plan", name="見本の手順"), by=TESTS, today=TODAY)
    take_template(own, by=TESTS, today=TODAY)
    return {
        "own system": {"code": own.code},
        "nobody's system": {"code": nobodys.code},
        "no system": {"code": "std99"},
        "secretary's file": {"pk": ledgers.leave_file(b"x", by=people["secretary"]).pk},
        "no file": {"pk": 999_999},
        "own process": {"pk": ledgers.create_process(section=sections.planning).pk},
        "no process": {"pk": 999_999},
        "secretary's table": {"pk": _table_to_import(people["secretary"]).pk},
        "indicator files": {"code": "indicators"},
        "report files": {"code": "progress"},
        "roster files": {"code": "trainees"},
        "budget files": {"code": "budget"},
        "process files": {"code": "processes"},
        "evaluation files": {"code": "evaluations"},
        "crosswalk files": {"code": "crosswalk"},
        "proposal files": {"code": "proposals"},
        "system files": {"code": "systems"},
        "attendance files": {"code": "attendance"},
        "duty files": {"code": "duties"},
        "finding files": {"code": "findings"},
        "any table": {"code": "table"},
        "sections' table": {"code": "townhall-section"},
        "no files": {"code": "nothing"},
    }


def _table_to_import(by: User) -> ImportJob:
    sheet = Sheet(headers=("氏名",), lines=(Line(2, ("見本 百子",)),), columns=("A",))
    return note_job(sheet, profile="kind:trainees", subject="", name="名簿.xlsx", by=by, today=TODAY, now=NOW)


def _policy(people: dict[str, User], sections: Sections) -> dict[str, Any]:
    document = policies.create_document()
    version = policies.add_version(document)
    kept = keep_attachment("新旧対照表.txt", "見本\n".encode(), by=people["secretary"], today=TODAY, now=NOW)
    told = {"by": TESTS, "today": TODAY, "seen_version": version.version}
    policy_actions.edit_version(version, comparison=kept, **told)
    policies.review(document)
    finding = policies.find(sections.planning, document=document)
    return {
        "policy": {"code": document.code},
        "no policy": {"code": "nothing"},
        "policy version": {"pk": version.pk},
        "no policy version": {"pk": 999_999},
        "finding": {"pk": finding.pk},
        "no finding": {"pk": 999_999},
    }
