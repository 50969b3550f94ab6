"""What must not depend on the order, scale, place or storage of a recording."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from amr_viewer.analysis import examination
from amr_viewer.analysis.threads import THREADS_VARIABLE
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.recording import Recording, Segment
from amr_viewer.core.responses import ARRAY_NAMES
from amr_viewer.workflow import analyze
from tests.analysis.builders import RATE, Memory, analysis, simulation

KINDS = ("clear", "weak", "intermittent", "volume_conduction")
IN_UV = ("amplitude_uv", "area_uv_ms", "noise_uv", "m_amplitude_uv")
Signals = tuple[NDArray[np.float32], ...]


def signals_of(recording: Recording) -> Signals:
    """Return all samples of a recording."""
    return tuple(recording.source.read(i, 0, c.n_samples) for i, c in enumerate(recording.channels))


def with_signals(recording: Recording, change: Callable[[NDArray], NDArray]) -> Recording:
    """Return the recording with every channel changed."""
    changed = tuple(np.asarray(change(x), dtype=np.float32) for x in signals_of(recording))
    return replace(recording, source=Memory(changed))


def prolonged(recording: Recording, before: Signals, after: Signals) -> Recording:
    """Return the recording with more signal at both ends, marks moved along."""
    signals = tuple(
        np.concatenate(parts).astype(np.float32)
        for parts in zip(before, signals_of(recording), after, strict=True)
    )
    lead_s, n = len(before[0]) / RATE, len(signals[0])
    return replace(
        recording,
        channels=tuple(replace(c, n_samples=n) for c in recording.channels),
        segments=(Segment(0.0, n / RATE, 0.0),),
        marks=tuple(replace(m, time_s=m.time_s + lead_s) for m in recording.marks),
        source=Memory(signals),
    )


def level(recording: Recording, n: int) -> Signals:
    """Return `n` samples per channel that continue its first sample."""
    return tuple(np.full(n, x[0], dtype=np.float32) for x in signals_of(recording))


def assert_same(
    first: Analysis,
    second: Analysis,
    columns: Sequence[int] | slice = slice(None),
    *,
    gain: float = 1.0,
    times_ms: float = 0.01,
) -> None:
    """Compare two analyses sweep by sweep; `columns` are those of the first."""
    for name in ARRAY_NAMES:
        expected = getattr(first.responses, name)[:, columns]
        if name in IN_UV:
            expected = expected * gain
        relative, absolute = (0.0, times_ms) if name.endswith("_ms") else (1e-3, 1e-4)
        np.testing.assert_allclose(
            getattr(second.responses, name), expected, rtol=relative, atol=absolute, err_msg=name
        )
    told = [sorted((f.channel, f.site, f.verdict, f.n_present) for f in a.findings)
            for a in (first, second)]  # fmt: skip
    assert told[0] == told[1]
    assert first.amr == second.amr


@pytest.mark.parametrize("kind", KINDS)
def test_permuted_channels_permute_the_results(kind: str) -> None:
    recording = simulation(kind).recording
    order = [4, 2, 0, 3, 1]
    signals = signals_of(recording)
    permuted = replace(
        recording,
        channels=tuple(recording.channels[i] for i in order),
        source=Memory(tuple(signals[i] for i in order)),
    )
    assert_same(analysis(kind), analyze(permuted), order)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("gain", [2.0, 1.7])
def test_gain_scales_voltages_and_nothing_else(kind: str, gain: float) -> None:
    recording = simulation(kind).recording
    scaled = analyze(with_signals(recording, lambda x: gain * x))
    assert_same(analysis(kind), scaled, gain=gain)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(gain=st.floats(0.7, 4.0), offset=st.floats(-2000.0, 2000.0))
def test_gain_and_offset_of_the_amplifier(gain: float, offset: float) -> None:
    recording = simulation("weak").recording
    answer = analyze(with_signals(recording, lambda x: gain * x + offset))
    assert_same(analysis("weak"), answer, gain=gain, times_ms=0.03)


@pytest.mark.parametrize("kind", KINDS)
def test_inverted_polarity_swaps_the_peaks(kind: str) -> None:
    first = analysis(kind)
    second = analyze(with_signals(simulation(kind).recording, lambda x: -x))
    np.testing.assert_array_equal(first.responses.peak_ms, second.responses.positive_peak_ms)
    np.testing.assert_array_equal(first.responses.positive_peak_ms, second.responses.peak_ms)
    swapped = replace(
        second.responses,
        peak_ms=second.responses.positive_peak_ms.copy(),
        positive_peak_ms=second.responses.peak_ms.copy(),
    )
    assert_same(first, replace(second, responses=swapped), times_ms=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_shift_in_time_changes_nothing(kind: str) -> None:
    recording = simulation(kind).recording
    later = prolonged(recording, level(recording, 3000), level(recording, 0))
    answer = analyze(later)
    assert_same(analysis(kind), answer)
    np.testing.assert_allclose(
        answer.stimuli.time_s, analysis(kind).stimuli.time_s + 0.3, atol=1e-6
    )


@pytest.mark.parametrize("kind", KINDS)
def test_longer_recording_with_the_same_stimuli_is_the_same(kind: str) -> None:
    recording = simulation(kind).recording
    longer = prolonged(recording, level(recording, 0), level(recording, 30_000))
    assert_same(analysis(kind), analyze(longer))


def as_sweeps(recording: Recording, before_ms: float, after_ms: float) -> Recording:
    """Keep only what lies around the stimuli, as theatre systems do (EDF+D)."""
    signals, n = signals_of(recording), round((before_ms + after_ms) * 1e-3 * RATE)
    first = [round((m.time_s - before_ms * 1e-3) * RATE) for m in recording.marks]
    index = np.concatenate([np.arange(k, k + n) for k in first])
    segments = [Segment(k / RATE, n / RATE, i * n / RATE) for i, k in enumerate(first)]
    return replace(
        recording,
        channels=tuple(replace(c, n_samples=len(index)) for c in recording.channels),
        segments=tuple(segments),
        source=Memory(tuple(x[index] for x in signals)),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_recording_stored_as_sweeps_gives_the_same_verdicts(kind: str) -> None:
    whole = analysis(kind)
    answer = analyze(as_sweeps(simulation(kind).recording, 120.0, 80.0))
    assert [f.verdict for f in answer.findings] == [f.verdict for f in whole.findings]
    assert [f.n_present for f in answer.findings] == [f.n_present for f in whole.findings]
    np.testing.assert_array_equal(answer.responses.state, whole.responses.state)
    np.testing.assert_allclose(answer.responses.onset_ms, whole.responses.onset_ms, atol=0.1)
    np.testing.assert_allclose(
        answer.responses.amplitude_uv, whole.responses.amplitude_uv, rtol=0.1
    )


def resampled(recording: Recording, up: int, down: int) -> Recording:
    """Return the recording at another sampling rate, band-limited as it should be."""
    from scipy.signal import resample_poly

    signals = tuple(
        resample_poly(x.astype(np.float64), up, down).astype(np.float32)
        for x in signals_of(recording)
    )
    n = len(signals[0])
    return replace(
        recording,
        channels=tuple(
            replace(c, sampling_hz=c.sampling_hz * up / down, n_samples=n)
            for c in recording.channels
        ),
        segments=(Segment(0.0, n / (recording.channels[0].sampling_hz * up / down), 0.0),),
        source=Memory(signals),
    )


@pytest.mark.parametrize("kind", ["clear", "weak", "volume_conduction"])
@pytest.mark.parametrize(("up", "down"), [(1, 2), (12, 5)], ids=["10 kHz", "48 kHz"])
def test_sampling_rate_does_not_matter(kind: str, up: int, down: int) -> None:
    made = simulation(kind, sampling_hz=20_000.0, n_stimuli=16).recording
    first = analysis(kind, sampling_hz=20_000.0, n_stimuli=16)
    second = analyze(resampled(made, up, down))
    for one, other in zip(first.findings, second.findings, strict=True):
        assert one.verdict == other.verdict
        assert abs(one.n_present - other.n_present) <= 1
        assert other.onset_ms == pytest.approx(one.onset_ms, abs=0.15, nan_ok=True)
        assert other.amplitude_uv == pytest.approx(one.amplitude_uv, rel=0.1, nan_ok=True)


def test_two_runs_give_identical_numbers() -> None:
    recording = simulation("weak").recording
    first, second = analyze(recording), analyze(recording)
    for name in ARRAY_NAMES:
        np.testing.assert_array_equal(
            getattr(first.responses, name), getattr(second.responses, name), err_msg=name
        )
    assert [repr(f) for f in first.findings] == [repr(f) for f in second.findings]
    assert first.headline == second.headline


def test_threads_and_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = analysis("weak")
    monkeypatch.setenv(THREADS_VARIABLE, "1")
    assert_same(expected, analyze(simulation("weak").recording), times_ms=1e-4)
    monkeypatch.setenv(THREADS_VARIABLE, "4")
    monkeypatch.setattr(examination, "BLOCK_SWEEPS", 60)
    answer = analyze(simulation("weak").recording)
    assert [f.verdict for f in answer.findings] == [f.verdict for f in expected.findings]
    np.testing.assert_array_equal(answer.responses.state, expected.responses.state)
    np.testing.assert_allclose(answer.responses.onset_ms, expected.responses.onset_ms, atol=0.1)


def test_sites_do_not_disturb_each_other() -> None:
    both = analysis("alternating_sites", n_stimuli=40)
    recording = simulation("alternating_sites", n_stimuli=40).recording
    site = both.stimuli.site[0]
    ignored = tuple(
        m if m.stimulus and m.stimulus.site == site else replace(m, stimulus=None, text="note")
        for m in recording.marks
    )
    alone = {f.channel: f for f in analyze(replace(recording, marks=ignored)).findings
             if f.site == site}  # fmt: skip
    for f in both.findings:
        if f.site == site:
            assert f.verdict == alone[f.channel].verdict
            assert f.n_present == pytest.approx(alone[f.channel].n_present, abs=1)
