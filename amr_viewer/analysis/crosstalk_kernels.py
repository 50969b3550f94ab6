"""What one electrode sees of other muscles: learnt from bursts, whether these are copies or not.

The muscle's own activity is noise to this, and very uneven noise: pieces in which there is none
must count most. Each piece is weighted by the inverse of what is left of it, again and again,
which makes the sum of the logarithms of what is left smallest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TAPS_MS = (-0.5, 0.0, 0.5, 1.0, 1.5)
"""Delays that a copy is made up of: conducted signals are smoothed, and come without delay or as
good as."""

RIDGE = 1e-3
ROUNDS = 30
STILL = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """Products of the signals of pieces.

    Attributes
    ----------
    sources : tuple of int
        Channels.
    gram : ndarray, shape (n_pieces, n, n)
        Of the delayed sources with each other; n is sources times delays.
    cross : ndarray, shape (n_pieces, n)
        Of the delayed sources with the channel.
    power : ndarray, shape (n_pieces,)
        Of the channel with itself.
    n_samples : ndarray, shape (n_pieces,)
    noise_power : float
        Of the channel at rest.
    """

    sources: tuple[int, ...]
    gram: NDArray[np.float64]
    cross: NDArray[np.float64]
    power: NDArray[np.float64]
    n_samples: NDArray[np.float64]
    noise_power: float


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """What is conducted into a channel.

    Attributes
    ----------
    sources : tuple of int
    weights : ndarray, shape (n_sources, n_taps)
    noise_power : float
    """

    sources: tuple[int, ...]
    weights: NDArray[np.float64]
    noise_power: float


def learnt(lessons: Lessons) -> Kernel:
    """Return what explains the pieces best in which the muscle itself is silent."""
    n = lessons.cross.shape[1]
    left = lessons.power / lessons.n_samples
    weights = np.zeros(n)
    for _ in range(ROUNDS):
        share = 1.0 / np.maximum(left + lessons.noise_power, 1e-20)
        gram = np.einsum("i,ijk->jk", share, lessons.gram)
        ridge = RIDGE * np.trace(gram) / n * np.eye(n)
        new = np.linalg.solve(gram + ridge, share @ lessons.cross)
        explained = 2.0 * lessons.cross @ new - np.einsum("j,ijk,k->i", new, lessons.gram, new)
        left = np.maximum(lessons.power - explained, 0.0) / lessons.n_samples
        still = np.abs(new - weights).max() <= STILL * max(np.abs(new).max(), 1e-12)
        weights = new
        if still:
            break
    return Kernel(lessons.sources, weights.reshape(len(lessons.sources), -1), lessons.noise_power)


def taps_of(rate_hz: float) -> NDArray[np.intp]:
    """Return the delays in samples."""
    return np.unique(np.rint(1e-3 * np.array(TAPS_MS) * rate_hz).astype(np.intp))


def delayed(
    samples: list[NDArray[np.float32]], low: int, high: int, taps: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Return a stretch of the sources at all delays, shape (n_sources x n_taps, high - low)."""
    return np.stack([s[low - t : high - t] for s in samples for t in taps])


def predicted(
    kernel: Kernel, samples: list[NDArray[np.float32]], taps: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Return what each source sends to the channel, shape (n_sources, n_samples)."""
    out = np.zeros((len(samples), len(samples[0])), dtype=np.float32)
    for row, signal, weights in zip(out, samples, kernel.weights, strict=True):
        for tap, weight in zip(taps.tolist(), weights.tolist(), strict=True):
            if tap >= 0:
                row[tap:] += np.float32(weight) * signal[: len(signal) - tap]
            else:
                row[:tap] += np.float32(weight) * signal[-tap:]
    return out
