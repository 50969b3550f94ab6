"""A long text table (one line per sample, channel and sweep) to channels, segments and marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Channel
from amr_viewer.errors import ReadError
from amr_viewer.io.text_blocks import Table
from amr_viewer.io.text_columns import Columns
from amr_viewer.io.text_head import Head
from amr_viewer.io.text_layout import Content, channel_of, spaced_out
from amr_viewer.io.text_source import IN_MEMORY_BYTES, ColumnSource, Spool, release
from amr_viewer.io.text_sweeps import Stimulation, mark_stimuli, place, segments_of
from amr_viewer.io.text_time import CHUNK_ROWS, read_axis, typical_step, unit_of_time


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The rows of one channel.

    Attributes
    ----------
    times, sweeps, stimuli : ndarray, shape (n_rows,)
        `sweeps` is all zero, `stimuli` NaN, where the table has no such column.
    values : ndarray, shape (n_rows, n_values)
    """

    times: NDArray[np.float64]
    sweeps: NDArray[np.float64]
    stimuli: NDArray[np.float64]
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Where the samples of a channel lie in time.

    Attributes
    ----------
    rate_hz : float
    lengths : ndarray of int, shape (n_segments,)
    offsets_s : ndarray, shape (n_segments,)
        Time of the first sample of each segment: as the file writes it if `relative`, else from
        the recording's first.
    relative : bool
        Whether the times start anew in each sweep.
    stimuli : tuple of Stimulation
        Empty if the table has no sweeps.
    warnings : tuple of str
    """

    rate_hz: float
    lengths: NDArray[np.intp]
    offsets_s: NDArray[np.float64]
    relative: bool
    stimuli: tuple[Stimulation, ...]
    warnings: tuple[str, ...]


def build_long(table: Table, head: Head, columns: Columns, name: str) -> Content:
    """Understand a long table.

    Raises
    ------
    ReadError
        If the rows of a sweep are apart, channels differ in their times, or times are irregular.
    """
    parts = _split(table, columns, name)
    grids = [_grid(part, columns, head, name) for part in parts]
    grid = grids[0]
    for other, label in zip(grids[1:], table.names[1:], strict=True):
        if other.rate_hz != grid.rate_hz or not np.array_equal(other.lengths, grid.lengths):
            raise ReadError(
                f"{name}: channels '{table.names[0]}' and '{label}' have different times; export "
                f"them as separate files"
            )
    lengths = grid.lengths.tolist()
    durations = [n / grid.rate_hz for n in lengths]
    starts = place(durations) if grid.relative else grid.offsets_s.tolist()
    warnings = list(grid.warnings)
    marks: tuple[Any, ...] = ()
    if columns.sweep is not None:
        warnings += [spaced_out(len(lengths), starts)] if grid.relative else []
        offsets = grid.offsets_s if grid.relative else np.full(len(lengths), np.nan)
        marks, said = mark_stimuli(starts, offsets, durations, grid.stimuli)
        warnings += said
    source = ColumnSource(
        tuple(p.values[:, i] for p in parts for i in range(len(columns.values))),
        tuple(v.scale for _ in parts for v in columns.values),
    )
    channels = _channels(table, columns, grid)
    segments = segments_of(starts, lengths, grid.rate_hz)
    return Content(channels, segments, marks, source, tuple(warnings))


def _channels(table: Table, columns: Columns, grid: _Grid) -> tuple[Channel, ...]:
    """Return the channels: names of the channel column, or of the columns of samples."""
    n = int(grid.lengths.sum())
    if columns.channel is None:
        return tuple(channel_of(v, grid.rate_hz, n) for v in columns.values)
    labels = [f"channel {c}" if c.isdigit() else c for c in table.names]
    return tuple(channel_of(columns.values[0], grid.rate_hz, n, label) for label in labels)


def _split(table: Table, columns: Columns, name: str) -> list[_Part]:
    """Divide the rows by channel; the order of rows is kept."""
    keys = table.keys
    n_keys = keys.shape[1]
    at = 1
    sweep = at if columns.sweep is not None else None
    at += sweep is not None
    stimulus = at if columns.stimulus is not None else None
    n_channels = len(table.names) if columns.channel is not None else 1
    on_disk = keys.nbytes + table.values.nbytes > IN_MEMORY_BYTES
    parts = []
    for code in range(n_channels):
        if columns.channel is None:
            part_keys, values = keys, table.values
        else:
            part_keys, values = _rows_of(table, code, on_disk=on_disk)
        nothing = np.broadcast_to(np.float64(0.0), len(part_keys))
        sweeps = part_keys[:, sweep] if sweep is not None else nothing
        stimuli = part_keys[:, stimulus] if stimulus is not None else nothing + np.nan
        parts.append(_Part(part_keys[:, 0], sweeps, stimuli, values))
    if sum(len(p.times) for p in parts) != len(keys) or any(
        np.isnan(p.sweeps).any() for p in parts
    ):
        raise ReadError(
            f"{name}: some lines do not say which of the {n_keys - 1} series they belong to; "
            f"remove or complete them"
        )
    return parts


def _rows_of(
    table: Table, code: int, *, on_disk: bool
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return keys and values of one channel."""
    keys = Spool(table.keys.shape[1], np.float64, on_disk=on_disk)
    values = Spool(table.values.shape[1], np.float32, on_disk=on_disk)
    try:
        for first in range(0, len(table.keys), CHUNK_ROWS):
            part = slice(first, first + CHUNK_ROWS)
            chosen = table.keys[part, -1] == code
            keys.append(table.keys[part][chosen])
            values.append(table.values[part][chosen])
            release(table.keys)
            release(table.values)
        return keys.finish(), values.finish()
    finally:
        keys.close()
        values.close()


