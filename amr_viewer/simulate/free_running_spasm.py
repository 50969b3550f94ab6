"""Spasms that one focus sends to all its muscles: the two patterns of hemifacial spasm.

The same volleys reach two or more muscles of one side, later by the difference of their branches'
conduction times. Which muscles and how often they fail is drawn here; cued and independent activity
is left to `free_running_others`.

References
----------
.. [1] Hjorth RJ, Willison RG. The electromyogram in facial myokymia and hemifacial spasm. J Neurol
       Sci 1973;20:117 (bursts of 2-40 discharges; prolonged, irregularly fluctuating activity).
.. [2] Nielsen VK. Pathophysiology of hemifacial spasm. Neurology 1984;34:418 and 427 (discharges at
       250-350 Hz; synchronous clonic-tonic activity).
.. [3] Magun R, Esslen E. Electromyographic study of reinnervated muscle and of hemifacial spasm. Am
       J Phys Med 1959;38:79 (volleys 5-20 per second, synchronous in several muscles).
.. [4] Auger RG et al. Hemimasticatory spasm. Neurology 1992;42:2263 (bursts like those of
       hemifacial spasm, in masseter and temporalis).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.simulate.free_running_scenario import FACIAL, JAW, Scene
from amr_viewer.simulate.free_running_volleys import Volley, compound
from amr_viewer.simulate.potentials import Array

KEPT_ASLEEP = 0.4
"""Spasms continue in sleep, fewer of them: Incirli S et al. Sleep Med 2019 (12 of 12 patients)."""

LONGEST_CLONIC_S = 0.19
LEAST_GAP_S = 0.045


@dataclass(frozen=True, slots=True, eq=False)
class Focus:
    """Which channels a spasm reaches, and how much later each than the first of them."""

    channels: tuple[int, ...]
    lag_s: Array
    failure: float


def draw_focus(rng: np.random.Generator, scene: Scene, side: Side, *, jaw: bool = False) -> Focus:
    """Draw the muscles of a spasm: two or more of the side, lags of 0-3 ms.

    The frontalis joins the orbicularis oculi in four of five (the other Babinski sign: 68-86 % of
    patients, Varanda 2017, Pawlowski 2013).
    """
    if jaw:
        reached = scene.of(side, JAW)
    else:
        keeps = {m: rng.random() < (0.8 if m is Muscle.FRONTALIS else 0.85) for m in FACIAL} | {
            Muscle.ORBICULARIS_OCULI: True
        }
        reached = [c for c in scene.of(side, FACIAL) if keeps[scene.channels[c][0]]]
        if len(reached) < 2:
            reached = scene.of(side, FACIAL)
    lag = rng.uniform(0.0, 3e-3, len(reached))
    return Focus(tuple(reached), lag - lag.min(), float(rng.uniform(0.0, 0.05)))


def spread(
    rng: np.random.Generator, focus: Focus, kind: str, time_s: Array, gain: Array | float = 1.0
) -> Iterator[Volley]:
    """Yield the volley of one burst in every muscle that the focus reaches."""
    common = rng.normal(0.0, 0.3)
    for channel, lag in zip(focus.channels, focus.lag_s, strict=True):
        size = float(np.exp(common + rng.normal(0.0, 0.2)))
        fails = rng.random() < focus.failure
        own = time_s + lag + rng.normal(0.0, 0.15e-3, len(time_s))
        if not fails:
            yield compound(channel, kind, own, np.asarray(gain) * size)


def starts(
    rng: np.random.Generator, scene: Scene, median_s: float, sigma: float, least: int, room_s: float
) -> Array:
    """Draw when episodes start: lognormal pauses, `room_s` long each, at least `least` of them."""
    end_s = scene.settings.duration_s - room_s - 0.5
    while True:
        n = int(end_s / median_s * 3) + 50
        pauses = rng.lognormal(np.log(median_s), sigma, n) + room_s
        times: Array = np.cumsum(pauses) - pauses[0] + rng.uniform(0.5, 2.0)
        times = times[times < end_s]
        asleep = (times > scene.asleep_s) & (rng.random(len(times)) > KEPT_ASLEEP)
        times = times[~asleep].astype(np.float64)
        if len(times) >= least:
            return times
        median_s *= 0.7
        room_s = min(room_s, scene.settings.duration_s / (2.0 * least))


def clonic_burst(
    rng: np.random.Generator, start_s: float, rate_hz: float, median_n: float
) -> Array:
    """Return the discharges of a short burst: 2-40 of them at 150-400 Hz [1]_ [2]_."""
    most = min(40, int(LONGEST_CLONIC_S * rate_hz))
    n = int(np.clip(round(rng.lognormal(np.log(median_n), 0.6)), 2, most))
    own_hz = float(np.clip(rate_hz * rng.lognormal(0.0, 0.1), 150.0, 400.0))
    interval = rng.normal(1.0, rng.uniform(0.10, 0.15), n) / own_hz
    time: Array = start_s + np.cumsum(np.maximum(interval, 1.5e-3)) - interval[0]
    return time


def salvo(
    rng: np.random.Generator, start_s: float, n_bursts: int, rate_hz: float, median_n: float
) -> list[Array]:
    """Return bursts that recur 5-20 times a second [3]_."""
    bursts = []
    for _ in range(n_bursts):
        burst = clonic_burst(rng, start_s, rate_hz, median_n)
        bursts.append(burst)
        start_s += max(float(rng.uniform(0.05, 0.2)), burst[-1] - burst[0] + LEAST_GAP_S)
    return bursts


def tonic_burst(rng: np.random.Generator, start_s: float, length_s: float) -> tuple[Array, Array]:
    """Return discharges and sizes of a prolonged, fluctuating spasm [1]_.

    The rate wanders between 20 and 300 Hz, the size with it; where the rate is low other
    discharges of the focus, smaller ones, fill the pauses.
    """
    step_s = 0.02
    n = int(length_s / step_s) + 2
    walk, swing = np.zeros(n), np.zeros(n)
    for i in range(1, n):
        walk[i] = 0.9 * walk[i - 1] + rng.normal(0.0, 0.28)
        swing[i] = 0.85 * swing[i - 1] + rng.normal(0.0, 0.26)
    at = np.arange(n) * step_s
    rate = np.clip(120.0 * np.exp(walk), 20.0, 300.0)
    fine = np.arange(0.0, length_s, 0.5e-3)
    count = np.cumsum(np.interp(fine, at, rate)) * 0.5e-3
    need = np.cumsum(rng.gamma(3.0, 1.0 / 3.0, int(count[-1] * 1.5) + 5))
    time = np.interp(need[need < count[-1]], count, fine)
    filler = np.cumsum(rng.uniform(0.008, 0.014, int(length_s / 0.008) + 1))
    filler = filler[filler < length_s]
    every = np.concatenate((time, filler))
    size = np.exp(np.interp(every, at, swing))
    size[len(time) :] *= 0.4
    order = np.argsort(every)
    return start_s + every[order], size[order]


def hfs_clonic(rng: np.random.Generator, scene: Scene, focus: Focus) -> list[Volley]:
    """Return short synchronous bursts, single and in salvos."""
    median_s = float(rng.uniform(1.5, 6.0))
    rate, median_n = float(rng.uniform(150.0, 350.0)), float(rng.uniform(4.0, 15.0))
    most = int(rng.integers(3, 11))
    out: list[Volley] = []
    for start in starts(rng, scene, median_s, float(rng.uniform(0.8, 1.1)), 12, 2.5):
        for burst in salvo(rng, start, int(rng.integers(1, most + 1)), rate, median_n):
            out += spread(rng, focus, "clonic", burst)
    return out


def hfs_tonic(rng: np.random.Generator, scene: Scene, focus: Focus) -> list[Volley]:
    """Return prolonged spasms of 0.5 to 5 s."""
    out: list[Volley] = []
    longest = float(rng.uniform(1.5, 5.0))
    for start in starts(rng, scene, float(rng.uniform(3.0, 10.0)), 0.8, 5, longest + 0.5):
        out += spread(
            rng, focus, "tonic", *tonic_burst(rng, start, float(rng.uniform(0.6, longest)))
        )
    return out


def hfs_clonic_tonic(rng: np.random.Generator, scene: Scene, focus: Focus) -> list[Volley]:
    """Return bursts that follow one another ever faster and end in a prolonged spasm [2]_."""
    rate, median_n = float(rng.uniform(150.0, 350.0)), float(rng.uniform(4.0, 9.0))
    longest = float(rng.uniform(1.5, 4.0))
    stronger = float(rng.uniform(0.6, 1.4))
    out: list[Volley] = []
    for start in starts(rng, scene, float(rng.uniform(3.0, 8.0)), 0.8, 5, longest + 3.0):
        at, pause = start, float(rng.uniform(0.10, 0.15))
        for _ in range(int(rng.integers(4, 9))):
            burst = clonic_burst(rng, at, rate, median_n)[: int(0.045 * rate)]
            out += spread(rng, focus, "clonic", burst, stronger)
            at = max(at + pause, burst[-1] + LEAST_GAP_S)
            pause *= 0.93
        length = float(rng.uniform(0.7, longest))
        out += spread(rng, focus, "tonic", *tonic_burst(rng, at + 0.02, length))
    return out
