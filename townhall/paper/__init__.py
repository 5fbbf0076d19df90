"""Documents. A paper holds what is said as plain values; PDF, workbook, page and comparison are made from it alone."""
