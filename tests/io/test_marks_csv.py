"""Marks as CSV: what is written comes back, what is wrong is named with its line."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amr_viewer.core.recording import Mark
from amr_viewer.errors import ExportError, ReadError
from amr_viewer.io.marks_csv import read_marks, write_marks

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=30
).map(str.strip)
MARKS = st.builds(
    Mark,
    st.floats(-1e3, 1e6).map(lambda x: round(x, 6) + 0.0),
    st.one_of(st.just(math.nan), st.floats(0, 1e4).map(lambda x: round(x, 6))),
    TEXTS,
    st.one_of(st.none(), TEXTS.filter(bool)),
)


def words(mark: Mark) -> tuple[object, ...]:
    length = None if math.isnan(mark.duration_s) else mark.duration_s
    return (mark.time_s, length, mark.text, mark.channel)


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "marks.csv"
    path.write_text(text, encoding=encoding, newline="")
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(MARKS, max_size=8))
def test_marks_come_back_as_they_were(tmp_path: Path, marks: list[Mark]) -> None:
    path = tmp_path / "round.csv"
    write_marks(path, marks)
    expected = sorted(marks, key=lambda m: m.time_s)
    assert [words(m) for m in read_marks(path)] == [words(m) for m in expected]


def test_the_file_reads_as_promised(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    write_marks(path, [Mark(12.4, math.nan, "dura opened"), Mark(31.25, 2.0, "=1+1", "EMG, L")])
    assert path.read_text("utf-8").splitlines() == [
        "time_s,duration_s,channel,text",
        "12.400000,,,dura opened",
        '31.250000,2.000000,"EMG, L",\'=1+1',
    ]
    assert [p.name for p in tmp_path.iterdir()] == ["marks.csv"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_spreadsheet_with_semicolons_and_decimal_commas_is_understood(
    tmp_path: Path, encoding: str
) -> None:
    path = table(tmp_path, "Text;time_s;note\r\nVène;12,5;x\r\n;;\r\nfirst;1;\r\n", encoding)
    marks = read_marks(path)
    assert [(m.time_s, m.text, m.channel) for m in marks] == [
        (1.0, "first", None),
        (12.5, "Vène", None),
    ]
    assert math.isnan(marks[0].duration_s)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "column time_s and text missing"),
        ("time_s,duration_s\n1,2\n", "column text missing"),
        ("time_s,text,text\n1,a,b\n", "column text stands there twice"),
        ("time_s,text\n1,a\nsoon,b\n", "line 3: time_s is 'soon'"),
        ("time_s,text\n,a\n", "line 2: time_s is empty"),
        ("time_s,text\ninf,a\n", "line 2: time_s is 'inf'"),
        ("time_s,duration_s,text\n1,-1,a\n", "line 2: duration_s is negative"),
        ('time_s,text\n1,"a\n', "check its quotes"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(ReadError, match=r"marks\.csv") as caught:
        read_marks(table(tmp_path, text))
    assert fault in str(caught.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(ReadError, match="is no text"):
        read_marks(path)


def test_a_missing_file_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"none.csv: cannot be read"):
        read_marks(tmp_path / "none.csv")
    with pytest.raises(ExportError, match="choose another folder"):
        write_marks(tmp_path / "nowhere" / "marks.csv", [])
