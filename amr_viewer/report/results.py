"""Result files of an analysis: the tables and analysis.json; documents are left to `document`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

from amr_viewer.atomic import whole_file, whole_folder
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.pattern_tables import (
    BURST_COLUMNS,
    COUNTS,
    PATTERN_COLUMNS,
    PATTERN_ESTIMATES,
    burst_rows,
    pattern_row,
)
from amr_viewer.core.responses import Responses
from amr_viewer.core.tables import (
    CHANGE_COLUMNS,
    FINDING_COLUMNS,
    SUMMARY_COLUMNS,
    TREND_COLUMNS,
    Coded,
    Column,
    finding_row,
    response_table,
    trend_rows,
)
from amr_viewer.errors import ExportError
from amr_viewer.report.analysis_json import SCHEMA_VERSION, analysis_values, plain
from amr_viewer.report.cells import Bytes, joined, number_column, text_cell, word_column
from amr_viewer.report.summary import summary_row

__all__ = [
    "ANALYSIS",
    "RESULT_FILES",
    "SCHEMA_VERSION",
    "analysis_values",
    "file_hashes",
    "is_sealed",
    "sealed",
    "summary_row",
    "write_results",
    "write_summary",
]

BLOCK_ROWS = 8192

EMPTY_TABLES = {"changes.csv": CHANGE_COLUMNS}
SET_ASIDE = "set_aside.csv"
TABLES = ("responses.csv", "findings.csv", "trend.csv", "bursts.csv", SET_ASIDE, "patterns.csv")
ANALYSIS = "analysis.json"
SEAL = b',\n "content_sha256": "'
RESULT_FILES = frozenset({*TABLES, ANALYSIS, *EMPTY_TABLES})

_DECIMALS_BY_UNIT = {"ms": 3, "uv": 2, "s": 6, "ma": 3, "db": 2}
_DECIMALS_BY_NAME = {"stimulus": 0, "n_stimuli": 0, "n_valid": 0, "n_present": 0, "n_sham": 0}
_DECIMALS_BY_NAME |= {"n_channels": 0, "phases": 1, "area_uv_ms": 2, "block": 0}
_DECIMALS_BY_NAME |= dict.fromkeys(("salvo", "episode", "n_discharges", *COUNTS), 0)
_DECIMALS_BY_NAME |= dict.fromkeys((f"{name}_n" for name in PATTERN_ESTIMATES), 0)
_DECIMALS_BY_NAME |= dict.fromkeys(
    ("amplitude_percent", "amplitude_percent_low", "amplitude_percent_high"), 2
)


def write_results(analysis: Analysis, directory: Path) -> None:
    """Write the result files of one recording into a folder, whole or not at all.

    A folder of results that stands there is replaced.

    Raises
    ------
    ExportError
        The place is taken by something that is not a result folder, or cannot be written.
    """
    directory = Path(directory).absolute()
    _refuse_foreign(directory)
    with whole_folder(directory) as folder:
        _write_responses(analysis.responses, folder / "responses.csv")
        _write_rows(FINDING_COLUMNS, map(finding_row, analysis.findings), folder / "findings.csv")
        _write_rows(TREND_COLUMNS, _trend_rows(analysis), folder / "trend.csv")
        _write_rows(BURST_COLUMNS, burst_rows(analysis.bursts), folder / "bursts.csv")
        set_aside = burst_rows(analysis.bursts, counted=False)
        _write_rows(BURST_COLUMNS, set_aside, folder / SET_ASIDE)
        _write_rows(PATTERN_COLUMNS, map(pattern_row, analysis.patterns), folder / "patterns.csv")
        for name, columns in EMPTY_TABLES.items():
            _write_rows(columns, (), folder / name)
        values = analysis_values(analysis) | {"files": file_hashes(folder)}
        (folder / ANALYSIS).write_bytes(sealed(values))


def sealed(values: Mapping[str, Any]) -> bytes:
    """Return values as JSON whose last key, `content_sha256`, is the hash of all bytes before it.

    Examples
    --------
    >>> is_sealed(sealed({"amr": "present"}))
    True
    >>> is_sealed(sealed({"amr": "present"}).replace(b"present", b"absent "))
    False
    """
    text = json.dumps(plain(values), ensure_ascii=False, allow_nan=False, indent=1)
    content = text.removesuffix("\n}").encode("utf-8", errors="replace")
    return content + SEAL + hashlib.sha256(content).hexdigest().encode() + b'"\n}\n'


def is_sealed(text: bytes) -> bool:
    """Whether a file is as `sealed` made it."""
    content, seal, rest = text.rpartition(SEAL)
    return bool(seal) and rest == hashlib.sha256(content).hexdigest().encode() + b'"\n}\n'


def file_hashes(folder: Path) -> dict[str, str]:
    """Return name and SHA-256 of every table in a result folder."""
    files = sorted(p for p in folder.iterdir() if p.name != ANALYSIS)
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def _refuse_foreign(directory: Path) -> None:
    """Raise where replacing the folder would delete what this program did not write."""
    if not directory.exists():
        return
    if directory.is_symlink() or not directory.is_dir():
        raise ExportError(f"{directory.name}: is no folder; choose another place with --out")
    foreign = sorted(p.name for p in directory.iterdir() if p.name not in RESULT_FILES)
    if foreign:
        raise ExportError(
            f"{directory.name}: holds {foreign[0]}, which is no result of this program, and is "
            "left as it is; choose another place with --out"
        )


def _decimals(name: str) -> int:
    """Return the decimals of a column by its unit; 4 for fractions and probabilities."""
    return _DECIMALS_BY_NAME.get(name, _DECIMALS_BY_UNIT.get(name.rsplit("_", 1)[-1], 4))


def _write_responses(responses: Responses, path: Path) -> None:
    """Write responses.csv in blocks, so that memory does not grow with the recording."""
    header = ",".join(response_table(responses, slice(0)))
    step = max(1, BLOCK_ROWS // max(1, len(responses.channels)))
    with path.open("wb") as file:
        file.write(header.encode() + b"\n")
        for start in range(0, len(responses.stimuli) if responses.channels else 0, step):
            table = response_table(responses, slice(start, start + step))
            file.write(joined([_column(name, column) for name, column in table.items()]))


def _column(name: str, column: Column) -> Bytes:
    """Return the cells of one column."""
    if isinstance(column, Coded):
        return word_column(column.codes, column.values)
    return number_column(column, 0 if name == "phases" else _decimals(name))


def _write_rows(columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write a small table."""
    lines = [",".join(columns)]
    lines += [",".join(_cell(name, row.get(name)) for name in columns) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="replace", newline="\n")


def _cell(name: str, value: Any) -> str:
    """Return one cell of a small table."""
    if value is None:
        return ""
    if isinstance(value, str):
        return text_cell(value)
    if not isfinite(value):
        return ""
    if name in {"p_value", "sham_rate"}:
        return f"{value:.4g}"
    return f"{value:.{_decimals(name)}f}"


def write_summary(rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write summary.csv, one row per recording as `summary_row` makes them, whole or not at all.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    with whole_file(Path(path)) as temporary:
        _write_rows(SUMMARY_COLUMNS, rows, temporary)


def _trend_rows(analysis: Analysis) -> Iterator[dict[str, Any]]:
    """Yield the rows of trend.csv; the M of direct channels stands beside the others."""
    for trend in analysis.trends:
        if trend.role is not Role.DIRECT:
            yield from trend_rows(trend)
