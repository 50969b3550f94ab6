"""Made-up bursts and findings: a left clonic-tonic pattern with blinks of both eyes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from amr_viewer.analysis.burst_groups import grouped
from amr_viewer.analysis.burst_shape import kinds
from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.bursts import BurstChannel, Bursts, Electrode, SetAside
from amr_viewer.core.parameters import BurstParameters
from amr_viewer.core.patterns import (
    Conclusion,
    Confidence,
    Estimate,
    Evidence,
    MuscleActivity,
    PatternFinding,
    Spread,
    Synchrony,
)

MUSCLES = (
    Muscle.FRONTALIS,
    Muscle.ORBICULARIS_OCULI,
    Muscle.ORBICULARIS_ORIS,
    Muscle.MENTALIS,
)


def channels(n: int = 8) -> tuple[BurstChannel, ...]:
    """Left and right muscles, from the forehead down."""
    out = []
    for i in range(n):
        side, muscle = (Side.LEFT, Side.RIGHT)[i % 2], MUSCLES[(i // 2) % 4]
        label = f"EMG {'LR'[i % 2]} {muscle.title}"
        out.append(BurstChannel(i, label, muscle, side, Electrode.SURFACE, analyzed_s=600.0))
    return tuple(out)


def make_bursts(n: int = 400, duration_s: float = 60.0, seed: int = 1) -> Bursts:
    """Bursts of the left side in common, blinks of both eyes set aside."""
    rng = np.random.default_rng(seed)
    told = channels()
    events = max(n // 5, 4)
    at = np.sort(rng.uniform(0.2, duration_s - 1.0, events))
    length = np.where(rng.random(events) < 0.1, rng.uniform(520, 1500, events), 0)
    length = np.where(length > 0, length, rng.uniform(20, 180, events))
    left = [c.index for c in told if c.side is Side.LEFT]
    channel = np.repeat(left, events)
    start = np.tile(at, len(left)) + np.repeat([0.0, 0.0012, 0.0021, 0.003], events)
    duration = np.tile(length, len(left))
    blinks = np.sort(rng.uniform(0.2, duration_s - 1.0, max(n - len(start), 2) // 2))
    eyes = [c.index for c in told if c.muscle is Muscle.ORBICULARIS_OCULI]
    channel = np.concatenate([channel, np.repeat(eyes, len(blinks))]).astype(np.intp)
    start = np.concatenate([start, np.tile(blinks, 2)])
    duration = np.concatenate([duration, np.full(2 * len(blinks), 110.0)])
    aside = np.zeros(len(start), np.int8)
    aside[-2 * len(blinks) :] = SetAside.BLINK
    order = np.lexsort((channel, start))
    channel, start, duration, aside = (v[order] for v in (channel, start, duration, aside))
    p = BurstParameters()
    end, n = start + 1e-3 * duration, len(start)
    salvo, episode = grouped(start, end, channel, aside == SetAside.NONE, p)
    return Bursts(
        channels=told,
        channel=channel,
        start_s=start,
        duration_ms=duration,
        peak_uv=rng.lognormal(4.5, 0.4, n),
        area_uv_s=duration * 0.05,
        kind=kinds(duration, np.ones(n), p),
        salvo=salvo,
        episode=episode,
        n_discharges=np.full(n, np.nan),
        rate_hz=np.full(n, np.nan),
        rate_reliable=np.zeros(n, np.bool_),
        set_aside=aside,
        manual=np.zeros(n, np.bool_),
        trough=np.ones(n),
        duration_s=duration_s,
    )


def make_patterns() -> tuple[PatternFinding, ...]:
    """A conclusion for both sides and for each."""
    pairs = []
    for a in range(8):
        for b in range(a + 1, 8):
            together = a % 2 == 0 and b % 2 == 0
            value = 0.86 - 0.02 * b if together else 0.03 * a - 0.05
            pairs.append(
                Synchrony(
                    a,
                    b,
                    Estimate(value, value - 0.08, min(value + 0.07, 1.0), 80),
                    0.04,
                    Spread(0.4 * b, 0.1 * b, 0.8 * b, 74) if together else Spread(),
                    crosstalk=(a, b) == (0, 2),
                )
            )
    both = PatternFinding(
        None,
        Conclusion.HFS_CLONIC_TONIC,
        Confidence.MODERATE,
        Conclusion.SYNKINESIS,
        "left",
        "Synchronous clonic bursts (median 92 ms) and tonic episodes of the left face.",
        (
            Evidence("synchrony", "left muscles burst together: SI 0.83, lag 1.8 ms", 1),
            Evidence("lateralization", "only on the left: LI +1.00 (0.98–1.00)", 1),
            Evidence("other Babinski", "index 0.71 of 84 bursts", 1),
            Evidence("quality", "no maximal contraction: floors are not calibrated", -1),
            Evidence("rate", "not measurable with surface electrodes", 0),
        ),
        ("abnormal muscle response", "sleep", "cued movements"),
        600.0,
        muscles=tuple(
            MuscleActivity(
                c.index,
                c.label,
                c.muscle,
                c.side,
                n_bursts=80 if c.side is Side.LEFT else 0,
                n_clonic=72 if c.side is Side.LEFT else 0,
                n_tonic=8 if c.side is Side.LEFT else 0,
                bursts_per_min=Estimate(8.0 if c.side is Side.LEFT else 0.0, 6.1, 9.9, 80),
                duration_ms=Spread(92.0, 60.0, 140.0, 80) if c.side is Side.LEFT else Spread(),
                load_percent=1.9 if c.side is Side.LEFT else 0.0,
            )
            for c in channels()
        ),
        synchrony=tuple(pairs),
    )
    left = replace(both, side=Side.LEFT)
    right = PatternFinding(Side.RIGHT, Conclusion.NO_ACTIVITY, assessed_s=600.0)
    return both, left, right
