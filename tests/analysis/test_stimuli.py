"""Which moments are stimuli, whatever marks them, and which are none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from amr_viewer.analysis.stimuli import find_stimuli
from amr_viewer.core.protocol import MarkerRule, Protocol
from amr_viewer.core.recording import Segment, StimulusSource
from tests.analysis.stimulation import (
    RATE,
    Signal,
    add_artefacts,
    by_hand,
    noise,
    recording,
    regular,
)


def stimulated(times: list[float], sizes=(2000.0,), seconds: float = 20.0, **more) -> Signal:
    """Return three channels of noise with artefacts."""
    return add_artefacts(noise(seconds), times, list(sizes), **more)


def times_of(made, protocol: Protocol | None = None) -> Signal:
    """Return the times of the stimuli that were found."""
    return find_stimuli(made, protocol).time_s


def motor_unit(
    n_channels: int, variation: float, width_ms: float, seed: int = 2, rate: float = RATE
) -> Signal:
    """Return 20 s of noise with a motor unit that fires at 8 Hz, alike each time."""
    rng = np.random.default_rng(seed)
    data = noise(20.0, n_channels, rate=rate)
    t = np.arange(-40, 40) * 1e3 / rate
    potential = 600.0 * t / width_ms * np.exp(0.5 - 0.5 * (t / width_ms) ** 2)
    for time_s in np.cumsum(0.125 * (1.0 + variation * rng.standard_normal(150))):
        at = round(time_s * rate)
        data[:, at - 40 : at + 40] += potential
    return data


def qrs(data: Signal) -> Signal:
    """Add a heart that beats regularly, in all channels."""
    t = np.arange(-500, 500) / RATE
    beat = 1500.0 * (np.exp(-((t / 0.01) ** 2)) - 0.3 * np.exp(-(((t - 0.02) / 0.01) ** 2)))
    for k in range(1, 22):
        at = round(k * 0.85 * RATE)
        data[:, at - 500 : at + 500] += beat
    return data


def pops(data: Signal, n_channels: int) -> Signal:
    """Add electrode pops: sudden steps of different size that fade slowly."""
    rng = np.random.default_rng(4)
    fade = np.exp(-np.arange(5000) / 800.0)
    for k in range(12):
        at = int(rng.uniform(0.5, 19.0) * RATE)
        data[k % 3 : k % 3 + n_channels, at : at + 5000] += rng.uniform(200, 4000) * fade
    return data


def bursts(data: Signal, seed: int = 6) -> Signal:
    """Add clonic bursts of sharp potentials, at once in all channels."""
    rng = np.random.default_rng(seed)
    t = np.arange(-20, 20) * 0.1
    potential = t / 0.3 * np.exp(0.5 - 0.5 * (t / 0.3) ** 2)
    for start in rng.uniform(0.5, 19.0, 25):
        for _ in range(6):
            at = round((start + rng.uniform(0, 0.03)) * RATE)
            gains = rng.uniform(50, 900, (len(data), 1)) * rng.choice([-1, 1], (len(data), 1))
            data[:, at - 20 : at + 20] += gains * potential
    return data


def mains(data: Signal) -> Signal:
    """Add mains with the spikes of a dimmer, a hundred per second."""
    t = np.arange(data.shape[1]) / RATE
    data += 200.0 * np.sin(2 * np.pi * 50.0 * t)
    data[:, ::100] += 500.0
    data[:, 1::100] -= 400.0
    return data


def clockwork(side: int) -> Signal:
    """Return two muscles of each side; a unit of one fires like a clock, its neighbour sees it."""
    data = noise(20.0, 4)
    unit = motor_unit(1, 0.0, 0.3) - noise(20.0, 1)
    data[2 * side : 2 * side + 2] += np.array([[1.0], [0.3]]) * unit
    return data


NO_STIMULI = {
    "noise": lambda: noise(20.0),
    "one channel of noise": lambda: noise(20.0, 1),
    "flat": lambda: np.zeros((3, 200_000)),
    "heart": lambda: qrs(noise(20.0)),
    "pops in one channel": lambda: pops(noise(20.0), 1),
    "bursts": lambda: bursts(noise(20.0)),
    "bursts in one channel": lambda: bursts(noise(20.0, 1)),
    "mains with a dimmer": lambda: mains(noise(20.0)),
    "needle": lambda: motor_unit(1, 0.1, 0.15),
    "regular unit at 4 kHz": lambda: motor_unit(1, 0.05, 0.3),
    "unit that two channels share": lambda: motor_unit(2, 0.1, 0.8),
    "sharp unit that two channels share": lambda: motor_unit(2, 0.1, 0.15),
    "unit like a clock, left": lambda: clockwork(0),
    "unit like a clock, right": lambda: clockwork(1),
    "bursts in two channels": lambda: bursts(noise(20.0, 2), seed=12),
    "M without artefact": lambda: stimulated(regular(30), [0.0], m_uv=3000.0),
    "four artefacts": lambda: stimulated(regular(4)),
}


@pytest.mark.parametrize("name", NO_STIMULI)
def test_nothing_is_invented(name: str) -> None:
    stimuli = find_stimuli(recording(NO_STIMULI[name]()))
    assert len(stimuli) == 0
    assert "no stimuli" in stimuli.warnings[-1]


@pytest.mark.parametrize("name", ["heart", "pops in one channel", "bursts"])
def test_nothing_is_added_to_marked_stimuli(name: str) -> None:
    times = regular(12, 1.3)
    data = add_artefacts(NO_STIMULI[name](), times, [2000.0])
    assert times_of(recording(data, times)) == pytest.approx(times)


@pytest.mark.parametrize("times", [regular(30), by_hand(30)], ids=["clock", "by hand"])
@pytest.mark.parametrize(
    "more",
    [{}, {"polarity": (1.0, -1.0)}, {"sizes": np.linspace(600, 4000, 30)}],
    ids=["constant", "alternating", "ramp"],
)
def test_unmarked_stimuli_are_found_by_their_artefact(times: list[float], more) -> None:
    stimuli = find_stimuli(recording(stimulated(times, **more)))
    assert len(stimuli) == 30
    assert float(np.abs(stimuli.time_s - times).max()) < 3e-5
    assert set(stimuli.source) == {StimulusSource.ARTEFACT}
    assert "30 were found by their artefact" in stimuli.warnings[0]


@pytest.mark.parametrize("name", ["heart", "pops in one channel"])
def test_unmarked_stimuli_are_told_from_what_is_none(name: str) -> None:
    times = by_hand(30)
    data = add_artefacts(NO_STIMULI[name](), times, [2000.0])
    assert times_of(recording(data)) == pytest.approx(times, abs=1e-4)


def test_an_artefact_within_a_burst_may_be_missed_but_no_burst_is_taken() -> None:
    times = by_hand(30)
    found = times_of(recording(add_artefacts(bursts(noise(20.0)), times, [2000.0])))
    assert len(found) >= 27
    assert float(np.abs(found[:, None] - np.array(times)).min(axis=1).max()) < 1e-4


def test_a_clipped_artefact_is_found() -> None:
    times = regular(30)
    data = np.clip(stimulated(times, [9000.0]), -1500.0, 1500.0)
    assert times_of(recording(data)) == pytest.approx(times, abs=1e-4)


def test_one_channel_is_enough_for_a_stimulator_that_keeps_its_clock() -> None:
    times = regular(30)
    assert times_of(recording(stimulated(times)[:1])) == pytest.approx(times, abs=1e-4)


def test_two_sites_with_other_artefacts_are_both_found() -> None:
    times = by_hand(40)
    data = stimulated(times[::2], seconds=30.0)
    data[::-1] += add_artefacts(0.0 * data, times[1::2], [-1500.0], polarity=(-1.0,))
    assert times_of(recording(data)) == pytest.approx(times, abs=1e-4)


def test_missing_markers_are_filled_and_counted() -> None:
    times = by_hand(30)
    gone = {0, 1, 8, 9, 20, 29}
    kept = [t for k, t in enumerate(times) if k not in gone]
    stimuli = find_stimuli(recording(stimulated(times), kept))
    assert stimuli.time_s == pytest.approx(times, abs=3e-5)
    assert sum(s is StimulusSource.ARTEFACT for s in stimuli.source) == 6
    assert any("6 stimuli had no marker" in w for w in stimuli.warnings)


def test_a_weaker_series_before_the_first_marker_is_a_search_for_the_threshold() -> None:
    times = regular(30)
    data = stimulated(times, [700.0] * 10 + [2000.0] * 20)
    assert len(times_of(recording(data, times[10:]))) == 22


def test_doubled_markers_are_one_stimulus() -> None:
    times = by_hand(20)
    doubled = sorted([*times, *(t + 1e-3 for t in times[::4])])
    stimuli = find_stimuli(recording(stimulated(times), doubled))
    assert stimuli.time_s == pytest.approx(times)
    assert "5 doubled stimulus markers merged" in stimuli.warnings[0]


def test_markers_off_the_artefact_are_moved_and_the_shift_reported() -> None:
    times = by_hand(30)
    stimuli = find_stimuli(recording(stimulated(times), [t - 1.3e-3 for t in times]))
    assert stimuli.time_s == pytest.approx(times, abs=3e-5)
    assert stimuli.shift_ms == pytest.approx(np.full(30, 1.3), abs=0.03)
    assert "30 stimulus markers moved" in stimuli.warnings[0]


def test_a_marker_without_artefact_is_reported() -> None:
    times = by_hand(30)
    data = stimulated(times[:10] + times[12:])
    stimuli = find_stimuli(recording(data, times))
    assert len(stimuli) == 30
    assert any("2 of 30 stimulus markers show no artefact" in w for w in stimuli.warnings)


def test_an_event_that_an_ignored_marker_explains_is_no_stimulus() -> None:
    times = by_hand(30)
    texts = ["Stim"] * 30
    texts[7] = texts[15] = "Impedance"
    protocol = Protocol(markers={"Impedance": MarkerRule(ignore=True)})
    made = recording(stimulated(times), times, texts=texts)
    marks = tuple(replace(m, stimulus=None) if m.text == "Impedance" else m for m in made.marks)
    assert len(times_of(replace(made, marks=marks), protocol)) == 28
    assert len(times_of(replace(made, marks=marks))) == 30


def test_codes_mean_what_the_protocol_says() -> None:
    times = regular(20)
    trigger = np.zeros(200_000)
    for k, t in enumerate(times):
        at = int(np.ceil(t * RATE))
        trigger[at : at + 20] = 1 + k % 2
    data = stimulated(times[::2])
    made = recording(data, trigger=trigger, trigger_unit=None)
    assert any("2 codes" in w for w in find_stimuli(made).warnings)
    protocol = Protocol(markers={"2": MarkerRule(ignore=True)})
    assert times_of(made, protocol) == pytest.approx(times[::2], abs=3e-5)


def test_a_gap_is_no_artefact_and_times_after_it_are_right() -> None:
    times = regular(30)
    data = stimulated(times)
    data[:, 100_000:] += 5000.0
    segments = (Segment(0.0, 10.0, 0.0), Segment(50.0, 10.0, 10.0))
    expected = [t if t < 10.0 else t + 40.0 for t in times]
    assert times_of(recording(data, segments=segments)) == pytest.approx(expected, abs=1e-4)


def test_thousands_of_segments_with_missing_markers() -> None:
    n = 4000
    sweep = stimulated([0.01003], seconds=0.03)
    data = np.tile(sweep, (1, n)) + np.random.default_rng(0).standard_normal((3, 300 * n))
    segments = tuple(Segment(0.5 * k, 0.03, 0.03 * k) for k in range(n))
    times = [0.5 * k + 0.01003 for k in range(n)]
    kept = [t for k, t in enumerate(times) if k % 100]
    assert times_of(recording(data, kept, segments=segments)) == pytest.approx(times, abs=3e-5)
