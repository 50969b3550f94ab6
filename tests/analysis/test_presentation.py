"""Sweeps for the eye are those that were judged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.analysis import channel_run, examination, presentation
from amr_viewer.analysis.nuisance import clean_channel
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Role, Side
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.progress import Progress
from amr_viewer.errors import Cancelled
from amr_viewer.simulate import make
from amr_viewer.workflow import analyze, site_sweeps
from tests.analysis.builders import COMPACT, analysis

SITE = (Branch.ZYGOMATIC, Side.LEFT)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a short recording take several pieces, as a long one does."""
    monkeypatch.setattr(examination, "PIECE_SWEEPS", 1)
    monkeypatch.setattr(examination, "BLOCK_SWEEPS", 60)


def test_sweeps_are_what_the_detector_saw(
    small_pieces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, Any]] = []

    def watched(sweeps: Any, k: int, *rest: Any) -> Any:
        cleaned = clean_channel(sweeps, k, *rest)
        seen.append((k, (sweeps.times_ms, cleaned.data_uv.copy())))
        return cleaned

    monkeypatch.setattr(channel_run, "clean_channel", watched)
    monkeypatch.setattr(presentation, "_is_modelled", lambda *_: True)
    made = make("pops", 3, **{**COMPACT, "n_stimuli": 110})
    analyzed = analyze(made.recording, made.protocol)
    epochs = site_sweeps(analyzed, *SITE)
    assert len(epochs.stimuli) == len(analyzed.stimuli) > 100
    mentalis = [values for k, values in seen if k == 2]
    assert len(mentalis) == 3
    shown = np.isin(mentalis[0][0], epochs.times_ms)
    judged = np.concatenate([data[:, shown] for _, data in mentalis])
    assert np.array_equal(epochs.data_uv[:, 2], judged)


@pytest.mark.parametrize(
    "kind", ["clear", "pops", "volume_conduction", "artefact_tails", "on_m_tail"]
)
def test_no_model_makes_the_picture_worse_ahead_of_the_window(kind: str) -> None:
    """A curve fitted to the window must not draw a wave where nothing was recorded."""
    of = analysis(kind)
    epochs = site_sweeps(of, *SITE)
    ahead = (epochs.times_ms > 4.3) & (epochs.times_ms < 6.5)
    for j, channel in enumerate(epochs.channels):
        if of.responses.role_at(0, j) is Role.DIRECT:
            continue
        shown = np.abs(np.median(epochs.data_uv[:, j, ahead], axis=0)).max()
        recorded = np.abs(np.median(_recorded(of, int(channel), epochs), axis=0)).max()
        assert shown <= 1.2 * recorded + 10.0


def _recorded(of: Analysis, channel: int, epochs: Epochs) -> NDArray[np.float32]:
    """Return what the file holds from 1.5 to 6.5 ms, its baseline subtracted."""
    sampling_hz = of.recording.channels[channel].sampling_hz
    at = of.recording.sample_index(channel, of.stimuli.time_s[epochs.stimuli]).round().astype(int)
    ms = sampling_hz / 1e3
    rows = []
    for start in at:
        base = of.recording.source.read(channel, int(start - 8 * ms), int(start - 2 * ms))
        early = of.recording.source.read(channel, int(start + 1.5 * ms), int(start + 6.5 * ms))
        rows.append(early - np.median(base))
    return np.array(rows)


def test_single_channels_are_the_same_as_all(small_pieces: None) -> None:
    of = analysis("mains_locked")
    every = site_sweeps(of, *SITE)
    some = site_sweeps(of, *SITE, channels=[3, 1])
    assert some.channels.tolist() == [every.channels[3], every.channels[1]]
    assert np.array_equal(some.data_uv[:, 0], every.data_uv[:, 3])
    assert np.array_equal(some.data_uv[:, 1], every.data_uv[:, 1])
    assert np.array_equal(some.blank_end_ms[:, 0], every.blank_end_ms[:, 3])


def test_the_extent_is_chosen_as_far_as_the_analysis_looked() -> None:
    of = analysis("clear")
    some = site_sweeps(of, *SITE, [2], before_ms=5.0, after_ms=30.0)
    assert some.times_ms[[0, -1]] == pytest.approx([-5.0, 30.0], abs=0.11)
    assert some.data_uv.dtype == np.float32
    wide = site_sweeps(of, *SITE, [2], before_ms=1e4, after_ms=1e4)
    assert wide.times_ms[0] > -200.0
    assert wide.times_ms[-1] < 200.0
    assert np.isfinite(wide.data_uv).all()


def test_channels_of_another_rate_share_the_axis() -> None:
    of = analysis("clear")
    slow = make("clear", 3, **{**COMPACT, "sampling_hz": 5000.0, "low_pass_hz": 2000.0})
    fast = make("clear", 3, **COMPACT)
    mixed = _mixed(fast.recording, slow.recording)
    analyzed = analyze(mixed, fast.protocol)
    epochs = site_sweeps(analyzed, *SITE)
    assert epochs.data_uv.shape[1] == len(analyzed.responses.channels)
    assert epochs.sampling_hz == pytest.approx(10_000.0)
    median = np.median(epochs.data_uv[:, 2], axis=0)
    alike = np.median(site_sweeps(of, *SITE, [2]).data_uv[:, 0], axis=0)
    late = (epochs.times_ms > 6.0) & (epochs.times_ms < 25.0)
    assert np.corrcoef(median[late], alike[late])[0, 1] > 0.95


def _mixed(fast: Any, slow: Any) -> Any:
    """Return a recording whose last channels have half the sampling rate."""
    from dataclasses import dataclass, replace

    @dataclass
    class Both:
        """Two sources behind one another."""

        def read(self, channel: int, start: int, stop: int) -> Any:
            return (slow if channel >= 2 else fast).source.read(channel, start, stop)

    channels = (*fast.channels[:2], *slow.channels[2:])
    return replace(fast, channels=channels, source=Both())


def test_a_site_without_stimuli_has_no_sweeps() -> None:
    epochs = site_sweeps(analysis("clear"), Branch.BUCCAL, Side.RIGHT)
    assert epochs.data_uv.shape[0] == 0
    assert site_sweeps(analysis("clear"), *SITE, channels=[]).data_uv.shape[:2] == (24, 0)


def test_it_can_be_cancelled(small_pieces: None) -> None:
    of: Analysis = analysis("clear")

    def refuse(fraction: float, message: str) -> None:
        raise Cancelled

    stop: Progress = refuse
    with pytest.raises(Cancelled):
        site_sweeps(of, *SITE, progress=stop)
