"""Where the stored samples of a recording lie in time, also across gaps; reading is left to others.

Samples of all segments lie one behind the other in the file. A gap holds no samples, so that the
number of the first stored sample at or after a time never falls as time goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.arrays import freeze
from amr_viewer.core.recording import Recording

ROUNDING_SAMPLES = 1e-6
"""A time this close behind a sample still is the sample's: times carry rounding errors."""


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """The segments of a recording as arrays, each of shape (n_segments,).

    Attributes
    ----------
    starts_s, ends_s, stored_s : ndarray of float64
        As in `Segment`.
    """

    starts_s: NDArray[np.float64]
    ends_s: NDArray[np.float64]
    stored_s: NDArray[np.float64]

    def first_samples(self, sampling_hz: float, n_samples: int) -> NDArray[np.int64]:
        """Return where each segment begins in the store, and `n_samples`; (n_segments + 1,)."""
        firsts = np.rint(self.stored_s * sampling_hz).astype(np.int64)
        return np.append(np.minimum(firsts, n_samples), n_samples)

    def samples_at(
        self, times_s: NDArray[np.float64], sampling_hz: float, n_samples: int
    ) -> NDArray[np.int64]:
        """Return the first stored sample at or after each time; shape as `times_s`."""
        if not len(self.starts_s):
            return np.zeros(np.shape(times_s), np.int64)
        firsts = self.first_samples(sampling_hz, n_samples)
        segment = np.searchsorted(self.starts_s, times_s, side="right") - 1
        safe = np.maximum(segment, 0)
        exact = (times_s - self.starts_s[safe]) * sampling_hz
        samples = firsts[safe] + np.ceil(exact - ROUNDING_SAMPLES).astype(np.int64)
        inside = np.clip(samples, firsts[safe], firsts[safe + 1])
        return np.where(segment < 0, 0, inside)

    def times_at(
        self, samples: NDArray[np.int64], sampling_hz: float, n_samples: int
    ) -> NDArray[np.float64]:
        """Return the time of each stored sample in seconds; shape as `samples`."""
        firsts = self.first_samples(sampling_hz, n_samples)
        segment = np.searchsorted(firsts[:-1], samples, side="right") - 1
        return self.starts_s[segment] + (samples - firsts[segment]) / sampling_hz

    def gaps_between(self, start_s: float, stop_s: float) -> NDArray[np.float64]:
        """Return the stretches without samples that touch a window, shape (n_gaps, 2), seconds.

        What lies before the recording and behind its end is no gap.
        """
        gaps = np.column_stack([self.ends_s[:-1], self.starts_s[1:]])
        touched = (gaps[:, 1] > start_s) & (gaps[:, 0] < stop_s) & (gaps[:, 1] > gaps[:, 0])
        return gaps[touched]


@lru_cache(maxsize=8)
def timeline(recording: Recording) -> Timeline:
    """Return the timeline of a recording; made once."""
    segments = recording.segments
    return Timeline(
        freeze(np.array([s.start_s for s in segments], np.float64)),
        freeze(np.array([s.end_s for s in segments], np.float64)),
        freeze(np.array([s.stored_s for s in segments], np.float64)),
    )


@lru_cache(maxsize=32)
def column_edges(
    recording: Recording,
    sampling_hz: float,
    n_samples: int,
    window: tuple[float, float],
    n_columns: int,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return where the columns of a picture of a window begin in the store of a channel.

    Kept for a while, as many channels share one sampling rate.

    Returns
    -------
    edges : ndarray of int64, shape (n_columns + 1,)
        Column i holds samples ``edges[i]`` to before ``edges[i + 1]``.
    is_cut : ndarray of bool, shape (n_columns,)
        Whether a gap lies between the last sample before a column and its first one.
    """
    line = timeline(recording)
    edges = line.samples_at(np.linspace(*window, n_columns + 1), sampling_hz, n_samples)
    is_cut = np.isin(edges[:-1], line.first_samples(sampling_hz, n_samples)[1:-1])
    return freeze(edges), freeze(is_cut)
