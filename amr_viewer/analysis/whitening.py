"""Make the noise of a channel white, so that a matched filter on it is the best there is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ORDER_MS = 1.2
"""Length of the whitening filter; longer ones smear the edge of the blank into the window."""

REGULARIZATION = 0.01
"""White noise added, as a part of the power, so that empty bands are not blown up."""


def whitening_filter(quiet: NDArray[np.float32], sampling_hz: float) -> NDArray[np.float32]:
    """Fit an autoregressive model to noise and return its inverse filter.

    Parameters
    ----------
    quiet : ndarray, shape (n_pieces, n_times)
        Noise without drift; pieces with a burst weigh no more than others.
    sampling_hz : float

    Returns
    -------
    ndarray of float32, shape (order + 1,)
        Filter whose output has unit variance on average.
    """
    from scipy.linalg import solve_toeplitz

    order = max(round(ORDER_MS * 1e-3 * sampling_hz), 3)
    if quiet.shape[1] < 4 * order or not quiet.any():
        sigma = float(np.std(quiet)) if quiet.size else 1.0
        return np.array([1.0 / max(sigma, 1e-9)], dtype=np.float32)
    power = (quiet**2).mean(axis=1, keepdims=True)
    centred = quiet / np.sqrt(np.maximum(power, 1e-12))
    n = centred.shape[1]
    lags = np.array(
        [np.mean(centred[:, : n - k] * centred[:, k:]) * (n - k) / n for k in range(order + 1)]
    )
    lags[0] *= 1.0 + REGULARIZATION
    a = solve_toeplitz(lags[:-1], lags[1:])
    innovation = lags[0] - a @ lags[1:]
    taps = np.concatenate(([1.0], -a))
    scale = np.sqrt(max(float(innovation), 1e-9) * max(float(np.median(power)), 1e-12))
    return np.asarray(taps / scale, dtype=np.float32)


def whiten(data: NDArray[np.float32], taps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Filter along the last axis, causally; the first `len(taps) - 1` samples are unreliable."""
    from scipy.ndimage import correlate1d

    causal = (len(taps) - 1) // 2
    filtered = correlate1d(data, taps[::-1], axis=-1, mode="constant", origin=causal)
    return np.asarray(filtered, dtype=np.float32)
