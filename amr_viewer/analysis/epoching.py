"""Cut stretches of raw signal around moments of time; conditioning is left to `conditioning`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from amr_viewer.core.recording import Recording

BLOCK_SAMPLES = 4_000_000
"""Samples (over all channels) that are held at once; bounds memory whatever the file's length."""

GAP_S = 2.0
"""A pause longer than this between two sweeps is skipped rather than read."""


@dataclass(frozen=True, slots=True, eq=False)
class RawEpochs:
    """Raw samples around moments of time.

    Attributes
    ----------
    data : ndarray of float32, shape (n_moments, n_channels, n_times)
        In the channels' own unit; NaN outside the segment that holds the moment.
    fraction : ndarray, shape (n_moments,)
        Sample k lies at ``-before_ms + (k - fraction) * 1e3 / sampling_hz`` from its moment.
    """

    data: NDArray[np.float32]
    fraction: NDArray[np.float64]


def cut_raw(
    recording: Recording,
    channels: Sequence[int],
    times_s: NDArray[np.float64],
    before_ms: float,
    n_times: int,
) -> RawEpochs:
    """Cut `n_times` samples of some channels, beginning `before_ms` ahead of each moment.

    Parameters
    ----------
    recording : Recording
    channels : sequence of int
        Channels of one sampling rate.
    times_s : ndarray, shape (n_moments,)
        In order of time.
    before_ms : float
    n_times : int
        At the channels' own rate.

    Returns
    -------
    RawEpochs
    """
    rate = recording.channels[channels[0]].sampling_hz
    exact = recording.sample_index(channels[0], times_s) - before_ms * 1e-3 * rate
    lost = np.isnan(exact)
    first = np.floor(np.where(lost, 0.0, exact)).astype(np.int64)
    data = np.full((len(times_s), len(channels), n_times), np.nan, dtype=np.float32)
    segment = recording.segment_at(times_s)
    for rows in _blocks(first, segment, n_times, len(channels), rate):
        piece = recording.segments[int(segment[rows[0]])]
        low = round(piece.stored_s * rate)
        high = round((piece.stored_s + piece.duration_s) * rate)
        high = min(high, recording.channels[channels[0]].n_samples)
        begin, end = int(first[rows[0]]), int(first[rows[-1]]) + n_times
        start, stop = max(begin, low), max(min(end, high), max(begin, low))
        padded = np.full(end - begin, np.nan, dtype=np.float32)
        for j, channel in enumerate(channels):
            padded[start - begin : stop - begin] = recording.source.read(channel, start, stop)
            data[rows, j] = sliding_window_view(padded, n_times)[first[rows] - begin]
    return RawEpochs(data, np.where(lost, 0.0, exact - first))


def _blocks(
    first: NDArray[np.int64],
    segment: NDArray[np.intp],
    n_times: int,
    n_channels: int,
    rate: float,
) -> Iterator[NDArray[np.intp]]:
    """Yield runs of moments that lie in one segment, near each other, and fit into memory."""
    rows = np.flatnonzero(segment >= 0)
    if not len(rows):
        return
    limit = max(BLOCK_SAMPLES // n_channels, n_times)
    apart = np.diff(first[rows]) > n_times + GAP_S * rate
    breaks = np.flatnonzero(apart | (np.diff(segment[rows]) != 0)) + 1
    for run in np.split(rows, breaks):
        begin = 0
        while begin < len(run):
            end = int(np.searchsorted(first[run], first[run[begin]] + limit - n_times, "right"))
            end = max(end, begin + 1)
            yield run[begin:end]
            begin = end
