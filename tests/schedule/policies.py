"""Documents of the policy, versions and findings, made the way people make them."""

from datetime import date
from typing import Any

from schedule.actions import policy as actions
from schedule.models import PolicyDocument, PolicyFinding, PolicyReview, PolicyVersion
from tests.conftest import TODAY
from tests.factories import TESTS
from townhall.changes import create_row
from townhall.models import Section


def create_document(*, code: str = "basic", name: str = "情報セキュリティ基本方針", **values: Any) -> PolicyDocument:
    document = PolicyDocument(code=code, name=name, **{"kind": "basic"} | values)
    return create_row(document, by=TESTS, today=TODAY)


def add_version(
    document: PolicyDocument, label: str = "第1版", *, on: date = date(2025, 12, 25), **values: Any
) -> PolicyVersion:
    """Revised on that day and in force since."""
    version = PolicyVersion(
        document=document, label=label, **{"revised_on": on, "in_force_on": on, "reason": "定期の見直し"} | values
    )
    return actions.add_version(version, by=TESTS, today=TODAY)


def review(document: PolicyDocument, *, next_on: date = date(2027, 11, 24), **values: Any) -> PolicyReview:
    kept = {name: values.pop(name) for name in ("occurrence", "by") if name in values}
    row = PolicyReview(document=document, **{"reviewed_on": TODAY, "outcome": "no_change"} | values)
    return actions.record_review(row, **{"by": TESTS, "today": TODAY, "next_review_on": next_on} | kept)


def find(section: Section, *, due_on: date = date(2027, 1, 29), **values: Any) -> PolicyFinding:
    texts = {"content": "退職者のアカウントが残っていた", "task": "月に1回、確かめる。", "found_on": date(2026, 10, 1)}
    finding = PolicyFinding(owner_section=section, due_on=due_on, **texts | values)
    return actions.add_finding(finding, by=TESTS, today=TODAY)
