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
PIECE_S = 0.02
LINE_SMOOTH_S = 2.2
LEAST_QUIET_S = 0.25
"""Mains is measured in quiet pieces of 20 ms, averaged over 2.2 s if 0.25 s of these are quiet."""

LEFT_SMOOTH_S = 0.5
"""What is left of it changes faster than could be followed."""


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
) -> tuple[float, float]:
    """Subtract mains and its harmonics, in place.

    Only lines that stand 10 dB above their neighbourhood are touched. What is not usable (mirrored
    or bridged) does not keep the phase of mains, and is not asked.

    Returns
    -------
    fraction, left : float
        Part of the quiet power that was mains, and what is mains of the power that is left.
    """
    if len(x) < 2.0 * rate_hz:
        return 0.0, 0.0
    width = max(int(PIECE_S * rate_hz), 1)
    n = len(x) // width
    pieces = x[: n * width].reshape(n, width)
    quiet = _quiet(pieces)
    if not usable.all():
        quiet &= usable[: n * width].reshape(n, width).all(axis=1)
    power = float(np.mean(np.square(pieces[quiet]))) if quiet.any() else 0.0
    if power <= 0.0:
        return 0.0, 0.0
    calm = pieces * quiet[:, None]
    candidates = (50.0, 60.0) if choice in {"auto", "off"} else (float(choice),)
    found = _standing_lines(calm.reshape(-1), rate_hz, candidates)
    base = max(found, key=lambda f: (1 in found[f], len(found[f])))
    if not found[base]:
        return 0.0, 0.0
    turns = base * np.array(found[base], dtype=np.float64) / rate_hz
    sums = _turned(calm, turns)
    amplitude = _smoothed(sums, quiet, width, LINE_SMOOTH_S)
    if choice == "off":
        return 0.0, min(_power_of(amplitude, quiet) / power, 1.0)
    x -= _waves(amplitude, len(x), width, turns)
    left = float(np.mean(np.square(pieces[quiet])))
    missed = _power_of(_smoothed(sums, quiet, width, LEFT_SMOOTH_S) - amplitude, quiet)
    return max(1.0 - left / power, 0.0), min(missed / max(left, 1e-20), 1.0)


def _power_of(amplitude: NDArray[np.complex128], quiet: NDArray[np.bool_]) -> float:
    """Return the mean power of lines in the quiet pieces."""
    return float(0.5 * np.mean(np.sum(np.abs(amplitude[quiet]) ** 2, axis=1)))


def _quiet(pieces: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which pieces are near the level of rest."""
    power = np.einsum("ij,ij->i", pieces, pieces)
    limit = 4.0 * np.quantile(power, 0.3)
    calm: NDArray[np.bool_] = power <= limit
    # The piece after a burst holds its end.
    calm[1:] &= power[:-1] <= limit
    return calm


def _standing_lines(
    calm: NDArray[np.float32], rate_hz: float, candidates_hz: tuple[float, ...]
) -> dict[float, list[int]]:
    """Return which harmonics of each candidate stand 10 dB above their neighbourhood."""
    n = int(2.0 * rate_hz)
    pieces = calm[: len(calm) // n * n].reshape(-1, n)
    pieces = pieces[:: max(len(pieces) // 8, 1)]
    high = round(max(candidates_hz) * LINES[-1] * n / rate_hz) + 13
    spectrum = np.fft.rfft(pieces * np.hanning(n), axis=1)[:, :high]
    power = np.mean(spectrum.real**2 + spectrum.imag**2, axis=0)
    return {f: _standing(power, f * n / rate_hz) for f in candidates_hz}


def _standing(spectrum: NDArray[np.float64], base: float) -> list[int]:
    """Return which multiples of a bin stand 10 dB above their neighbourhood."""
    k = np.rint(base * np.array(LINES)).astype(np.intp)
    k = k[k + 12 < len(spectrum)]
    line = spectrum[k[:, None] + np.arange(-1, 2)].max(axis=1)
    beside = np.concatenate([np.arange(-11, -3), np.arange(4, 12)])
    around = np.median(spectrum[k[:, None] + beside], axis=1)
    stands = line > 10.0 ** (LINE_DB / 10.0) * np.maximum(around, 1e-20)
    return [h for h, s in zip(LINES, stands.tolist(), strict=False) if s]


def _turned(calm: NDArray[np.float32], turns: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return each piece times each line, summed; the phase is that at the start of the signal.

    Shape (n_pieces, n_lines); `turns` per sample.
    """
    n, width = calm.shape
    angle = 2.0 * np.pi * np.outer(np.arange(width), turns)
    sums = calm @ np.concatenate([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    whole = sums[:, : len(turns)] - 1j * sums[:, len(turns) :]
    turned = whole * np.exp(-2j * np.pi * width * np.outer(np.arange(n), turns))
    return np.asarray(turned, dtype=np.complex128)


def _smoothed(
    sums: NDArray[np.complex128], quiet: NDArray[np.bool_], width: int, smooth_s: float
) -> NDArray[np.complex128]:
    """Return size and phase of each line in each piece, from where it is quiet around it."""
    n = len(sums)
    half = round(0.5 * smooth_s / PIECE_S)
    edges = np.clip(np.arange(n)[:, None] + [-half, half + 1], 0, n)
    total = np.diff(np.append(0, np.cumsum(quiet))[edges], axis=1) * width
    summed = np.concatenate([np.zeros((1, sums.shape[1])), np.cumsum(sums, axis=0)])
    mean = (summed[edges[:, 1]] - summed[edges[:, 0]]) / np.maximum(total, 1)
    # Where hardly anything is quiet nothing is known of the line.
    return np.asarray(np.where(total >= LEAST_QUIET_S / PIECE_S * width, 2.0 * mean, 0.0))


def _waves(
    amplitude: NDArray[np.complex128], n: int, width: int, turns: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return the sum of all lines, their amplitude led in straight lines from piece to piece."""
    n_pieces = len(amplitude)
    before = 0.5 * (amplitude + np.roll(amplitude, 1, axis=0))
    before[0] = amplitude[0]
    after = np.append(before[1:], amplitude[-1:], axis=0)
    turned = np.exp(2j * np.pi * width * np.outer(np.arange(n_pieces), turns))
    a, b = before * turned, (after - before) * turned
    angle = 2.0 * np.pi * np.outer(turns, np.arange(width))
    cos, sin, part = np.cos(angle), np.sin(angle), np.arange(width) / width
    basis = np.concatenate([cos, -sin, part * cos, -part * sin]).astype(np.float32)
    size = np.concatenate([a.real, a.imag, b.real, b.imag], axis=1).astype(np.float32)
    out = np.zeros(n, dtype=np.float32)
    out[: n_pieces * width] = (size @ basis).reshape(-1)
    rest = n - n_pieces * width
    if rest:
        last = amplitude[-1] * np.exp(2j * np.pi * width * n_pieces * turns)
        tail = np.exp(2j * np.pi * np.outer(np.arange(rest), turns))
        out[n_pieces * width :] = (tail @ last).real
    return out
