"""A table that has been read: plain values, and where in the file each of them stands."""

from dataclasses import dataclass
from typing import Any, Self

PASTED = "paste"  # a table from the clipboard: its columns have numbers, no letters

Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Line:
    number: int  # as the spreadsheet numbers it
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """Header names as they are known here, and the lines that hold anything."""

    headers: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str = "xlsx"
    warnings: tuple[str, ...] = ()
    title: str = ""  # of the sheet in its workbook; a .csv has none
    columns: tuple[str, ...] = ()  # the letter of each header's column

    def cell(self, line: Line | int, header: str) -> str:
        """「D7」: where the value of this header stands in this line; 「7行目」 when the file has no such column."""
        number = line.number if isinstance(line, Line) else line
        if header not in self.headers:
            return f"{number}行目"
        column = self.columns[self.headers.index(header)]
        if self.encoding == PASTED:
            return f"{number}行目の{column}" if column else f"{number}行目"
        return f"{column}{number}"

    def address(self, line: Line | int, header: str) -> str:
        """「入力」!D7: the same, with the name of the sheet."""
        joint = "!" if header in self.headers else "の"
        return f"「{self.title}」{joint}{self.cell(line, header)}" if self.title else self.cell(line, header)

    def values(self, line: Line) -> dict[str, Cell]:
        return dict(zip(self.headers, line.cells, strict=True))

    def as_json(self) -> dict[str, Any]:
        return vars(self) | {"lines": [[line.number, *line.cells] for line in self.lines]}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(
            headers=tuple(kept["headers"]),
            lines=tuple(Line(number, tuple(cells)) for number, *cells in kept["lines"]),
            encoding=kept["encoding"],
            warnings=tuple(kept["warnings"]),
            title=kept["title"],
            columns=tuple(kept["columns"]),
        )
