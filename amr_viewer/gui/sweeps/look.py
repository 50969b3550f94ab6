"""How sweeps are looked at: mode, scales and what is shown beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from amr_viewer.gui.plot.scale import next_step, nice_step
from amr_viewer.gui.sweeps.raster import Span
from amr_viewer.gui.sweeps.sweepset import SweepSet

TIME_DIVISIONS = 9
HALF_DIVISIONS = 3
"""Divisions of voltage above and below zero."""

FASTEST_MS, SLOWEST_MS = 0.1, 10.0
FINEST_UV, COARSEST_UV = 1.0, 20_000.0
LEAST_FIT_UV = 50.0
"""Silence is not magnified beyond this, so that noise looks like noise."""

FILL = 0.95
FILL_SHARE = 0.9
"""A fitted scale holds this part of the sweeps whole."""


class Mode(StrEnum):
    """How the sweeps of a panel are laid out."""

    SUPERIMPOSED = "superimposed"
    STACKED = "stacked"
    WATERFALL = "waterfall"


class Center(StrEnum):
    """Which middle of the sweeps is drawn over them."""

    MEDIAN = "median"
    MEAN = "average"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Look:
    """What a person set in the Sweeps view.

    Attributes
    ----------
    mode : Mode
    center : Center
    gain_uv, direct_gain_uv : float or None
        uV per division, of all but the direct muscles and of these; None: fitted to the sweeps.
    ms_per_division, start_ms : float
        Time base, and the first time in sight.
    noise, why, other_side, rejected : bool
        Whether the noise band, the sham distribution, the other side and rejected sweeps are shown.
    first_row, n_rows : int
        Sweeps in sight where they lie below each other; 0 rows: as many as fit.
    """

    mode: Mode = Mode.SUPERIMPOSED
    center: Center = Center.MEDIAN
    gain_uv: float | None = None
    direct_gain_uv: float | None = None
    ms_per_division: float = 5.0
    start_ms: float = -5.0
    noise: bool = False
    why: bool = False
    other_side: bool = False
    rejected: bool = True
    first_row: int = 0
    n_rows: int = 0

    def span_of(self, gain_uv: float, sign: float, times: tuple[float, float]) -> Span:
        """Return what a superimposed panel shows at a gain; `sign` -1: negative is up."""
        start, stop = self.time_span(times)
        half = HALF_DIVISIONS * gain_uv
        return Span(start, stop, -half * sign, half * sign)

    def time_span(self, times: tuple[float, float]) -> tuple[float, float]:
        """Return the time in sight, within what was cut."""
        low, high = times
        span = min(TIME_DIVISIONS * self.ms_per_division, high - low)
        start = min(max(self.start_ms, low), high - span)
        return start, start + span

    def zoomed(self, direction: int, around_ms: float, times: tuple[float, float]) -> Look:
        """Return the look with the next slower (1) or faster (-1) time base around a time."""
        step = next_step(self.ms_per_division, direction)
        step = min(max(step, FASTEST_MS), SLOWEST_MS)
        start, stop = self.time_span(times)
        share = (around_ms - start) / (stop - start)
        span = min(TIME_DIVISIONS * step, times[1] - times[0])
        moved = replace(self, ms_per_division=step, start_ms=around_ms - share * span)
        return replace(moved, start_ms=moved.time_span(times)[0])

    def scrolled(self, divisions: float, times: tuple[float, float]) -> Look:
        """Return the look moved in time."""
        start, _ = self.time_span(times)
        moved = replace(self, start_ms=start + divisions * self.ms_per_division)
        return replace(moved, start_ms=moved.time_span(times)[0])


def stepped_gain(gain_uv: float, direction: int) -> float:
    """Return the next coarser (1) or finer (-1) sensitivity."""
    return min(max(next_step(gain_uv, direction), FINEST_UV), COARSEST_UV)


def fitted_gain(
    sweeps: SweepSet, channels: list[int], valid: list[NDArray[np.bool_]], *, whole: bool
) -> float:
    """Return the sensitivity at which what lies after the artefact fills a panel, uV per division.

    Parameters
    ----------
    sweeps : SweepSet
    channels : list of int
    valid : list of ndarray of bool, shape (n_sweeps,)
        For each channel the sweeps that count.
    whole : bool
        Whether everything after the artefact is to fit, or only what the search window may show.
    """
    most = LEAST_FIT_UV
    every = sweeps.peak_uv if whole else sweeps.late_uv
    for channel, rows in zip(channels, valid, strict=True):
        peaks = every[channel][rows]
        if len(peaks):
            most = max(most, float(np.quantile(peaks, FILL_SHARE)))
    return min(max(nice_step(most / (HALF_DIVISIONS * FILL)), FINEST_UV), COARSEST_UV)
