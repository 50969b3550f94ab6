"""For each parameter of free-running EMG a value, and a scene on which it must tell."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from amr_viewer.core.recording import Mark
from tests.analysis.free_scenes import FACE, FR, ME, OO, OR, FreeScene, L, R, clonic

NAN = float("nan")


@cache
def rich() -> FreeScene:
    """Bursts of many lengths, blinks, copies, a heart, a noisier second half."""
    scene = FreeScene(((L, OO), (R, OO), (L, OR)), 130.0)
    for k, start in enumerate(np.arange(2.0, 126.0, 2.0)):
        if k % 3 == 0:
            scene.burst((L, OO), float(start), 0.09)
            scene.burst((R, OO), float(start) + 0.004, 0.09)
        else:
            scene.burst((L, OO), float(start), (0.03, 0.2, 0.35, 0.7)[k % 4], 80.0)
    for start in np.arange(3.1, 120.0, 5.0):
        for after in (0.0, 0.08, 0.2):
            scene.burst((L, OR), float(start) + after, 0.05, 100.0)
    scene.data[2] += 0.25 * scene.data[0]
    scene.data[:, scene.data.shape[1] // 3 :] *= 1.2
    scene.wave(120.0, 0.83)
    return scene


@cache
def seldom() -> FreeScene:
    """One burst that another channel holds a copy of: too little to learn what is conducted."""
    scene = FreeScene(((L, OO), (L, OR)), 130.0)
    for start in np.arange(4.0, 120.0, 3.0):
        scene.burst((L, OR), float(start), 0.06, 90.0)
    scene.burst((L, OO), 60.2, 0.1, 120.0)
    scene.data[1] += 0.2 * scene.data[0]
    return scene


def needle(rate_hz: float, n: int, period_s: float) -> FreeScene:
    """Trains of discharges in two muscles, as a needle sees them, 2 ms apart."""
    scene = FreeScene(((L, OO), (L, OR)), 100.0, 20_000.0)
    for start in np.arange(1.0, 97.0, period_s):
        for k, where in enumerate(scene.where):
            scene.discharges(where, start + np.arange(n) / rate_hz + 0.002 * k, 250.0)
    return scene


@cache
def fast() -> FreeScene:
    """Volleys at 250 Hz."""
    return needle(250.0, 14, 1.7)


@cache
def slow() -> FreeScene:
    """Groups at 35 Hz."""
    return needle(35.0, 14, 2.4)


@cache
def partly() -> FreeScene:
    """Clonic spasm in which frontalis joins a third of the bursts; one long burst."""
    scene = clonic()
    for start in np.arange(2.0, 180.0, 3.0):
        scene.burst((L, OO), float(start), 0.06)
        scene.burst((L, ME), float(start), 0.06)
        if int(start) % 2:
            scene.burst((L, FR), float(start) + 0.003, 0.06)
    return scene


@cache
def tonic() -> FreeScene:
    """Long bursts of two muscles."""
    scene = FreeScene()
    for start in np.cumsum(scene.rng.uniform(6.0, 14.0, 14)):
        for muscle in (OO, ME):
            scene.burst((L, muscle), float(start), 1.5)
    return scene


@cache
def jerks() -> FreeScene:
    """Short bursts, roughly every 0.4 s."""
    scene = FreeScene()
    for start in np.cumsum(np.abs(scene.rng.normal(0.4, 0.17, 420))):
        for muscle in (OR, ME):
            scene.burst((L, muscle), 1.0 + float(start), 0.035)
    return scene


@cache
def loose() -> FreeScene:
    """Two muscles that begin together at times, and last each as long as it likes."""
    scene = FreeScene()
    for k, start in enumerate(np.cumsum(scene.rng.uniform(1.0, 3.0, 85))):
        for muscle in (OO, ME):
            late = 0.3 * (k % 5 < 3) * (muscle is ME)
            scene.burst((L, muscle), float(start) + late, float(scene.rng.uniform(0.05, 0.6)))
    return scene


@cache
def half_joined() -> FreeScene:
    """Blinks, half of which the mentalis of one side joins."""
    scene = FreeScene()
    for k, start in enumerate(np.cumsum(scene.rng.uniform(2.0, 6.0, 40))):
        for side in (L, R):
            scene.burst((side, OO), float(start), 0.1)
        if k % 2:
            scene.burst((R, ME), float(start) + 0.006, 0.1)
    return scene


@cache
def late() -> FreeScene:
    """Blinks that the mentalis of one side follows after half a second."""
    scene = FreeScene()
    for start in np.cumsum(scene.rng.uniform(2.0, 6.0, 40)):
        for side in (L, R):
            scene.burst((side, OO), float(start), 0.1)
        scene.burst((R, ME), float(start) + 0.5, 0.1)
    return scene


@cache
def asked() -> FreeScene:
    """Movements that were asked for, the muscles one after the other."""
    scene = FreeScene()
    for cue in np.arange(5.0, 180.0, 7.0):
        scene.marks.append(Mark(float(cue), NAN, "smile"))
        for where in FACE:
            scene.burst(where, float(cue) + 0.4 + float(scene.rng.uniform(0.0, 0.09)), 1.2)
    return scene


@cache
def uneven() -> FreeScene:
    """Twice as many bursts on the left as on the right."""
    scene = FreeScene()
    for k, start in enumerate(np.arange(3.0, 185.0, 3.0)):
        for muscle in (OR, ME):
            scene.burst((L if k % 3 else R, muscle), float(start), 0.06)
    return scene


spasm: Callable[[], FreeScene] = cache(clonic)

FREE_CHANGES: dict[str, tuple[float, Callable[[], FreeScene]]] = {
    "high_pass_hz": (100, rich),
    "surface_low_pass_hz": (200, rich),
    "needle_from_hz": (0, rich),
    "window_ms": (20, rich),
    "block_s": (10, rich),
    "quiet_fraction": (0.6, rich),
    "on_sigma": (20, rich),
    "off_sigma": (4.9, rich),
    "noise_per_min": (1000, seldom),
    "gap_ms": (100, rich),
    "min_ms": (60, rich),
    "floor": (0, seldom),
    "clonic_max_ms": (40, rich),
    "tonic_min_ms": (300, rich),
    "salvo_gap_ms": (90, rich),
    "episode_gap_s": (10, rich),
    "stimulus_before_ms": (100, rich),
    "stimulus_after_ms": (0, rich),
    "blink_lag_ms": (0, rich),
    "blink_max_ms": (50, rich),
    "muscle_min_hz": (0, rich),
    "min_rest_s": (3600, spasm),
    "min_clonic": (5000, spasm),
    "min_tonic": (5000, tonic),
    "sync_ms": (1, spasm),
    "synchronous": (1.0, loose),
    "asynchronous": (0.45, loose),
    "envelope_together": (1.0, tonic),
    "envelope_apart": (0.45, asked),
    "least_points": (50, spasm),
    "least_lead": (50, partly),
    "lag_surface_ms": (0.5, spasm),
    "lag_needle_ms": (0.5, fast),
    "unilateral": (0.4, uneven),
    "bilateral": (0.5, uneven),
    "babinski_ms": (1, partly),
    "babinski_present": (0.2, partly),
    "babinski_absent": (0.49, partly),
    "rate_hfs_low_hz": (300, fast),
    "rate_hfs_high_hz": (200, fast),
    "rate_myokymia_low_hz": (50, slow),
    "rate_myokymia_high_hz": (10, slow),
    "rate_neuromyotonia_low_hz": (1000, fast),
    "rate_voluntary_high_hz": (1000, fast),
    "rhythmic": (0.0, jerks),
    "regular_cv": (2.0, spasm),
    "irregular_cv": (5.0, spasm),
    "jerk_max_ms": (10, jerks),
    "contingent": (0.3, half_joined),
    "partner_ms": (1000, late),
    "rest_rate_max": (1000, spasm),
    "cue_s": (0.2, asked),
    "surgical_marks": (0, spasm),
}
