"""What the ministries' largest sheet costs: `python -m bench.ministry_file`.

34,820 lines (1,741 団体 × 20 業務) of 43 columns, written here, read in a process of its own as the worker does it.
Printed: size, unpacked size, seconds on the clock, peak memory of the reading process, and what was kept.
"""

import io
import resource
import sys
import time
import zipfile

from openpyxl import Workbook

from townhall.sheets.child import read_large_apart

TOWNS, SYSTEMS, STEPS = 1741, 20, 40
OURS = 500  # the number of the line at which our town stands


def workbook() -> bytes:
    made = Workbook(write_only=True)
    sheet = made.create_sheet("業務別ステップ別進捗一覧")
    sheet.append(["都道府県名", "市区町村名", "業務名", *(f"{n}．見本の手順" for n in range(1, STEPS + 1))])
    for number in range(TOWNS):
        town = "大多喜町" if number == OURS else f"見本町{number}"
        for system in range(SYSTEMS):
            sheet.append(["千葉県", town, f"業務{system}", *["完了済み"] * 34, "対象外", *["作業中"] * 5])
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def main() -> None:
    data = workbook()
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        unpacked = sum(part.file_size for part in book.infolist())
    began = time.perf_counter()
    (extract,) = read_large_apart("業務別ステップ別.xlsx", data, words=["大多喜町"])
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    sys.stdout.write(
        f"{len(data) / 1e6:.1f} MB, unpacked {unpacked / 1e6:.0f} MB: {took:.1f} s, peak {peak:.0f} MB, "
        f"kept {len(extract.lines)} of {extract.total:,} lines\n"
    )


if __name__ == "__main__":
    main()
