"""summary.csv and summary.parquet, kept up to date while a batch runs; rows come from `work`."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from amr_viewer.batch.faults import BatchError

CSV_NAME = "summary.csv"
PARQUET_NAME = "summary.parquet"
WRITE_EVERY_S = 2.0
SHARE_OF_TIME = 0.05
"""Of a batch's time, how much may go into writing the summary anew."""


class Summary:
    """The rows of a batch, in order of their names whatever the order of finishing.

    Parameters
    ----------
    out : Path
    is_parquet : bool
        Whether summary.parquet is written too.
    """

    def __init__(self, out: Path, *, is_parquet: bool) -> None:
        self._out = out
        self._is_parquet = is_parquet
        self._rows: dict[str, Mapping[str, Any]] = {}
        self._written = float("-inf")
        self._took_s = 0.0
        self._is_current = True

    def keep(self, name: str, row: Mapping[str, Any]) -> None:
        """Take a row that was there before."""
        self._rows[name] = row

    def add(self, name: str, row: Mapping[str, Any]) -> None:
        """Take a row, and write the table if it has not been written for a while.

        Raises
        ------
        ExportError
            The table cannot be written.
        """
        self._rows[name] = row
        self._is_current = False
        pause = max(WRITE_EVERY_S, self._took_s / SHARE_OF_TIME)
        if time.monotonic() - self._written >= pause:
            self._write_csv()

    def close(self) -> None:
        """Write what is not written yet.

        Raises
        ------
        ExportError
            A table cannot be written.
        """
        if not self._is_current:
            self._write_csv()
        if self._is_parquet:
            from amr_viewer.report.parquet import write_summary_parquet

            write_summary_parquet(self._sorted(), self._out / PARQUET_NAME)

    def _write_csv(self) -> None:
        """Write summary.csv."""
        from amr_viewer.report.results import write_summary

        began = time.monotonic()
        write_summary(self._sorted(), self._out / CSV_NAME)
        self._written = time.monotonic()
        self._took_s = self._written - began
        self._is_current = True

    def _sorted(self) -> list[Mapping[str, Any]]:
        """Return the rows in order of their names."""
        return [self._rows[name] for name in sorted(self._rows)]


def check_parquet() -> None:
    """Raise where summary.parquet cannot be written for want of a library.

    Raises
    ------
    BatchError
        pyarrow is not installed.
    """
    if find_spec("pyarrow") is None:
        raise BatchError(
            f"{PARQUET_NAME}: needs the library pyarrow; install it with: "
            "pip install 'amr-viewer[parquet]', or leave --parquet out"
        )


def stored_errors(out: Path) -> dict[str, str]:
    """Return the faults of the recordings that failed, as summary.csv tells them; empty if none."""
    try:
        with (out / CSV_NAME).open(newline="", encoding="utf-8") as file:
            rows = [(r.get("recording"), r.get("error")) for r in csv.DictReader(file)]
    except (OSError, ValueError, csv.Error):
        return {}
    return {name: error for name, error in rows if name and error}
