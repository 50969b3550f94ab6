"""What is no burst of its own: noise, copies of neighbours; and what is one burst, or several."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.core.bursts import Bursts, QualityFlag, SetAside
from amr_viewer.core.parameters import Parameters
from tests.analysis.free_scenes import FR, ME, OO, OR, FreeScene, L, R, bursts_of

ONE = ((L, OO),)


def unrest(scene: FreeScene, size: float, knots_hz: float = 40.0) -> None:
    """Let the level of the noise wander, fast."""
    n = scene.data.shape[1]
    knots = scene.rng.standard_normal((len(scene.where), int(scene.duration_s * knots_hz) + 2))
    place = np.linspace(0.0, knots.shape[1] - 1.0, n)
    for row, course in zip(scene.data, knots, strict=True):
        row *= np.exp(size * np.interp(place, np.arange(len(course)), course))


@pytest.mark.parametrize("size", [0.0, 0.1, 0.2])
def test_false_bursts_are_few_however_restless_the_noise(size: float) -> None:
    scene = FreeScene(((L, OO), (L, OR), (R, OO), (R, OR)), 180.0)
    unrest(scene, size)
    assert len(bursts_of(scene)) / (4 * 3.0) <= 0.5


def test_noise_that_rises_for_good_is_noise() -> None:
    scene = FreeScene(ONE, 190.0)
    scene.data[:, 200_000:] *= 3.0
    found = bursts_of(scene)
    # For some seconds it could be a contraction.
    assert len(found) <= 3
    assert found.start_s == pytest.approx(100.0, abs=6.0)
    assert found.channels[0].levels_at(150.0)[0] > 2.5 * found.channels[0].levels_at(50.0)[0]


def test_the_level_of_rest_is_found_where_activity_hardly_ever_stops() -> None:
    scene = FreeScene(ONE, 90.0)
    starts = np.arange(1.0, 89.0, 0.115)
    for start in starts:
        scene.burst(ONE[0], float(start), 0.04)
    found = bursts_of(scene)
    assert len(found) == pytest.approx(len(starts), rel=0.01)
    assert found.channels[0].noise_uv == pytest.approx(3.3, rel=0.15)


def together(own: float, conducted: float, seed: int = 1) -> tuple[FreeScene, Bursts]:
    """Return bursts of the oculi that the oris joins with its own, and sees a part of."""
    scene = FreeScene(((L, OO), (L, OR), (R, OO)), 120.0, seed=seed)
    for start in np.arange(3.0, 116.0, 1.9):
        lasting = float(scene.rng.uniform(0.04, 0.12))
        scene.burst((L, OO), float(start), lasting, 120.0)
        if own:
            scene.burst((L, OR), float(start) + 0.001, lasting, own)
    smooth = np.convolve(scene.data[0], [0.25, 0.5, 0.25], mode="same")
    scene.data[1] += conducted * smooth
    return scene, bursts_of(scene)


@pytest.mark.parametrize("conducted", [0.12, 0.35])
def test_a_silent_muscle_beside_an_active_one_has_no_bursts(conducted: float) -> None:
    _, found = together(0.0, conducted)
    assert found.counted[found.channel == 0].sum() >= 59
    aside = found.set_aside[found.channel == 1]
    assert len(aside) >= 50
    assert (aside == SetAside.CONDUCTED).all()


@pytest.mark.parametrize(("own", "conducted"), [(120.0, 0.3), (40.0, 0.0), (40.0, 0.2)])
def test_a_muscle_that_joins_its_neighbour_counts(own: float, conducted: float) -> None:
    _, found = together(own, conducted)
    mine = found.channel == 1
    assert mine.sum() >= 59
    assert found.counted[mine].mean() >= 0.98


def test_copies_are_told_from_own_bursts_of_the_same_size() -> None:
    scene = FreeScene(((L, OO), (L, OR)), 150.0)
    starts = np.arange(3.0, 146.0, 1.3)
    for k, start in enumerate(starts):
        scene.burst(scene.where[k % 2], float(start), 0.06, (150.0, 40.0)[k % 2])
    scene.data[1] += 0.27 * scene.data[0]
    found = bursts_of(scene)
    mine = found.channel == 1
    near = np.abs(found.start_s[mine][:, None] - starts[None]).argmin(axis=1) % 2
    assert (found.set_aside[mine][near == 0] == SetAside.CONDUCTED).all()
    assert found.counted[mine][near == 1].all()
    assert np.bincount(near).min() >= 50


@pytest.mark.parametrize(("snr_db", "onset_ms", "lasting_ms"), [(10, 1.1, 2.1), (26, 1.1, 2.1)])
def test_onset_and_duration_have_no_bias(snr_db: int, onset_ms: float, lasting_ms: float) -> None:
    scene = FreeScene(ONE, 190.0)
    truth = np.array([(t, scene.rng.uniform(0.03, 0.2)) for t in np.arange(2.0, 186.0, 0.9)])
    for start, lasting in truth:
        scene.burst(ONE[0], float(start), float(lasting), 5.0 * 10 ** (snr_db / 20))
    found = bursts_of(scene)
    near = np.abs(found.start_s[None] - truth[:, :1]).argmin(axis=1)
    late = 1e3 * (found.start_s[near] - truth[:, 0])
    longer = found.duration_ms[near] - 1e3 * truth[:, 1]
    assert abs(np.median(late)) < onset_ms
    assert abs(np.median(longer)) < lasting_ms
    assert np.quantile(np.abs(late), 0.9) < 5.0


def test_a_faint_contraction_is_one_burst_and_a_salvo_is_many() -> None:
    scene = FreeScene(ONE, 120.0)
    n = int(2.5 * scene.sampling_hz)
    for start in (10.0, 30.0, 50.0):
        course = np.interp(np.arange(n), np.linspace(0, n, 26), scene.rng.uniform(0.5, 1.5, 26))
        scene.shaped(ONE[0], start, 15.0 * course)
    salvos = [t + 0.11 * k for t in (70.0, 80.0, 90.0) for k in range(6)]
    for start in salvos:
        scene.burst(ONE[0], start, 0.05, 40.0)
    found = bursts_of(scene)
    early = found.start_s < 60.0
    assert early.sum() <= 6
    assert found.duration_ms[early].max() > 2000.0
    assert found.start_s[~early] == pytest.approx(salvos, abs=0.004)


def test_the_skirts_of_very_large_bursts_do_not_join_them() -> None:
    scene = FreeScene(ONE, 60.0)
    t = np.arange(0.0, 0.1, 1.0 / scene.sampling_hz)
    starts = [s + 0.09 * k for s in np.arange(3.0, 55.0, 3.0) for k in range(5)]
    for start in starts:
        scene.burst(ONE[0], start, 0.03, 400.0)
        # What an amplifier's high-pass leaves after each burst.
        scene._add(ONE[0], start + 0.03, -40.0 * np.exp(-t / 0.012))
    assert bursts_of(scene).start_s == pytest.approx(starts, abs=0.004)


def test_a_blink_that_one_eye_hardly_shows_is_a_blink() -> None:
    scene = FreeScene(((L, OO), (R, OO)), 100.0)
    for start in np.arange(4.0, 96.0, 4.0):
        scene.burst((L, OO), float(start), 0.09, 60.0)
        scene.burst((R, OO), float(start) + 0.002, 0.09, 9.0)
    found = bursts_of(scene)
    left = found.set_aside[found.channel == 0]
    assert (left == SetAside.BLINK).mean() > 0.9


def everyday() -> FreeScene:
    """Blinks, a heart, some mains, a wandering baseline: what every recording has."""
    scene = FreeScene(((L, OO), (R, OO), (L, FR), (L, ME)), 120.0)
    for start in np.arange(4.0, 116.0, 4.0):
        for side in (L, R):
            scene.burst((side, OO), float(start), 0.09, 60.0)
        scene.burst((L, ME), float(start) + 2.0, 0.05, 60.0)
    scene.wave(25.0, 0.83)
    t = np.arange(scene.data.shape[1]) / scene.sampling_hz
    scene.data += 5.0 * np.sin(2 * np.pi * 50.02 * t) + 80.0 * np.sin(2 * np.pi * 0.4 * t)
    return scene


def test_an_everyday_recording_is_not_flagged_and_mains_that_is_left_is() -> None:
    scene = everyday()
    assert [c.flags for c in bursts_of(scene).channels] == [()] * 4
    kept = bursts_of(scene, parameters=Parameters().replaced({"mains_hz": "off"}))
    assert all(QualityFlag.MAINS in c.flags for c in kept.channels)


def test_what_is_left_between_trains_of_stimuli_is_not_looked_at() -> None:
    scene = FreeScene(ONE, 60.0)
    scene.burst(ONE[0], 20.0, 0.05)
    trains = np.concatenate([np.arange(0.5, 18.0, 0.5), np.arange(24.0, 59.0, 0.5)])
    assert bursts_of(scene, *trains.tolist()).not_assessed.startswith("stimulated throughout")
    assert len(bursts_of(scene, *np.arange(0.5, 18.0, 0.5).tolist())) == 1
