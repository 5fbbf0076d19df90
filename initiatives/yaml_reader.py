"""Read a YAML file that people write by hand: every complaint is a Japanese sentence with the number of its line.

Only the plain part of YAML is accepted (mappings, lists, text, numbers, dates). Anchors, aliases and tags are refused:
no file of ours needs them, and an alias can unfold a small file into gigabytes.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_BYTES = 512 * 1024
MAX_DEPTH = 8  # the plan needs 5; a deeper file is not one of ours, and would exhaust the composer's recursion

STR_TAG = "tag:yaml.org,2002:str"
INT_TAG = "tag:yaml.org,2002:int"
NULL_TAG = "tag:yaml.org,2002:null"


@dataclass(frozen=True, order=True)
class Problem:
    """`line` counts from 1; 0 means the file as a whole."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.line}行目：{self.sentence}" if self.line else self.sentence


class YamlFileError(ValueError):
    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def line_of(node: Node) -> int:
    return int(node.start_mark.line) + 1


def decode(content: bytes) -> str:
    """Raises YamlFileError when the bytes are too many or not UTF-8 (a byte order mark is allowed)."""
    if len(content) > MAX_BYTES:
        raise YamlFileError([Problem(0, f"ファイルが大きすぎます（{MAX_BYTES // 1024}KBまで）。")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        sentence = "UTF-8として読めない文字があります。文字コードをUTF-8にして保存し直してください。"
        raise YamlFileError([Problem(line, sentence)]) from error


def compose(text: str) -> Node:
    """The single document of the text as nodes. Raises YamlFileError."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise YamlFileError([Problem(0, f"ファイルが大きすぎます（{MAX_BYTES // 1024}KBまで）。")])
    try:
        forbidden = list(_forbidden_constructs(text))
        if forbidden:
            raise YamlFileError(forbidden)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise YamlFileError([_syntax_problem(error, text)]) from error
    if root is None:
        raise YamlFileError([Problem(0, "ファイルに何も書かれていません。")])
    return root


def _forbidden_constructs(text: str) -> Iterator[Problem]:
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents == 2:
                yield Problem(
                    line, "「---」で区切った2つ目の文書があります。1つのファイルには計画を1つだけ書いてください。"
                )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            yield Problem(line, "YAMLの参照（& と *）は使えません。同じ内容でも、そのまま書いてください。")
        if getattr(event, "tag", None):
            yield Problem(line, "YAMLのタグ（!）は使えません。「!」で始まる文字は引用符で囲んでください。")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:  # stop here: what follows may be thousands of brackets
                yield Problem(line, "入れ子が深すぎます。字下げを確かめてください。")
                return
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _syntax_problem(error: yaml.YAMLError, text: str) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        line = text[: error.position].count("\n") + 1
        return Problem(line, f"使えない制御文字（U+{int(error.character):04X}）があります。")
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Problem(0, "YAMLとして読めません。")
    if "\\t" in str(getattr(error, "problem", "")):
        return Problem(mark.line + 1, "字下げにタブが使われています。半角の空白を使ってください。")
    return Problem(
        mark.line + 1,
        f"YAMLの書き方に誤りがあります（{mark.column + 1}文字目付近）。字下げ、「:」、引用符を確かめてください。",
    )


class NodeReader:
    """Turns nodes into values and remembers every complaint, so that one run tells everything that is wrong.

    A value that cannot be read becomes "" / 0 / None; the caller raises YamlFileError before anyone uses it.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def complain(self, node: Node, sentence: str) -> None:
        self.problems.append(Problem(line_of(node), sentence))

    def line_within(self, node: ScalarNode, offset: int) -> int:
        """The line on which this character of the value stands (the text of a `|` block begins below its key)."""
        breaks = node.value[:offset].count("\n")
        return line_of(node) + (1 + breaks if node.style == "|" else 0)

    def mapping(
        self, node: Node, what: str, *, required: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, Node]:
        if not isinstance(node, MappingNode):
            self.complain(node, f"{what}は「項目: 値」の形で書いてください。")
            return {}
        allowed = [*required, *optional]
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else None
            if name is None or name not in allowed:
                known = "・".join(allowed)
                self.complain(key, f"{what}に「{_short(name)}」という項目はありません。使えるのは {known} です。")
            elif name in found:
                self.complain(key, f"{what}に「{name}」が2回書かれています。")
            else:
                found[name] = value
        for name in required:
            if name not in found:
                self.complain(node, f"{what}に「{name}」がありません。")
        return found

    def items(self, node: Node | None, what: str) -> list[Node]:
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            self.complain(node, f"{what}は「- 」で始まる一覧で書いてください。")
            return []
        if not node.value:
            self.complain(node, f"{what}が空です。")
        return list(node.value)

    def text(self, node: Node | None, what: str, *, max_length: int) -> str:
        if node is None:
            return ""
        if not isinstance(node, ScalarNode):
            self.complain(node, f"{what}は文字で書いてください。")
            return ""
        value = "\n".join(line.rstrip() for line in node.value.strip().split("\n"))
        if not value or node.tag == NULL_TAG:
            self.complain(node, f"{what}が空です。")
            return ""
        if node.tag != STR_TAG:
            self.complain(node, f"{what}の「{_short(value)}」が文字として読めません。引用符（'…'）で囲んでください。")
            return ""
        if len(value) > max_length:
            self.complain(node, f"{what}が長すぎます（{max_length}文字まで、いま{len(value)}文字）。")
        return value

    def line(self, node: Node | None, what: str, *, max_length: int) -> str:
        """Text that has to stand on one line."""
        value = self.text(node, what, max_length=max_length)
        if node is not None and "\n" in value:
            self.complain(node, f"{what}は一行で書いてください。")
        return value

    def number(self, node: Node | None, what: str) -> int:
        if node is None:
            return 0
        value = node.value if isinstance(node, ScalarNode) and node.tag == INT_TAG else ""
        if not re.fullmatch(r"[1-9][0-9]?", value):
            self.complain(node, f"{what}は1から99までの半角の数字で書いてください。")
            return 0
        return int(value)

    def day(self, node: Node | None, what: str) -> date | None:
        if node is None:
            return None
        value = node.value if isinstance(node, ScalarNode) else ""
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            self.complain(node, f"{what}は2026-03-31のように実在する日付で書いてください。")
            return None


def _short(value: str | None) -> str:
    text = value if value is not None else "一覧や入れ子"
    return text if len(text) <= 30 else text[:30] + "…"
