from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.patterns import Conclusion
from amr_viewer.errors import ParameterError
from amr_viewer.simulate import Simulation, kinds, make
from amr_viewer.simulate.free_running_kinds import FREE_RUNNING
from amr_viewer.simulate.free_running_scenario import FreeRunning, draw_settings, scene_of
from amr_viewer.simulate.free_running_surroundings import crosstalk_levels
from amr_viewer.simulate.free_running_truth import PatternTruth
from amr_viewer.simulate.parts import label_of

SHORT: dict[str, Any] = {"duration_s": 60.0, "sampling_hz": 2000.0, "electrodes": "surface"}
CALM: dict[str, Any] = {
    **SHORT, "crosstalk": 0.0, "mains_uv": 0.0, "ecg_uv": 0.0, "movement_per_min": 0.0,
    "high_pass_hz": 10.0, "drift_uv": 0.0, "heavy_tail": 0.0, "blinks_per_min": 0.0,
    "asleep_from": 1.0,
}  # fmt: skip
OCULI, MENTALIS = Muscle.ORBICULARIS_OCULI, Muscle.MENTALIS
EYE_AND_CHIN = (OCULI, MENTALIS)


def pattern_of(simulation: Simulation) -> PatternTruth:
    """Return the truth of a free-running recording."""
    assert simulation.truth.pattern is not None
    return simulation.truth.pattern


def calm(kind: str, seed: int = 1, **settings: Any) -> Simulation:
    """Make a recording of muscle and even noise only."""
    return make(kind, seed, **{**CALM, **settings})


def signals(simulation: Simulation) -> np.ndarray:
    """Return all channels, shape (n_channels, n_samples)."""
    recording = simulation.recording
    return np.array(
        [recording.source.read(c, 0, x.n_samples) for c, x in enumerate(recording.channels)],
        dtype=np.float64,
    )


def index_of(simulation: Simulation, muscle: Muscle, side: Side) -> int:
    """Return a channel."""
    return simulation.truth.channels.index(label_of(muscle, side))


def of_channel(truth: PatternTruth, channel: int, kind: str = "") -> np.ndarray:
    """Return the bursts of one channel, of one kind if it is named."""
    b = truth.bursts
    named = np.array([not kind or k == kind for k in b.kind], dtype=bool)
    return np.flatnonzero((b.channel == channel) & named)


def busiest(truth: PatternTruth, kind: str) -> np.ndarray:
    """Return the bursts of a kind in the channel that has most of them."""
    counts = [len(of_channel(truth, c, kind)) for c in range(len(truth.lag_ms))]
    return of_channel(truth, int(np.argmax(counts)), kind)


def durations_ms(truth: PatternTruth, chosen: np.ndarray) -> np.ndarray:
    """Return durations."""
    return 1e3 * (truth.bursts.end_s[chosen] - truth.bursts.start_s[chosen])


def rms(values: np.ndarray) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(values**2)))


@pytest.mark.parametrize("kind", FREE_RUNNING)
def test_every_kind_is_consistent(kind: str) -> None:
    simulation = make(kind, 2, duration_s=40.0)
    recording, truth = simulation.recording, pattern_of(simulation)
    assert kinds()[kind] == FREE_RUNNING[kind].text
    assert truth.conclusion in set(Conclusion)
    assert truth.conclusion in truth.accepted
    assert 4 <= len(recording.channels) <= 10
    assert {c.side for c in recording.channels} == set(Side)
    assert recording.duration_s == 40.0
    assert np.isfinite(signals(simulation)).all()
    assert len(simulation.truth.time_s) == 0
    b = truth.bursts
    assert (b.end_s > b.start_s).all()
    assert (b.start_s >= 0.0).all()
    assert (b.end_s < 40.0).all()
    for channel in range(len(recording.channels)):
        here = of_channel(truth, channel)
        assert (b.start_s[here][1:] - b.end_s[here][:-1] >= 0.020).all()
        assert (np.diff(b.salvo[here]) >= np.diff(b.episode[here])).all()


