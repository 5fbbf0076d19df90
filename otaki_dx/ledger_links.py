"""Where the subject of an initiative is kept in detail: the ledger beside the plan's own rows."""

from dataclasses import dataclass

from django.urls import reverse

from initiatives.models import Initiative
from townhall.http import PortalRequest
from townhall.permissions import Permission, can

# 計画書 5 (1): 1 住民の利便性向上・職員の業務の効率化, 6 情報システムの標準化・共通化
LEDGERS = {
    "1": (("業務の棚卸し", "process_list", Permission.VIEW_PROCESS),),
    "6": (("標準化20業務", "system_list", Permission.VIEW_SYSTEM),),
}


@dataclass(frozen=True)
class LedgerLink:
    label: str
    url: str


def ledger_links(request: PortalRequest, initiative: Initiative | None) -> list[LedgerLink]:
    known = LEDGERS.get(initiative.code, ()) if initiative else ()
    return [
        LedgerLink(label, reverse(name))
        for label, name, permission in known
        if can(request.user, permission, today=request.today)
    ]
