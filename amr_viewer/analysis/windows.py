"""How much time around a stimulus is looked at, and which part of it is quiet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Recording

BASELINE_END_MS = -1.5
"""The baseline ends here: a marker may come a little after the artefact's edge."""

MAX_BEFORE_MS = 120.0

MAX_AFTER_MS = 75.0

LEAST_BEFORE_MS = 4.0

EDGE_MS = 2.0
"""The band limit disturbs the ends of a sweep for this long."""

LEAST_QUIET_MS = 10.0
"""Baseline needed to measure noise by (docs/criteria.md 8)."""


@dataclass(frozen=True, slots=True)
class Window:
    """Extent of a sweep in time, from the stimulus."""

    before_ms: float
    after_ms: float


def quiet_stretch(times_ms: NDArray[np.float64], parameters: Parameters) -> NDArray[np.bool_]:
    """Return where no stimulus acts: before it or, without room there, late; (n_times,)."""
    d = parameters.detection
    quiet = (times_ms < BASELINE_END_MS) & (times_ms > times_ms[0] + EDGE_MS)
    late = (times_ms > d.window_end_ms + d.response_ms + 3.0) & (times_ms < times_ms[-1] - EDGE_MS)
    step = float(times_ms[1] - times_ms[0])
    enough = quiet.sum() * step >= LEAST_QUIET_MS or not late.any()
    return np.asarray(quiet if enough else late, dtype=np.bool_)


def as_slice(mask: NDArray[np.bool_]) -> slice | NDArray[np.bool_]:
    """Return a mask that holds in one stretch as a slice, with which numpy copies nothing.

    What a mask takes out of the last axis also comes transposed in memory, and is slow to work on.
    """
    places = np.flatnonzero(mask)
    if not len(places) or places[-1] - places[0] >= len(places):
        return mask
    return slice(int(places[0]), int(places[-1]) + 1)


def sweep_window(
    recording: Recording, all_times_s: NDArray[np.float64], parameters: Parameters
) -> Window:
    """Return how much time around each stimulus is looked at.

    It depends on how fast stimuli follow each other and, in a recording of separate sweeps, on
    where these begin and end. Sham windows lie before the stimulus; where there is no room for them
    they lie after the search window, and the sweep is then taken longer.
    """
    d = parameters.detection
    searched = d.window_end_ms + d.response_ms + 3.0
    room = d.window_end_ms + d.response_ms - d.window_start_ms + 12.0
    interval = 1e3 * float(np.quantile(np.diff(all_times_s), 0.1)) if len(all_times_s) > 2 else 1e4
    there_before, there_after = _room_in_segments(recording, all_times_s)
    usual_after = max(MAX_AFTER_MS, searched + 30.0)
    after = max(searched, min(usual_after, 0.6 * interval, there_after))
    before = max(MAX_BEFORE_MS, 2.0 * room)
    before = max(min(before, interval - after - 2.0, there_before), LEAST_BEFORE_MS)
    if before < room:
        longer = searched + 2.0 * room
        after = max(after, min(longer, interval - before - 2.0, there_after))
    return Window(before, after)


def _room_in_segments(recording: Recording, times_s: NDArray[np.float64]) -> tuple[float, float]:
    """Return how long before and after the stimuli most segments last, in ms."""
    index = recording.segment_at(times_s)
    inside = index >= 0
    if not inside.any():
        return 0.0, 0.0
    starts = np.array([s.start_s for s in recording.segments])[index[inside]]
    ends = np.array([s.end_s for s in recording.segments])[index[inside]]
    before, after = times_s[inside] - starts, ends - times_s[inside]
    return tuple(float(1e3 * np.quantile(x, 0.2)) - 0.5 for x in (before, after))  # type: ignore[return-value]
