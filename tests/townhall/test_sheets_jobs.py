"""One row per import: it comes first, belongs to one person and one purpose, and is applied once."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404

from tests.conftest import NOW, TODAY
from townhall.models import ImportJob
from townhall.sheets import jobs
from townhall.sheets.guard import MAX_BYTES, SheetError
from townhall.sheets.table import Line

pytestmark = pytest.mark.django_db
TABLE = "番号,状況\r\n5-3,遅れ\r\n".encode()


def opened(by, data=TABLE, name="報告.csv", *, profile="見本", subject="round:1", now=NOW):
    return jobs.open_job(
        SimpleUploadedFile(name, data),
        profile=profile,
        subject=subject,
        known=("番号", "状況"),
        required=("番号",),
        by=by,
        today=TODAY,
        now=now,
    )


def applied(job, now=NOW):
    with transaction.atomic():
        return jobs.claim(job, now=now)


def test_job_holds_the_file_the_person_and_the_table(clerk):
    job = ImportJob.objects.get(pk=opened(clerk).pk)
    assert (job.profile, job.subject, job.file_name, job.size) == ("見本", "round:1", "報告.csv", len(TABLE))
    assert (job.person, job.person_text, job.created_at) == (clerk, "企画課 担当 見本 三郎", NOW)
    assert (job.state, job.applied_at, job.sha256[:8]) == (
        "previewed",
        None,
        jobs.hashlib.sha256(TABLE).hexdigest()[:8],
    )
    assert jobs.sheet_of(job).lines == (Line(2, ("5-3", "遅れ")),)
    assert str(job) == f"取込#{job.pk}"


@pytest.mark.parametrize(
    ("data", "sentence", "is_hashed"),
    [
        ("番号\r\n".encode(), jobs.NO_LINES, True),
        (
            b"a\0",
            "文字の表ではないデータが入っています（2バイト目）。Excelで「CSV UTF-8」として保存し直してください。",
            True,
        ),
        (b"a" * (MAX_BYTES + 1), "ファイルが大きすぎます（5MBまで）。不要な行やシートを除いてください。", False),
    ],
)
def test_file_that_cannot_be_read_leaves_its_row(clerk, data, sentence, is_hashed):
    with pytest.raises(SheetError):
        opened(clerk, data)
    job = ImportJob.objects.get()
    assert (job.state, job.result, job.table, bool(job.sha256)) == ("refused", {"errors": [sentence]}, {}, is_hashed)
    assert jobs.outcome_of(job) == sentence
    assert not applied(job)
    with pytest.raises(Http404):
        jobs.job_of(job.pk, person=clerk, profile="見本")


def test_job_is_found_by_its_own_person_for_its_own_purpose(clerk, other_head):
    job = opened(clerk)
    assert jobs.job_of(str(job.pk), person=clerk, profile="見本", subject="round:1") == job
    wrong = [
        {"person": other_head},
        {"profile": "ほか"},
        {"subject": "round:2"},
        *({"pk": pk} for pk in (0, -1, "", "x", "１", "9" * 30, f"{job.pk} ", None)),
    ]
    for change in wrong:
        with pytest.raises(Http404):
            jobs.job_of(**({"pk": job.pk, "person": clerk, "profile": "見本"} | change))


def test_job_is_claimed_once(clerk):
    job = opened(clerk)
    again = ImportJob.objects.get(pk=job.pk)
    assert [applied(job), applied(again), applied(job)] == [True, False, False]
    assert jobs.not_open(again) == f"取込#{job.pk}は11月24日に取込済みです。もう一度は取り込んでいません。"
    assert jobs.cancel(again) is False
    assert ImportJob.objects.values_list("state", "applied_at").get() == ("applied", NOW)


def test_claim_is_given_back_with_its_transaction(clerk):
    job = opened(clerk)
    with transaction.atomic():
        assert jobs.claim(job, now=NOW)
        transaction.set_rollback(True)
    assert ImportJob.objects.get().state == "previewed"
    assert applied(job)


@pytest.mark.django_db(transaction=True)
def test_claim_outside_a_transaction_is_a_mistake(clerk):
    with pytest.raises(transaction.TransactionManagementError):
        jobs.claim(opened(clerk), now=NOW)


def test_preview_lasts_a_day(clerk):
    job = opened(clerk)
    assert not applied(job, NOW + jobs.PREVIEW_LASTS)
    assert jobs.not_open(job).startswith("確認の画面が古くなりました。")
    assert applied(job, NOW + jobs.PREVIEW_LASTS - timedelta(seconds=1))


def test_cancelled_job_is_gone(clerk):
    job = opened(clerk)
    assert jobs.cancel(job)
    assert not applied(job)
    assert jobs.not_open(job).startswith(f"取込#{job.pk}は取りやめました。")
    with pytest.raises(Http404):
        jobs.job_of(job.pk, person=clerk, profile="見本")


def test_same_file_for_the_same_thing_is_known(clerk, other_head):
    first = opened(clerk)
    second = opened(other_head, name="別の名前.csv")
    assert jobs.earlier_sentence(second) == ""
    applied(first)
    assert jobs.earlier_applied(second) == first
    assert jobs.earlier_sentence(second) == f"同じファイルは11月24日に取込済みです（取込#{first.pk}）。"
    assert jobs.earlier_applied(first) is None
    for other in (opened(clerk, subject="round:2"), opened(clerk, profile="ほか"), opened(clerk, TABLE + b"\r\n")):
        assert jobs.earlier_applied(other) is None


def test_words_for_the_history(clerk):
    short, long = opened(clerk, name="報告.csv"), opened(clerk, name="あ" * 150 + ".csv")
    assert (jobs.source_of(short), len(jobs.source_of(long))) == ("CSV取込（報告.csv）", 60)
    assert jobs.reason_of(short) == f"取込#{short.pk} 報告.csv（企画課 担当 見本 三郎）"
    short.file_name = "報告.xlsx"
    assert jobs.source_of(short) == "Excel取込（報告.xlsx）"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("報告.xlsx", "報告.xlsx"),
        ("C:\\Users\\x\\報告.xlsx", "報告.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\u202excod.xlsx", "axcod.xlsx"),
        ("二行\n\t\x00の　名.csv", "二行 \ufffdの 名.csv"),
        ("", "（名前なし）"),
        ("あ" * 300, "あ" * 200),
    ],
)
def test_name_of_a_file_as_it_is_shown(name, shown):
    assert jobs.shown_name(name) == shown


def test_only_an_applied_job_has_a_moment(clerk):
    job = opened(clerk)
    job.applied_at = NOW
    with pytest.raises(IntegrityError):
        job.save()
