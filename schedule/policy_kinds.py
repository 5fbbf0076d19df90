"""The ledgers of the security policy as files: documents, 改定, 見直し, and what has to be mended."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from schedule import edition_resources, finding_resource, policy_resources
from townhall.models import User
from townhall.permissions import Permission
from townhall.sheets.kinds import ImportKind


def _policy_lines(user: User, today: date) -> Iterable[list[Any]]:
    return policy_resources.policy_lines()


POLICIES = ImportKind(
    code="policies",
    label="セキュリティポリシーの文書",
    about="文書名、区分、公開するかどうか、担当課、見直しの間隔と次の期限。",
    view=Permission.VIEW_DUTY,
    change=Permission.MANAGE_POLICY,
    resource=lambda: policy_resources.PolicyResource,
    lines=_policy_lines,
    notes=policy_resources.policy_notes(),
    example={
        **{"文書名": "例：情報システム運用手順", "区分": "実施手順", "公開する文書": "いいえ", "担当課": "総務課"},
        **{"何か月ごとに見直すか": 12, "次の見直しの期限": "R9.3.31"},
    },
    undoable=("schedule.policydocument",),
    words={"名称": "文書名", "文書": "文書名", "課": "担当課", "種類": "区分", "公開": "公開する文書"},
)


def _finding_lines(user: User, today: date) -> Iterable[list[Any]]:
    return finding_resource.finding_lines()


FINDINGS = ImportKind(
    code="findings",
    label="指摘と是正",
    about="監査・自己点検・事故などの指摘と、担当課、期限、直した日。",
    view=Permission.VIEW_DUTY,
    change=Permission.MANAGE_POLICY,
    resource=lambda: finding_resource.FindingResource,
    lines=_finding_lines,
    notes=finding_resource.finding_notes(),
    example={
        **{"指摘の日": "R8.10.1", "指摘の内容": "例：退職者のアカウントが残っていた", "きっかけ": "自己点検"},
        **{"直すこと": "例：月に1回、確かめる。", "担当課": "総務課", "期限": "R9.1.29"},
    },
    undoable=("schedule.policyfinding",),
    words={
        **{"指摘日": "指摘の日", "指摘": "指摘の内容", "内容": "指摘の内容", "文書": "関係する文書", "課": "担当課"},
        **{"是正": "直すこと", "是正の内容": "どう直したか", "是正日": "直した日", "完了日": "直した日"},
    },
)


def _version_lines(user: User, today: date) -> Iterable[list[Any]]:
    return edition_resources.version_lines()


VERSIONS = ImportKind(
    code="policy-versions",
    label="ポリシーの改定",
    about="セキュリティポリシーの文書ごとの版、改定日、施行日、理由、承認した会議。",
    view=Permission.VIEW_DUTY,
    change=Permission.MANAGE_POLICY,
    resource=lambda: edition_resources.VersionResource,
    lines=_version_lines,
    notes=edition_resources.version_notes(),
    example={
        **{"文書": "情報セキュリティ基本方針", "版": "第2版", "改定日": "R8.10.1", "施行日": "R8.11.1"},
        **{"改定の理由": "例：国のガイドラインの改定に合わせるため", "承認した会議など": "例：第6回 情報化推進委員会"},
    },
    undoable=("schedule.policyversion", "schedule.policydocument"),
    words={"文書名": "文書", "記号": "文書", "理由": "改定の理由", "承認": "承認した会議など", "承認日": "承認の日"},
)


def _review_lines(user: User, today: date) -> Iterable[list[Any]]:
    return edition_resources.review_lines()


REVIEWS = ImportKind(
    code="policy-reviews",
    label="ポリシーの見直し",
    about="セキュリティポリシーの文書を見直した日、きっかけ、結果（変更なしも）、確かめたこと。",
    view=Permission.VIEW_DUTY,
    change=Permission.MANAGE_POLICY,
    resource=lambda: edition_resources.ReviewResource,
    lines=_review_lines,
    notes=edition_resources.review_notes(),
    example={
        **{"文書": "情報セキュリティ基本方針", "見直した日": "R8.11.1", "きっかけ": "定期"},
        **{"結果": "見直した結果、変更なし", "確かめたこと": "例：国のガイドラインと照らした。"},
    },
    undoable=("schedule.policyreview", "schedule.policydocument"),
    words={"文書名": "文書", "記号": "文書", "見直し日": "見直した日", "実施日": "見直した日", "備考": "確かめたこと"},
)

KINDS = (POLICIES, VERSIONS, REVIEWS, FINDINGS)
