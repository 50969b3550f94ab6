"""Movements on command, and the companions that they have after a facial palsy.

References
----------
.. [1] Valls-Sole J. Electrodiagnostic studies of the facial nerve in peripheral facial palsy and
       hemifacial spasm. Muscle Nerve 2007;36:14 (synkinesis: bound to blinks and movements).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.recording import Mark
from amr_viewer.simulate.free_running_others import BROW, OCULI, effort, ramp
from amr_viewer.simulate.free_running_scenario import LOWER, SIDES, Scene
from amr_viewer.simulate.free_running_volleys import Volley
from amr_viewer.simulate.potentials import Array

MOVEMENTS: dict[str, tuple[Muscle, ...]] = {
    "close eyes": BROW,
    "pucker": (Muscle.ORBICULARIS_ORIS, Muscle.MENTALIS),
    "smile": (Muscle.ZYGOMATICUS, Muscle.ORBICULARIS_ORIS),
    "raise eyebrows": (Muscle.FRONTALIS,),
}


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement: what was asked, when it was asked, when it began and ended."""

    word: str
    cue_s: float
    start_s: float
    end_s: float


def draw_movements(rng: np.random.Generator, scene: Scene) -> list[Movement]:
    """Draw movements every 3-8 s that at least one recorded muscle takes part in."""
    words = [w for w, muscles in MOVEMENTS.items() if scene.of(Side.LEFT, muscles)]
    out = []
    cue = float(rng.uniform(1.0, 3.0))
    while cue < scene.settings.duration_s - 6.0:
        start = cue + float(rng.uniform(0.2, 0.6))
        end = start + float(rng.uniform(0.5, 3.0))
        out.append(Movement(words[int(rng.integers(len(words)))], cue, start, end))
        cue = end + float(rng.uniform(1.5, 5.0))
    return out


def cue_marks(movements: list[Movement]) -> list[Mark]:
    """Return what the examiner noted: each movement with the time that it was asked to last."""
    return [Mark(round(m.cue_s, 3), round(m.end_s - m.cue_s, 3), m.word) for m in movements]


def voluntary(rng: np.random.Generator, scene: Scene, movements: list[Movement]) -> list[Volley]:
    """Return movements of both sides: ramps of units at 10-40 Hz, muscles 20-80 ms apart."""
    out = []
    weaker = float(rng.uniform(0.7, 1.0))
    for m in movements:
        for side in SIDES:
            for place, channel in enumerate(scene.of(side, MOVEMENTS[m.word])):
                later = float(rng.uniform(0.02, 0.08)) * (place + (side is SIDES[1]))
                size = float(rng.lognormal(0.0, 0.15)) * (weaker if side is SIDES[0] else 1.0)
                span = (m.start_s + later, m.end_s + float(rng.uniform(-0.05, 0.05)))
                rise = float(rng.uniform(0.1, 0.3))
                out.append(effort(rng, channel, "voluntary", span, (10.0, 40.0), ramp(rise), size))
    return out


def synkinesis(
    rng: np.random.Generator,
    scene: Scene,
    movements: list[Movement],
    moved: list[Volley],
    blinked: list[Volley],
    lags: Array,
) -> list[Volley]:
    """Return companions: the mouth moves with eye and brow, the eye with the mouth [1]_.

    Parameters
    ----------
    rng : Generator
    scene : Scene
    movements : list of Movement
    moved, blinked : list of Volley
        Movements and blinks of the side affected; each is copied 0-10 ms later.
    lags : ndarray, shape (n_channels,)
        How much later each channel answers, seconds.
    """
    side = scene.settings.side
    eye, mouth = scene.of(side, OCULI), scene.of(side, LOWER)
    brow = scene.of(side, (Muscle.FRONTALIS,))
    reliable = float(rng.uniform(0.92, 1.0))
    out = []
    for source in [*moved, *blinked]:
        targets = (
            mouth if source.channel in (*eye, *brow) else eye if source.channel in mouth else []
        )
        busy = _muscles_at(movements, source.time_s[0])
        for channel in targets:
            if scene.channels[channel][0] in busy or rng.random() > reliable:
                continue
            size = float(rng.uniform(0.4, 0.9))
            time = source.time_s + lags[channel] + rng.normal(0.0, 0.2e-3, len(source.time_s))
            copy = replace(source, channel=channel, kind="copy", time_s=np.sort(time))
            out.append(replace(copy, gain=source.gain * size))
    return _once(out)


def _muscles_at(movements: list[Movement], time_s: float) -> tuple[Muscle, ...]:
    """Return the muscles that move at a time."""
    return tuple(
        muscle
        for m in movements
        if m.start_s - 0.2 <= time_s <= m.end_s + 0.2
        for muscle in MOVEMENTS[m.word]
    )


def _once(copies: list[Volley]) -> list[Volley]:
    """Keep the first of copies in one channel that begin within 350 ms."""
    kept: list[Volley] = []
    for copy in sorted(copies, key=lambda v: (v.channel, v.time_s[0])):
        same = kept and kept[-1].channel == copy.channel
        if not (same and copy.time_s[0] - kept[-1].time_s[0] < 0.35):
            kept.append(copy)
    return kept
