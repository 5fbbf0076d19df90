"""Who may open what: reviewed by a person against 計画書 7 (推進体制と役割), not derived from the code it checks.

A line names who gets in by GET and by POST. `post=None`: there is nothing to post, so everybody is refused. Everybody
not named is refused with 403, or 404 where the object must not be known; without a login one is sent to the login.
"""

from dataclasses import dataclass, field

OFFICE = {"secretary"}  # 事務局
CHAIR = {"deputy_mayor"}
COMMITTEE = CHAIR | {"member"}
OWN_HEAD, OWN_CLERK = {"section_head"}, {"clerk"}
OWN = OWN_HEAD | OWN_CLERK  # 企画課, to which the objects belong
OTHER_HEAD = {"other_head"}
HEADS = OWN_HEAD | OTHER_HEAD
OTHER = OTHER_HEAD | {"other_clerk"}  # 健康福祉課
SECTIONS = OWN | OTHER
INSIDE = OFFICE | COMMITTEE | SECTIONS | {"task_force"}
GUESTS = {"task_force", "expert"}  # 専門部会, 外部人材: read and comment, within their term
ATTEND = INSIDE | GUESTS
READERS = INSIDE | {"expert", "engineer"}
CLOSED_OUT = {"outsider", "expert_after_term", "head_before_term", "staff_flag"}
LOGGED_OUT = {"anonymous", "stopped"}
EVERYBODY = READERS | CLOSED_OUT | LOGGED_OUT
NOBODY: set[str] = set()

LOGIN, IN, REFUSED, HIDDEN, NOTHING_THERE = "login", "in", 403, 404, 405


@dataclass(frozen=True)
class Line:
    name: str
    about: str  # the object in the URL, by its name on the stage; empty: the URL names none
    get: set[str]
    post: set[str] | None = None
    hidden_from: set[str] = field(default_factory=set)  # 404: they must not learn that it exists

    @property
    def key(self) -> str:
        return f"{self.name} {self.about}".strip()

    def asked(self, method: str) -> set[str]:
        """Whom to ask: everybody; where nobody gets in, those who could and a few of those who could not."""
        if method == "post" and self.post is None:
            return set(sorted(self.get | self.hidden_from)[:2]) | {"anonymous", "outsider"}
        return EVERYBODY if self.get else self.hidden_from | {"anonymous", "expert", "expert_after_term"}

    def expected(self, method: str, person: str) -> object:
        allowed = self.get if method == "get" else self.post
        if person in LOGGED_OUT and self.get != EVERYBODY:
            return LOGIN
        if allowed is None:
            return NOTHING_THERE
        if person in allowed:
            return IN
        return HIDDEN if person in self.hidden_from else REFUSED


def page(name: str, about: str, get: set[str], post: set[str] | None = None, hidden: set[str] = NOBODY) -> Line:
    return Line(name, about, get, post, hidden)


def form(name: str, about: str, people: set[str], hidden: set[str] = NOBODY) -> Line:
    """Opened and posted by the same people."""
    return Line(name, about, people, people, hidden)


def missing(name: str, about: str, people: set[str], is_form: bool = False) -> Line:
    """Nobody gets in; who may use the page is told that there is no such thing."""
    return Line(name, about, NOBODY, NOBODY if is_form else None, people)


READ_SUBMITTED = OFFICE | COMMITTEE | GUESTS
READ_PROPOSALS = READ_SUBMITTED | SECTIONS
LETTERS = OFFICE | CHAIR | {"engineer"}
REPORT = OFFICE | SECTIONS

