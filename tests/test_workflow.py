"""The whole way: what an analysis holds, says and refuses."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from amr_viewer.core.anatomy import Role
from amr_viewer.core.progress import Progress
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import ChannelKind
from amr_viewer.core.responses import ARRAY_NAMES, Rejection, State
from amr_viewer.errors import Cancelled
from amr_viewer.io.readers import read_recording
from amr_viewer.workflow import analyze, report_sweeps, versions
from tests.analysis.builders import Memory, analysis, changed, protocol_of, simulation

PRESENT_ONLY = ("onset_ms", "end_ms", "amplitude_uv", "peak_ms", "area_uv_ms")


def test_analysis_of_a_file_carries_its_hash(sample_signals: Path) -> None:
    path = sample_signals / "volume_conduction.edf"
    answer = analyze(read_recording(path))
    assert answer.recording.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_recording_in_memory_has_no_hash() -> None:
    assert analysis("clear").recording.sha256 == ""


def test_versions_are_named() -> None:
    assert {"amr-viewer", "python", "numpy", "scipy", "mne"} == set(versions())
    assert analysis("clear").versions == versions()


def test_every_stimulus_and_channel_has_its_cell() -> None:
    answer = analysis("clear")
    shape = (len(answer.stimuli), 5)
    for name in ARRAY_NAMES:
        assert getattr(answer.responses, name).shape == shape
        assert not getattr(answer.responses, name).flags.writeable
    assert len(answer.responses.to_dataframe()) == 24 * 5


@pytest.mark.parametrize("kind", ["weak", "intermittent", "failed", "none"])
def test_states_probabilities_and_measures_agree(kind: str) -> None:
    responses = analysis(kind).responses
    present, rejected = (responses.state == s for s in (State.PRESENT, State.REJECTED))
    judged = (responses.role != tuple(Role).index(Role.DIRECT)) & ~rejected
    assert np.isfinite(responses.probability[judged]).all()
    assert ((responses.probability[judged] >= 0) & (responses.probability[judged] <= 1)).all()
    assert np.isnan(responses.probability[~judged]).all()
    assert (rejected == (responses.rejection != Rejection.NONE)).all()
    for name in PRESENT_ONLY:
        assert np.isnan(getattr(responses, name)[~present]).all()
    assert np.isfinite(responses.onset_ms[present]).all()
    assert np.isfinite(responses.amplitude_uv[present]).all()
    assert (responses.noise_uv > 0).all()


@pytest.mark.parametrize("kind", ["weak", "clear"])
def test_times_of_a_response_are_in_order(kind: str) -> None:
    responses = analysis(kind).responses
    here = (responses.state == State.PRESENT) & (responses.role == tuple(Role).index(Role.LATERAL))
    onset, peak, end = (getattr(responses, n)[here] for n in ("onset_ms", "peak_ms", "end_ms"))
    assert (onset < end).all()
    assert (onset <= peak + 0.5).all()
    assert (peak <= end + 0.5).all()


def test_findings_count_what_the_table_holds() -> None:
    answer = analysis("both_sides", n_stimuli=40)
    assert len(answer.findings) == 4 * 8
    for f in answer.findings:
        states = answer.responses.state[list(f.stimulus_indices), f.channel_index]
        assert f.n_stimuli == len(states)
        assert f.n_valid == np.count_nonzero(states != State.REJECTED)
        if f.label != "reflex":
            assert f.n_present == np.count_nonzero(states == State.PRESENT)


def test_warnings_are_not_repeated() -> None:
    warnings = analysis("doubled").warnings
    assert len(set(warnings)) == len(warnings)
    assert any("marker" in w for w in warnings)


def test_channel_without_a_unit_is_left_out_and_said_to_be() -> None:
    recording = simulation("clear").recording
    channels = list(recording.channels)
    channels[2] = replace(channels[2], unit=None)
    answer = analyze(replace(recording, channels=tuple(channels)))
    labels = [c.label for c in answer.responses.channels]
    assert channels[2].label not in labels
    assert any(channels[2].label in w and "unit" in w for w in answer.warnings)


def test_a_channel_that_is_off_is_said_to_be() -> None:
    answer = analysis("electrode_off")
    assert any("Mentalis" in w and "electrode off" in w for w in answer.warnings)


def test_recording_without_stimuli() -> None:
    recording = simulation("none", artefact_uv=0.0, m_uv=0.0, vc_fraction=0.0).recording
    answer = analyze(replace(recording, marks=()))
    assert answer.amr == "no_stimuli"
    assert answer.findings == ()
    assert len(answer.stimuli) == 0


def test_recording_without_emg() -> None:
    recording = simulation("clear").recording
    other = tuple(
        replace(c, label=f"Resp {i}", kind=ChannelKind.OTHER, unit="degC", muscle=None, side=None)
        for i, c in enumerate(recording.channels)
    )
    answer = analyze(replace(recording, channels=other))
    assert answer.findings == ()
    assert answer.amr == "not_assessable"


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_few_stimuli_never_decide(n: int) -> None:
    answer = analysis("none", n_stimuli=n)
    assert answer.amr in {"indeterminate", "not_assessable"}


def test_channels_of_different_rates_are_analyzed_together() -> None:
    recording = simulation("clear", sampling_hz=20_000.0).recording
    signals = [recording.source.read(i, 0, c.n_samples) for i, c in enumerate(recording.channels)]
    slow = replace(recording.channels[3], sampling_hz=10_000.0, n_samples=len(signals[3]) // 2)
    signals[3] = signals[3][: 2 * slow.n_samples].reshape(-1, 2).mean(axis=1)
    channels = (*recording.channels[:3], slow, recording.channels[4])
    mixed = analyze(replace(recording, channels=channels, source=Memory(tuple(signals))))
    plain = analysis("clear", sampling_hz=20_000.0)
    assert [f.verdict for f in mixed.findings] == [f.verdict for f in plain.findings]
    np.testing.assert_allclose(
        mixed.responses.onset_ms[:, :3], plain.responses.onset_ms[:, :3], atol=0.05
    )


def recorder(seen: list[tuple[float, str]]) -> Progress:
    def progress(fraction: float, what: str) -> None:
        seen.append((fraction, what))

    return progress


def test_progress_is_told() -> None:
    seen: list[tuple[float, str]] = []
    analyze(simulation("clear").recording, progress=recorder(seen))
    assert seen[0] == (0.0, "finding stimuli")
    assert [f for f, _ in seen] == sorted(f for f, _ in seen)
    assert all(0.0 <= f <= 1.0 for f, _ in seen)


def test_cancelling_ends_the_analysis() -> None:
    def cancel(fraction: float, what: str) -> None:
        raise Cancelled(what)

    with pytest.raises(Cancelled):
        analyze(simulation("clear").recording, progress=cancel)


def test_report_sweeps_are_the_analyzed_ones() -> None:
    answer = analysis("alternating_sites", n_stimuli=30)
    sweeps = report_sweeps(answer)
    assert set(sweeps) == set(zip(answer.stimuli.site, answer.stimuli.side, strict=True))
    for (site, _), epochs in sweeps.items():
        assert {answer.stimuli.site[i] for i in epochs.stimuli} == {site}
        assert epochs.data_uv.shape[1] == len(answer.responses.channels)
        assert epochs.times_ms[0] == pytest.approx(-10.0, abs=0.1)
        assert epochs.times_ms[-1] > 34.0
        assert np.isfinite(epochs.data_uv).all()


def test_long_runs_are_shown_in_part() -> None:
    answer = analysis("clear", n_stimuli=150)
    epochs = next(iter(report_sweeps(answer).values()))
    assert len(epochs.stimuli) == 120
    assert epochs.stimuli[0] == 0
    assert epochs.stimuli[-1] == 149


def test_long_runs_are_examined_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    from amr_viewer.analysis import examination

    monkeypatch.setattr(examination, "PIECE_SWEEPS", 300)
    answer = analyze(simulation("clear", n_stimuli=150).recording)
    whole = analysis("clear", n_stimuli=150)
    assert [f.n_stimuli for f in answer.findings] == [150] * 5
    assert [f.verdict for f in answer.findings] == [f.verdict for f in whole.findings]
    for one, other in zip(answer.findings, whole.findings, strict=True):
        assert one.n_present == pytest.approx(other.n_present, abs=2)


def test_protocol_is_applied_and_kept() -> None:
    protocol = protocol_of(changed(probability_min=0.99))
    answer = analyze(simulation("weak").recording, protocol)
    assert answer.protocol is protocol
    assert analysis("weak").protocol.parameters == Protocol().parameters