@pytest.mark.parametrize("kind", FREE_RUNNING)
def test_seed_decides_everything(kind: str) -> None:
    once, again, other = (make(kind, seed, **SHORT) for seed in (3, 3, 4))
    assert np.array_equal(signals(once), signals(again))
    assert once.truth.to_dict() == again.truth.to_dict()
    assert pattern_of(once).settings != pattern_of(other).settings


def test_settings_are_drawn_from_wide_ranges() -> None:
    drawn = [
        draw_settings(np.random.default_rng(seed), jaw=False, sleeps=True, given={})
        for seed in range(60)
    ]
    assert {s.side for s in drawn} == set(Side)
    assert {s.electrodes for s in drawn} == {"surface", "needle"}
    assert {s.sampling_hz for s in drawn if s.electrodes == "needle"} == {20_000.0}
    assert {s.sampling_hz for s in drawn} >= {2000.0, 5000.0}
    assert len({s.muscles for s in drawn}) > 10
    snr = [s.snr_db for s in drawn]
    assert 6.0 <= min(snr) < 9.0
    assert 22.0 < max(snr) <= 25.0
    assert max(s.crosstalk for s in drawn) > 0.28
    assert any(s.ecg_uv for s in drawn)
    assert any(s.mains_uv for s in drawn)
    assert any(s.asleep_from < 1.0 for s in drawn)
    length = [s.duration_s for s in drawn]
    assert min(length) >= 60.0
    assert 240.0 < max(length) <= 360.0


def test_another_noise_level_leaves_timing_as_it_is() -> None:
    low, high = (pattern_of(make("hfs_clonic", 5, **SHORT, noise_uv=n)) for n in (2.0, 6.0))
    np.testing.assert_array_equal(low.bursts.start_s, high.bursts.start_s)


@pytest.mark.parametrize("kind", ["hfs_clonic_tonic", "blepharospasm", "neuromyotonia"])
def test_bursts_are_where_the_truth_says(kind: str) -> None:
    simulation = calm(kind, snr_db=25.0, noise_uv=2.0)
    truth, data = pattern_of(simulation), signals(simulation)
    b, fs = truth.bursts, truth.settings.sampling_hz
    for channel, signal in enumerate(data):
        inside = np.zeros(len(signal), dtype=bool)
        levels = []
        for i in of_channel(truth, channel):
            first, last = round(b.start_s[i] * fs), round(b.end_s[i] * fs)
            inside[max(0, first - 10) : last + 10] = True
            levels.append(20.0 * np.log10(rms(signal[first:last]) / 2.0))
        assert rms(signal[~inside]) == pytest.approx(2.0, rel=0.05)
        if levels:
            expected = b.snr_db[of_channel(truth, channel)]
            assert np.median(expected) == pytest.approx(25.0, abs=0.5)
            np.testing.assert_allclose(
                np.array(levels)[expected > 10.0], expected[expected > 10.0], atol=1.0
            )


@pytest.mark.parametrize("electrodes", ["surface", "needle"])
def test_clonic_bursts_have_the_numbers_of_the_literature(electrodes: str) -> None:
    truth = pattern_of(
        calm("hfs_clonic", electrodes=electrodes, sampling_hz=5000.0, duration_s=120.0)
    )
    chosen = busiest(truth, "clonic")
    b = truth.bursts
    assert len(chosen) >= 12
    assert (b.n_discharges[chosen] >= 2).all()
    assert (b.n_discharges[chosen] <= 40).all()
    rate = b.rate_hz[chosen]
    assert (rate > 120.0).all()
    assert (rate < 480.0).all()
    duration = durations_ms(truth, chosen)
    assert (duration >= 2.0).all()
    assert (duration <= 250.0).all()
    interval = 1e3 * np.diff(b.start_s[chosen])
    within = interval[np.diff(b.salvo[chosen]) == 0]
    assert len(within) > 5
    assert (within >= 49.0).all()
    assert (within < 250.0).all()
    first = np.flatnonzero(np.diff(b.episode[chosen], prepend=-1))
    pauses = np.diff(b.start_s[chosen][first])
    assert np.std(pauses) / np.mean(pauses) >= 0.5


