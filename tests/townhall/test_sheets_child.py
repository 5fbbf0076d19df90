"""The process that reads: whatever becomes of it, there is a table or a sentence."""

from dataclasses import replace

import pytest

from tests.townhall.test_sheets import GOOD, HEADINGS, csv_of, read, repacked
from townhall.sheets import child
from townhall.sheets.child import STOPPED, TOO_HEAVY, TOO_LATE, read_apart
from townhall.sheets.guard import REQUEST, SheetError

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LOOK = """
import json, os
from townhall.sheets import child
child._shut_in(child.REQUEST)
found = [name for name in os.environ if name.startswith("PORTAL")]
try:
    with open({path!r}, "w") as file:
        file.write("x")
except OSError:
    found.append("no file")
print(json.dumps({{"errors": found}}))
"""


def said_apart(name, data, limits=REQUEST):
    with pytest.raises(SheetError) as refused:
        read_apart(name, data, known=HEADINGS, required=("番号",), limits=limits)
    return refused.value.sentences


@pytest.mark.parametrize(("name", "data"), [("進捗.xlsx", GOOD), ("進捗.csv", csv_of("番号,状況", '5-3,"二\n行"'))])
def test_same_table_as_in_this_process(name, data):
    assert read_apart(name, data, known=HEADINGS, required=("番号",)) == read(name, data)


def test_same_sentences_as_in_this_process():
    assert said_apart("x.csv", b"a\0b") == (
        "文字の表ではないデータが入っています（2バイト目）。Excelで「CSV UTF-8」として保存し直してください。",
    )


def test_file_that_needs_too_much_memory_is_a_sentence():
    assert said_apart("x.csv", b"a" * 4_000_000, replace(REQUEST, memory=1_000_000)) == (TOO_HEAVY,)


def test_file_that_needs_too_much_of_the_processor_is_a_sentence():
    """Nine megabytes of styles: inside every limit of size, and slow to parse."""
    styles = "".join(f'<xf numFmtId="{number * 7919 % 65_536}" fontId="{number % 97}"/>' for number in range(240_000))
    data = repacked(GOOD, {"xl/styles.xml": f'<styleSheet xmlns="{SPACE}"><cellXfs>{styles}</cellXfs></styleSheet>'})
    assert said_apart("x.xlsx", data, replace(REQUEST, cpu=1)) == (TOO_HEAVY,)


def test_reading_that_takes_too_long_is_a_sentence():
    assert said_apart("x.xlsx", GOOD, replace(REQUEST, wall=0.01)) == (TOO_LATE,)


@pytest.mark.parametrize("program", [["/nonexistent"], [child.COMMAND[0], "-c", "raise SystemExit(1)"]])
def test_process_that_cannot_do_its_work_is_a_sentence(monkeypatch, program):
    monkeypatch.setattr(child, "COMMAND", program)
    assert said_apart("x.xlsx", GOOD) == (STOPPED,)


def test_process_knows_no_secret_and_may_write_no_file(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_SECRET_KEY", "x")
    look = LOOK.format(path=str(tmp_path / "x"))
    monkeypatch.setattr(child, "COMMAND", [child.COMMAND[0], "-c", look])
    assert said_apart("x.csv", b"x") == ("no file",)
