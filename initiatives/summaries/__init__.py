from initiatives.summaries.indicators import IndicatorLine, IndicatorTable, YearCell, indicator_line, indicator_table

__all__ = ["IndicatorLine", "IndicatorTable", "YearCell", "indicator_line", "indicator_table"]
