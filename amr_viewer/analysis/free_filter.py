"""Band and mains of free-running EMG, a chunk at a time; the envelope is made in `envelopes`.

The filter has no phase and works on a chunk with margins longer than it rings, so that chunks join
without a seam. Mains is estimated where the signal is quiet and subtracted: a notch would ring
around every burst.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.bursts import Electrode
from amr_viewer.core.parameters import Parameters

MARGIN_S = 0.5
"""Signal read on either side of a chunk; a high-pass of 20 Hz has died away after 0.25 s."""

ORDER = 4
SURFACE_HZ = 2000.0
NEEDLE_HZ = 10000.0
NEEDLE_LOW_PASS_HZ = 10000.0
"""Rates to which chunks are reduced, and the band of needles."""

LINE_DB = 10.0
LINES = (1, 2, 3, 4, 5, 6, 7)
LINE_PIECE_S = 0.25
LINE_SMOOTH = 4
"""Mains is followed in pieces of 0.25 s, averaged over 4 on either side."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the samples of a channel become envelope bins.

    Attributes
    ----------
    rate_hz : float
        Of the file.
    factor : int
        Samples of the file per filtered sample.
    bin_samples : int
        Filtered samples per bin; a bin lasts about 1 ms.
    low_hz, high_hz : float
        Band.
    """

    rate_hz: float
    factor: int
    bin_samples: int
    low_hz: float
    high_hz: float

    @property
    def step(self) -> int:
        """Samples of the file per bin."""
        return self.factor * self.bin_samples

    @property
    def bin_hz(self) -> float:
        """Bins per second."""
        return self.rate_hz / self.step


def plan_of(rate_hz: float, electrode: Electrode, parameters: Parameters) -> Plan:
    """Return how a channel is filtered and reduced."""
    b = parameters.bursts
    needle = electrode is Electrode.NEEDLE
    target = NEEDLE_HZ if needle else max(SURFACE_HZ, 4.0 * b.surface_low_pass_hz)
    factor = max(int(rate_hz / target), 1)
    high = NEEDLE_LOW_PASS_HZ if needle else b.surface_low_pass_hz
    high = min(high, 0.45 * rate_hz / factor)
    bin_samples = max(round(rate_hz / factor / 1000.0), 1)
    return Plan(rate_hz, factor, bin_samples, min(b.high_pass_hz, 0.5 * high), high)


def band_passed(
    samples: NDArray[np.float32], plan: Plan
) -> tuple[NDArray[np.float32], tuple[float, float]]:
    """Filter and reduce a chunk; its length is a multiple of ``plan.step``.

    The gain is that of a Butterworth filter of order 4 run forwards and backwards. Also returns the
    power below the band, and all power up to its upper end, in arbitrary units.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    n = len(samples)
    padded = next_fast_len(-(-n // plan.factor), real=True)
    total = padded * plan.factor
    x = np.zeros(total, dtype=np.float32)
    x[:n] = samples
    # A step where the chunk is wound up would ring; its ends are led to each other.
    x[n:] = np.linspace(samples[-1], samples[0], total - n, dtype=np.float32)
    x -= np.float32(samples.mean())
    spectrum = rfft(x, overwrite_x=True)[: padded // 2 + 1]
    edge = max(int(plan.low_hz * total / plan.rate_hz), 1)
    slow = float(np.vdot(spectrum[:edge], spectrum[:edge]).real)
    spectrum *= _gain(padded, plan)
    fast = float(np.vdot(spectrum, spectrum).real) * plan.factor**2
    out = irfft(spectrum, padded, overwrite_x=True)[: n // plan.factor]
    return np.asarray(out, dtype=np.float32), (slow, slow + fast)


@lru_cache(maxsize=8)
def _gain(n: int, plan: Plan) -> NDArray[np.float32]:
    """Return the gain at each frequency of a reduced chunk, the loss by reduction made good."""
    f = np.fft.rfftfreq(n, plan.factor / plan.rate_hz)
    with np.errstate(divide="ignore"):
        low = 1.0 / (1.0 + (plan.low_hz / f) ** (2 * ORDER))
    high = 1.0 / (1.0 + (f / plan.high_hz) ** (2 * ORDER))
    if plan.factor == 1 and plan.high_hz >= 0.44 * plan.rate_hz:
        high = np.ones_like(f)
    return np.asarray(low * high / plan.factor, dtype=np.float32)


def subtract_lines(
    x: NDArray[np.float32], usable: NDArray[np.bool_], rate_hz: float, choice: str
) -> float:
    """Subtract mains and its harmonics, in place, and return its part of the quiet power.

    Only lines that stand 10 dB above their neighbourhood are touched. What is not usable (mirrored
    or bridged) does not keep the phase of mains, and is not asked.
    """
    if choice == "off" or len(x) < 2.0 * rate_hz:
        return 0.0
    quiet = _quiet(x, rate_hz) & usable
    power = float(np.mean(x[quiet] ** 2)) if quiet.any() else 0.0
    if power <= 0.0:
        return 0.0
    candidates = (50.0, 60.0) if choice == "auto" else (float(choice),)
    calm = np.where(quiet, x, np.float32(0.0))
    found = {f: _standing_lines(calm, rate_hz, f) for f in candidates}
    base = max(found, key=lambda f: (1 in found[f], len(found[f])))
    for harmonic in found[base]:
        x -= _line(calm, quiet, rate_hz, base * harmonic)
    left = float(np.mean(x[quiet] ** 2))
    return max(1.0 - left / power, 0.0)


def _quiet(x: NDArray[np.float32], rate_hz: float) -> NDArray[np.bool_]:
    """Return which samples lie in pieces of 20 ms that are near the level of rest."""
    width = max(int(0.02 * rate_hz), 1)
    n = len(x) // width
    pieces = np.einsum(
        "ij,ij->i", x[: n * width].reshape(n, width), x[: n * width].reshape(n, width)
    )
    limit = 4.0 * np.quantile(pieces, 0.3)
    calm = pieces <= limit
    # The neighbours of a burst hold its beginning and end.
    calm[1:] &= calm[:-1] & (pieces[:-1] <= limit)
    mask = np.zeros(len(x), dtype=np.bool_)
    mask[: n * width] = np.repeat(calm, width)
    return mask


def _standing_lines(calm: NDArray[np.float32], rate_hz: float, base_hz: float) -> list[int]:
    """Return which harmonics stand 10 dB above their neighbourhood."""
    n = int(2.0 * rate_hz)
    pieces = calm[: len(calm) // n * n].reshape(-1, n)
    pieces = pieces[:: max(len(pieces) // 8, 1)]
    spectrum = np.mean(np.abs(np.fft.rfft(pieces * np.hanning(n), axis=1)) ** 2, axis=0)
    out = []
    for harmonic in LINES:
        k = round(base_hz * harmonic * n / rate_hz)
        if k + 12 >= len(spectrum):
            break
        line = spectrum[k - 1 : k + 2].max()
        around = np.median(np.concatenate([spectrum[k - 11 : k - 3], spectrum[k + 4 : k + 12]]))
        if line > 10.0 ** (LINE_DB / 10.0) * max(float(around), 1e-20):
            out.append(harmonic)
    return out


def _line(
    calm: NDArray[np.float32], quiet: NDArray[np.bool_], rate_hz: float, line_hz: float
) -> NDArray[np.float32]:
    """Return one line as it runs through a chunk, from where the chunk is quiet."""
    n = len(calm)
    turn = np.exp(-2j * np.pi * line_hz * np.arange(n) / rate_hz).astype(np.complex64)
    width = int(LINE_PIECE_S * rate_hz)
    starts = np.arange(0, n - width // 2, width)
    sums = np.add.reduceat(calm * turn, starts)
    weights = np.add.reduceat(quiet.astype(np.float32), starts)
    kernel = np.ones(2 * LINE_SMOOTH + 1)
    smooth = np.convolve(sums, kernel, mode="full")[LINE_SMOOTH : LINE_SMOOTH + len(sums)]
    total = np.convolve(weights, kernel, mode="full")[LINE_SMOOTH : LINE_SMOOTH + len(sums)]
    amplitude = 2.0 * smooth / np.maximum(total, 1.0)
    amplitude[total < width] = 0.0
    centres = np.minimum(starts + width / 2, n - 1)
    at = np.arange(n)
    wave = np.interp(at, centres, amplitude.real) + 1j * np.interp(at, centres, amplitude.imag)
    return np.asarray((wave * np.conj(turn)).real, dtype=np.float32)
