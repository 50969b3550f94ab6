"""Says what lies under the mouse in a panel."""

from __future__ import annotations

from math import isfinite

import numpy as np
from PySide6.QtCore import QPointF

from amr_viewer.gui.sweeps.look import Mode
from amr_viewer.gui.sweeps.panels import MARKER_NAMES
from amr_viewer.gui.sweeps.scene import Scene
from amr_viewer.gui.sweeps.words import microvolts, muscle_words


def pointed_words(scene: Scene, at: QPointF) -> str:
    """Return what is under the mouse in words."""
    time = scene.x.value(at.x())
    name = " ".join(muscle_words(scene.panel.finding)[:1])
    row = scene.row if scene.look.mode is Mode.SUPERIMPOSED else scene.row_at(at.y())
    assert scene.sweeps is not None
    if row is None:
        return f"{name} · {time:.2f} ms · {microvolts(scene.y.value(at.y()))}"
    value = float(np.interp(time, scene.sweeps.times_ms, scene.sweep_uv(row)))
    said = microvolts(value) if isfinite(value) else "not recorded"
    marker = scene.marker_at(at.x())
    held = f" · {MARKER_NAMES[marker]} {scene.markers[marker]:.2f} ms" if marker else ""
    return f"{name} · sweep {scene.panel.before + row + 1} · {time:.2f} ms · {said}{held}"
