"""Bursts are found where they are, with their length, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.bursts import electrode_of, find_bursts
from amr_viewer.core.bursts import BURST_ARRAYS, BurstKind, Electrode, SetAside
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.recording import Channel, ChannelKind
from tests.analysis.free_scenes import ME, OO, OR, FreeScene, L, R, Samples, bursts_of, stimuli_at

ONE = ((L, OO),)
TWO = ((L, OO), (R, OO))


def scattered(snr_db: float, duration_s: float = 190.0) -> tuple[FreeScene, np.ndarray]:
    """One channel with bursts of 20-600 ms; their start and length."""
    scene = FreeScene(ONE, duration_s)
    truth, t = [], 1.0
    while t < duration_s - 3.0:
        lasting = float(scene.rng.choice([0.02, 0.05, 0.1, 0.2, 0.6]))
        scene.burst(ONE[0], t, lasting, 5.0 * 10 ** (snr_db / 20.0))
        truth.append((t, lasting))
        t += lasting + float(scene.rng.uniform(0.3, 1.5))
    return scene, np.array(truth)


@pytest.mark.parametrize(("snr_db", "recall"), [(20.0, 1.0), (10.0, 0.98)])
def test_bursts_are_found_and_noise_is_not(snr_db: float, recall: float) -> None:
    scene, truth = scattered(snr_db)
    found = bursts_of(scene)
    start, end = truth[:, 0], truth.sum(axis=1)
    over = (found.start_s[None] < end[:, None]) & (found.end_s[None] > start[:, None])
    assert over.any(axis=1).mean() >= recall
    assert (~over.any(axis=0)).sum() <= 0.5 * scene.duration_s / 60.0


def test_onset_and_duration_are_right_to_some_milliseconds() -> None:
    scene, truth = scattered(20.0)
    found = bursts_of(scene)
    near = [int(np.argmin(np.abs(found.start_s - t))) for t in truth[:, 0]]
    assert np.median(np.abs(found.start_s[near] - truth[:, 0])) < 0.002
    error_ms = found.duration_ms[near] - 1e3 * truth[:, 1]
    assert abs(np.median(error_ms)) < 4.0


def test_kinds_follow_the_duration() -> None:
    scene = FreeScene(ONE, 30.0)
    for start, lasting in ((2.0, 0.05), (5.0, 0.2), (8.0, 0.9), (14.0, 2.0)):
        scene.burst(ONE[0], start, lasting)
    expected = [BurstKind.CLONIC, BurstKind.CLONIC, BurstKind.TONIC, BurstKind.TONIC]
    assert bursts_of(scene).kind.tolist() == expected


def test_salvos_and_episodes_are_numbered() -> None:
    scene = FreeScene(ONE, 30.0)
    for start in (2.0, 2.15, 2.3, 2.9, 8.0):
        scene.burst(ONE[0], start, 0.05)
    found = bursts_of(scene)
    assert found.salvo.tolist() == [0, 0, 0, 1, 2]
    assert found.episode.tolist() == [0, 0, 0, 0, 1]


def test_what_follows_a_stimulus_is_set_aside() -> None:
    scene = FreeScene(ONE, 40.0)
    for start in (5.01, 12.0, 20.01):
        scene.burst(ONE[0], start, 0.03)
    found = bursts_of(scene, 5.0, 20.0)
    locked = SetAside.STIMULUS_LOCKED
    assert found.set_aside.tolist() == [locked, SetAside.NONE, locked]
    assert found.salvo.tolist() == [-1, 0, -1]


def test_a_recording_that_is_stimulated_throughout_is_not_looked_at() -> None:
    found = bursts_of(FreeScene(ONE, 30.0), *np.arange(0.5, 30.0, 0.5).tolist())
    assert len(found) == 0
    assert found.not_assessed.startswith("stimulated throughout")


def test_blinks_of_both_eyes_are_set_aside_and_a_twitch_of_one_is_not() -> None:
    scene = FreeScene(TWO, 60.0)
    for start in (5.0, 12.0, 19.0, 26.0):
        scene.burst(TWO[0], start, 0.1)
        scene.burst(TWO[1], start + 0.002, 0.1)
    scene.burst(TWO[0], 40.0, 0.1)
    found = bursts_of(scene)
    assert found.set_aside.tolist() == [SetAside.BLINK] * 8 + [SetAside.NONE]


def test_a_copy_of_another_channel_is_set_aside() -> None:
    scene = FreeScene(((L, OO), (L, OR)), 60.0)
    for start in np.arange(3.0, 55.0, 2.3):
        scene.burst((L, OO), float(start), 0.08, float(scene.rng.uniform(80.0, 200.0)))
    scene.data[1] += 0.2 * scene.data[0]
    found = bursts_of(scene)
    aside = found.set_aside[found.channel == 1]
    assert len(aside) > 15
    assert (aside == SetAside.CONDUCTED).all()
    assert (found.conducted_from[found.channel == 1] == 0).all()
    assert any("volume-conducted" in w for w in found.warnings)


def test_the_heart_is_no_muscle() -> None:
    scene = FreeScene(duration_s=60.0)
    scene.wave(150.0, 0.83)
    found = bursts_of(scene)
    assert len(found) > 100
    assert found.counted.sum() <= 3


def test_mains_hides_no_burst_and_makes_none() -> None:
    scene, truth = scattered(16.0, 60.0)
    t = np.arange(scene.data.shape[1]) / scene.sampling_hz
    scene.data[0] += 30.0 * np.sin(2 * np.pi * 50.03 * t)
    found = bursts_of(scene)
    start, end = truth[:, 0], truth.sum(axis=1)
    over = (found.start_s[None] < end[:, None]) & (found.end_s[None] > start[:, None])
    assert over.any(axis=1).mean() > 0.97
    assert (~over.any(axis=0)).sum() <= 1
    assert found.channels[0].mains_fraction > 0.5


def test_rates_come_from_needles_only() -> None:
    scene = FreeScene(ONE, 30.0, 20_000.0)
    for start in np.arange(2.0, 28.0, 1.7):
        scene.discharges(ONE[0], start + np.arange(12) / 250.0, 200.0)
    found = bursts_of(scene)
    assert found.channels[0].electrode is Electrode.NEEDLE
    assert found.n_discharges.tolist() == [12.0] * len(found)
    assert found.rate_hz == pytest.approx(np.full(len(found), 250.0), rel=0.03)
    assert found.rate_reliable.all()
    on_skin = bursts_of(scene, parameters=Parameters().replaced({"needle_from_hz": "50000"}))
    assert np.isnan(on_skin.rate_hz).all()


def test_the_label_says_what_the_electrode_is() -> None:
    def told(label: str, rate: float) -> Electrode:
        return electrode_of(Channel(label, "uV", rate, 1, kind=ChannelKind.EMG), Parameters())[0]

    assert told("OOc needle", 8000.0) is Electrode.NEEDLE
    assert told("OOc surface", 20_000.0) is Electrode.SURFACE
    assert told("OOc needle", 2000.0) is Electrode.SURFACE
    assert told("OOc", 2000.0) is Electrode.SURFACE


# Metamorphic


def mixed() -> FreeScene:
    """Three channels with bursts of their own and common ones."""
    scene = FreeScene(((L, OO), (L, OR), (L, ME)), 150.0)
    for start in np.arange(2.0, 146.0, 1.9):
        scene.burst(scene.where[int(scene.rng.integers(3))], float(start), 0.06, 70.0)
    scene.burst((L, OR), 59.0, 2.5, 80.0)
    return scene


def test_chunks_change_nothing_not_even_over_the_border_of_a_block() -> None:
    recording = mixed().recording()
    whole, parts = (
        find_bursts(recording, stimuli_at(), Parameters(), chunk_s=s) for s in (60.0, 7.0)
    )
    assert any((whole.start_s < 60.0) & (whole.end_s > 60.0) & (whole.duration_ms > 2000.0))
    for name in BURST_ARRAYS:
        assert getattr(parts, name) == pytest.approx(getattr(whole, name), rel=1e-3, nan_ok=True)


def test_permuted_channels_give_permuted_bursts() -> None:
    scene = mixed()
    found = bursts_of(scene)
    order = [2, 0, 1]
    turned = FreeScene(tuple(scene.where[i] for i in order), scene.duration_s)
    turned.data = scene.data[order]
    again = bursts_of(turned)
    for row, channel in enumerate(order):
        one, two = found.channel == channel, again.channel == row
        for name in ("start_s", "duration_ms", "peak_uv", "kind", "set_aside"):
            assert getattr(again, name)[two].tolist() == getattr(found, name)[one].tolist()


def test_twice_the_gain_is_twice_the_size() -> None:
    scene = mixed()
    found = bursts_of(scene)
    scene.data *= 2.0
    again = bursts_of(scene)
    assert again.start_s == pytest.approx(found.start_s)
    assert again.peak_uv == pytest.approx(2.0 * found.peak_uv, rel=1e-4)
    assert again.kind.tolist() == found.kind.tolist()


def test_a_longer_recording_holds_the_same_bursts() -> None:
    scene = mixed()
    found = bursts_of(scene)
    longer = FreeScene(scene.where, 240.0, seed=5)
    longer.data[:, : scene.data.shape[1]] = scene.data
    again = bursts_of(longer)
    early = again.start_s < 100.0
    assert again.start_s[early] == pytest.approx(found.start_s[found.start_s < 100.0], abs=0.002)


def test_a_shift_in_time_shifts_the_bursts() -> None:
    scene = mixed()
    found = bursts_of(scene)
    shifted = FreeScene(scene.where, scene.duration_s + 60.0, seed=9)
    shifted.data[:, 120_000:] = scene.data
    again = bursts_of(shifted)
    late = again.start_s >= 61.0
    assert again.start_s[late] - 60.0 == pytest.approx(
        found.start_s[found.start_s >= 1.0], abs=0.003
    )


def test_missing_samples_are_no_bursts() -> None:
    scene = FreeScene(ONE, 60.0)
    scene.burst(ONE[0], 10.0, 0.1)
    recording = scene.recording()
    assert isinstance(recording.source, Samples)
    recording.source.data[0, 60_000:64_000] = np.nan
    found = find_bursts(recording, stimuli_at(), Parameters())
    assert found.start_s == pytest.approx([10.0], abs=0.005)
