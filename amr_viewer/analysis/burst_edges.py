"""When a burst begins and ends: the change of power that explains the bins around its edge best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

OUTSIDE_MS, INSIDE_MS = 15.0, 25.0
"""How far the edge is looked for on either side of where the envelope crosses the lower level."""

BODY_MS = 12.0
"""Power of the burst is taken from this long a piece next to its edge."""

LEAST_RATIO = 2.0
"""A burst is taken to have at least this multiple of the power of rest."""


def edges_of(
    power: NDArray[np.float32],
    level: NDArray[np.float64],
    start: NDArray[np.intp],
    stop: NDArray[np.intp],
    window: int,
    bins_per_ms: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return onset and end of runs of an envelope, in bins.

    Parameters
    ----------
    power : ndarray, shape (n_bins,)
        Mean square of each bin as a multiple of rest.
    level : ndarray, shape (n_runs,)
        Power outside, in the same measure: of rest, or of the skirts of a very large burst.
    start, stop : ndarray of int, shape (n_runs,)
        Where the envelope stands above its lower level, stop excluded.
    window : int
        Bins of the envelope.
    bins_per_ms : float

    Returns
    -------
    onset, end : ndarray, shape (n_runs,)
    """
    onset = _onsets(power, level, start, stop, window, bins_per_ms)
    turned = _onsets(power[::-1], level, len(power) - stop, len(power) - start, window, bins_per_ms)
    end = len(power) - turned
    return onset, np.maximum(end, onset + 1.0)


def _onsets(
    power: NDArray[np.float32],
    level: NDArray[np.float64],
    start: NDArray[np.intp],
    stop: NDArray[np.intp],
    window: int,
    bins_per_ms: float,
) -> NDArray[np.float64]:
    """Return where the likelihood of a change from rest to burst is largest."""
    outside, inside, body = (
        max(round(ms * bins_per_ms), 1) for ms in (OUTSIDE_MS, INSIDE_MS, BODY_MS)
    )
    index = start[:, None] + np.arange(-outside, inside)
    within = (index >= 0) & (index < stop[:, None])
    near = power[np.clip(index, 0, len(power) - 1)].astype(np.float64) / level[:, None]
    place = np.arange(-outside, inside)
    first = np.minimum(window // 2, np.maximum((stop - start) // 2 - 1, 0))[:, None]
    chosen = within & (place >= first) & (place < first + body)
    ratio = (near * chosen).sum(axis=1) / np.maximum(chosen.sum(axis=1), 1)
    ratio = np.maximum(ratio, LEAST_RATIO)[:, None]
    gain = np.where(within, near * (1.0 - 1.0 / ratio) - np.log(ratio), 0.0)
    total = np.cumsum(gain[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(start + place[total.argmax(axis=1)], dtype=np.float64)
