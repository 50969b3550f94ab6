"""summary.parquet: typed, exact, whole or not at all."""

from __future__ import annotations

import sys
from math import nan
from pathlib import Path

import pytest

from amr_viewer.core.tables import SUMMARY_COLUMNS
from amr_viewer.errors import ExportError
from amr_viewer.report.parquet import write_summary_parquet

parquet = pytest.importorskip("pyarrow.parquet")

ROW = dict.fromkeys(SUMMARY_COLUMNS) | {
    "recording": "=a\udcff.edf", "duration_s": 1 / 3, "n_channels": 4, "n_stimuli": 0,
    "amr": "present", "amr_onset_ms": nan, "warnings": "",
}  # fmt: skip


def test_columns_are_typed_and_exact(tmp_path: Path) -> None:
    path = tmp_path / "new" / "summary.parquet"
    write_summary_parquet([ROW, {"recording": "b", "error": "is damaged"}], path)
    table = parquet.read_table(path)
    assert tuple(table.column_names) == SUMMARY_COLUMNS
    kinds = {f.name: str(f.type) for f in table.schema}
    assert {n for n, k in kinds.items() if k == "int64"} == {"n_channels", "n_stimuli"}
    assert {n for n, k in kinds.items() if k == "double"} == {
        "duration_s", "amr_persistence", "amr_onset_ms", "amr_amplitude_uv",
    }  # fmt: skip
    first, second = table.to_pylist()
    assert (first["recording"], first["duration_s"]) == ("=a?.edf", 1 / 3)
    assert (first["n_stimuli"], first["amr_onset_ms"], first["warnings"]) == (0, None, None)
    assert (second["n_channels"], second["error"]) == (None, "is damaged")
    assert [p.name for p in path.parent.iterdir()] == ["summary.parquet"]


def test_no_rows_keep_the_types(tmp_path: Path) -> None:
    write_summary_parquet([], tmp_path / "s.parquet")
    table = parquet.read_table(tmp_path / "s.parquet")
    assert (table.num_rows, str(table.schema.field("duration_s").type)) == (0, "double")


def test_library_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportError, match=r"s\.parquet: needs the library pyarrow"):
        write_summary_parquet([], tmp_path / "s.parquet")
