"""A parsed text table to channels, segments, marks and a source of samples, wide or long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Channel, Mark, Segment, SignalSource
from amr_viewer.errors import ReadError
from amr_viewer.io.text_blocks import Table
from amr_viewer.io.text_columns import Columns, ValueColumn, are_sweeps
from amr_viewer.io.text_head import Head
from amr_viewer.io.text_source import ColumnSource, SweepSource
from amr_viewer.io.text_sweeps import Stimulation, mark_stimuli, place, segments_of
from amr_viewer.io.text_time import TimeAxis, read_axis, typical_step, unit_of_time

SHORT_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What a text file holds, as a `Recording` wants it."""

    channels: tuple[Channel, ...]
    segments: tuple[Segment, ...]
    marks: tuple[Mark, ...]
    source: SignalSource
    warnings: tuple[str, ...]


def channel_of(column: ValueColumn, rate_hz: float, n_samples: int, label: str = "") -> Channel:
    """Return the channel of a column of samples."""
    return Channel(
        label=label or column.label,
        unit=column.unit,
        sampling_hz=rate_hz,
        n_samples=n_samples,
        file_unit=column.file_unit,
    )


def build_wide(table: Table, head: Head, columns: Columns, name: str) -> Content:
    """Understand a table that has a column for each channel or for each sweep.

    Raises
    ------
    ReadError
        If the sampling rate is unknown or the times are irregular.
    """
    warnings: list[str] = []
    if columns.time is None:
        axis = _axis_without_times(head, name)
    else:
        axis, warnings = _axis_of(table.keys[:, 0], columns, head, name)
    starts_before_zero = columns.time is not None and axis.first_s < -0.5 / axis.rate_hz
    sweeps, remark = are_sweeps(head, columns, starts_before_zero)
    warnings += [remark] if remark else []
    if sweeps:
        return _sweeps_side_by_side(table, head, columns, axis, name, warnings)
    values = columns.values
    n_rows = len(table.values)
    lengths = np.diff(np.append(axis.rows, n_rows))
    segments = segments_of(axis.starts_s.tolist(), lengths.tolist(), axis.rate_hz)
    marks = _remarks(table, axis, segments)
    said: list[str] = []
    if columns.time is not None and -SHORT_S < axis.first_s < -0.5 / axis.rate_hz:
        marks, said = _single_sweep(axis, segments, marks)
    elif columns.time is not None and abs(axis.first_s) > 1.5 / axis.rate_hz:
        said = [f"the time column starts at {axis.first_s:g} s; times count from there"]
    source = ColumnSource(
        tuple(table.values[:, i] for i in range(len(values))), tuple(v.scale for v in values)
    )
    channels = tuple(channel_of(v, axis.rate_hz, n_rows) for v in values)
    return Content(channels, segments, marks, source, (*warnings, *said))


def _axis_without_times(head: Head, name: str) -> TimeAxis:
    """Return the axis of a table without times: the rate stands in the heading."""
    if head.rate_hz is None:
        raise ReadError(
            f"{name}: neither a time column nor a sampling rate found; name the first column "
            f"'time_s' or 'time_ms', or write 'Sampling rate: 2000 Hz' in a line above the table"
        )
    return TimeAxis(head.rate_hz, 0.0, np.zeros(1, dtype=np.intp), np.zeros(1))


def _axis_of(
    times: NDArray[np.float64], columns: Columns, head: Head, name: str
) -> tuple[TimeAxis, list[str]]:
    """Understand the time column, and compare it with the rate of the heading."""
    step = typical_step(times, name)
    unit_s, inferred = unit_of_time(step, columns.time_unit, head.rate_hz, name)
    axis = read_axis(times, step, unit_s, name)
    warnings = [*([inferred] if inferred else []), *axis.warnings]
    if head.rate_hz is not None and abs(head.rate_hz / axis.rate_hz - 1.0) > 0.01:
        warnings.append(
            f"the heading states {head.rate_hz:g} Hz, the time column {axis.rate_hz:g} Hz; the "
            f"time column was used"
        )
    return axis, warnings


def _remarks(table: Table, axis: TimeAxis, segments: Sequence[Segment]) -> tuple[Mark, ...]:
    """Return the texts of a column of remarks as marks."""
    rows = np.array([row for row, _ in table.remarks], dtype=np.intp)
    at = np.searchsorted(axis.rows, rows, side="right") - 1
    return tuple(
        Mark(segments[k].start_s + float(row - axis.rows[k]) / axis.rate_hz, np.nan, text)
        for k, (row, text) in zip(at, table.remarks, strict=True)
    )


def _single_sweep(
    axis: TimeAxis, segments: Sequence[Segment], marks: tuple[Mark, ...]
) -> tuple[tuple[Mark, ...], list[str]]:
    """Take a short stretch around time zero for one sweep, with its stimulus at zero."""
    durations = [segments[-1].end_s]
    stimuli, said = mark_stimuli([0.0], np.array([axis.first_s]), durations, [Stimulation()])
    everything = tuple(sorted([*marks, *stimuli], key=lambda m: m.time_s))
    said.append("time zero of the time column, within the recording, is taken as a stimulus")
    return everything, said


def _sweeps_side_by_side(
    table: Table, head: Head, columns: Columns, axis: TimeAxis, name: str, warnings: list[str]
) -> Content:
    """Put the sweeps that are columns one behind the other."""
    if len(axis.rows) > 1:
        raise ReadError(f"{name}: the time axis of the sweeps has gaps; export it without")
    values = columns.values
    if len({(v.unit, v.scale) for v in values}) > 1:
        units = ", ".join(sorted({str(v.file_unit) for v in values}))
        raise ReadError(f"{name}: the sweeps have different units ({units}); export them with one")
    n_times, n_sweeps = len(table.values), len(values)
    durations = [n_times / axis.rate_hz] * n_sweeps
    starts = place(durations)
    offsets = np.full(n_sweeps, axis.first_s if columns.time is not None else np.nan)
    stimuli = [_stimulation(head, v) for v in values]
    marks, said = mark_stimuli(starts, offsets, durations, stimuli)
    unknown = [v for v in stimuli if v.intensity is not None and v.unit is None]
    if unknown:
        said.append(
            "the unit of the stimulus intensities is not stated; they are kept as text only"
        )
    channel = channel_of(values[0], axis.rate_hz, n_times * n_sweeps, "channel 1")
    return Content(
        (channel,),
        segments_of(starts, [n_times] * n_sweeps, axis.rate_hz),
        marks,
        SweepSource(table.values, values[0].scale),
        (*warnings, spaced_out(n_sweeps, starts), *said),
    )


def _stimulation(head: Head, column: ValueColumn) -> Stimulation:
    """Return what the name of a sweep, or the row of intensities, says of its stimulus."""
    if column.sweep is not None and column.sweep.intensity is not None:
        return Stimulation(column.sweep.intensity, column.sweep.unit)
    if head.intensities is not None:
        return Stimulation(head.intensities[column.index], head.intensity_unit)
    return Stimulation()


def spaced_out(n_sweeps: int, starts: Sequence[float]) -> str:
    """Return the warning that the places of sweeps in time are made up."""
    spacing = starts[1] - starts[0] if n_sweeps > 1 else 1.0
    return (
        f"the file does not say when its {n_sweeps} sweeps were recorded; they are placed "
        f"{spacing:g} s apart"
    )
