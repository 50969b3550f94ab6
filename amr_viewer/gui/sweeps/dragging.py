"""Moves a marker of a sweep: where it snaps, and what is read out meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from amr_viewer.gui.sweeps.panels import MARKER_NAMES, MARKERS
from amr_viewer.gui.sweeps.scene import Scene
from amr_viewer.gui.sweeps.words import microvolts

SNAP_PIXELS = 14.0
Kind = Literal["sample", "zero", "extremum"]
KIND_WORDS: dict[Kind, str] = {"sample": "", "zero": ", at zero", "extremum": ", at a peak"}


@dataclass(frozen=True, slots=True)
class Drag:
    """A marker that is held."""

    marker: str
    from_ms: float
    at_ms: float
    words: str


def kind_of(modifiers: Qt.KeyboardModifier) -> Kind:
    """Return what a marker snaps to: samples; with Shift zero crossings; with Ctrl peaks."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return "zero"
    return "extremum" if modifiers & Qt.KeyboardModifier.ControlModifier else "sample"


def dragged(drag: Drag, scene: Scene, x: float, modifiers: Qt.KeyboardModifier) -> Drag:
    """Return the marker as it is held at a pixel."""
    from amr_viewer.analysis.manual import snap

    assert scene.sweeps is not None
    assert scene.row is not None
    kind = kind_of(modifiers)
    times, sweep = scene.sweeps.times_ms, scene.sweep_uv(scene.row)
    reach = abs(SNAP_PIXELS / scene.x.pixels_per_unit)
    at = snap(times, sweep, scene.x.value(x), kind, reach)
    low, high = between(drag.marker, scene.markers)
    at = min(max(at, low, float(times[0])), high, float(times[-1]))
    value = float(np.interp(at, times, sweep))
    words = f"{MARKER_NAMES[drag.marker]} {at:.2f} ms, {microvolts(value)}{KIND_WORDS[kind]}"
    return replace(drag, at_ms=at, words=words)


def between(marker: str, markers: dict[str, float]) -> tuple[float, float]:
    """Return the times between which a marker may lie: the onset first, the end last."""
    known = {m: v for m, v in markers.items() if v == v and m != marker}
    if marker == "onset_ms":
        return -np.inf, min(known.values(), default=np.inf)
    if marker == "end_ms":
        return max(known.values(), default=-np.inf), np.inf
    return known.get("onset_ms", -np.inf), known.get("end_ms", np.inf)


def next_marker(picked: str, markers: dict[str, float]) -> str:
    """Return the marker after the picked one among those that are there, empty if there is none."""
    known = [m for m in MARKERS if markers.get(m, np.nan) == markers.get(m, np.nan)]
    if not known:
        return ""
    return known[(known.index(picked) + 1) % len(known)] if picked in known else known[0]


def moved_by_key(scene: Scene, marker: str, way: int, kind: Kind) -> float | None:
    """Return where a marker comes by a key: the next sample, crossing of zero or peak that way.

    None where there is no such marker, or nothing further that way within the other markers.
    """
    assert scene.sweeps is not None
    assert scene.row is not None
    now = scene.markers.get(marker, np.nan)
    if now != now:
        return None
    times, sweep = scene.sweeps.times_ms, scene.sweep_uv(scene.row).astype(np.float64)
    places = {"sample": _samples, "zero": _zeros, "extremum": _peaks}[kind](times, sweep)
    low, high = between(marker, scene.markers)
    places = places[(places >= low) & (places <= high)]
    ahead = places[(places - now) * way > 1e-4]
    return float(ahead[np.argmin(np.abs(ahead - now))]) if len(ahead) else None


def _samples(times: NDArray[np.float64], sweep: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return when a sweep was sampled."""
    return times[np.isfinite(sweep)]


def _zeros(times: NDArray[np.float64], sweep: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return when a sweep crosses zero, between samples by a straight line."""
    a, b = sweep[:-1], sweep[1:]
    k = np.flatnonzero(a * b < 0)
    return times[k] + a[k] / (a[k] - b[k]) * (times[k + 1] - times[k])


def _peaks(times: NDArray[np.float64], sweep: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return when a sweep turns."""
    rise = np.diff(sweep)
    return times[1:-1][rise[:-1] * rise[1:] < 0]
