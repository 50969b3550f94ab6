"""What lies between epochs and pictures: storing, summaries, scales, places, words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amr_viewer.core.epochs import Epochs
from amr_viewer.core.responses import State
from amr_viewer.gui.document import Document
from amr_viewer.gui.sweeps import loading
from amr_viewer.gui.sweeps.board import columns_for, places
from amr_viewer.gui.sweeps.look import Look, fitted_gain, stepped_gain
from amr_viewer.gui.sweeps.panels import arranged, make_panel
from amr_viewer.gui.sweeps.summary import summarize
from amr_viewer.gui.sweeps.sweepset import SweepSet, packed
from amr_viewer.gui.sweeps.words import (
    chip_words,
    gain_words,
    headline_words,
    microvolts,
    run_words,
    state_words,
    sweep_words,
    why_words,
)
from tests.gui.sweeps.builders import (
    FRONTALIS,
    MENTALIS,
    OCULI,
    ZYGOMATIC,
    small_study,
)

SPAN = (-10.0, 60.0)


def ignore() -> None:
    """Nobody cancels."""


def epochs_of(data: np.ndarray, blank: float = 2.0) -> Epochs:
    n, c, t = data.shape
    return Epochs(
        data.astype(np.float32), np.linspace(-10, 39.95, t), np.arange(n) * 3, np.arange(c),
        np.full((n, c), blank, np.float32),
    )  # fmt: skip


def set_of(data: np.ndarray, window_start_ms: float = 6.5) -> SweepSet:
    return packed(ZYGOMATIC, [epochs_of(data)], data.shape[1], window_start_ms)


def document_of(analysis: object) -> Document:
    from pathlib import Path

    return Document(1, Path("a.edf"), automatic=analysis, analysis=analysis)  # type: ignore[arg-type]


# ---------------------------------------------------------------------- storing


def test_stored_sweeps_come_back_within_a_step() -> None:
    data = np.random.default_rng(0).normal(0, 50, (20, 2, 1000))
    data[3, 1, 500:] = np.nan
    sweeps = set_of(data)
    for channel in range(2):
        assert sweeps.step_uv[channel] < 0.02
        for row in range(20):
            back = sweeps.sweep_uv(channel, row)
            assert back == pytest.approx(data[row, channel], abs=0.02, nan_ok=True)


def test_only_the_artefact_is_cut_to_the_scale() -> None:
    data = np.random.default_rng(0).normal(0, 5, (4, 1, 1000))
    data[:, 0, 205:215] = 90_000.0  # 0.25 to 0.75 ms
    data[2, 0, 400] = -1500.0
    sweeps = set_of(data)
    assert sweeps.sweep_uv(0, 2)[400] == pytest.approx(-1500, abs=0.1)
    assert 1500 < sweeps.sweep_uv(0, 0)[210] < 2000
    assert sweeps.peak_uv[0, 2] == pytest.approx(1500, abs=0.1)
    assert sweeps.peak_uv[0].argmax() == 2


def test_late_peaks_begin_with_the_search_window() -> None:
    data = np.zeros((1, 1, 1000))
    data[0, 0, 280] = 900.0  # 4 ms
    data[0, 0, 400] = 70.0  # 10 ms
    sweeps = set_of(data)
    assert sweeps.peak_uv[0, 0] == 900.0
    assert sweeps.late_uv[0, 0] == 70.0
    assert fitted_gain(sweeps, [0], [np.array([True])], whole=True) == 500.0
    assert fitted_gain(sweeps, [0], [np.array([True])], whole=False) == 50.0


def test_pieces_of_channels_make_one_set() -> None:
    data = np.random.default_rng(0).normal(0, 5, (4, 3, 1000))
    whole = set_of(data)
    parts = packed(ZYGOMATIC, [epochs_of(data[:, :1]), epochs_of(data[:, 1:])], 3, 6.5)
    assert np.array_equal(parts.counts, whole.counts)
    assert np.array_equal(parts.peak_uv, whole.peak_uv)
    assert whole.serial != parts.serial


def test_rows_are_found_by_stimulus() -> None:
    sweeps = set_of(np.zeros((5, 1, 1000)))
    assert [sweeps.row_of(s) for s in (0, 12, 13, 99, None)] == [0, 4, None, None, None]


def test_large_sites_are_read_some_channels_at_a_time(
    made_by_hand: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "PIECE_BYTES", int(4 * 12 * 70 * 20 * 3.5))
    sweeps = loading.read_sweeps(small_study(), ZYGOMATIC, lambda fraction, text: None)
    assert [chosen for *_, chosen in made_by_hand] == [(0, 1, 2), (3, 4, 5), (6, 7)]
    assert sweeps.counts.shape[:2] == (8, 12)


# ---------------------------------------------------------------------- summaries


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_summaries_are_median_mean_and_quartiles(n: int, seed: int) -> None:
    data = np.random.default_rng(seed).normal(0, 30, (n, 1, 150))
    data[0, 0, :20] = np.nan
    sweeps = set_of(data)
    found = summarize(sweeps, 0, np.zeros(n, np.int8), ignore)
    stored = np.stack([sweeps.sweep_uv(0, row) for row in range(n)])[:, 20:]
    assert found.n == n
    assert found.median_uv[20:] == pytest.approx(np.median(stored, axis=0), abs=1e-3)
    assert found.mean_uv[20:] == pytest.approx(stored.mean(axis=0), abs=1e-3)
    low, high = np.quantile(stored, [0.25, 0.75], axis=0)
    assert found.low_uv[20:] == pytest.approx(low, abs=1e-3)
    assert found.high_uv[20:] == pytest.approx(high, abs=1e-3)


def test_summaries_rest_on_responses_where_there_are_some() -> None:
    data = np.zeros((6, 1, 200))
    data[:2] = 10.0
    data[5] = 99.0
    state = np.array([1, 1, 0, 0, 0, 2], np.int8)
    assert summarize(set_of(data), 0, state, ignore).median_uv[150] == pytest.approx(10.0, abs=0.01)
    state[:2] = State.ABSENT
    nobody = summarize(set_of(data), 0, state, ignore)
    assert nobody.n == 5
    assert nobody.mean_uv[150] == pytest.approx(4.0, abs=0.01)


def test_without_valid_sweeps_there_is_no_summary() -> None:
    found = summarize(set_of(np.ones((2, 1, 200))), 0, np.full(2, 2, np.int8), ignore)
    assert found.n == 0
    assert np.isnan(found.median_uv).all()


# ---------------------------------------------------------------------- scales


def test_the_time_base_steps_around_a_time() -> None:
    look = Look()
    assert look.time_span(SPAN) == (-5.0, 40.0)
    fast = look.zoomed(-1, 10.0, SPAN)
    start, stop = fast.time_span(SPAN)
    assert fast.ms_per_division == 2.0
    assert (10.0 - start) / (stop - start) == pytest.approx(15 / 45)
    assert look.zoomed(1, 10.0, SPAN).time_span(SPAN) == SPAN
    assert fast.zoomed(1, 10.0, SPAN).time_span(SPAN) == pytest.approx((-5.0, 40.0))


def test_time_never_leaves_what_was_cut() -> None:
    look = Look().scrolled(100, SPAN)
    assert look.time_span(SPAN) == (15.0, 60.0)
    assert look.scrolled(-100, SPAN).time_span(SPAN) == (-10.0, 35.0)


def test_sensitivity_steps_1_2_5_within_limits() -> None:
    steps = [10.0]
    while steps[-1] < 200:
        steps.append(stepped_gain(steps[-1], 1))
    assert steps == [10, 20, 50, 100, 200]
    assert stepped_gain(1.0, -1) == 1.0
    assert stepped_gain(20_000.0, 1) == 20_000.0


# ---------------------------------------------------------------------- places


def test_lateral_muscles_come_first_then_direct_ones_then_the_other_side() -> None:
    document = document_of(small_study())
    near = arranged(document, ZYGOMATIC, other_side=False)
    assert [f.role.value for (f,) in near] == ["lateral", "lateral", "lateral", "direct"]
    both = arranged(document, ZYGOMATIC, other_side=True)
    assert [len(group) for group in both] == [2, 2, 2, 2]
    for here, there in both:
        assert here.muscle is there.muscle
        assert here.muscle_side is not there.muscle_side


def test_a_muscle_without_partner_leaves_its_place_free() -> None:
    assert places([2, 1, 2], 4) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    assert places([1, 1, 1], 2) == [(0, 0), (0, 1), (1, 0)]


@pytest.mark.parametrize(
    ("groups", "size", "columns"),
    [
        ([1], (900, 600), 1),
        ([1] * 4, (850, 560), 2),
        ([1] * 4, (420, 900), 1),
        ([1] * 8, (2000, 700), 4),
        ([2, 2, 2], (1100, 800), 2),
        ([2] * 4, (2300, 700), 4),
    ],
)
def test_columns_follow_the_room(groups: list[int], size: tuple[int, int], columns: int) -> None:
    assert columns_for(groups, *size) == columns


# ---------------------------------------------------------------------- words


def test_voltages_and_sensitivities_have_units() -> None:
    assert [microvolts(v) for v in (0.0, 9.94, 999.6)] == ["0.0 µV", "9.9 µV", "1.0 mV"]
    assert [gain_words(g) for g in (50.0, 500.0, 2000.0)] == [
        "50 µV/div",
        "0.5 mV/div",
        "2 mV/div",
    ]


def test_chips_say_what_was_found() -> None:
    analysis = small_study()
    by_channel = {f.channel_index: f for f in analysis.findings[:8]}
    assert chip_words(by_channel[MENTALIS]) == ("present", "AMR present 6/12")
    assert chip_words(by_channel[FRONTALIS]) == ("absent", "absent 0/12")
    assert chip_words(by_channel[OCULI]) == ("direct", "M 1.9 mV")
    unknown = replace(by_channel[OCULI], m_amplitude_uv=float("nan"))
    assert chip_words(unknown) == ("unsure", "M not measured")


def test_the_headline_is_strong_up_to_its_colon_and_says_what_it_rests_on() -> None:
    tone, strong, rest, basis = headline_words(small_study())
    assert tone == "present"
    assert strong == "Abnormal muscle response present on the left:"
    assert rest.startswith("mentalis")
    assert basis.startswith("As can be seen in left hemifacial spasm; also after facial palsy.")
    assert "p < 10⁻⁹ against sham windows (0.8 %)." in basis
    assert basis.endswith("Other side: none.")


def test_a_panel_tells_why() -> None:
    analysis = small_study()
    document = document_of(analysis)
    panels = {
        f.channel_index: make_panel(document, f, np.array(f.stimulus_indices))
        for f in document.findings_of(ZYGOMATIC)
    }
    said = why_words(panels[MENTALIS]).replace("\u00a0", " ")
    assert said == "Sham windows called 2 of 400 (0.5 %); sweeps 6 of 12; p < 10⁻⁹."
    assert why_words(panels[OCULI]).startswith("Direct muscle")
    assert run_words(panels[FRONTALIS]) == "seen from 12 µV peak to peak"
    assert run_words(panels[MENTALIS]).startswith("onset 10.4 (10.3–10.5) ms · jitter 0.30 ms")
    row = int(np.flatnonzero(panels[MENTALIS].state == State.PRESENT)[0])
    words = sweep_words(panels[MENTALIS], row, where=True)
    assert words.startswith(f"Sweep {row + 1} of 12 · 0:0{row + 1}.000 · 8 mA · response present")
    assert "probability > 0.999" in words or "probability 0.999" in words
    assert state_words(panels[OCULI], 0) == "no M"
