"""The user's table: every delimiter and encoding, and what is refused rather than guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from amr_viewer.cohort.joining import join
from amr_viewer.cohort.reference import meanings, side_of
from amr_viewer.cohort.table import UserTable, read_table
from amr_viewer.errors import ReadError
from tests.cohort.builders import write_csv

ROWS = (("Файл", "Возраст", "Исход"), ("a.edf", "34,5", "лучше"), ("b.edf", "-7,25", "хуже"))
NAMES = ("p1/a.edf", "p1/b.edf", "p2/a.edf", "c.v2.bdf")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_encodings_delimiters_and_decimal_commas(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    table = read_table(write_csv(tmp_path / "t.csv", ROWS, delimiter, encoding))
    assert table.columns == ("Файл", "Возраст", "Исход")
    assert table.rows == (("a.edf", "34.5", "лучше"), ("b.edf", "-7.25", "хуже"))
    assert (table.delimiter, table.lines) == (delimiter, (2, 3))


def test_quotes_blank_rows_and_short_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('file,note,x\n\n"a.edf","one, two\nthree"\nb.edf,,\n,,\n', encoding="utf-8")
    table = read_table(path)
    assert table.rows == (("a.edf", "one, two\nthree", ""), ("b.edf", "", ""))
    assert table.lines == (3, 5)


def test_the_delimiter_that_a_spreadsheet_states(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("sep=|\nfile|a;b;c\nx|1;2;3\n", encoding="utf-8")
    table = read_table(path)
    assert (table.columns, table.lines) == (("file", "a;b;c"), (3,))


def test_a_comma_of_a_text_is_no_decimal_sign(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", (("f", "x"), ("a", "1,5"), ("b", "left, right")), ";")
    assert read_table(path).values(1) == ["1,5", "left, right"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,A\n1,2\n", "a stands there twice"),
        ("a,,b\n1,2,3\n", "column 2 has no name"),
        ("a,b\n1,2,3\n", "line 2 has 3 cells"),
        ("file\nx.edf\n", "only one column"),
        ("\n", "is empty"),
        ("a,b\n\0\0\0\0,\0\n", "is no text"),
    ],
)
def test_what_is_no_table(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=message) as caught:
        read_table(path)
    assert str(caught.value).startswith("t.csv: ")
    assert "\n" not in str(caught.value)


def table_of(cells: list[str], column: str = "file", other: str = "x") -> UserTable:
    """Return a table with one column that matters."""
    rows = tuple((cell, other) for cell in cells)
    return UserTable("t.csv", "utf-8", ",", (column, "other"), rows, tuple(range(2, 2 + len(rows))))


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("p1/a.edf", "p1/a.edf"),
        ("P2\\A.EDF", "p2/a.edf"),
        ("C:\\data\\p1\\b.edf", "p1/b.edf"),
        ("b.edf", "p1/b.edf"),
        ("b", "p1/b.edf"),
        ("p2/a", "p2/a.edf"),
        ("/mnt/x/c.v2.bdf", "c.v2.bdf"),
        ("c.v2", "c.v2.bdf"),
    ],
)
def test_rows_match_by_path_name_or_stem(cell: str, name: str) -> None:
    assert join(table_of([cell]), NAMES, None).row_of == {name: 0}


def test_a_row_that_may_be_two_recordings_is_refused() -> None:
    with pytest.raises(ReadError, match=r"a\.edf in line 2 may be p1/a\.edf or p2/a\.edf"):
        join(table_of(["a.edf"]), NAMES, "FILE")


def test_two_rows_of_one_recording_are_refused() -> None:
    with pytest.raises(ReadError, match=r"lines 2 and 4 both belong to p1/b\.edf"):
        join(table_of(["b", "p1/a.edf", "b.edf"]), NAMES, None)


def test_rows_without_a_recording_are_told() -> None:
    joined = join(table_of(["b", "ghost", ""]), NAMES, None)
    assert joined.left == ("ghost", "")


def test_the_key_is_found_or_asked_for() -> None:
    assert join(table_of(["b"], column="anything"), NAMES, None).key == 0
    with pytest.raises(ReadError, match="several columns name recordings; choose with --key"):
        join(table_of(["b"], column="one", other="b"), NAMES, None)
    with pytest.raises(ReadError, match="no column names a recording"):
        join(table_of(["ghost"]), NAMES, None)
    with pytest.raises(ReadError, match="no column id; give --key one of: file, other"):
        join(table_of(["b"]), NAMES, "id")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["yes", "No", ""], [True, False, None]),
        (["1", "0", "n/a"], [True, False, None]),
        (["Да", "нет"], [True, False]),
        (["HFS", "control"], [True, False]),
        (["hfs_tonic", "synkinesis", "indeterminate"], [True, False, None]),
        (["+", "-"], [True, False]),
    ],
)
def test_plain_values_of_a_reference(values: list[str], expected: list[bool | None]) -> None:
    assert list(meanings(values, "ref", (), "t.csv").values()) == expected


def test_other_values_are_asked_for() -> None:
    values = ["grade 2", "grade 0", "", "grade 2"]
    with pytest.raises(ReadError, match=r"--positive\. The values are grade 2, grade 0$"):
        meanings(values, "ref", (), "t.csv")
    told = meanings(values, "ref", ("GRADE 2",), "t.csv")
    assert told == {"grade 2": True, "grade 0": False, "": None}
    with pytest.raises(ReadError, match="no cell of column ref is grade 3"):
        meanings(values, "ref", ("grade 3",), "t.csv")


def test_sides() -> None:
    assert [side_of(v, "s", "t.csv") for v in ("L", "справа", "both", "", "n/a")] == [
        "left", "right", "both", "", "",
    ]  # fmt: skip
    with pytest.raises(ReadError, match="up in column s is no side"):
        side_of("up", "s", "t.csv")
