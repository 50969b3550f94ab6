"""The middle of many sweeps and its spread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.arrays import freeze
from amr_viewer.core.responses import State
from amr_viewer.gui.sweeps.sweepset import LOST, SweepSet

BLOCK_TIMES = 64


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """Middle and spread of the sweeps with a response, else of all valid ones.

    Attributes
    ----------
    n : int
        Sweeps that it rests on.
    median_uv, mean_uv, low_uv, high_uv : ndarray of float32, shape (n_times,)
        `low_uv` and `high_uv` are the quartiles; NaN where nothing was recorded.
    """

    n: int
    median_uv: NDArray[np.float32] = field(repr=False)
    mean_uv: NDArray[np.float32] = field(repr=False)
    low_uv: NDArray[np.float32] = field(repr=False)
    high_uv: NDArray[np.float32] = field(repr=False)

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for name in ("median_uv", "mean_uv", "low_uv", "high_uv"):
            freeze(getattr(self, name))


def rows_summarized(state: NDArray[np.int8]) -> NDArray[np.intp]:
    """Return the sweeps that stand for a run: those with a response, else the valid ones."""
    present = np.flatnonzero(state == State.PRESENT)
    return present if len(present) else np.flatnonzero(state != State.REJECTED)


def summarize(
    sweeps: SweepSet, channel: int, state: NDArray[np.int8], check: Callable[[], None]
) -> Summary:
    """Return middle and spread of the sweeps of a channel.

    Parameters
    ----------
    sweeps : SweepSet
    channel : int
    state : ndarray of int8, shape (n_sweeps,)
        `State`.
    check : callable
        Called between blocks; may raise `Cancelled`.

    Returns
    -------
    Summary
    """
    rows = rows_summarized(state)
    n_times = len(sweeps.times_ms)
    out = np.full((4, n_times), np.nan, dtype=np.float32)
    for first in range(0, n_times if len(rows) else 0, BLOCK_TIMES):
        check()
        block = sweeps.counts[channel][rows, first : first + BLOCK_TIMES].T
        out[:, first : first + BLOCK_TIMES] = _middle(block) * sweeps.step_uv[channel]
    return Summary(len(rows), *out)


def _middle(block: NDArray[np.int16]) -> NDArray[np.float64]:
    """Return median, mean and quartiles of each line, (4, n_lines); lost samples do not count."""
    ordered = np.sort(block, axis=1, kind="stable")
    n = ordered.shape[1]
    lost = (ordered == LOST).sum(axis=1)
    kept = n - lost
    with np.errstate(invalid="ignore", divide="ignore"):
        total = ordered.sum(axis=1, dtype=np.float64) - lost * float(LOST)
        mean = total / kept
    out = [_quantile(ordered, lost, kept, 0.5), mean]
    out += [_quantile(ordered, lost, kept, q) for q in (0.25, 0.75)]
    return np.stack(out)


def _quantile(
    ordered: NDArray[np.int16], lost: NDArray[np.intp], kept: NDArray[np.intp], q: float
) -> NDArray[np.float64]:
    """Return a quantile of each ordered line, those in front that were lost left out."""
    at = lost + q * (np.maximum(kept, 1) - 1)
    low = np.minimum(np.floor(at).astype(np.intp), ordered.shape[1] - 1)
    high = np.minimum(low + 1, ordered.shape[1] - 1)
    lines = np.arange(len(ordered))
    a, b = ordered[lines, low].astype(np.float64), ordered[lines, high].astype(np.float64)
    value = a + (b - a) * (at - low)
    return np.where(kept > 0, value, np.nan)
