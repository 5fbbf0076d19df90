"""The posts a person can hold (a role is held in a section for a term: RoleAssignment), and the states of an import."""

from enum import nonmember

from django.db import models


class Role(models.TextChoices):
    SECRETARIAT = "secretariat", "事務局"
    CHAIR = "chair", "委員長"
    MEMBER = "member", "委員"
    SECTION_HEAD = "section_head", "課長"
    STAFF = "staff", "担当"
    TASK_FORCE = "task_force", "専門部会"
    EXPERT = "expert", "外部人材"
    ENGINEER = "engineer", "運用担当"

    # 計画書 7 推進体制: who acts for a section, and who sits on the committee
    OF_A_SECTION = nonmember(("section_head", "staff"))
    ON_THE_COMMITTEE = nonmember(("chair", "member"))


class JobState(models.TextChoices):
    """Of an import. It begins as 読めない, so that one that breaks off while reading can never be applied."""

    WAITING = "waiting", "読み取り待ち"  # a large file, until the worker comes by
    READING = "reading", "読み取り中"
    MAPPING = "mapping", "列の対応待ち"  # a heading is not known; the person says which column it is
    REFUSED = "refused", "読めない"
    PREVIEWED = "previewed", "確認待ち"
    QUEUED = "queued", "取り込み待ち"  # many rows, which the worker writes
    APPLIED = "applied", "取込済み"
    UNDONE = "undone", "取り消し済み"
    CANCELLED = "cancelled", "取りやめ"

    # Rows were written; of an undone one, written and taken back.
    WRITTEN = nonmember(("applied", "undone"))
