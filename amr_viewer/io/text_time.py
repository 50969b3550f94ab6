"""A column of times to a sampling rate and segments: rounding is tolerated, disorder is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.errors import ReadError
from amr_viewer.io.text_source import release
from amr_viewer.io.text_words import seconds

CHUNK_ROWS = 1 << 20
SPREAD_ROWS = 4096
POSSIBLE_HZ = (50.0, 200_000.0)
USUAL_HZ = frozenset({500, 512, 1000, 1024, 2000, 2048, 2500, 4000, 5000, 8000, 10000, 20000})


@dataclass(frozen=True, slots=True, eq=False)
class TimeAxis:
    """What a column of times says.

    Attributes
    ----------
    rate_hz : float
    first_s : float
        The first time as the file writes it, in seconds.
    rows : ndarray of int, shape (n_segments,)
        Row at which each segment starts; the first is 0.
    starts_s : ndarray, shape (n_segments,)
        Start of each segment, counted from the first row.
    warnings : tuple of str
    """

    rate_hz: float
    first_s: float
    rows: NDArray[np.intp]
    starts_s: NDArray[np.float64]
    warnings: tuple[str, ...] = ()


def typical_step(times: NDArray[Any], name: str) -> float:
    """Return the step of a column of times in its own unit, from its first rows.

    Raises
    ------
    ReadError
        If the times do not grow.
    """
    block = np.asarray(times[:65536], dtype=np.float64)
    steps = np.diff(block[np.isfinite(block)])
    growing = steps[steps > 0]
    if len(growing) < max(1, 0.2 * len(steps)) or not len(steps):
        raise ReadError(
            f"{name}: the times in the time column do not grow; export it with one line per "
            f"sample, or name the columns"
        )
    # Where times are printed with few digits some steps are 0 and the mean of all is the truth.
    usual = steps[(steps >= 0) & (steps <= 1.5 * np.median(growing))]
    return float(usual.mean())


def unit_of_time(
    step: float, stated: str | None, rate_hz: float | None, name: str
) -> tuple[float, str | None]:
    """Return the seconds per unit of a time column, and a warning if it was inferred.

    A stated unit counts. Else the unit is the one that agrees with the rate of the heading, or the
    only one of s, ms and us (min, where that gives a usual rate) by which the rate is one that
    muscles are sampled at.

    Raises
    ------
    ReadError
        If more than one unit, or none, is possible.
    """
    if (unit := seconds(stated)) is not None:
        return unit, None
    units = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "min": 60.0}
    if rate_hz is not None:
        agree = [u for u, s in units.items() if abs(step * s * rate_hz - 1.0) < 0.02]
        if len(agree) == 1:
            return units[agree[0]], None
    low, high = POSSIBLE_HZ
    possible = [u for u in ("s", "ms", "us") if low <= 1.0 / (step * units[u]) <= high]
    per_minute = 1.0 / (step * 60.0)
    if any(abs(per_minute - usual) < 1e-3 * usual for usual in USUAL_HZ):
        possible.append("min")
    if len(possible) != 1 or step == 1.0:
        raise ReadError(
            f"{name}: the unit of the time column is not stated and its step of {step:g} leaves it "
            f"open; name the column 'time_s' or 'time_ms'"
        )
    only = possible[0]
    return units[only], (
        f"unit of the time column not stated; taken as {only}, the only one that gives a sampling "
        f"rate between {low:g} Hz and {high / 1e3:g} kHz ({1.0 / (step * units[only]):.4g} Hz)"
    )


def read_axis(times: NDArray[Any], step: float, unit_s: float, name: str) -> TimeAxis:
    """Understand a column of times.

    Parameters
    ----------
    times : ndarray, shape (n_rows,)
        In the file's unit; single NaNs are bridged.
    step : float
        From `typical_step`.
    unit_s : float
        Seconds per unit.
    name : str
        File name for messages.

    Returns
    -------
    TimeAxis
        Longer steps start a new segment.

    Raises
    ------
    ReadError
        If times go back, or are scattered by more than half a step.
    """
    breaks, values, total, count, spread = [0], [], 0.0, 0, 0.0
    for first, block in _chunks(times):
        steps = np.diff(block)
        noise = _spread(steps, step)
        back = np.flatnonzero(steps < -0.01 * step)
        if len(back):
            raise ReadError(
                f"{name}: time goes back after sample {first + int(back[0])}; if the table holds "
                f"sweeps below each other, add a column 'sweep' with their numbers"
            )
        gap = steps > 1.5 * step + noise
        breaks.extend((first + 1 + np.flatnonzero(gap)).tolist())
        values.extend([*block[:1][: first == 0], *block[1:][gap]])
        total += float(steps[~gap].sum())
        count += int((~gap).sum())
        spread = max(spread, float(noise[~gap].max(initial=0.0)))
        if len(breaks) > 20 + 0.05 * (first + len(block)):
            raise _irregular(name, "steps differ from each other")
    if not count or not 0.9 < total / count / step < 1.1:
        raise _irregular(name, "steps differ from each other")
    rows = np.array(breaks, dtype=np.intp)
    longest = int(np.diff(np.append(rows, len(times))).max())
    # Every segment's ends add their rounding to the sum.
    rounding = min(max(2 * spread, 1e-3 * step) * len(rows), max(2 * spread, 0.4 * step))
    rate = _plain_rate(count / total / unit_s, longest, rounding * unit_s)
    scatter = _check_regular(times, rows, 1.0 / (rate * unit_s), name)
    starts = _on_grid((np.array(values) - values[0]) * unit_s, rate, spread * unit_s)
    warnings = _gap_warnings(rows, starts, rate, len(times))
    if scatter > 0.25:
        warnings.append(
            f"times in the time column scatter by up to {scatter:.2g} steps; taken as regular at "
            f"{rate:g} Hz"
        )
    return TimeAxis(rate, float(values[0]) * unit_s, rows, starts, tuple(warnings))


def _irregular(name: str, why: str) -> ReadError:
    """Make the error for times that are not regular."""
    return ReadError(
        f"{name}: the time column is irregular ({why}); export the recording with a fixed sampling "
        f"rate"
    )


def _chunks(times: NDArray[Any]) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Yield stretches of times that share one row, with lost times bridged."""
    first = 0
    last: float | None = None
    while first < len(times) - 1 or (first == 0 and len(times) == 1):
        block = np.array(times[first : first + CHUNK_ROWS + 1], dtype=np.float64)
        release(times)
        if last is not None:
            block[0] = last
        lost = np.isnan(block)
        if lost.any() and not lost.all():
            index = np.arange(len(block))
            block[lost] = _bridge(index[lost], index[~lost], block[~lost])
        last = float(block[-1])
        yield first, block
        first += CHUNK_ROWS


