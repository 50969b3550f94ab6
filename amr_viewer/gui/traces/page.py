"""A page of traces as a request and as columns; made outside the GUI thread, without Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.recording import Recording
from amr_viewer.gui.traces.filters import NO_FILTERS, Filters, filtered
from amr_viewer.gui.traces.raster import Columns, joined, line_columns, runs, thickened
from amr_viewer.io.envelope import (
    extremes,
    read_envelope,
    read_lines,
    samples_per_column,
)
from amr_viewer.io.pyramid import Pyramid
from amr_viewer.io.timeline import column_edges, timeline

LINE_BELOW = 2.0
"""With fewer samples per column of pixels than this, they are joined by a line."""

MOST_FILTERED_SAMPLES = 2_000_000
"""Longer stretches of a channel are shown without filters: they would not be there in time."""


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Stretches of a channel that are painted in a color of their own.

    Attributes
    ----------
    starts_s, stops_s : ndarray, shape (n,)
        In order of time.
    color : int
        ARGB.
    """

    starts_s: NDArray[np.float64]
    stops_s: NDArray[np.float64]
    color: int


@dataclass(frozen=True, slots=True)
class Trace:
    """How one channel is painted, in pixels of the device.

    Attributes
    ----------
    channel : int
    center : float
        Row of the value `offset`.
    rows_per_unit : float
        Positive: greater values lie higher up.
    offset : float
        In the channel's unit.
    reach : (int, int)
        Rows that the trace may touch.
    color : int
        ARGB.
    spans : tuple of Spans
    """

    channel: int
    center: float
    rows_per_unit: float
    offset: float
    reach: tuple[int, int]
    color: int
    spans: tuple[Spans, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which stretch of a recording is painted how; `width` in pixels of the device."""

    recording: Recording
    pyramid: Pyramid | None
    start_s: float
    span_s: float
    width: int
    line_width: float
    traces: tuple[Trace, ...]
    filters: Filters = NO_FILTERS

    @property
    def stop_s(self) -> float:
        """End of the stretch."""
        return self.start_s + self.span_s


@dataclass(frozen=True, slots=True, eq=False)
class PageTrace:
    """One channel of a page.

    Attributes
    ----------
    columns : Columns or None
        None if it could not be read.
    holes : tuple of (int, int)
        Columns, from the first to before the second, where only this channel has no samples.
    is_preliminary : bool
        Parts were not read yet.
    is_filtered : bool
        Whether the filters that were asked for were applied.
    fault : str
        Why it could not be read.
    """

    columns: Columns | None
    holes: tuple[tuple[int, int], ...] = ()
    is_preliminary: bool = False
    is_filtered: bool = True
    fault: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A page that was read, one entry per trace of the request."""

    request: PageRequest
    traces: tuple[PageTrace, ...]

    @property
    def is_preliminary(self) -> bool:
        """Whether parts were not read yet."""
        return any(t.is_preliminary for t in self.traces)

    @property
    def is_filtered(self) -> bool:
        """Whether all filters that were asked for were applied."""
        return all(t.is_filtered for t in self.traces)

    @property
    def fault(self) -> str:
        """Why something could not be read, empty if all could."""
        return next((t.fault for t in self.traces if t.fault), "")


def read_trace(request: PageRequest, trace: Trace) -> PageTrace:
    """Read one channel of a page, and say which pixels of each column it covers.

    Raises
    ------
    ReadError
        The file can no longer be read.
    """
    recording, channel = request.recording, trace.channel
    window = (request.start_s, request.stop_s)
    per_column = samples_per_column(recording, channel, *window, request.width)
    is_filtered = bool(request.filters) and _can_be_filtered(request, channel)
    is_line = per_column < LINE_BELOW
    preliminary = False
    if is_line:
        top, bottom = _line(request, trace, is_filtered)
    else:
        if is_filtered:
            low, high, is_cut = _filtered_columns(request, channel)
        else:
            envelope = read_envelope(recording, request.pyramid, channel, *window, request.width)
            low, high, is_cut = envelope.low, envelope.high, envelope.is_cut
            preliminary = envelope.is_preliminary
        upper, lower = (high, low) if trace.rows_per_unit > 0 else (low, high)
        top, bottom = joined(_rows(trace, upper), _rows(trace, lower), is_cut)
    missing = np.isnan(top)
    is_whole = preliminary or not missing.any()
    holes = () if is_whole else runs(missing & _is_recorded(request))
    tint = _tint(request, trace)
    top, bottom = thickened(top, bottom, request.line_width, is_line=is_line, tint=tint)
    palette = (trace.color, *(s.color for s in trace.spans))
    columns = Columns(top, bottom, trace.reach, palette, tint)
    return PageTrace(columns, holes, preliminary, is_filtered or not request.filters)


def _is_recorded(request: PageRequest) -> NDArray[np.bool_]:
    """Return which columns lie in no gap of the recording, shape (width,)."""
    edges_s = np.linspace(request.start_s, request.stop_s, request.width + 1)
    return request.recording.segment_at((edges_s[:-1] + edges_s[1:]) / 2) >= 0


def _rows(trace: Trace, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows of values."""
    # In double precision: a large offset must not cost the small differences.
    rows = np.multiply(values, -trace.rows_per_unit, dtype=np.float64)
    rows += trace.center + trace.offset * trace.rows_per_unit
    return rows.astype(np.float32)


def _line(
    request: PageRequest, trace: Trace, is_filtered: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the columns of a line through every sample."""
    recording, channel = request.recording, trace.channel
    margin_s = request.filters.margin_s if is_filtered else 0.0
    times_s, values = read_lines(
        recording, channel, request.start_s - margin_s, request.stop_s + margin_s
    )
    if is_filtered:
        rate_hz = recording.channels[channel].sampling_hz
        values = filtered(values, rate_hz, request.filters, np.empty(0, np.int64))
    x = (times_s - request.start_s) * (request.width / request.span_s)
    return line_columns(x, _rows(trace, values).astype(np.float64), request.width)


def _window_samples(request: PageRequest, channel: int) -> tuple[int, int]:
    """Return the stored samples of a page with the margins of its filters."""
    info = request.recording.channels[channel]
    margin_s = request.filters.margin_s
    around = np.array([request.start_s - margin_s, request.stop_s + margin_s])
    line = timeline(request.recording)
    first, stop = line.samples_at(around, info.sampling_hz, info.n_samples)
    return int(first), int(stop)


def _can_be_filtered(request: PageRequest, channel: int) -> bool:
    """Whether a stretch is short enough for filters."""
    first, stop = _window_samples(request, channel)
    return stop - first <= MOST_FILTERED_SAMPLES


def _filtered_columns(
    request: PageRequest, channel: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """Return the extremes of columns after filtering."""
    recording = request.recording
    info = recording.channels[channel]
    line = timeline(recording)
    first, stop = _window_samples(request, channel)
    firsts = line.first_samples(info.sampling_hz, info.n_samples)[1:-1]
    cuts = firsts[(firsts > first) & (firsts < stop)] - first
    values = recording.source.read(channel, first, stop)
    values = filtered(values, info.sampling_hz, request.filters, cuts)
    window = (request.start_s, request.stop_s)
    edges, is_cut = column_edges(recording, info.sampling_hz, info.n_samples, window, request.width)
    low, high = extremes(values[: edges[-1] - first], edges - first)
    return low, high, is_cut


def _tint(request: PageRequest, trace: Trace) -> NDArray[np.uint8] | None:
    """Return which color each column has, None if all have the first."""
    if not trace.spans:
        return None
    tint = np.zeros(request.width, np.uint8)
    per_second = request.width / request.span_s
    for k, spans in enumerate(trace.spans, start=1):
        first = int(np.searchsorted(spans.stops_s, request.start_s))
        stop = int(np.searchsorted(spans.starts_s, request.stop_s))
        starts = np.floor((spans.starts_s[first:stop] - request.start_s) * per_second)
        stops = np.ceil((spans.stops_s[first:stop] - request.start_s) * per_second)
        bounds = np.clip(np.column_stack([starts, stops]), 0, request.width).astype(np.int64)
        for a, b in np.unique(bounds, axis=0):
            tint[a:b] = k
    return tint if tint.any() else None
