"""Steps, texts and read-outs."""

from __future__ import annotations

import doctest
from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.gui.traces.readout import difference_words, pointed_words, value_at
from amr_viewer.gui.traces.scene import StimulusRow, site_words
from amr_viewer.gui.traces.steps import stepped_span, time_words
from amr_viewer.gui.traces.texts import BETWEEN, LEAST_WIDTH, place_texts
from tests.io.test_pyramid import recording_of


@pytest.mark.parametrize("name", ["steps", "readout", "raster"])
def test_examples(name: str) -> None:
    module = import_module(f"amr_viewer.gui.traces.{name}")
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted > 0


def test_spans_step_up_and_down_through_the_same_values() -> None:
    up = [0.01]
    while up[-1] < 36_000:
        up.append(stepped_span(up[-1], 1))
    down = [up[-1]]
    while down[-1] > 0.011:
        down.append(stepped_span(down[-1], -1))
    assert down[::-1] == pytest.approx(up)
    assert [time_words(s / 10) for s in up[9:18]] == [
        "1 s", "2 s", "5 s", "10 s", "20 s", "30 s", "1 min", "2 min", "5 min",
    ]  # fmt: skip


@given(
    st.lists(st.tuples(st.floats(0, 1000), st.floats(1, 400)), max_size=60).map(sorted),
    st.integers(0, 4),
)
def test_texts_never_touch(texts: list[tuple[float, float]], n_rows: int) -> None:
    lefts = np.array([x for x, _ in texts])
    placed = place_texts(lefts, lambda k: texts[k][1], n_rows, 1000.0)
    for row in range(n_rows):
        own = [p for p in placed if p.row == row]
        for a, b in pairwise(own):
            assert a.left + a.width + BETWEEN <= b.left + 1e-6
    assert all(p.left + p.width <= 1000.0 + 1e-6 for p in placed)
    assert all(p.width >= min(LEAST_WIDTH, texts[p.index][1]) for p in placed)
    assert len({p.index for p in placed}) == len(placed)


def test_thousands_of_texts_ask_for_few_widths() -> None:
    asked: list[int] = []

    def width(k: int) -> float:
        asked.append(k)
        return 80.0

    placed = place_texts(np.linspace(0, 1800, 10_000), width, 2, 1800.0)
    assert len(placed) == pytest.approx(2 * 1800 / 86, abs=3)
    assert len(asked) < 300


STIMULI = StimulusRow(
    np.array([1.0]), np.array([0]), ((Branch.ZYGOMATIC, Side.LEFT),), ("left zygomatic 8 mA",)
)


def test_the_sample_nearest_to_a_time_is_read() -> None:
    recording = recording_of([np.arange(20.0)], [10.0], [(0.0, 1.0), (5.0, 1.0)])
    assert value_at(recording, 0, 0.34) == 3.0
    assert value_at(recording, 0, 5.26) == 13.0
    assert np.isnan(value_at(recording, 0, 3.0))
    assert np.isnan(value_at(recording, 0, 7.0))


def test_what_is_under_the_mouse_is_told_with_the_latency() -> None:
    recording = recording_of([np.full(2000, -38.2)], [1000.0])
    words = pointed_words(recording, 0, 1.0129, STIMULI)
    assert words == "0:01.0129   c0 −38.2 µV   12.9 ms after left zygomatic 8 mA"
    assert pointed_words(recording, None, 0.5, STIMULI) == "0:00.5000"


def test_differences() -> None:
    recording = recording_of([np.arange(2000.0)], [1000.0])
    assert difference_words(recording, 0, 0.1, 0.11) == ("Δt 10 ms", "1/Δt 100 Hz", "ΔV 10 µV")
    assert difference_words(recording, None, 0.2, 0.2) == ("Δt 0 ms",)


def test_sites_in_words() -> None:
    assert site_words((Branch.ZYGOMATIC, Side.LEFT)) == "left zygomatic"
    assert site_words((None, None)) == "stimulus"
