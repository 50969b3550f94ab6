from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.core.anatomy import Branch, Muscle, Role, Side
from amr_viewer.core.recording import ChannelKind
from amr_viewer.errors import ParameterError
from amr_viewer.simulate import Scenario, Simulation, make
from amr_viewer.simulate.kinds import evoked_kinds
from amr_viewer.simulate.parts import label_of

MENTALIS = label_of(Muscle.MENTALIS, Side.LEFT)
OCULI = label_of(Muscle.ORBICULARIS_OCULI, Side.LEFT)


def sweeps(simulation: Simulation, label: str, start_ms: float, stop_ms: float) -> np.ndarray:
    """Cut stretches of one channel after every true stimulus, less their median before it."""
    recording = simulation.recording
    index = [c.label for c in recording.channels].index(label)
    channel = recording.channels[index]
    signal = recording.source.read(index, 0, channel.n_samples).astype(float)
    at = recording.sample_index(index, simulation.truth.time_s)
    per_ms = channel.sampling_hz / 1e3

    def cut(low_ms: float, high_ms: float) -> np.ndarray:
        samples = np.arange(round(low_ms * per_ms), round(high_ms * per_ms))
        return signal[np.round(at).astype(int)[:, None] + samples]

    return cut(start_ms, stop_ms) - np.median(cut(-10.0, -1.0), axis=1, keepdims=True)


def quiet(kind: str, **settings: object) -> Simulation:
    """Make a recording with next to no noise, in which signals can be measured."""
    calm = {"noise_uv": 0.1, "mains_uv": 0.0, "drift_uv": 0.0, "heavy_tail": 0.0}
    return make(kind, 5, **{**calm, "n_stimuli": 12, **settings})


@pytest.mark.parametrize("kind", evoked_kinds())
def test_every_kind_is_consistent(kind: str) -> None:
    simulation = make(kind, 2)
    recording, truth = simulation.recording, simulation.truth
    lateral = truth.is_role(Role.LATERAL)
    assert not truth.present[~lateral].any()
    assert not truth.present[truth.failed].any()
    np.testing.assert_array_equal(np.isfinite(truth.onset_ms), truth.present)
    np.testing.assert_array_equal(np.isfinite(truth.amplitude_uv), truth.present)
    inside = recording.segment_at(truth.time_s)
    assert (inside >= 0).all()
    for index, channel in enumerate(recording.channels):
        samples = recording.source.read(index, 0, channel.n_samples)
        assert samples.dtype == np.float32
        assert len(samples) == channel.n_samples
        assert np.isfinite(samples).all()
    stored_s = sum(s.duration_s for s in recording.segments)
    assert stored_s * recording.channels[0].sampling_hz == pytest.approx(channel.n_samples)


def test_the_same_seed_gives_the_same_samples_and_another_seed_others() -> None:
    first, again, other = (make("clear", seed, n_stimuli=4) for seed in (7, 7, 8))
    read = [s.recording.source.read(2, 0, 20_000) for s in (first, again, other)]
    np.testing.assert_array_equal(read[0], read[1])
    assert not np.array_equal(read[0], read[2])
    np.testing.assert_array_equal(first.truth.onset_ms, again.truth.onset_ms)


def test_noise_leaves_the_responses_alone() -> None:
    low, high = (make("weak", 3, noise_uv=level) for level in (1.0, 20.0))
    np.testing.assert_array_equal(low.truth.onset_ms, high.truth.onset_ms)
    np.testing.assert_array_equal(low.truth.time_s, high.truth.time_s)


def test_true_amplitude_is_what_the_channel_shows() -> None:
    simulation = quiet("clear", vc_fraction=0.0, tail_ms=0.1)
    column = simulation.truth.channels.index(MENTALIS)
    shown = np.ptp(sweeps(simulation, MENTALIS, 7.0, 25.0), axis=1)
    np.testing.assert_allclose(shown, simulation.truth.amplitude_uv[:, column], rtol=0.02)


def test_true_onset_is_where_the_channel_leaves_zero() -> None:
    simulation = quiet("clear", vc_fraction=0.0, tail_ms=0.1)
    column = simulation.truth.channels.index(MENTALIS)
    cut = np.abs(sweeps(simulation, MENTALIS, 7.0, 25.0))
    seen_ms = 7.0 + np.argmax(cut > 0.03 * np.ptp(cut, axis=1, keepdims=True), axis=1) / 20.0
    assert np.abs(seen_ms - simulation.truth.onset_ms[:, column]).max() < 0.4


def test_direct_response_has_its_size_and_onset() -> None:
    simulation = quiet("none", artefact_uv=0.0, m_uv=2000.0, m_onset_ms=3.0)
    cut = sweeps(simulation, OCULI, 0.0, 15.0)
    assert np.abs(cut[:, :58]).max() < 5.0
    assert 1200.0 < np.median(np.ptp(cut, axis=1)) < 3500.0


def test_volume_conduction_follows_the_direct_response() -> None:
    simulation = quiet("volume_conduction", artefact_uv=0.0, ramp_from_ma=3.0)
    direct, shadow = (np.ptp(sweeps(simulation, c, 1.0, 12.0), axis=1) for c in (OCULI, MENTALIS))
    assert np.corrcoef(direct, shadow)[0, 1] > 0.999
    assert 0.05 < np.max(shadow) / np.max(direct) < 0.4
    late = sweeps(simulation, MENTALIS, 10.0, 30.0)
    assert np.ptp(late, axis=1).max() < 2.0