def test_tonic_bursts_are_long_and_fluctuate() -> None:
    simulation = calm("hfs_tonic", snr_db=25.0, duration_s=120.0)
    truth = pattern_of(simulation)
    chosen = busiest(truth, "tonic")
    assert len(chosen) >= 5
    assert (durations_ms(truth, chosen) >= 500.0).all()
    assert (truth.bursts.n_discharges[chosen] > 40).all()
    signal = signals(simulation)[truth.bursts.channel[chosen[0]]]
    variations = []
    for i in chosen:
        part = signal[round(truth.bursts.start_s[i] * 2000) : round(truth.bursts.end_s[i] * 2000)]
        steps = part[: len(part) // 100 * 100].reshape(-1, 100)
        level = np.sqrt(np.mean(steps**2, axis=1))
        variations.append(np.std(level) / np.mean(level))
    assert np.median(variations) >= 0.25


def test_clonic_bursts_accelerate_into_a_tonic_one() -> None:
    truth = pattern_of(calm("hfs_clonic_tonic", duration_s=90.0))
    b = truth.bursts
    channel = b.channel[busiest(truth, "tonic")[0]]
    here = of_channel(truth, channel)
    names = np.array(b.kind)[here]
    for at in np.flatnonzero(names == "tonic"):
        leading = here[max(0, at - 3) : at]
        assert [b.kind[i] for i in leading] == ["clonic"] * 3
        assert b.start_s[here[at]] - b.end_s[leading[-1]] < 0.250
        assert (np.diff(b.start_s[leading]) < 0.250).all()


@pytest.mark.parametrize("kind", ["hfs_clonic", "hfs_tonic", "hfs_clonic_tonic"])
@pytest.mark.parametrize("seed", [1, 2])
def test_spasm_reaches_two_muscles_of_one_side(kind: str, seed: int) -> None:
    simulation = calm(kind, seed)
    truth = pattern_of(simulation)
    active = set(truth.bursts.channel.tolist())
    sides = {simulation.recording.channels[c].side for c in active}
    assert sides == {truth.settings.side}
    assert truth.side == truth.settings.side.value
    assert len(active) >= 2
    lag = truth.lag_ms[sorted(active)]
    assert lag.min() == 0.0
    assert lag.max() <= 3.0


@pytest.mark.parametrize("electrodes", ["surface", "needle"])
def test_lags_of_the_truth_are_those_of_the_signal(electrodes: str) -> None:
    simulation = calm(
        "hfs_clonic", 4, electrodes=electrodes, sampling_hz=10_000.0, snr_db=30.0,
        muscles=EYE_AND_CHIN,
    )  # fmt: skip
    truth = pattern_of(simulation)
    a, b = np.flatnonzero(np.isfinite(truth.lag_ms))
    starts = [truth.bursts.start_s[of_channel(truth, c)] for c in (a, b)]
    nearest = np.abs(starts[0][:, None] - starts[1]).argmin(axis=1)
    apart = 1e3 * (starts[1][nearest] - starts[0])
    assert np.median(apart) == pytest.approx(truth.lag_ms[b] - truth.lag_ms[a], abs=0.5)
    width = np.hanning(31) / 15.0
    first, second = (np.convolve(np.abs(signals(simulation)[c]), width, "same") for c in (a, b))
    first, second = first - first.mean(), second - second.mean()
    shifts = np.arange(-60, 61)
    likeness = [np.dot(first[100:-100], np.roll(second, -s)[100:-100]) for s in shifts]
    assert shifts[np.argmax(likeness)] / 10.0 == pytest.approx(np.median(apart), abs=1.5)


def test_blepharospasm_is_of_both_eyes() -> None:
    simulation = calm("blepharospasm", 3, muscles=(*EYE_AND_CHIN, Muscle.FRONTALIS))
    truth = pattern_of(simulation)
    left, right = (of_channel(truth, index_of(simulation, OCULI, s)) for s in Side)
    assert truth.side == "both"
    assert len(left) > 20
    b = truth.bursts
    apart = np.abs(b.start_s[left][:, None] - b.start_s[right]).min(axis=1)
    assert np.median(1e3 * apart) < 12.0
    assert np.max(1e3 * apart) < 40.0
    clonic = of_channel(truth, index_of(simulation, OCULI, Side.LEFT), "clonic")
    assert 90.0 < np.median(durations_ms(truth, clonic)) < 260.0
    runs = np.diff(b.start_s[clonic])
    assert 2.0 < 1.0 / np.median(runs[runs < 0.7]) < 6.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_myokymia_is_nearly_regular_and_slow(seed: int) -> None:
    truth = pattern_of(calm("myokymia", seed, duration_s=120.0, muscles=EYE_AND_CHIN))
    chosen = busiest(truth, "clonic")
    b = truth.bursts
    interval = np.diff(b.start_s[chosen])
    assert 0.5 < np.median(interval) < 5.0
    assert np.std(interval) / np.mean(interval) < 0.3
    assert (durations_ms(truth, chosen) < 1400.0).all()
    count = np.median(b.n_discharges[chosen] / (1e-3 * durations_ms(truth, chosen)))
    assert 15.0 < count < 120.0
    assert np.isnan(truth.lag_ms).all()


def test_cortical_jerks_are_short_and_rhythmic() -> None:
    simulation = calm("cortical", 2, muscles=(Muscle.FRONTALIS, *EYE_AND_CHIN))
    truth = pattern_of(simulation)
    chosen = busiest(truth, "clonic")
    interval = np.diff(truth.bursts.start_s[chosen])
    usual = np.median(interval)
    steady = interval[interval < 1.5 * usual]
    assert 1.0 / 9.5 < usual < 1.1
    assert np.std(steady) / np.mean(steady) < 0.15
    assert np.quantile(durations_ms(truth, chosen), 0.95) < 75.0
    for side in Side:
        assert not len(of_channel(truth, index_of(simulation, Muscle.FRONTALIS, side)))


def test_fasciculations_are_single_and_random() -> None:
    truth = pattern_of(calm("fasciculation", 2, duration_s=300.0))
    chosen = busiest(truth, "single")
    assert (durations_ms(truth, chosen) < 15.0).all()
    assert (truth.bursts.n_discharges[chosen] == 1).mean() > 0.95
    interval = np.diff(truth.bursts.start_s[chosen])
    assert np.std(interval) / np.mean(interval) == pytest.approx(1.0, abs=0.25)


def test_neuromyotonic_trains_fall_in_size() -> None:
    simulation = calm("neuromyotonia", 3, electrodes="needle", sampling_hz=10_000.0, snr_db=25.0)
    truth = pattern_of(simulation)
    chosen = busiest(truth, "tonic")
    assert ((truth.bursts.rate_hz[chosen] > 140.0) & (truth.bursts.rate_hz[chosen] < 310.0)).all()
    signal = signals(simulation)[truth.bursts.channel[chosen[0]]]
    left = []
    for i in chosen:
        first, last = (round(v[i] * 1e4) for v in (truth.bursts.start_s, truth.bursts.end_s))
        tenth = (last - first) // 10
        left.append(rms(signal[last - tenth : last]) / rms(signal[first : first + tenth]))
    assert 0.25 < np.median(left) < 0.75


def test_movements_are_cued_and_bilateral() -> None:
    simulation = calm("voluntary_movement", 2, cued=True, muscles=EYE_AND_CHIN)
    truth, marks = pattern_of(simulation), simulation.recording.marks
    assert len(marks) > 5
    assert {m.text for m in marks} <= {"close eyes", "pucker"}
    for muscle in EYE_AND_CHIN:
        left, right = (of_channel(truth, index_of(simulation, muscle, s)) for s in Side)
        assert len(left) == len(right)
        apart = 1e3 * (truth.bursts.start_s[right] - truth.bursts.start_s[left])
        assert (apart >= -80.0).all()
        assert np.median(apart) > 15.0
    within = [
        any(m.time_s <= t <= m.time_s + m.duration_s for m in marks) for t in truth.bursts.start_s
    ]
    assert all(within)
    assert calm("voluntary_movement", 2, cued=False).recording.marks == ()


def test_synkinesis_follows_movements_and_blinks_on_one_side() -> None:
    simulation = calm("synkinesis", 2, muscles=EYE_AND_CHIN, blinks_per_min=12.0, duration_s=120.0)
    truth = pattern_of(simulation)
    here = truth.settings.side
    assert truth.side == here.value
    chin = index_of(simulation, MENTALIS, here)
    copies = of_channel(truth, chin, "copy")
    assert not len(of_channel(truth, index_of(simulation, MENTALIS, here.opposite), "copy"))
    eye = of_channel(truth, index_of(simulation, OCULI, here))
    start = truth.bursts.start_s
    later = 1e3 * (
        start[copies] - start[eye][np.abs(start[copies][:, None] - start[eye]).argmin(1)]
    )
    assert len(copies) > 10
    assert np.median(later) >= -2.0
    assert np.median(later) <= 15.0
    assert (np.abs(later) < 30.0).mean() > 0.9


def test_few_spasms_are_too_few_for_a_pattern() -> None:
    for seed in range(4):
        truth = pattern_of(calm("few_spasms", seed))
        assert len(busiest(truth, "clonic")) <= 6
        assert truth.conclusion == "insufficient"


@pytest.mark.parametrize("per_min", [8.0, 20.0])
def test_blinks_are_of_both_eyes_only(per_min: float) -> None:
    simulation = calm("no_activity", 2, blinks_per_min=per_min, duration_s=300.0)
    truth = pattern_of(simulation)
    eyes = [of_channel(truth, index_of(simulation, OCULI, s)) for s in Side]
    assert set(truth.bursts.kind) == {"blink"}
    assert sum(map(len, eyes)) == len(truth.bursts)
    assert len(eyes[0]) / 5.0 == pytest.approx(per_min, rel=0.35)
    assert truth.side == ""
    starts = [truth.bursts.start_s[e] for e in eyes]
    apart = np.abs(starts[0][:, None] - starts[1]).min(axis=1)
    assert np.quantile(1e3 * apart, 0.95) <= 10.0
    assert ((durations_ms(truth, eyes[0]) > 40.0) & (durations_ms(truth, eyes[0]) < 200.0)).all()


def test_crosstalk_keeps_to_its_level() -> None:
    settings = {"muscles": (OCULI, Muscle.FRONTALIS), "side": Side.LEFT, "snr_db": 30.0}
    for level in (0.1, 0.35):
        own, mixed = (calm("cortical", 3, **settings, crosstalk=k) for k in (0.0, level))
        source = index_of(own, OCULI, Side.LEFT)
        target = index_of(own, Muscle.FRONTALIS, Side.LEFT)
        clean = signals(calm("cortical", 3, **settings, noise_uv=0.1, crosstalk=0.0))[source]
        seen = (signals(mixed) - signals(own))[target]
        muscle = clean * pattern_of(own).settings.noise_uv / 0.1
        assert 0.38 * level < rms(seen) / rms(muscle) < 1.02 * level
        far = index_of(own, Muscle.FRONTALIS, Side.RIGHT)
        assert rms((signals(mixed) - signals(own))[far]) < 1e-3


def test_crosstalk_is_between_neighbours() -> None:
    scene = scene_of(FreeRunning(muscles=(OCULI, Muscle.ZYGOMATICUS, MENTALIS), crosstalk=0.35))
    level = crosstalk_levels(np.random.default_rng(1), scene)
    eye, cheek, chin = range(3)
    assert 0.14 <= level[eye, cheek] <= 0.35
    assert level[eye, chin] == 0.0
    assert level[eye, eye] == 0.0
    assert level[eye, eye + 3] == 0.0
    assert 0.0 < level[chin, chin + 3] <= 0.35 * 0.3


def middle_hz(simulation: Simulation) -> float:
    """Return the median frequency of a channel with bursts, less what the noise holds."""
    truth = pattern_of(simulation)
    channel = int(truth.bursts.channel[busiest(truth, "voluntary")[0]])
    power = np.abs(np.fft.rfft(signals(simulation)[channel])) ** 2
    hz = np.fft.rfftfreq(2 * len(power) - 2, 1.0 / truth.settings.sampling_hz)
    total = np.cumsum(power[hz > 10.0])
    return float(hz[hz > 10.0][np.searchsorted(total, total[-1] / 2)])


def test_surface_is_slow_and_needle_is_fast() -> None:
    surface = calm("voluntary_movement", 3, snr_db=30.0, sampling_hz=5000.0)
    needle = calm("voluntary_movement", 3, snr_db=30.0, electrodes="needle", sampling_hz=10_000.0)
    assert 60.0 < middle_hz(surface) < 250.0
    assert 300.0 < middle_hz(needle) < 1500.0


def test_mains_heart_and_movement_are_there() -> None:
    quiet = {**CALM, "noise_uv": 1.0, "snr_db": 10.0}
    plain = signals(make("no_activity", 3, **quiet))
    hum = signals(make("no_activity", 3, **{**quiet, "mains_uv": 5.0})) - plain
    power = np.abs(np.fft.rfft(hum[0])) ** 2
    hz = np.fft.rfftfreq(hum.shape[1], 1 / 2000.0)
    assert hz[np.argmax(power)] == pytest.approx(50.0, abs=0.1)
    assert rms(hum[0]) == pytest.approx(5.0 * np.sqrt((1 + 0.25**2 + 0.1**2) / 2), rel=0.02)
    heart = signals(make("no_activity", 3, **{**quiet, "ecg_uv": 30.0})) - plain
    assert (np.ptp(heart, axis=1) <= 40.0).all()
    assert (np.ptp(heart, axis=1) > 5.0).all()
    slow = {**quiet, "high_pass_hz": 1.0}
    moved = signals(make("no_activity", 3, **{**slow, "movement_per_min": 10.0})) - signals(
        make("no_activity", 3, **slow)
    )
    assert np.abs(moved).max() > 5.0
    power = np.abs(np.fft.rfft(moved, axis=1)) ** 2
    assert power[:, hz > 20.0].sum() < 0.01 * power.sum()
    steep = {**quiet, "high_pass_hz": 20.0}
    left = signals(make("no_activity", 3, **{**steep, "movement_per_min": 10.0}))
    assert rms(left - signals(make("no_activity", 3, **steep))) < 0.1 * rms(moved)


def test_sleep_is_marked_and_has_fewer_spasms_and_no_blinks() -> None:
    simulation = calm("hfs_clonic", 2, asleep_from=0.5, blinks_per_min=15.0, duration_s=300.0)
    truth = pattern_of(simulation)
    marks = {m.text: (m.time_s, m.duration_s) for m in simulation.recording.marks}
    assert marks == {"awake": (0.0, 150.0), "sleep N2": (150.0, 150.0)}
    b = truth.bursts
    asleep = b.start_s > 150.0
    blink = np.array([k == "blink" for k in b.kind])
    assert not (asleep & blink).any()
    episodes = [len(set(b.episode[~blink & (asleep == s)].tolist())) for s in (False, True)]
    assert 0 < episodes[1] < 0.75 * episodes[0]


def test_truth_is_plain_json() -> None:
    simulation = make("hfs_clonic_tonic", 1, **SHORT)
    truth = pattern_of(simulation)
    values = json.loads(json.dumps(simulation.truth.to_dict(), allow_nan=False))
    assert values["stimuli"] == values["findings"] == []
    pattern = values["pattern"]
    assert pattern["conclusion"] == "hfs_clonic_tonic"
    assert pattern["side"] == truth.side
    assert FreeRunning.model_validate(pattern["settings"]) == truth.settings
    assert len(pattern["bursts"]) == len(truth.bursts)
    first = pattern["bursts"][0]
    assert first["channel"] == simulation.truth.channels[truth.bursts.channel[0]]
    assert first["start_s"] == pytest.approx(truth.bursts.start_s[0], abs=1e-6)
    assert "pattern" not in make("clear", 1, n_stimuli=3).truth.to_dict()


def test_unknown_and_impossible_settings_are_refused() -> None:
    with pytest.raises(ParameterError, match="sparkle"):
        make("hfs_clonic", 1, sparkle=1)
    with pytest.raises(ParameterError, match="duration_s"):
        make("hfs_clonic", 1, duration_s=-5.0)