def _grid(part: _Part, columns: Columns, head: Head, name: str) -> _Grid:
    """Find rate and segments of one channel."""
    step = typical_step(part.times[: _first_sweep(part)], name)
    unit_s, inferred = unit_of_time(step, columns.time_unit, head.rate_hz, name)
    said = (inferred,) if inferred else ()
    if columns.sweep is None:
        axis = read_axis(part.times, step, unit_s, name)
        lengths = np.diff(np.append(axis.rows, len(part.times)))
        return _Grid(axis.rate_hz, lengths, axis.starts_s, False, (), (*said, *axis.warnings))
    return _grid_of_sweeps(part, columns, step, unit_s, said, name)


def _first_sweep(part: _Part) -> int:
    """Return the number of rows of the first sweep."""
    others = np.flatnonzero(part.sweeps[:CHUNK_ROWS] != part.sweeps[0])
    return int(others[0]) if len(others) else len(part.sweeps)


def _grid_of_sweeps(
    part: _Part,
    columns: Columns,
    step: float,
    unit_s: float,
    said: tuple[str, ...],
    name: str,
) -> _Grid:
    """Find rate, lengths and offsets of sweeps; check that each is regular."""
    bounds = np.append(0, 1 + np.flatnonzero(np.diff(part.sweeps)))
    if len(np.unique(part.sweeps[bounds])) != len(bounds):
        raise ReadError(f"{name}: the lines of a sweep are apart; sort the table by sweep and time")
    stops = np.append(bounds[1:], len(part.sweeps))
    axes = [
        read_axis(part.times[a:b], step, unit_s, name) for a, b in zip(bounds, stops, strict=True)
    ]
    if any(len(axis.rows) > 1 for axis in axes):
        raise ReadError(f"{name}: a sweep has a gap in its times; export it without")
    rate = axes[0].rate_hz
    lengths = stops - bounds
    if any(abs(axis.rate_hz / rate - 1.0) * n > 0.5 for axis, n in zip(axes, lengths, strict=True)):
        raise ReadError(f"{name}: the sweeps have different sampling rates; export them with one")
    offsets = np.array([axis.first_s for axis in axes])
    ends = offsets + lengths / rate
    relative = bool((np.abs(offsets - offsets[0]) < 0.5 / rate).all())
    if not relative and (offsets[1:] < ends[:-1] - 0.5 / rate).any():
        raise ReadError(
            f"{name}: the sweeps overlap in time; let the times of each start at the same value, "
            f"or be those of the whole recording"
        )
    if not relative:
        offsets = offsets - offsets[0]
    intensities = part.stimuli[bounds]
    unit = columns.stimulus_unit
    stimuli = tuple(Stimulation(None if np.isnan(i) else float(i), unit) for i in intensities)
    return _Grid(rate, lengths, offsets, relative, stimuli, said)
