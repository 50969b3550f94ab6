"""How large the trace of each muscle is drawn: one scale for both sides, so that they compare."""

from __future__ import annotations

from math import isfinite

import numpy as np

from amr_viewer.core.anatomy import Muscle
from amr_viewer.core.bursts import Bursts

PEAK_OF_RMS = 2.5
"""How far EMG swings most of the time, as a multiple of the root of its mean square."""

LEAST_UV = 50.0
"""Noise at rest is not drawn larger than that: a quiet muscle must look quiet."""
STEPS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0)


def scales_uv(bursts: Bursts) -> dict[Muscle | None, float]:
    """Return how many microvolts reach the edge of a lane: one scale for both sides of a muscle."""
    out: dict[Muscle | None, float] = {}
    for channel in bursts.channels:
        own = bursts.peak_uv[bursts.channel == channel.index]
        own = own[np.isfinite(own)]
        size = PEAK_OF_RMS * float(np.percentile(own, 90)) if len(own) else 0.0
        noise = 2.0 * PEAK_OF_RMS * channel.noise_uv if isfinite(channel.noise_uv) else 0.0
        out[channel.muscle] = max(out.get(channel.muscle, LEAST_UV), rounded_up(max(size, noise)))
    return out


def rounded_up(value: float) -> float:
    """Return the next of 1, 1.5, 2, 3, 5, 7.5, 10, ... above.

    Examples
    --------
    >>> rounded_up(130.0), rounded_up(0.0)
    (150.0, 0.0)
    """
    if value <= 0.0:
        return 0.0
    decade = 10.0 ** np.floor(np.log10(value))
    return float(next(decade * step for step in STEPS if decade * step >= value * (1 - 1e-9)))
