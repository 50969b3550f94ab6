"""Tables of a result folder as tables of a BIDS data set."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from amr_viewer.errors import ReadError
from amr_viewer.report import bids_words as words

MISSING = "n/a"
PRIVATE = frozenset({"comment", "nearest_mark"})
"""Columns that hold what people wrote: they stay with the results."""

TABLES = ("findings", "patterns", "trend", "changes")
"""Tables that are carried over as they are; the others become events."""

_TRIAL_TYPES = {"present": words.RESPONSE, "absent": words.NO_RESPONSE, "rejected": words.REJECTED}
_OF_STIMULUS = ("stimulus", "site", "side", "intensity_ma")
_MICROSECOND = Decimal("0.000001")
_MILLI = Decimal("0.001")

EVENT_HEAD = ("onset", "duration", "trial_type")
BURST_COLUMNS = (
    "peak_uv", "kind", "salvo", "episode", "n_discharges", "rate_hz", "rate_reliable", "area_uv_s",
    "set_aside",
)  # fmt: skip


class Listed(NamedTuple):
    """A table: the names of its columns, and its rows by them."""

    columns: tuple[str, ...]
    rows: list[dict[str, str]]


def read_listed(folder: Path, name: str) -> Listed:
    """Read a table of a result folder.

    Raises
    ------
    ReadError
        It is not there or damaged: the recording must be analyzed again.
    """
    path = folder / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = list(reader)
            columns = tuple(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _damaged(folder, path) from error
    if not columns or any(None in row or None in row.values() for row in rows):
        raise _damaged(folder, path)
    return Listed(columns, rows)


def _damaged(folder: Path, path: Path) -> ReadError:
    """Say that a table cannot be used."""
    return ReadError(f"{folder.name}/{path.name}: missing or damaged; analyze the recording again")


def public(table: Listed) -> Listed:
    """Return a table without what people wrote."""
    return Listed(tuple(c for c in table.columns if c not in PRIVATE), table.rows)


def events(folder: Path) -> Listed:
    """Return the stimuli, responses and bursts of a result folder as events, in order of time.

    Raises
    ------
    ReadError
        A table is not there or damaged.
    """
    responses = read_listed(folder, "responses")
    found = list(_of_responses(folder, responses.rows))
    bursts = [(name, read_listed(folder, name)) for name in ("bursts", "set_aside")]
    for name, table in bursts:
        kind = words.BURST if name == "bursts" else words.SET_ASIDE
        found += [_burst(folder, row, kind) for row in table.rows]
    more = [c for _, t in bursts for c in t.columns if c not in _RENAMED]
    own = [c for c in responses.columns if c != "time_s"]
    columns = tuple(dict.fromkeys((*EVENT_HEAD, *own, *BURST_COLUMNS, *more)))
    return Listed(columns, sorted(found, key=lambda row: Decimal(row["onset"])))


_RENAMED = frozenset({"start_s", "duration_ms", "side"})
"""Columns of bursts that have another name among events."""


def _of_responses(folder: Path, rows: Sequence[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Yield each stimulus, and then what was found in each channel."""
    for _, group in groupby(rows, key=lambda row: row["stimulus"]):
        sweeps = list(group)
        time_s = _amount(folder, sweeps[0], "time_s")
        yield {
            "onset": _seconds(time_s), "duration": "0", "trial_type": words.STIMULUS,
            **{name: sweeps[0][name] for name in _OF_STIMULUS},
        }  # fmt: skip
        for row in sweeps:
            yield _response(folder, row, time_s)


def _response(folder: Path, row: dict[str, str], time_s: Decimal) -> dict[str, str]:
    """Return what was found in one channel after a stimulus."""
    kind = _TRIAL_TYPES.get(row["state"])
    if kind is None:
        raise _damaged(folder, folder / "responses.csv")
    event = {k: v for k, v in row.items() if k != "time_s"}
    event |= {"onset": _seconds(time_s), "duration": MISSING, "trial_type": kind}
    if kind == words.RESPONSE and row["onset_ms"]:
        onset_ms = _amount(folder, row, "onset_ms")
        event["onset"] = _seconds(time_s + _MILLI * onset_ms)
        if row["end_ms"]:
            length = _MILLI * (_amount(folder, row, "end_ms") - onset_ms)
            event["duration"] = _seconds(length) if length >= 0 else MISSING
    return event


def _burst(folder: Path, row: dict[str, str], kind: str) -> dict[str, str]:
    """Return a burst as an event."""
    event = {k: v for k, v in row.items() if k not in _RENAMED}
    length = _MILLI * _amount(folder, row, "duration_ms") if row["duration_ms"] else None
    return event | {
        "onset": _seconds(_amount(folder, row, "start_s")),
        "duration": MISSING if length is None else _seconds(length),
        "trial_type": kind,
        "muscle_side": row["side"],
        "rate_reliable": row["rate_reliable"].lower(),
    }


def _amount(folder: Path, row: Mapping[str, str], column: str) -> Decimal:
    """Return the number in a cell, as it is written."""
    try:
        value = Decimal(row[column])
    except (InvalidOperation, KeyError) as error:
        raise ReadError(
            f"{folder.name}: {column} is no number in one of its tables; analyze the recording "
            "again"
        ) from error
    if not value.is_finite():
        raise ReadError(f"{folder.name}: {column} is {row[column]}; analyze the recording again")
    return value


def _seconds(value: Decimal) -> str:
    """Write seconds to the microsecond."""
    return f"{value.quantize(_MICROSECOND):f}"


def tsv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return a table as text: cells parted by tabulators, ``n/a`` where nothing is known."""
    lines = ["\t".join(columns)]
    lines += ["\t".join(_cell(row.get(name, "")) for name in columns) for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Return a cell on one line."""
    return " ".join(text.split()) or MISSING
