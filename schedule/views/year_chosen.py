"""?year= of the pages that show one fiscal year."""

from dataclasses import dataclass

from townhall import fiscal
from townhall.http import PortalRequest


@dataclass(frozen=True)
class YearChosen:
    year: int
    this_year: int
    problem: str = ""  # what was asked for cannot be read; the present year is shown


def year_chosen(request: PortalRequest) -> YearChosen:
    this_year = fiscal.fiscal_year(request.today)
    wanted = request.GET.get("year", "")
    if not wanted:
        return YearChosen(this_year, this_year)
    try:
        return YearChosen(fiscal.parse_fiscal_year(wanted).year or this_year, this_year)
    except fiscal.DateTextError as error:
        return YearChosen(this_year, this_year, f"{error} {fiscal.format_fiscal_year(this_year)}を表示しています。")
