"""Filters of the picture: they change what is seen, never a value of the analysis.

They run forward and backward, so that nothing moves in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

ORDER = 2
NOTCH_Q = 30.0
SETTLING_PERIODS = 3.0
LONGEST_MARGIN_S = 5.0
FEWEST_SAMPLES = 32


@dataclass(frozen=True, slots=True)
class Filters:
    """Corners of the filters in Hz; 0: none."""

    high_pass_hz: float = 0.0
    low_pass_hz: float = 0.0
    notch_hz: float = 0.0

    def __bool__(self) -> bool:
        """Whether anything is filtered."""
        return any((self.high_pass_hz, self.low_pass_hz, self.notch_hz))

    @property
    def margin_s(self) -> float:
        """How much signal beside a stretch is needed for the filters to settle."""
        slowest = [1.0 / f for f in (self.high_pass_hz, self.low_pass_hz) if f]
        if self.notch_hz:
            slowest.append(NOTCH_Q / self.notch_hz)
        return min(SETTLING_PERIODS * max(slowest, default=0.0), LONGEST_MARGIN_S)


NO_FILTERS = Filters()


def filtered(
    values: NDArray[np.float32], sampling_hz: float, filters: Filters, cuts: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return a filtered copy of a stretch of one channel.

    Parameters
    ----------
    values : ndarray of float32, shape (n,)
        NaN stays NaN and parts the signal.
    sampling_hz : float
    filters : Filters
        A corner at or above half the sampling rate has no effect.
    cuts : ndarray of int
        Where a gap parts the samples.
    """
    sections = _sections(filters, sampling_hz)
    out = values.copy()
    if sections is None:
        return out
    from scipy.signal import sosfiltfilt

    known = ~np.isnan(values)
    borders = np.flatnonzero(known[1:] != known[:-1]) + 1
    for piece in np.split(np.arange(len(values)), np.union1d(cuts, borders).astype(np.int64)):
        if len(piece) >= FEWEST_SAMPLES and known[piece[0]]:
            part = slice(piece[0], piece[-1] + 1)
            padding = min(3 * (2 * len(sections) + 1), len(piece) - 1)
            out[part] = sosfiltfilt(sections, values[part].astype(np.float64), padlen=padding)
    return out


@lru_cache(maxsize=32)
def _sections(filters: Filters, sampling_hz: float) -> Any:
    """Return second-order sections, None if nothing is filtered at this rate."""
    from scipy.signal import butter, iirnotch, tf2sos

    def is_possible(corner_hz: float) -> bool:
        return 0 < corner_hz < 0.499 * sampling_hz

    parts = []
    if is_possible(filters.high_pass_hz):
        parts.append(butter(ORDER, filters.high_pass_hz, "highpass", output="sos", fs=sampling_hz))
    if is_possible(filters.low_pass_hz):
        parts.append(butter(ORDER, filters.low_pass_hz, "lowpass", output="sos", fs=sampling_hz))
    if is_possible(filters.notch_hz):
        parts.append(tf2sos(*iirnotch(filters.notch_hz, NOTCH_Q, fs=sampling_hz)))
    return np.concatenate(parts) if parts else None
