"""Estimate mains before the stimulus and subtract it; no notch, which would ring after it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.windows import BASELINE_END_MS
from amr_viewer.core.parameters import Parameters

MAINS_SWEEPS = 60
"""Sweeps that are enough to see whether there is mains."""

MAINS_HARMONICS = (1, 2, 3, 5, 7)

MAINS_RATIO = 4.0
"""Power of a line against its neighbourhood from which it is subtracted."""


def subtract_mains(
    data: NDArray[np.float32], times: NDArray[np.float64], parameters: Parameters
) -> NDArray[np.float32]:
    """Estimate mains and its harmonics before the stimulus and subtract it, in place.

    Returns the amplitude of the fundamental, (n_stimuli, n_channels).
    """
    choice = parameters.conditioning.mains_hz
    quiet = (times < BASELINE_END_MS) & (times > times[0] + 1.0)
    span_ms = float(times[quiet][-1] - times[quiet][0]) if quiet.any() else 0.0
    hum = np.zeros(data.shape[:2], dtype=np.float32)
    if choice == "off" or span_ms < 35.0:
        return hum
    candidates = (50.0, 60.0) if choice == "auto" else (float(choice),)
    frequencies = tuple(f * h for f in candidates for h in MAINS_HARMONICS)
    grid = (float(times[0]), float(times[1]), len(times), tuple(np.flatnonzero(quiet)[[0, -1]]))
    solvers = _line_solvers(*grid, frequencies)
    ratios = _line_ratios(data[:: max(len(data) // MAINS_SWEEPS, 1)][..., quiet], solvers)
    n = len(MAINS_HARMONICS)
    for j in range(data.shape[1]):
        first = n * int(np.argmax(ratios[::n, j]))
        for k in range(first, first + n):
            if ratios[k, j] < MAINS_RATIO:
                continue
            coefficients = data[:, j][:, quiet] @ solvers[k, 0]
            if k == first:
                hum[:, j] = np.hypot(*coefficients.T)
            data[:, j] -= coefficients @ _wave(times, frequencies[k]).astype(np.float32)
    return hum


def _wave(times: NDArray[np.float64], frequency: float) -> NDArray[np.float64]:
    """Return cosine and sine, shape (2, n_times)."""
    angle = 2e-3 * np.pi * frequency * times
    return np.stack([np.cos(angle), np.sin(angle)])


@lru_cache(maxsize=8)
def _line_solvers(
    begin: float, second: float, n: int, stretch: tuple[int, int], frequencies: tuple[float, ...]
) -> NDArray[np.float32]:
    """Return what turns baselines into coefficients of lines and of their neighbours.

    Shape (n_frequencies, 3, n_quiet, 2): the line, and the lines 1.5 resolutions below and above;
    trends are left out of account.
    """
    every = np.asarray(begin + (second - begin) * np.arange(n), dtype=np.float64)
    times = every[stretch[0] : stretch[1] + 1]
    span = float(times[-1] - times[0])
    trend = np.stack([np.ones_like(times), (times - times.mean()) / span])
    shifts = (0.0, -1.5e3 / span, 1.5e3 / span)
    return np.stack(
        [
            [np.linalg.pinv(np.concatenate([_wave(times, f + df), trend]))[:, :2] for df in shifts]
            for f in frequencies
        ]
    ).astype(np.float32)


def _line_ratios(quiet: NDArray[np.float32], solvers: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how far each line stands out of its neighbourhood, (n_frequencies, n_channels)."""
    flat = solvers.transpose(2, 0, 1, 3).reshape(quiet.shape[-1], -1)
    coefficients = (quiet @ flat).reshape(*quiet.shape[:2], *solvers.shape[:2], 2)
    power = np.median((coefficients.astype(np.float64) ** 2).sum(axis=-1), axis=0)
    line, below, above = np.moveaxis(power, -1, 0)
    return np.asarray((line / np.maximum(np.sqrt(below * above), 1e-12)).T)
