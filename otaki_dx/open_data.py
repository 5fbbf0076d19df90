"""Open data: the same publication as CSV and JSON, with its columns described. Pure but for the address of the site.

Names and columns follow 自治体標準オープンデータセット where it says something: UTF-8 with BOM and CRLF, the code of the
municipality as text, ISO dates, one value a cell. There is no standard data set for plans; the columns are our own.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from schedule.public.content import WORDS, PublicContent, PublicLetter
from townhall import fiscal
from townhall.sheets.writing import CSV_TYPE, write_csv
from townhall.town_code import OTAKI

Cell = str | int | None
LICENCE = "CC-BY-4.0"
LICENCE_TITLE = "クリエイティブ・コモンズ 表示 4.0 国際"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/deed.ja"
PUBLISHER = "大多喜町"
JSON_TYPE = "application/json; charset=utf-8"
JSON_LD_TYPE = "application/ld+json; charset=utf-8"


@dataclass(frozen=True)
class Column:
    name: str
    kind: str  # of Frictionless Table Schema: string, integer, number, date
    meaning: str


TOWN = Column("全国地方公共団体コード", "string", "6桁。先頭の0も意味を持つため、文字列です。")
ID = Column("ID", "string", "この行を指す番号。公開のたびに変わりません。")
PLAN = Column("計画名", "string", "計画の名称")
NUMBER = Column("取組番号", "string", "重点取組は1～、検討事項はk1～。推進体制の行は空欄です。")
INITIATIVE = Column("取組名", "string", "取組事項の名称")
SECTION = Column("担当課", "string", "主担当の課。未定のときは空欄です。")
YEAR = Column("年度（西暦）", "integer", "4月1日に始まる年度の西暦")
YEAR_JA = Column("年度（和暦）", "string", "同じ年度の和暦")
AS_OF = Column("基準日", "date", "値を確かめた日")
NOTE = Column("備考", "string", "注記")


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[PublicContent], list[tuple[Cell, ...]]]


@dataclass(frozen=True)
class DataFile:
    name: str
    title: str
    content_type: str
    write: Callable[[PublicContent, date], bytes]
    table: Table | None = None
    kind: str = ""  # CSV, JSON


def _names(content: PublicContent) -> dict[str, str]:
    return {each.code: each.name for each in content.initiatives}


def _rows(content: PublicContent) -> list[tuple[Cell, ...]]:
    names = _names(content)
    return [
        (
            *(OTAKI, f"{content.plan_code}/{row.code}", content.plan_name, row.initiative),
            *(names.get(row.initiative, ""), row.section, row.code, row.title, row.kind, row.timing, row.years),
        )
        for row in content.rows
    ]


def _standings(content: PublicContent) -> list[tuple[Cell, ...]]:
    """Only rows that say something; without a closed round there is nothing to say."""
    if content.round_year is None:
        return []
    names, year = _names(content), content.round_year
    return [
        (
            *(OTAKI, f"{content.plan_code}/{row.code}/{content.round_key}", content.plan_name, row.initiative),
            *(names.get(row.initiative, ""), row.section, row.code, row.title),
            *(year, fiscal.format_fiscal_year(year), content.round, row.state.label, row.text, row.next_step),
            *(_iso(content.closed_on), WORDS.get(row.standing, "") and "状況は公開していません。"),
        )
        for row in content.rows
    ]


def _figures(content: PublicContent) -> list[tuple[Cell, ...]]:
    names, sections = _names(content), {each.code: each.section for each in content.initiatives}
    lines: list[tuple[Cell, ...]] = []
    for each in content.figures:
        is_measured = each.basis == "実測"
        key = f"{content.plan_code}/indicator-{each.indicator}/{each.fiscal_year}/{each.part}/{each.basis}"
        lines.append(
            (
                *(OTAKI, key, content.plan_name, each.initiative, names.get(each.initiative, "")),
                *(sections.get(each.initiative, ""), each.fiscal_year, fiscal.format_fiscal_year(each.fiscal_year)),
                *(each.part, each.name, each.unit, each.formula, each.target, each.target_upper),
                *(each.value if is_measured else "", "" if is_measured else each.value),
                *(each.as_of.isoformat(), each.source),
            )
        )
    return lines


def _systems(content: PublicContent) -> list[tuple[Cell, ...]]:
    systems = content.systems
    return [
        (
            *(OTAKI, each.code, each.name, "対象" if each.is_target else "対象外", each.exclusion_reason),
            *(each.counted, 40 if each.counted is not None else None, _iso(systems.as_of), systems.source),
            "対象・対象外の区分は例（町の確認前）" if each.is_example else "",
        )
        for each in systems.lines
    ]


def _letters(content: PublicContent) -> list[tuple[Cell, ...]]:
    names, sections = _names(content), {each.code: each.section for each in content.initiatives}
    return [
        (
            *(OTAKI, f"{content.plan_code}/evaluation-{each.initiative}/{each.fiscal_year}", content.plan_name),
            *(each.initiative, names.get(each.initiative, ""), sections.get(each.initiative, "")),
            *(each.fiscal_year, fiscal.format_fiscal_year(each.fiscal_year)),
            *(each.grade.code, each.grade.label, each.grade.meaning, each.fixed_on.isoformat()),
            "、".join(_letter_notes(content, each)),
        )
        for each in content.letters
    ]


def _letter_notes(content: PublicContent, letter: PublicLetter) -> Iterator[str]:
    if letter.is_corrected:
        yield "確定したあとに訂正しました"
    if content.scale_is_example:
        yield "評価の区分は例（町の確認前）"


def _terms(content: PublicContent) -> list[tuple[Cell, ...]]:
    return [
        (OTAKI, f"{content.plan_code}/term-{each.number}", content.plan_name, each.number, each.term, each.definition)
        for each in content.terms
    ]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


TABLES = (
    Table(
        "dx_plan_rows",
        "DX推進計画の取組内容",
        "計画の全体スケジュールの行と検討事項",
        (
            *(TOWN, ID, PLAN, NUMBER, INITIATIVE, SECTION),
            Column("行番号", "string", "全体スケジュールの番号（5-3など）"),
            Column("内容", "string", "計画の記載"),
            Column("区分", "string", "期限型、開始型、毎年型、随時・継続型、検討事項"),
            Column("実施時期", "string", "計画の記載"),
            Column("実施年度", "string", "実施時期から読み取った年度"),
        ),
        _rows,
    ),
    Table(
        "dx_plan_standings",
        "DX推進計画の進捗状況",
        "締め切った期の報告のうち、町が確かめて公開したもの",
        (
            *(TOWN, ID, PLAN, NUMBER, INITIATIVE, SECTION),
            Column("行番号", "string", "全体スケジュールの番号"),
            Column("内容", "string", "計画の記載"),
            *(YEAR, YEAR_JA),
            Column("期", "string", "報告の期と対象の月"),
            Column(
                "進捗状況",
                "string",
                "順調、やや遅れ、遅れ、完了、未着手、見送り、未報告、非公開、確認中。検討事項は検討中、試行中、方針決定、実施中",
            ),
            Column("説明", "string", "住民向けの文"),
            Column("次にすること", "string", "住民向けの文"),
            *(AS_OF, NOTE),
        ),
        _standings,
    ),
    Table(
        "dx_indicators",
        "DX推進計画の指標",
        "公開してよいとした指標の値。実測と見込は別の列です。足し合わせません。",
        (
            *(TOWN, ID, PLAN, NUMBER, INITIATIVE, SECTION, YEAR, YEAR_JA),
            Column("期間", "string", "年度か、その四半期"),
            Column("指標名", "string", "指標の名称"),
            Column("単位", "string", "値の単位"),
            Column("算式", "string", "値の求め方"),
            Column("目標値", "number", "年度の目標。範囲のときは下限"),
            Column("目標値の上限", "number", "範囲のときだけ"),
            Column("実績値", "number", "実測した値"),
            Column("見込値", "number", "見込・推計の値"),
            *(AS_OF, Column("出典", "string", "値の出典")),
        ),
        _figures,
    ),
    Table(
        "dx_evaluations",
        "DX推進計画の年度評価",
        "確定した年度の、委員会の評価のうち公開したもの。期ごとの進捗状況とは別の尺度です。",
        (
            *(TOWN, ID, PLAN, NUMBER, INITIATIVE, SECTION, YEAR, YEAR_JA),
            Column("評価", "string", "評価の区分の記号"),
            Column("評価の名称", "string", "記号の名称"),
            Column("評価の意味", "string", "記号の意味"),
            *(Column("確定日", "date", "年度の評価を確定した日"), NOTE),
        ),
        _letters,
    ),
    Table(
        "dx_standard_systems",
        "標準化20業務の進捗",
        "国が公表した、この町のステップ完了数",
        (
            *(TOWN, ID),
            Column("業務名", "string", "標準化法の対象の業務"),
            Column("対象区分", "string", "対象、対象外"),
            Column("対象外の理由", "string", "対象外のときだけ"),
            Column("完了ステップ数", "integer", "公表方式（対象外を完了に数える）"),
            Column("全ステップ数", "integer", "40"),
            *(AS_OF, Column("出典", "string", "公表した資料"), NOTE),
        ),
        _systems,
    ),
    Table(
        "dx_glossary",
        "DX推進計画の用語",
        "計画の用語説明",
        (
            *(TOWN, ID, PLAN),
            Column("番号", "integer", "計画の※の番号"),
            Column("用語", "string", "用語"),
            Column("説明", "string", "計画の記載"),
        ),
        _terms,
    ),
)


def _csv_writer(table: Table) -> Callable[[PublicContent, date], bytes]:
    def write(content: PublicContent, as_of: date) -> bytes:
        return write_csv([column.name for column in table.columns], table.rows(content))

    return write


def _json_writer(table: Table) -> Callable[[PublicContent, date], bytes]:
    def write(content: PublicContent, as_of: date) -> bytes:
        names = [column.name for column in table.columns]
        return _json(
            {
                "title": table.title,
                "description": table.about,
                "publisher": PUBLISHER,
                "license": LICENCE_URL,
                "issued": as_of.isoformat(),
                "is_example": content.is_example,
                "rows": [_typed(dict(zip(names, row, strict=True)), table.columns) for row in table.rows(content)],
            }
        )

    return write


def _typed(row: dict[str, Cell], columns: Sequence[Column]) -> dict[str, Any]:
    """Numbers as numbers and nothing as null, where the column is no text."""
    return {column.name: _value(row[column.name], column.kind) for column in columns}


def _value(cell: Cell, kind: str) -> Any:
    if kind == "string":
        return cell or ""
    if cell in ("", None):
        return None
    if kind == "number":
        text = str(cell)
        return float(text) if "." in text else int(text)
    return cell


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _datapackage(content: PublicContent, as_of: date) -> bytes:
    """Frictionless Data Package: every CSV with its table schema."""
    return _json(
        {
            "name": f"{OTAKI}_dx",
            "title": f"{PUBLISHER} DX推進計画",
            "created": as_of.isoformat(),
            "licenses": [{"name": LICENCE, "title": LICENCE_TITLE, "path": LICENCE_URL}],
            "contributors": [{"title": PUBLISHER, "role": "publisher"}],
            "resources": [_resource(table) for table in TABLES],
        }
    )


def _resource(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": f"{OTAKI}_{table.name}.csv",
        "title": table.title,
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n"},
        "schema": {
            "fields": [
                {"name": column.name, "type": column.kind, "description": column.meaning} for column in table.columns
            ],
            "primaryKey": "ID",
            "missingValues": [""],
        },
    }


def _catalogue(content: PublicContent, as_of: date) -> bytes:
    """DCAT as JSON-LD, with the absolute addresses of PORTAL_PUBLIC_URL."""
    root = f"{settings.PORTAL_PUBLIC_URL}/data"
    return _json(
        {
            "@context": {
                "dcat": "http://www.w3.org/ns/dcat#",
                "dct": "http://purl.org/dc/terms/",
                "foaf": "http://xmlns.com/foaf/0.1/",
                "xsd": "http://www.w3.org/2001/XMLSchema#",
            },
            "@id": f"{root}/catalog.jsonld",
            "@type": "dcat:Catalog",
            "dct:title": f"{PUBLISHER} DX推進計画 オープンデータ",
            "dct:publisher": {"@type": "foaf:Agent", "foaf:name": PUBLISHER},
            "dct:license": {"@id": LICENCE_URL},
            "dct:language": "ja",
            "dct:issued": {"@type": "xsd:date", "@value": as_of.isoformat()},
            "dcat:dataset": [_dataset(table, root) for table in TABLES],
        }
    )


def _dataset(table: Table, root: str) -> dict[str, Any]:
    return {
        "@id": f"{root}/#{table.name}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{OTAKI}_{table.name}",
        "dct:title": table.title,
        "dct:description": table.about,
        "dct:license": {"@id": LICENCE_URL},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:downloadURL": {"@id": f"{root}/{OTAKI}_{table.name}.{extension}"},
                "dcat:mediaType": media,
                "dct:conformsTo": {"@id": f"{root}/datapackage.json"},
            }
            for extension, media in (("csv", "text/csv"), ("json", "application/json"))
        ],
    }


FILES: dict[str, DataFile] = {
    each.name: each
    for each in (
        *(
            DataFile(f"{OTAKI}_{table.name}.{extension}", table.title, content_type, writer(table), table, kind)
            for table in TABLES
            for extension, content_type, writer, kind in (
                ("csv", CSV_TYPE, _csv_writer, "CSV"),
                ("json", JSON_TYPE, _json_writer, "JSON"),
            )
        ),
        DataFile("datapackage.json", "項目の定義（Frictionless Data Package）", JSON_TYPE, _datapackage),
        DataFile("catalog.jsonld", "カタログ（DCAT）", JSON_LD_TYPE, _catalogue),
    )
}


def file_bytes(name: str, content: PublicContent, *, as_of: date) -> bytes:
    return FILES[name].write(content, as_of)
