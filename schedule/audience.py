"""The people of one training, to be found again by number or name."""

from collections import defaultdict
from collections.abc import Iterable

from schedule.models import Attendance


class Audience:
    def __init__(self, rows: Iterable[Attendance]) -> None:
        self.by_name: dict[str, list[Attendance]] = defaultdict(list)
        self.by_number: dict[str, Attendance] = {}
        for row in rows:
            self.by_name[row.trainee.name_key].append(row)
            if row.trainee.staff_number:
                self.by_number[row.trainee.staff_number] = row
