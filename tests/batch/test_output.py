"""The folder of the results: held by one batch, rid of what killed ones left, summed up."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from amr_viewer.atomic import remove_leftovers
from amr_viewer.batch import summary as module
from amr_viewer.batch.faults import BatchError
from amr_viewer.batch.output import held_output, result_names
from amr_viewer.batch.summary import Summary, stored_errors
from amr_viewer.core.tables import SUMMARY_COLUMNS
from amr_viewer.errors import ReadError
from amr_viewer.report.results import summary_row
from tests.batch.conftest import tree


def made(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def test_what_killed_runs_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(out / "a.edf" / "analysis.json")
    made(out / ".notes.partial-1", "the user's")
    made(out / "sub" / ".keep" / "mine.txt")
    before = tree(out)
    made(out / ".summary.csv.partial-0123abcd")
    made(out / ".b.edf.partial-0123abcd" / "findings.csv")
    made(out / "sub" / ".c\nd.edf.partial-0123abcd" / "findings.csv")
    made(out / ".a.edf.former-0123abcd" / "analysis.json", "old")
    made(out / ".~0123456789abcdef.former-0123abcd" / "analysis.json", "old")
    remove_leftovers(out, tmp_path / "recordings")
    assert tree(out) == before


def test_a_result_that_was_to_be_replaced_goes_back(tmp_path: Path) -> None:
    made(tmp_path / ".a.edf.former-0123abcd" / "analysis.json", "old")
    remove_leftovers(tmp_path, tmp_path / "recordings")
    assert tree(tmp_path) == {"a.edf": b"", "a.edf/analysis.json": b"old"}


def test_the_recordings_are_left_alone(tmp_path: Path) -> None:
    review = made(tmp_path / "recordings" / ".a.edf.amr.json.partial-0123abcd")
    remove_leftovers(tmp_path, tmp_path / "recordings")
    assert review.exists()


def test_two_batches_do_not_share_a_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with (
        held_output(out, tmp_path),
        pytest.raises(BatchError, match="another batch"),
        held_output(out, tmp_path),
    ):
        pass
    with held_output(out, tmp_path) as token:
        assert token.parent == out
        assert token.exists()
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    taken = made(tmp_path / "taken")
    for out in (taken, taken / "below", Path("/proc/out")):
        with pytest.raises(BatchError, match="choose another --out"), held_output(out, tmp_path):
            pass


def test_result_names(tmp_path: Path) -> None:
    for name in ("b.edf", "a/c.edf", ".d.edf.partial-0123abcd"):
        made(tmp_path / name / "analysis.json")
    made(tmp_path / "b.edf" / "deeper" / "analysis.json")
    assert result_names(tmp_path) == ["a/c.edf", "b.edf"]
    assert result_names(tmp_path / "absent") == []


def test_the_summary_does_not_depend_on_the_order_of_finishing(tmp_path: Path) -> None:
    rows = {name: summary_row(ReadError(f"{name}: bad"), name) for name in ("a", "b/c", "b", "é")}
    texts = []
    for order in (list(rows), list(reversed(rows))):
        summary = Summary(tmp_path, is_parquet=False)
        for name in order:
            summary.add(name, rows[name])
        summary.close()
        texts.append((tmp_path / "summary.csv").read_bytes())
    assert texts[0] == texts[1]
    assert stored_errors(tmp_path) == {name: f"{name}: bad" for name in rows}


def test_the_summary_is_written_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WRITE_EVERY_S", 1000.0)
    summary = Summary(tmp_path, is_parquet=False)
    for name in "abc":
        summary.add(name, summary_row(ReadError("bad"), name))
    path = tmp_path / "summary.csv"
    assert path.read_text().count("\n") == 2
    summary.close()
    assert path.read_text().count("\n") == 4


def test_parquet_has_types_and_the_same_cells(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    good = dict.fromkeys(SUMMARY_COLUMNS) | {
        "recording": "a.edf", "duration_s": 2.5, "n_channels": 3, "n_stimuli": 0, "amr": "absent",
    }  # fmt: skip
    summary = Summary(tmp_path, is_parquet=True)
    summary.add("a.edf", good)
    summary.add("\udcff.edf", summary_row(ReadError("bad"), "\udcff.edf"))
    summary.close()
    table = pandas.read_parquet(tmp_path / "summary.parquet", dtype_backend="pyarrow")
    assert list(table.columns) == list(SUMMARY_COLUMNS)
    assert str(table.dtypes["duration_s"]) == "double[pyarrow]"
    assert str(table.dtypes["n_channels"]) == "int64[pyarrow]"
    assert table["duration_s"][0] == 2.5
    with (tmp_path / "summary.csv").open(newline="") as file:
        cells = [row["recording"] for row in csv.DictReader(file)]
    assert list(table["recording"]) == cells == ["a.edf", "?.edf"]
