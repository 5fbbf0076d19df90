"""提案 from a file: drafts of the own section, found by number or title; nothing else of them, and no step of their course."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from committee.choices import ProposalAction, ProposalState
from committee.kinds import BUDGET_LINES, PROPOSALS
from committee.models import Proposal, ProposalEvent
from committee.proposal_resource import ProposalResource
from tests.committee.factories import create_draft, step
from tests.conftest import NOW, TODAY
from tests.initiatives.ledgers import take_in
from townhall.sheets.imports import apply_job, begin
from townhall.sheets.undo import why_not
from townhall.sheets.writing import write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
WHEN = {"today": TODAY, "now": NOW}
HEADINGS = ("管理番号", "提案する課", "提案名", "1件あたりの短縮（分）", "導入時の費用（千円）", "対象の取組", "段階")
NEW = ("", "企画課", "ＡＩ議事録〜", "６．５", "―", "", "")


def listed(person):
    told = (dict(zip(PROPOSALS.headings, line, strict=True)) for line in PROPOSALS.lines(person, TODAY))
    return [(line["提案名"], line["段階"]) for line in told]


def test_new_title_is_a_draft_of_the_own_section_once(clerk, initiative):
    line = ("", "企画課", "ＡＩ議事録〜", "６．５", "1,200千円", "small １", ProposalState.DRAFT.label)
    counts = [take_in(ProposalResource, HEADINGS, line, by=clerk).counts for _ in range(2)]
    assert counts == [{"新規": 1, "変更": 0, "変更なし": 0}, {"新規": 0, "変更": 0, "変更なし": 1}]
    draft = Proposal.objects.get()
    told = (draft.title, draft.state, draft.author, draft.initiative, draft.initial_cost, float(draft.minutes_saved))
    assert told == ("ＡＩ議事録〜", "draft", clerk, initiative, 1200, 6.5)
    assert ProposalEvent.objects.get().action == ProposalAction.CREATE
    renamed = ("", "企画課", "", "", "", "", "")
    named = (str(draft.pk), "企画課", "議事録", "（消す）", "", "", "")
    outcome = take_in(ProposalResource, HEADINGS, named, renamed, by=clerk)
    assert outcome.sentences == ["3行目 提案名（C3）：提案名がありません。"]
    assert take_in(ProposalResource, HEADINGS, named, by=clerk).counts["変更"] == 1
    draft.refresh_from_db()
    assert (draft.title, draft.minutes_saved, draft.initial_cost) == ("議事録", None, 1200)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"提案する課": "健康福祉課"}, "提案する課（B2）：「健康福祉課」の提案は、その課の人が取り込みます。"),
        ({"管理番号": "other"}, "管理番号（A2）：管理番号「"),
        ({"管理番号": "99999"}, "管理番号（A2）：管理番号「99999」の提案は、企画課にはありません。"),
        ({"段階": "採択"}, "段階（G2）：この列は、取り込みでは変えられません。"),
        ({"導入時の費用（千円）": "10,000,001"}, "導入時の費用（千円）（E2）："),
        ({"1件あたりの短縮（分）": "6.55"}, "1件あたりの短縮（分）（D2）：「6.55」は使えません。"),
        ({"対象の取組": "small 9"}, "対象の取組（F2）：取組「small 9」はありません。"),
        ({"提案名": "題" * 101}, "提案名（C2）："),
    ],
)
def test_what_the_form_would_not_take_is_named_with_its_cell(
    clerk, planning, other_head, welfare, initiative, values, sentence
):
    other = create_draft(by=other_head, section=welfare, title="福祉の案")
    values = {key: str(other.pk) if value == "other" else value for key, value in values.items()}
    good = ("", "企画課", "よい案", "", "", "", "")
    wrong = tuple((dict(zip(HEADINGS, good, strict=True)) | {"提案名": "案"} | values).values())
    outcome = take_in(ProposalResource, HEADINGS, wrong, good, by=clerk)
    (said,) = outcome.sentences
    assert (said.removeprefix("2行目 ")[: len(sentence)], Proposal.objects.count()) == (sentence, 1)


def test_what_has_gone_on_is_told_and_not_changed(clerk, section_head, planning, secretary, initiative):
    draft = create_draft(by=clerk, section=planning, initiative=initiative, title="待つ案")
    step(draft, ProposalAction.SUBMIT, by=clerk)
    sent = create_draft(by=section_head, section=planning, initiative=initiative, title="出した案")
    step(sent, ProposalAction.SUBMIT, by=section_head)
    same, other = ("", "企画課", "出した案", "", "", "", ""), ("", "企画課", "待つ案", "1", "", "", "")
    outcome = take_in(ProposalResource, HEADINGS, same, other, by=clerk)
    assert (outcome.rows[0].kind, [row.errors[0] for row in outcome.failed]) == (
        "same",
        ["段階（G3）：「課内の決裁待ち」の提案は、ファイルでは変えられません。提案の画面で行ってください。"],
    )
    assert [listed(person) for person in (secretary, clerk)] == [
        [("出した案", "事務局の確認中")],
        [("出した案", "事務局の確認中"), ("待つ案", "課内の決裁待ち")],
    ]


def test_sections_bring_their_own_and_new_drafts_are_not_taken_back(clerk, secretary, member):
    may = [PROPOSALS.may_import(person, today=TODAY) for person in (clerk, secretary, member)]
    assert may == [True, False, False]
    said = [kind.refusal.partition("。")[0] for kind in (PROPOSALS, BUDGET_LINES)]
    assert said == ["取り込みは課長・担当が行います", "取り込みは事務局が行います"]
    job = begin(PROPOSALS, SimpleUploadedFile("表.csv", write_csv(HEADINGS, [NEW])), by=clerk, **WHEN)
    job = apply_job(PROPOSALS, job, without_errors=False, by=clerk, **WHEN)
    assert why_not(PROPOSALS, job, **WHEN).startswith("新しい下書き「ＡＩ議事録〜」があるため、取り消せません。")
