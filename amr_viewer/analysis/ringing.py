"""Recognize the ringing of an amplifier that comes back from its rail.

It is a damped sine of one frequency and one decay, properties of the amplifier, whose size and
phase change with every stimulus. It is looked for only where the channel was at its rail.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.conditioning import Sweeps
from amr_viewer.core.parameters import Parameters

SATURATED_SHARE = 0.2
"""Share of sweeps at the rail from which a channel is looked at for ringing."""

FREQUENCIES_HZ = np.geomspace(80.0, 900.0, 36)
DECAYS_MS = np.geomspace(0.6, 6.0, 12)

REACH_MS = 4.0
"""How far into the search window the damped sine must fit."""

EXPLAINED = 0.98
"""Part of the common waveform's energy that it must explain."""


def find_ringing(
    sweeps: Sweeps, channel: int, good: NDArray[np.bool_], parameters: Parameters
) -> NDArray[np.float64]:
    """Return the two functions that ringing is made of, or none.

    Parameters
    ----------
    sweeps : Sweeps
    channel : int
        Index into the sweeps.
    good : ndarray of bool, shape (n_stimuli,)
    parameters : Parameters

    Returns
    -------
    ndarray, shape (2, n_times) or (0, n_times)
        Damped cosine and sine, zero before the stimulus.
    """
    times = sweeps.times_ms
    none = np.empty((0, len(times)))
    railed = sweeps.saturated_ms[:, channel] > 0.0
    if railed.mean() < SATURATED_SHARE or good.sum() < 3:
        return none
    start = parameters.detection.window_start_ms
    begin = float(np.quantile(sweeps.blank_end_ms[good, channel], 0.8)) + 0.3
    zone = (times >= begin) & (times < max(start, begin + 2.0) + REACH_MS)
    if zone.sum() < 20:
        return none
    common = np.linalg.svd(sweeps.data_uv[good, channel][:, zone], full_matrices=False)[2][0]
    t = times[zone] - times[zone][0]
    slow = [np.ones_like(t), np.exp(-t / 1.5), np.exp(-t / 4.0), np.exp(-t / 15.0)]
    best, found = np.inf, (0.0, 0.0)
    energy = _left(common.astype(np.float64), np.stack(slow))
    for frequency in FREQUENCIES_HZ:
        for decay in DECAYS_MS:
            basis = np.stack([*_damped(t, frequency, decay), *slow])
            left = _left(common.astype(np.float64), basis)
            if left < best:
                best, found = left, (float(frequency), float(decay))
    if best > (1.0 - EXPLAINED) * energy:
        return none
    functions = _damped(np.maximum(times - begin, 0.0), *found)
    return np.where(times > 0.0, functions, 0.0)


def _damped(t: NDArray[np.float64], frequency_hz: float, decay_ms: float) -> NDArray[np.float64]:
    """Return a damped cosine and sine, (2, n_times)."""
    angle = 2e-3 * np.pi * frequency_hz * t
    return np.stack([np.cos(angle), np.sin(angle)]) * np.exp(-t / decay_ms)


def _left(values: NDArray[np.float64], basis: NDArray[np.float64]) -> float:
    """Return the energy that a basis does not explain."""
    solution = np.linalg.lstsq(basis.T, values, rcond=None)[0]
    return float(np.sum((values - solution @ basis) ** 2))
