"""Workbooks in the shapes the ministries publish (the originals were not at hand; the columns follow their readers)."""

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

PMO = [
    *("住民記録", "選挙人名簿管理", "固定資産税", "個人住民税", "法人住民税", "軽自動車税", "就学", "国民年金"),
    *("国民健康保険", "後期高齢者医療", "介護保険", "障害者福祉", "生活保護", "健康管理", "児童手当", "児童扶養手当"),
    *("子ども・子育て支援", "戸籍", "戸籍附票", "印鑑登録"),
]
AGENCY = [
    *("住民基本台帳", "印鑑登録", "戸籍", "戸籍の附票", "選挙人名簿管理", "個人住民税", "法人住民税", "固定資産税"),
    *("軽自動車税", "就学", "国民年金", "国民健康保険", "後期高齢者医療", "介護保険", "障害者福祉", "生活保護"),
    *("健康管理", "児童手当", "児童扶養手当", "子ども･子育て支援", "共通機能"),
]
OTHER, OURS = ["千葉県", "いすみ市"], ["千葉県", "大多喜町"]
STEPS = [f"{number}．見本の手順" for number in range(1, 41)]


def book(rows: Iterable[Sequence[object]], *, title: str) -> bytes:
    made = Workbook(write_only=True)
    sheet = made.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def monthly(values: Sequence[object], *, title: str = "令和8年1月_進捗状況", ours: Sequence[str] = OURS) -> bytes:
    """A: the headings in the second line, values from the third, 0 to 1."""
    return book(
        [
            ["進捗状況（団体別）"],
            ["都道府県", "市区町村", "完了率", *PMO],
            [*OTHER, 0.5, *[0.5] * 20],
            [*ours, 0.985, *values],
        ],
        title=title,
    )


def by_prefecture() -> bytes:
    return book([["都道府県", "完了率", *PMO], ["千葉県", 0.8, *[0.8] * 20]], title="令和8年1月_進捗状況")


def steps(words: dict[str, Sequence[str]], *, title: str = "業務別ステップ別進捗一覧") -> bytes:
    """B: one line per 団体 and 業務."""
    other = [[*OTHER, name, *["完了済み"] * 40] for name in words]
    ours = [[*OURS, name, *row] for name, row in words.items()]
    return book([["都道府県名", "市区町村名", "業務名", *STEPS], *other, *ours], title=title)


def transition(marked: set[str], *, title: str = "結果一覧", code: object = "124419") -> bytes:
    """C: the headings in the third line, data from the fourth."""
    line = [code, "大多喜町", "町村", *["●" if name in marked else None for name in AGENCY]]
    return book(
        [
            ["特定移行支援システムの該当見込み（令和7年12月末時点）"],
            [],
            ["団体コード", "自治体名", "自治体区分", *AGENCY],
            ["122386", "いすみ市", "市区", *["●"] * 21],
            line,
        ],
        title=title,
    )
