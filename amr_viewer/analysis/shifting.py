"""Shift sweeps in time by parts of a sample: what their spectra are turned by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def turns(
    shift: NDArray[np.floating],
    n_frequencies: int,
    length: int,
    dtype: type[np.complexfloating] = np.complex128,
) -> NDArray[np.complexfloating]:
    """Return the factors by which a real spectrum is shifted to earlier times.

    Parameters
    ----------
    shift : ndarray, shape (n,)
        Samples, fractional; positive moves a sweep to earlier times.
    n_frequencies : int
        Of the spectrum, from zero on.
    length : int
        Samples that were transformed.
    dtype : type
        Of the factors: complex64 for sweeps of single precision.

    Returns
    -------
    ndarray of complex, shape (n, n_frequencies)
        ``exp(2j * pi * k * shift / length)``: two short tables multiplied, as an exponential costs
        as much as thirty products.

    Examples
    --------
    >>> turns(np.array([2.0]), 3, 8).round(6).tolist()
    [[(1+0j), 1j, (-1+0j)]]
    """
    step = max(int(np.sqrt(n_frequencies)), 1)
    angle = np.asarray(2.0 * np.pi / length * shift, dtype=np.float64)[:, None]
    fine = np.exp(1j * angle * np.arange(step)).astype(dtype)
    coarse = np.exp(1j * angle * np.arange(0, n_frequencies, step)).astype(dtype)
    table = coarse[:, :, None] * fine[:, None, :]
    return np.asarray(table.reshape(len(table), -1)[:, :n_frequencies])