def test_artefact_turns_with_the_polarity() -> None:
    simulation = quiet("alternating_polarity", saturation_uv=0.0)
    pulse = sweeps(simulation, MENTALIS, 0.0, 0.2).mean(axis=1)
    assert (np.sign(pulse[::2]) == np.sign(pulse[0])).all()
    assert (np.sign(pulse[1::2]) == -np.sign(pulse[0])).all()


def test_failed_stimuli_evoke_nothing_but_the_artefact() -> None:
    simulation = quiet("failed", failed=0.5, tail_ms=0.1)
    failed = simulation.truth.failed
    m = np.ptp(sweeps(simulation, OCULI, 2.0, 12.0), axis=1)
    assert 0 < failed.sum() < len(failed)
    assert m[failed].max() < 5.0
    assert m[~failed].min() > 500.0


def test_ramp_recruits_and_subthreshold_stimuli_count_as_failed() -> None:
    truth = make("ramp", 1).truth
    assert truth.failed[:5].all()
    assert not truth.failed[-20:].any()
    assert (np.diff(truth.intensity_ma) >= 0).all()


def test_persistence_is_met() -> None:
    truth = make("intermittent", 4, n_stimuli=300, sampling_hz=2000.0, low_pass_hz=900.0).truth
    answered = truth.present[:, truth.channels.index(MENTALIS)].mean()
    assert answered == pytest.approx(0.35, abs=0.08)


def test_vanishing_response_vanishes() -> None:
    present = make("vanishing", 1).truth.present.any(axis=1)
    assert present[:30].all()
    assert not present[30:].any()


def test_reflex_comes_on_both_sides_and_is_no_amr() -> None:
    truth = make("reflex", 1).truth
    assert not truth.present.any()
    assert truth.reflex.mean(axis=0).min() > 0.6
    assert not any(truth.has_amr.values())


def test_electrode_off_shows_no_muscle() -> None:
    simulation = make("electrode_off", 1)
    column = simulation.truth.channels.index(MENTALIS)
    assert not simulation.truth.usable[column]
    assert not simulation.truth.present[:, column].any()


def test_amplifier_saturates() -> None:
    simulation = quiet("saturation", ringing_uv=0.0)
    assert np.abs(sweeps(simulation, MENTALIS, 0.0, 1.0)).max() == pytest.approx(5000.0, abs=5.0)


def test_markers_lag_behind_the_edge() -> None:
    simulation = make("clear", 1)
    marks = np.array([m.time_s for m in simulation.recording.marks])
    lag_ms = 1e3 * (marks - simulation.truth.time_s)
    assert lag_ms.mean() == pytest.approx(0.3, abs=0.1)
    assert simulation.recording.marks[0].text == "Stim ZYG L 8.0 mA 0.2 ms"


def test_doubled_and_missing_markers() -> None:
    n = 30
    assert len(make("doubled", 1, n_stimuli=n).recording.marks) > n
    assert len(make("missing", 1, n_stimuli=n).recording.marks) < n
    assert make("unmarked", 1, n_stimuli=n).recording.marks == ()


def test_triggers_rise_at_the_stimuli() -> None:
    simulation = make("ttl", 1)
    recording = simulation.recording
    trigger = recording.channels[-1]
    assert trigger.kind is ChannelKind.TRIGGER
    level = recording.source.read(len(recording.channels) - 1, 0, trigger.n_samples)
    rises = np.flatnonzero(np.diff(level) > 0) + 1
    np.testing.assert_allclose(rises / 20_000.0, simulation.truth.time_s, atol=1e-3)
    assert (simulation.protocol.site, simulation.protocol.side) == (Branch.ZYGOMATIC, Side.LEFT)


def test_sweeps_keep_their_times() -> None:
    simulation = make("sweeps", 1)
    starts = np.array([s.start_s for s in simulation.recording.segments])
    np.testing.assert_allclose(simulation.truth.time_s - starts, 0.02, atol=1e-4)
    pulse = sweeps(simulation, MENTALIS, 0.05, 0.2)
    assert np.abs(pulse).min() > 500.0


def test_alternating_sites_give_each_muscle_its_role() -> None:
    truth = make("alternating_sites", 1).truth
    column = truth.channels.index(MENTALIS)
    roles = np.array([tuple(Role)[k] for k in truth.role[:, column]])
    assert set(roles[::2]) == {Role.LATERAL}
    assert set(roles[1::2]) == {Role.DIRECT}


def test_mains_stay_locked_to_the_stimuli() -> None:
    intervals = np.diff(make("mains_locked", 1).truth.time_s)
    np.testing.assert_allclose(intervals * 50.0, np.round(intervals * 50.0), atol=1e-9)


def test_unknown_kind_and_setting_are_refused() -> None:
    with pytest.raises(ParameterError, match="nothing: no such kind"):
        make("nothing", 1)
    with pytest.raises(ParameterError, match="volume: no such setting"):
        make("clear", 1, volume=3)
    with pytest.raises(ParameterError, match="noise_uv"):
        make("clear", 1, noise_uv=-1.0)
    with pytest.raises(ParameterError, match="sweeps overlap"):
        make("clear", 1, sweep_ms=500.0)


def test_setting_names_are_unique_over_the_groups() -> None:
    scenario = Scenario()
    names = [
        n for g in type(scenario).model_fields for n in type(getattr(scenario, g)).model_fields
    ]
    assert len(names) == len(set(names))