PAGES = [
    # --- everybody
    page("home", "", READERS),
    page("help", "", EVERYBODY),
    page("accessibility", "", EVERYBODY),
    page("healthz", "", EVERYBODY),
    page("session_state", "", EVERYBODY),
    form("calendar_address", "", READERS),
    form("mail_choice", "", READERS),
    page(
        "calendar_feed", "calendar", EVERYBODY
    ),  # who knows the secret; tests/otaki_dx/test_calendar_feed.py asks the rest
    # --- 住民向け: no login; what is not there is asked in tests/otaki_dx/test_public_pages.py
    page("public_home", "", EVERYBODY),
    page("public_initiative", "initiative", EVERYBODY),
    page("public_changes", "", EVERYBODY),
    page("public_systems", "", EVERYBODY),
    page("public_indicators", "", EVERYBODY),
    page("public_terms", "", EVERYBODY),
    page("public_text", "", EVERYBODY),
    page("public_chapter", "chapter", EVERYBODY),
    page("public_data", "", EVERYBODY),
    page("public_file", "open data", EVERYBODY),
    # --- 住民向けの公開: 事務局 answers for what residents read
    form("publication_check", "", OFFICE),
    page("publication_preview", "", OFFICE),
    page("publication_preview_page", "page of the sample", OFFICE),
    missing("publication_preview_page", "no page of the sample", OFFICE),
    form("public_line_flag", "", OFFICE),
    form("public_line_edit", "public line", OFFICE),
    missing("public_line_edit", "no public line", OFFICE, is_form=True),
    form("public_letters_edit", "fixed evaluation", OFFICE),
    missing("public_letters_edit", "no evaluated year", OFFICE, is_form=True),
    page("publication_detail", "publication", OFFICE),
    missing("publication_detail", "no publication", OFFICE),
    form("publication_withdraw", "publication", OFFICE),
    missing("publication_withdraw", "no publication", OFFICE, is_form=True),
    page("history", "", INSIDE),
    page("history_compare", "", INSIDE),
    # --- 計画
    page("plan_dashboard", "", READERS),
    page("schedule_table", "", READERS),
    page("schedule_csv", "", READERS),
    page("schedule_xlsx", "", READERS),
    page("search", "", READERS),
    page("plan_text", "", READERS),
    page("plan_terms", "", READERS),
    page("plan_crosswalk", "", READERS),
    page("plan_chapter", "chapter", READERS),
    missing("plan_chapter", "no chapter", READERS),
    page("initiative_detail", "initiative", READERS),
    missing("initiative_detail", "no initiative", READERS),
    page("initiative_pdf", "initiative", READERS),
    missing("initiative_pdf", "no initiative", READERS),
    page("activity_pdf", "row", READERS),
    missing("activity_pdf", "no row", READERS),
    page("activity_detail", "row", READERS),
    page("activity_detail", "row with a draft", READERS),
    missing("activity_detail", "no row", READERS),
    page("activity_history", "row", INSIDE),
    page("activity_history", "row with a draft", INSIDE),
    missing("activity_history", "no row", INSIDE),
    # --- データ: figures are read by everybody inside and out; 事務局 defines them, the initiative's section records
    page("data_index", "", READERS),
    # Files: who sees a ledger takes it out, who may change all of it brings it in; a job is seen by its person
    page("data_kind", "indicator files", READERS, OFFICE),
    page("data_kind", "report files", OFFICE | SECTIONS, OFFICE),
    page("data_kind", "roster files", OFFICE | HEADS, OFFICE),
    page("data_kind", "budget files", INSIDE, OFFICE),
    page("data_kind", "process files", INSIDE, OFFICE),
    page("data_kind", "evaluation files", INSIDE, OFFICE),
    page("data_kind", "crosswalk files", READERS, OFFICE),
    page("data_kind", "proposal files", READ_PROPOSALS, SECTIONS),
    page("data_kind", "system files", READERS, OFFICE),
    page("data_kind", "attendance files", OFFICE | HEADS, OFFICE),
    page("data_kind", "duty files", INSIDE, OFFICE),
    page("data_kind", "finding files", INSIDE, OFFICE),
    missing("data_kind", "no files", READERS, is_form=True),
    form("data_export", "indicator files", READERS),
    form("data_export", "report files", OFFICE | SECTIONS),
    form("data_export", "roster files", OFFICE | HEADS),
    form("data_export", "budget files", INSIDE),
    form("data_export", "process files", INSIDE),
    form("data_export", "evaluation files", INSIDE),
    form("data_export", "crosswalk files", READERS),
    form("data_export", "proposal files", READ_PROPOSALS),
    form("data_export", "system files", READERS),
    form("data_export", "attendance files", OFFICE | HEADS),
    form("data_export", "duty files", INSIDE),
    form("data_export", "finding files", INSIDE),
    form("data_export", "any table", READERS),
    form("data_export", "sections' table", OFFICE | {"engineer"}, hidden=READERS - OFFICE - {"engineer"}),
    missing("data_export", "no files", READERS, is_form=True),
    page("data_example", "roster files", OFFICE | HEADS),
    missing("data_example", "no files", READERS),
    form("import_job", "secretary's table", OFFICE, hidden=READERS - OFFICE),
    missing("import_job", "no file", READERS, is_form=True),
    form("import_undo", "secretary's table", OFFICE, hidden=READERS - OFFICE),
    missing("import_undo", "no file", READERS, is_form=True),
    page("export_list", "", READERS),
    page("indicator_list", "", READERS),
    page("indicator_detail", "indicator", READERS),
    missing("indicator_detail", "no indicator", READERS),
    form("indicator_create", "", OFFICE),
    form("indicator_national", "", OFFICE),
    form("indicator_edit", "indicator", OFFICE),
    missing("indicator_edit", "no indicator", OFFICE, is_form=True),
    form("indicator_target", "indicator of a year", OFFICE),
    missing("indicator_target", "indicator of no year", OFFICE, is_form=True),
    form("indicator_value_create", "indicator", OFFICE | OWN),
    missing("indicator_value_create", "no indicator", REPORT, is_form=True),
    form("indicator_value_correct", "indicator value", OFFICE | OWN),
    missing("indicator_value_correct", "no indicator value", REPORT, is_form=True),
    # --- 年度評価: read inside; each stage is spoken by those whose stage it is, fixed and corrected by 事務局
    page("evaluation_list", "", INSIDE),
    page("evaluation_year", "evaluated year", INSIDE),
    missing("evaluation_year", "no evaluated year", INSIDE),
    form("evaluation_edit", "自己評価", OFFICE | OWN),
    form("evaluation_edit", "課長の評価", OWN_HEAD),
    form("evaluation_edit", "事務局の評価", OFFICE),
    form("evaluation_edit", "委員会の評価", OFFICE | CHAIR),
    missing("evaluation_edit", "no evaluation", INSIDE, is_form=True),
    form("evaluation_correct", "自己評価", OFFICE),
    missing("evaluation_correct", "no evaluation", OFFICE, is_form=True),
    form("evaluation_fix", "evaluated year", OFFICE),
    missing("evaluation_fix", "no evaluated year", OFFICE, is_form=True),
    form("evaluation_terms", "", OFFICE),
    # --- 進捗入力: each section its own rows (tests/schedule/test_round_entry.py), 事務局 all of them
    page("round_current", "", REPORT),
    form("round_entry", "round", REPORT),
    missing("round_entry", "no round", REPORT, is_form=True),
    form("entry_draft", "round", REPORT),
    # --- Excel: each section its own rows; a preview is seen by the person who made it
    form("round_paste", "round", REPORT),
    missing("round_paste", "no round", REPORT, is_form=True),
    form("round_workbook", "round", REPORT),
    missing("round_workbook", "no round", REPORT, is_form=True),
    page("round_workbook_file", "round", REPORT),
    missing("round_workbook_file", "no round", REPORT),
    form("round_import", "clerk's paste", {"clerk"}, hidden=REPORT - {"clerk"}),
    missing("round_import", "no paste", REPORT, is_form=True),
    # --- 期の設定, 締切, 訂正: 事務局 (計画書 7 (3)); 差戻し also for the 課長 who confirms
    page("round_list", "", REPORT, OFFICE),  # who reports may read when
    form("round_dates", "round", OFFICE),
    missing("round_dates", "no round", OFFICE, is_form=True),
    form("round_close", "round", OFFICE),
    missing("round_close", "no round", OFFICE, is_form=True),
    form("round_reopen", "closed round", OFFICE),
    missing("round_reopen", "no round", OFFICE, is_form=True),
    form("report_correct", "report of a closed round", OFFICE),
    missing("report_correct", "no report", OFFICE, is_form=True),
    form("report_return", "report", OFFICE | OWN, hidden=OTHER),
    missing("report_return", "no report", REPORT, is_form=True),
    # --- 未報告と催促: 事務局
    form("round_chase", "round", OFFICE),
    missing("round_chase", "no round", OFFICE, is_form=True),
    # --- 研修・ポリシー: known to all inside, recorded by the section whose duty it is
    page("duty_list", "", INSIDE),
    page("occurrence_detail", "own duty", INSIDE, OFFICE | OWN),
    page("occurrence_detail", "nobody's duty", INSIDE, OFFICE),
    missing("occurrence_detail", "no duty", INSIDE, is_form=True),
    # --- 研修: numbers for all inside; names for 事務局 and, of the own section, 課長 (tests/schedule/test_training_pages.py)
    page("training_list", "", INSIDE),
    page("training_detail", "training", INSIDE),
    missing("training_detail", "no training", INSIDE),
    page("training_people", "training", OFFICE | OWN_HEAD | OTHER_HEAD),
    missing("training_people", "no training", OFFICE | OWN_HEAD | OTHER_HEAD),
    form("training_start", "course without records", OFFICE),
    missing("training_start", "no duty", OFFICE, is_form=True),
    form("training_record", "training", OFFICE),
    missing("training_record", "no training", OFFICE, is_form=True),
    form("training_audience", "training", OFFICE),
    missing("training_audience", "no training", OFFICE, is_form=True),
    form("session_create", "training", OFFICE),
    missing("session_create", "no training", OFFICE, is_form=True),
    form("session_edit", "session", OFFICE),
    missing("session_edit", "no training", OFFICE, is_form=True),
    form("training_attendance_edit", "attendance", OFFICE),
    missing("training_attendance_edit", "no training", OFFICE, is_form=True),
    # --- 標準化20業務: what is published or a matter of contracts; written by the 主管課 and 事務局
    page("system_list", "", READERS),
    page("system_detail", "own system", READERS),
    missing("system_detail", "no system", READERS),
    form("system_edit", "own system", OFFICE | OWN),
    form("system_edit", "nobody's system", OFFICE),
    missing("system_edit", "no system", OFFICE | SECTIONS, is_form=True),
    # --- 業務の棚卸し: read by all inside, written by the section whose work it is
    page("process_list", "", INSIDE),
    form("process_create", "", OFFICE | SECTIONS),
    page("process_detail", "own process", INSIDE),
    missing("process_detail", "no process", INSIDE),
    form("process_edit", "own process", OFFICE | OWN),
    missing("process_edit", "no process", OFFICE | SECTIONS, is_form=True),
    form("process_steps", "own process", OFFICE | OWN),
    missing("process_steps", "no process", OFFICE | SECTIONS, is_form=True),
    # 国の公表ファイル: 事務局; a job is seen by the person who brought the file
    form("ministry_import", "", OFFICE),
    form("ministry_job", "secretary's file", OFFICE),
    missing("ministry_job", "no file", OFFICE, is_form=True),
    form("system_steps", "own system", OFFICE | OWN),
    missing("system_steps", "no system", OFFICE | SECTIONS, is_form=True),
    # --- セキュリティポリシー: known to all inside, written by 事務局; a finding is mended by the section it lies with
    page("policy_list", "", INSIDE),
    page("policy_detail", "policy", INSIDE),
    missing("policy_detail", "no policy", INSIDE),
    page("policy_comparison", "policy version", INSIDE),
    missing("policy_comparison", "no policy version", INSIDE),
    form("policy_create", "", OFFICE),
    form("policy_edit", "policy", OFFICE),
    missing("policy_edit", "no policy", OFFICE, is_form=True),
    form("policy_version_create", "policy", OFFICE),
    missing("policy_version_create", "no policy", OFFICE, is_form=True),
    form("policy_version_edit", "policy version", OFFICE),
    missing("policy_version_edit", "no policy version", OFFICE, is_form=True),
    form("policy_review_create", "policy", OFFICE),
    missing("policy_review_create", "no policy", OFFICE, is_form=True),
    form("finding_create", "", OFFICE),
    page("finding_detail", "finding", INSIDE, OFFICE | OWN),
    missing("finding_detail", "no finding", INSIDE, is_form=True),
    # --- 送信記録
    page("sent_mail_list", "", LETTERS),
    page("sent_mail_detail", "letter", LETTERS, OFFICE),
    missing("sent_mail_detail", "no letter", LETTERS, is_form=True),
    form("reminder_settings", "", OFFICE),
    form("reminder_preview", "", OFFICE),
    form("reminder_test", "", OFFICE),
    form("reminder_pause", "", OFFICE),
    form("reminder_resume", "", OFFICE),
    # --- after the decision
    page("proposal_budget", "submitted", OFFICE | COMMITTEE | OWN | {"task_force"}, hidden=OTHER),
    page("proposal_budget", "draft", OWN, hidden=OFFICE | COMMITTEE | OTHER | {"task_force"}),
    missing("proposal_budget", "no proposal", INSIDE),
    form("proposal_place", "submitted", OFFICE),
    form("proposal_place", "draft", NOBODY, hidden=OFFICE),
    missing("proposal_place", "no proposal", OFFICE, is_form=True),
    form("proposal_start", "submitted", OWN, hidden=OTHER),
    missing("proposal_start", "no proposal", SECTIONS, is_form=True),
    form("proposal_complete", "submitted", OFFICE),
    form("proposal_complete", "draft", NOBODY, hidden=OFFICE),
    missing("proposal_complete", "no proposal", OFFICE, is_form=True),
    form("proposal_drop", "submitted", OFFICE),
    form("proposal_drop", "draft", NOBODY, hidden=OFFICE),
    missing("proposal_drop", "no proposal", OFFICE, is_form=True),
    form("effect_record", "effect", OWN, hidden=OTHER),
    missing("effect_record", "no effect", SECTIONS, is_form=True),
    page("effect_list", "", READ_PROPOSALS),
    # --- 予算: known to all inside; a section writes its own requests and accounts, 事務局 everything
    page("budget_list", "", INSIDE),
    page("budget_year_detail", "budget year", INSIDE),
    missing("budget_year_detail", "no budget year", INSIDE),
    page("budget_line_detail", "budget line", INSIDE),
    missing("budget_line_detail", "no budget line", INSIDE),
    page("budget_line_history", "budget line", INSIDE),
    missing("budget_line_history", "no budget line", INSIDE),
    form("budget_line_create", "", OFFICE | SECTIONS),
    form("budget_line_edit", "budget line", OFFICE | OWN),
    missing("budget_line_edit", "no budget line", OFFICE | SECTIONS, is_form=True),
    form("budget_amount_record", "request", OFFICE | OWN),
    form("budget_amount_record", "assessment", OFFICE),
    missing("budget_amount_record", "no stage", INSIDE, is_form=True),
    # --- 提案: a draft is its section's; once submitted, 事務局 and 委員 read it; another section never does
    page("proposal_list", "", READ_PROPOSALS),
    form("proposal_create", "", SECTIONS),
    page("proposal_example", "", READ_PROPOSALS),
    form("proposal_draft", "", SECTIONS),
    page("proposal_detail", "draft", OWN, hidden=READ_SUBMITTED | OTHER),
    page("proposal_detail", "submitted", READ_SUBMITTED | OWN, hidden=OTHER),
    page("proposal_detail", "tabled", READ_SUBMITTED | OWN, hidden=OTHER),
    page("proposal_detail", "other section's draft", OTHER, hidden=READ_SUBMITTED | OWN),
    missing("proposal_detail", "no proposal", READ_PROPOSALS),
    page("proposal_history", "draft", OWN, hidden=READ_SUBMITTED | OTHER),
    page("proposal_history", "submitted", READ_SUBMITTED | OWN, hidden=OTHER),
    missing("proposal_history", "no proposal", READ_PROPOSALS),
    page("proposal_pdf", "draft", OWN, hidden=READ_SUBMITTED | OTHER),
    page("proposal_pdf", "submitted", READ_SUBMITTED | OWN, hidden=OTHER),
    missing("proposal_pdf", "no proposal", READ_PROPOSALS),
    form("proposal_edit", "draft", OWN, hidden=OTHER),
    form("proposal_edit", "submitted", OWN, hidden=OTHER),
    missing("proposal_edit", "no proposal", SECTIONS, is_form=True),
    page("proposal_version", "edition", READ_SUBMITTED | OWN, hidden=OTHER),
    missing("proposal_version", "no edition", READ_PROPOSALS),
    page("proposal_versions", "editions", READ_SUBMITTED | OWN, hidden=OTHER),
    missing("proposal_versions", "no editions", READ_PROPOSALS),
    page("proposal_attachment", "attachment", READ_SUBMITTED | OWN, hidden=OTHER),
    page("proposal_attachment", "attachment of a draft", OWN, hidden=READ_SUBMITTED | OTHER),
    missing("proposal_attachment", "no attachment", READ_PROPOSALS),
    form("proposal_attachment_create", "draft", OWN, hidden=OTHER),
    missing("proposal_attachment_create", "no proposal", SECTIONS, is_form=True),
    form("proposal_attachment_remove", "attachment of a draft", OWN, hidden=OTHER),
    missing("proposal_attachment_remove", "no attachment", SECTIONS, is_form=True),
    # steps of the section
    form("proposal_submit", "draft", OWN, hidden=OTHER),
    missing("proposal_submit", "no proposal", SECTIONS, is_form=True),
    form("proposal_take_back", "submitted", OWN, hidden=OTHER),
    missing("proposal_take_back", "no proposal", SECTIONS, is_form=True),
    form("proposal_answer", "submitted", OWN, hidden=OTHER),
    missing("proposal_answer", "no proposal", SECTIONS, is_form=True),
    form("proposal_answer_draft", "submitted", OWN, hidden=OTHER),
    missing("proposal_answer_draft", "no proposal", SECTIONS, is_form=True),
    form("proposal_withdraw", "draft", OWN, hidden=OTHER),
    form("proposal_withdraw", "submitted", OWN, hidden=OTHER),
    missing("proposal_withdraw", "no proposal", SECTIONS, is_form=True),
    # 課内の決裁: the head's alone
    form("proposal_approve", "draft", OWN_HEAD, hidden=OTHER_HEAD),
    missing("proposal_approve", "no proposal", OWN_HEAD | OTHER_HEAD, is_form=True),
    form("proposal_send_back", "draft", OWN_HEAD, hidden=OTHER_HEAD),
    missing("proposal_send_back", "no proposal", OWN_HEAD | OTHER_HEAD, is_form=True),
    # steps of 事務局, who does not know of drafts
    form("proposal_return", "submitted", OFFICE),
    form("proposal_return", "draft", NOBODY, hidden=OFFICE),
    missing("proposal_return", "no proposal", OFFICE, is_form=True),
    # 採点と所見: the people of the committee; the section that proposes reads neither
    form("proposal_scores", "submitted", OFFICE | COMMITTEE),
    form("proposal_scores", "draft", NOBODY, hidden=OFFICE | COMMITTEE),
    missing("proposal_scores", "no proposal", OFFICE | COMMITTEE, is_form=True),
    form("proposal_opinion", "submitted", OFFICE),
    missing("proposal_opinion", "no proposal", OFFICE, is_form=True),
    form("proposal_table", "submitted", OFFICE),
    form("proposal_table", "draft", NOBODY, hidden=OFFICE),
    missing("proposal_table", "no proposal", OFFICE, is_form=True),
    # --- 委員会
    page("meeting_list", "", ATTEND),
    page("meeting_detail", "meeting", ATTEND),
    missing("meeting_detail", "no meeting", ATTEND),
    page("meeting_history", "meeting", ATTEND),
    missing("meeting_history", "no meeting", ATTEND),
    form("meeting_convene", "meeting", OFFICE),
    missing("meeting_convene", "no meeting", OFFICE, is_form=True),
    form("attendance_edit", "meeting", OFFICE | COMMITTEE | GUESTS),  # each the own seat, 事務局 all
    missing("attendance_edit", "no meeting", OFFICE | COMMITTEE | GUESTS, is_form=True),
    form("agenda_build", "meeting", OFFICE),
    missing("agenda_build", "no meeting", OFFICE, is_form=True),
    form("meeting_create", "", OFFICE),
    form("meeting_edit", "meeting", OFFICE),
    missing("meeting_edit", "no meeting", OFFICE, is_form=True),
    form("meeting_close", "meeting", OFFICE),
    missing("meeting_close", "no meeting", OFFICE, is_form=True),
    # 会議資料 hold every proposal before the meeting in full, so only those read them who read all proposals.
    page("meeting_agenda_pdf", "meeting", ATTEND),
    missing("meeting_agenda_pdf", "no meeting", ATTEND),
    page("meeting_minutes_pdf", "meeting", ATTEND),
    missing("meeting_minutes_pdf", "no meeting", ATTEND),
    form("pack_create", "meeting", OFFICE),
    missing("pack_create", "no meeting", OFFICE, is_form=True),
    *(page(name, "pack", OFFICE | COMMITTEE) for name in ("pack_detail", "pack_pdf", "pack_workbook", "pack_changes")),
    *(missing(name, "no pack", OFFICE | COMMITTEE) for name in ("pack_detail", "pack_pdf", "pack_workbook")),
    missing("pack_changes", "no pack", OFFICE | COMMITTEE),
    form("agenda_item_create", "meeting", OFFICE),
    missing("agenda_item_create", "no meeting", OFFICE, is_form=True),
    form("agenda_item_edit", "item", OFFICE),
    form("agenda_item_edit", "decided item", OFFICE),
    missing("agenda_item_edit", "no item", OFFICE, is_form=True),
    form("agenda_item_remove", "item", OFFICE),
    missing("agenda_item_remove", "no item", OFFICE, is_form=True),
    form("decision_create", "item", OFFICE | CHAIR),
    form("decision_create", "decided item", OFFICE | CHAIR),
    missing("decision_create", "no item", OFFICE | CHAIR, is_form=True),
    form("decision_correct", "decided item", OFFICE | CHAIR),
    missing("decision_correct", "no item", OFFICE | CHAIR, is_form=True),
    form("agenda_item_move", "item", OFFICE),
    missing("agenda_item_move", "no item", OFFICE, is_form=True),
    form("written_answer", "meeting", OFFICE | COMMITTEE | GUESTS),
    missing("written_answer", "no meeting", OFFICE | COMMITTEE | GUESTS, is_form=True),
    page("minutes_detail", "meeting", ATTEND, OFFICE),
    missing("minutes_detail", "no meeting", ATTEND, is_form=True),
    form("minutes_edit", "meeting", OFFICE),
    missing("minutes_edit", "no meeting", OFFICE, is_form=True),
    form("minutes_send", "meeting", OFFICE),
    missing("minutes_send", "no meeting", OFFICE, is_form=True),
    form("minutes_reply", "meeting", COMMITTEE | GUESTS),  # who has a seat at it
    missing("minutes_reply", "no meeting", OFFICE | COMMITTEE | GUESTS, is_form=True),
    missing("minutes_handle", "no item", OFFICE, is_form=True),
    form("minutes_confirm", "meeting", OFFICE),
    missing("minutes_confirm", "no meeting", OFFICE, is_form=True),
    form("comment_create", "comment on an item", OFFICE | COMMITTEE | GUESTS),
    missing("comment_create", "comment on nothing", OFFICE | COMMITTEE | GUESTS, is_form=True),
    page("item_paper", "paper", ATTEND),
    missing("item_paper", "no paper", ATTEND),
    form("item_paper_create", "item", OFFICE),
    missing("item_paper_create", "no item", OFFICE, is_form=True),
    form("item_paper_remove", "paper", OFFICE),
    missing("item_paper_remove", "no paper", OFFICE, is_form=True),
    form("comment_withdraw", "expert's comment", {"expert"}),
    missing("comment_withdraw", "no task", OFFICE | COMMITTEE | GUESTS, is_form=True),
    # --- 専門部会: read by who reads meetings, set up by 事務局
    page("team_list", "", ATTEND),
    page("team_detail", "team", ATTEND),
    missing("team_detail", "no team", ATTEND),
    form("team_create", "", OFFICE),
    form("team_edit", "team", OFFICE),
    missing("team_edit", "no team", OFFICE, is_form=True),
    form("team_member_create", "team", OFFICE),
    missing("team_member_create", "no team", OFFICE, is_form=True),
    form("team_member_edit", "team member", OFFICE),
    missing("team_member_edit", "no team member", OFFICE, is_form=True),
    # --- 宿題: read by all, done by the section that owes it
    page("action_item_list", "", ATTEND),
    page("action_item_detail", "own task", ATTEND),
    missing("action_item_detail", "no task", ATTEND),
    form("action_item_create", "meeting", OFFICE | CHAIR),
    missing("action_item_create", "no meeting", OFFICE | CHAIR, is_form=True),
    form("action_item_edit", "own task", OFFICE),
    missing("action_item_edit", "no task", OFFICE, is_form=True),
    form("action_item_finish", "own task", OFFICE | OWN),
    missing("action_item_finish", "no task", OFFICE | SECTIONS, is_form=True),
    form("action_item_cancel", "own task", OFFICE),
    missing("action_item_cancel", "no task", OFFICE, is_form=True),
]

