"""summary.parquet: the rows of summary.csv with typed columns, for those who compute with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

from amr_viewer.atomic import whole_file
from amr_viewer.core.tables import SUMMARY_COLUMNS
from amr_viewer.errors import ExportError

COUNTS = frozenset({"n_channels", "n_stimuli"})
NUMBERS = frozenset({"duration_s", "amr_persistence", "amr_onset_ms", "amr_amplitude_uv"})


def write_summary_parquet(rows: Iterable[Mapping[str, Any]], path: Path | str) -> None:
    """Write rows as `report.results.summary_row` makes them, whole or not at all.

    Counts are int64, measures float64 and not rounded, all else is text; what is unknown is null.
    Texts are as they are: nothing is put in front of those that a spreadsheet would run.

    Parameters
    ----------
    rows : iterable of Mapping
    path : Path or str

    Raises
    ------
    ExportError
        The file cannot be written, or the library pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ExportError(
            f"{Path(path).name}: needs the library pyarrow; install it with: "
            "pip install 'amr-viewer[parquet]'"
        ) from error
    kinds = dict.fromkeys(SUMMARY_COLUMNS, pyarrow.string())
    kinds |= dict.fromkeys(COUNTS, pyarrow.int64()) | dict.fromkeys(NUMBERS, pyarrow.float64())
    cells = [{name: _cell(name, row.get(name)) for name in kinds} for row in rows]
    table = pyarrow.Table.from_pylist(cells, pyarrow.schema(list(kinds.items())))
    with whole_file(Path(path)) as temporary:
        parquet.write_table(table, temporary)


def _cell(name: str, value: Any) -> int | float | str | None:
    """Return a value of the type of its column, None for nothing."""
    if value is None or value == "":
        return None
    if name in COUNTS:
        return int(value)
    if name in NUMBERS:
        return float(value) if isfinite(value) else None
    # A name may hold bytes that are no text.
    return str(value).encode("utf-8", errors="replace").decode()
