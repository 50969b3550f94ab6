"""The extent of the stimulus artefact: the amplifier's rail, the pulse's corners, the blank."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.windows import BASELINE_END_MS, as_slice
from amr_viewer.core.parameters import Parameters

SHARP_SHARE = 0.1
"""Third difference over 0.1 ms, as a part of the amplitude, that no muscle reaches."""


def last_saturation(
    raw: NDArray[np.float32], times: NDArray[np.float64], until_ms: float
) -> NDArray[np.float32]:
    """Return when each sweep last stood at the amplifier's rail after its stimulus.

    A rail is the extreme value of a channel if the signal rests on it for three samples.
    """
    after = as_slice((times > -0.5) & (times < until_ms))
    out = np.full(raw.shape[:2], -np.inf, dtype=np.float32)
    flat_times = times[after][1:-1]
    for j in range(raw.shape[1]):
        low, high = _extremes(raw[:, j])
        if not low < high:
            continue
        x = raw[:, j, after]
        rows = np.flatnonzero(((x == low) | (x == high)).any(axis=1))
        x = x[rows]
        middle = x[:, 1:-1]
        rest = (middle == x[:, :-2]) & (middle == x[:, 2:])
        railed = rest & ((middle == low) | (middle == high))
        last = railed.shape[1] - 1 - railed[:, ::-1].argmax(axis=1)
        out[rows, j] = np.where(railed.any(axis=1), flat_times[last], -np.inf)
    return out


def _extremes(values: NDArray[np.float32]) -> tuple[np.float32, np.float32]:
    """Return the least and the greatest of what is finite; NaN where nothing is."""
    low, high = values.min(), values.max()
    if np.isfinite(low) and np.isfinite(high):
        return low, high
    finite = values[np.isfinite(values)]
    return (finite.min(), finite.max()) if len(finite) else (np.float32("nan"), np.float32("nan"))


def blank_artefact(
    data: NDArray[np.float32],
    times: NDArray[np.float64],
    saturated: NDArray[np.float32],
    parameters: Parameters,
) -> NDArray[np.float32]:
    """Cut the artefact out of `data`, in place, and return where each blank ends."""
    a = parameters.artefact
    end = _sharp_until(data, times, a.blank_min_ms, a.blank_max_ms)
    blank_end = np.broadcast_to(end, data.shape[:2]).astype(np.float32).copy()
    late = saturated > blank_end - 0.3
    blank_end[late] = saturated[late] + 0.5
    step = float(times[1] - times[0])
    start = int(np.searchsorted(times, -0.35)) - 1
    stop = np.searchsorted(times, blank_end.ravel() + step).reshape(blank_end.shape)
    stop = np.minimum(stop, len(times) - 1)
    n = int(stop.max()) - start
    k = np.arange(1, n + 1)
    rows, columns = np.indices(blank_end.shape)
    left = data[:, :, max(start - 2, 0) : start + 1].mean(axis=-1)
    right = data[rows, columns, stop]
    part = k / np.maximum(stop - start, 1)[..., None]
    line = left[..., None] + (right - left)[..., None] * part
    inside = k < (stop - start)[..., None]
    piece = data[:, :, start + 1 : start + 1 + n]
    piece[inside] = line[inside]
    return blank_end


def _sharp_until(
    data: NDArray[np.float32], times: NDArray[np.float64], low_ms: float, high_ms: float
) -> NDArray[np.float64]:
    """Return until when a channel's sweeps are typically sharper than any muscle; (n_channels,).

    The third difference over 0.1 ms tells the corners of a pulse from a smooth M response. At low
    sampling rates it is taken over longer, and grows with the third power for what is smooth.
    """
    step = float(times[1] - times[0])
    stride = max(round(0.1 / step), 1)
    region = (times > low_ms - 0.3) & (times < high_ms + 4 * stride * step)
    zone = data[..., region]
    zone_times = times[region]
    sharp = np.abs(np.diff(zone[..., ::stride], n=3, axis=-1))
    quiet = data[..., (times > -20.0) & (times < BASELINE_END_MS)]
    noise = np.abs(np.diff(quiet[..., ::stride], n=3, axis=-1)) if quiet.shape[-1] > 8 else sharp
    usual = np.median(sharp, axis=0)
    share = min(SHARP_SHARE * (stride * step / 0.1) ** 3, 1.0)
    limit = np.maximum(
        4.0 * np.median(noise, axis=(0, 2)), share * np.abs(zone).max(axis=-1).mean(axis=0)
    )
    out = np.full(data.shape[1], low_ms)
    ends = zone_times[::stride][: usual.shape[1]] + 1.5 * stride * step
    for j in range(data.shape[1]):
        over = np.flatnonzero((usual[j] > limit[j]) & (ends <= high_ms))
        if len(over):
            out[j] = max(low_ms, float(ends[over[-1]]) + stride * step)
    return out