# Pages of the login library: each concerns the person who asks, so the question is only whether a login is needed.
# What is not listed is not mounted: signing up, mail addresses, setting a new password by mail.
OPEN_WITHOUT_LOGIN = {"account_login", "account_inactive"}
BEHIND_THE_LOGIN = {
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}


# --- 管理画面: nobody but 事務局 and the engineer comes through its door


@dataclass(frozen=True)
class Admin:
    """One registered model. Nothing is ever deleted there."""

    label: str
    view: set[str]
    add: set[str]
    change: set[str]
    sheets: set[str] | None = None  # who imports, while export goes with `view`; None: there are no such pages


DOOR = OFFICE | {"engineer"}
ADMIN_PAGES = {
    "index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "app_list",
}  # fmt: skip


def edited(label: str, people: set[str], view: set[str] = DOOR, sheets: set[str] | None = None) -> Admin:
    return Admin(label, view, people, people, sheets)


def read_only(label: str, view: set[str] = DOOR) -> Admin:
    return Admin(label, view, NOBODY, NOBODY)


ADMIN = [
    edited("townhall_section", DOOR),
    edited("townhall_user", DOOR),
    edited("townhall_roleassignment", DOOR),
    edited("townhall_closingday", DOOR),
    read_only("townhall_notice"),
    read_only("townhall_importjob", view=OFFICE),
    read_only("townhall_waitingfile", view=OFFICE),
    read_only("townhall_columnmapping", view=OFFICE),
    read_only("townhall_exportrecord"),
    read_only("townhall_attachment"),
    read_only("townhall_calendaraddress"),
    edited("initiatives_plan", OFFICE),
    edited("initiatives_initiative", OFFICE),
    edited("initiatives_plainwords", OFFICE),
    edited("initiatives_chapter", OFFICE),
    edited("initiatives_principle", OFFICE),
    edited("initiatives_glossaryterm", OFFICE),
    edited("initiatives_planrole", OFFICE),
    edited("initiatives_nationalpriorityversion", OFFICE),
    edited("initiatives_nationalpriority", OFFICE),
    edited("initiatives_comprehensiveitem", OFFICE),
    edited("initiatives_crosswalklink", OFFICE, sheets=OFFICE),
    edited("initiatives_evaluationscale", OFFICE, view=OFFICE),
    edited("initiatives_evaluationgrade", OFFICE, view=OFFICE),
    read_only("initiatives_evaluationyear", view=OFFICE),
    Admin("initiatives_evaluation", view=OFFICE, add=NOBODY, change=NOBODY, sheets=OFFICE),
    edited("initiatives_indicator", OFFICE, view=OFFICE, sheets=OFFICE),
    edited("initiatives_indicatortarget", OFFICE, view=OFFICE),
    edited("initiatives_indicatorvalue", OFFICE, view=OFFICE),
    edited("initiatives_businessprocess", OFFICE, view=OFFICE, sheets=OFFICE),
    edited("initiatives_processstep", OFFICE, view=OFFICE, sheets=OFFICE),
    edited("initiatives_standardizedsystem", OFFICE, sheets=OFFICE),
    edited("initiatives_systemsteptemplate", OFFICE),
    edited("initiatives_systemstep", OFFICE, sheets=OFFICE),
    edited("initiatives_publishedprogress", OFFICE),
    edited("schedule_activity", OFFICE),
    edited("schedule_reportinground", OFFICE),
    edited("schedule_roundrule", OFFICE),
    read_only("schedule_entrydraft", view=OFFICE),
    read_only("schedule_roundvisit", view=OFFICE),
    edited("schedule_progressreport", OFFICE, view=OFFICE, sheets=OFFICE),
    edited("schedule_publicline", OFFICE, view=OFFICE),
    read_only("schedule_publication", view=OFFICE),
    read_only("schedule_withdrawal", view=OFFICE),
    edited("schedule_duty", OFFICE, view=OFFICE, sheets=OFFICE),
    edited("schedule_dutyoccurrence", OFFICE, view=OFFICE, sheets=OFFICE),
    edited("schedule_policydocument", OFFICE, view=OFFICE, sheets=OFFICE),
    edited("schedule_policyversion", OFFICE, view=OFFICE, sheets=OFFICE),
    edited("schedule_policyreview", OFFICE, view=OFFICE, sheets=OFFICE),
    edited("schedule_policyfinding", OFFICE, view=OFFICE, sheets=OFFICE),
    edited("schedule_trainee", OFFICE, view=OFFICE, sheets=OFFICE),
    # Made on the pages, where their people, numbers and days follow from the training.
    Admin("schedule_training", view=OFFICE, add=NOBODY, change=OFFICE),
    Admin("schedule_trainingsession", view=OFFICE, add=NOBODY, change=OFFICE, sheets=OFFICE),
    Admin("schedule_attendance", view=OFFICE, add=NOBODY, change=OFFICE, sheets=OFFICE),
    read_only("schedule_reminderline"),
    read_only("schedule_remindermail"),
    read_only("schedule_mailaction"),
    read_only("schedule_jobrun"),
    read_only("schedule_remindersettings"),
    edited("initiatives_hourlycost", OFFICE),
    read_only("committee_proposalfunding", view=OFFICE),
    edited("committee_criterion", OFFICE, view=OFFICE),
    read_only("committee_proposalscore", view=OFFICE),
    read_only("committee_proposalopinion", view=OFFICE),
    read_only("committee_proposaldraft", view=OFFICE),
    read_only("committee_proposalattachment", view=OFFICE),
    read_only("committee_proposalquestion", view=OFFICE),
    read_only("committee_proposaledition", view=OFFICE),
    read_only("committee_proposalopening", view=OFFICE),
    # Written by the sections, moved by the workflow: 事務局 mends the wording of what lies with it.
    # Sections bring their own drafts, by the page under データ.
    Admin("committee_proposal", view=OFFICE, add=NOBODY, change=OFFICE, sheets=NOBODY),
    read_only("committee_proposalevent", view=OFFICE),
    edited("committee_meeting", OFFICE, view=OFFICE),
    edited("committee_agendaitem", OFFICE, view=OFFICE),
    edited("committee_committeerules", OFFICE, view=OFFICE),
    Admin("committee_seat", view=OFFICE, add=NOBODY, change=OFFICE),
    edited("committee_actionitem", OFFICE, view=OFFICE),
    read_only("committee_writtenanswer", view=OFFICE),
    Admin("committee_minutes", view=OFFICE, add=NOBODY, change=OFFICE),
    read_only("committee_minutesreply", view=OFFICE),
    read_only("committee_comment", view=OFFICE),
    read_only("committee_itempaper", view=OFFICE),
    edited("committee_projectteam", OFFICE, view=OFFICE),
    edited("committee_teammember", OFFICE, view=OFFICE),
    Admin("committee_decision", view=OFFICE, add=OFFICE, change=NOBODY),
    read_only("committee_pack", view=OFFICE),
    read_only("committee_execution", view=OFFICE),
    read_only("committee_effectreview", view=OFFICE),
    edited("committee_budgetline", OFFICE, view=OFFICE, sheets=OFFICE),
    Admin("committee_budgetamount", view=OFFICE, add=NOBODY, change=NOBODY, sheets=OFFICE),
    read_only("committee_budgetpart", view=OFFICE),
    edited("committee_fundingsource", OFFICE, view=OFFICE, sheets=OFFICE),
]

# --- words that occur in one place only, and everybody who may read that place

CANARIES = {
    "evaluation": INSIDE,
    "draft": OWN,
    "other draft": OTHER,
    "before submission": OWN,
    "inside the section": OWN,
    "inside again": OWN,
    "submitted": READ_SUBMITTED | OWN,
    "tabled": READ_SUBMITTED | OWN,
    "opinion": OFFICE | COMMITTEE,
    "draft report": OFFICE | OWN,
    "report": READERS,
    "published": EVERYBODY,
    "not yet published": OFFICE,
    "withdrawn": OFFICE,
    "line": INSIDE,
    "effect": READ_SUBMITTED | OWN,
    "agenda note": ATTEND,
    "decision": ATTEND,
    "task": ATTEND,
    "comment": ATTEND,
    "draft minutes": OFFICE,
    "team": ATTEND,
    "duty note": INSIDE,
    "trainee": OFFICE | OWN_HEAD,
    "other trainee": OFFICE | OTHER_HEAD,
    "excuse": OFFICE | OWN_HEAD,
    "letter": LETTERS,
}