def _bridge(
    lost: NDArray[np.intp], known: NDArray[np.intp], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return lost times from those around them, going on with the usual step at either end."""
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    result = np.interp(lost, known, times)
    before, after = lost < known[0], lost > known[-1]
    result[before] = times[0] - (known[0] - lost[before]) * step
    result[after] = times[-1] + (lost[after] - known[-1]) * step
    return result


def _spread(steps: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """Return how much rounding scatters the steps, for each step, from its neighbourhood.

    Files print times with a fixed number of digits, so that the rounding error grows with time.
    The 90th percentile over some thousand steps tells it; gaps are rarer than that.
    """
    n_parts = max(1, len(steps) // SPREAD_ROWS)
    edges = np.linspace(0, len(steps), n_parts + 1).astype(int)
    parts = np.array(
        [np.quantile(np.abs(steps[a:b] - step), 0.9) if b > a else 0.0 for a, b in pairwise(edges)]
    )
    padded = np.pad(parts, 1, mode="edge")
    parts = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
    return np.repeat(parts, np.diff(edges))


def _rounding(times: NDArray[np.float64], step: float) -> float:
    """Return the last decimal place of some times, 0 if the step is a multiple of it.

    A regular grid is shifted by rounding only where it does not lie on the decimals.
    """
    return max(_last_place(times[:500], step), _last_place(times[-500:], step))


def _last_place(times: NDArray[np.float64], step: float) -> float:
    """Return the last decimal place of nearly all of some times, as `_rounding` does."""
    for digits in range(-3, 13):
        scaled = times * 10.0**digits
        if (np.abs(scaled - np.round(scaled)) < 1e-4).mean() > 0.98:
            place = 10.0**-digits
            multiple = step / place
            exact = multiple > 0.5 and abs(multiple - round(multiple)) < 1e-3
            return 0.0 if exact else place
    return 0.0


def _plain_rate(rate_hz: float, n_samples: int, tolerance_s: float) -> float:
    """Return the plainest rate that rounding of the times explains.

    That is the one with the fewest digits, as a rate or as an interval, by which the times drift
    less than `tolerance_s` over `n_samples`.
    """
    for digits in range(1, 8):
        for candidate in (
            float(f"{rate_hz:.{digits - 1}e}"),
            1.0 / float(f"{1.0 / rate_hz:.{digits - 1}e}"),
        ):
            drift = n_samples * abs(1.0 / candidate - 1.0 / rate_hz)
            if drift <= tolerance_s:
                return float(f"{candidate:.12g}")
    return rate_hz


def _check_regular(times: NDArray[Any], rows: NDArray[np.intp], step: float, name: str) -> float:
    """Return by how many steps times leave the regular grid; refuse more than rounding explains."""
    origin, scatter = 0.0, 0.0
    for first, block in _chunks(times):
        index = first + np.arange(len(block))
        segment = np.searchsorted(rows, index, side="right") - 1
        begins = np.flatnonzero(index == rows[segment])
        bases = np.full(len(rows), origin)
        bases[segment[begins]] = block[begins]
        residual = np.abs(block - bases[segment] - (index - rows[segment]) * step)
        worst = int(residual.argmax())
        allowed = max(0.1 * step, _rounding(block, step))
        if residual[worst] > 1.01 * allowed + 1e-9 * abs(block[worst]):
            off = residual[worst] / step
            raise _irregular(name, f"sample {int(index[worst]) + 1} is off by {off:.1f} steps")
        origin = float(bases[segment[-1]])
        scatter = max(scatter, float(residual[worst]) / step)
    return scatter


def _on_grid(starts: NDArray[np.float64], rate_hz: float, spread_s: float) -> NDArray[np.float64]:
    """Put the starts of segments on the sampling grid where rounding alone took them off it."""
    grid = np.round(starts * rate_hz) / rate_hz
    near = np.abs(grid - starts) <= max(spread_s, 0.01 / rate_hz)
    return np.where(near, grid, starts)


def _gap_warnings(
    rows: NDArray[np.intp], starts: NDArray[np.float64], rate_hz: float, n_rows: int
) -> list[str]:
    """Say how many gaps there are, and how long."""
    if len(rows) == 1:
        return []
    ends = starts + np.diff(np.append(rows, n_rows)) / rate_hz
    missing = float((starts[1:] - ends[:-1]).sum())
    return [
        f"the time column has {len(rows) - 1} gap{'s' if len(rows) > 2 else ''} ({missing:.4g} s "
        f"in all, first at {ends[0]:.4f} s); they are kept as gaps"
    ]
