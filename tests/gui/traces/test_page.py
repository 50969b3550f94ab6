"""Pages: filters, lines and columns, and the loader that makes them in threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from amr_viewer.gui.traces.filters import NO_FILTERS, Filters, filtered
from amr_viewer.gui.traces.loader import PageLoader
from amr_viewer.gui.traces.page import Page, PageRequest, Spans, Trace, read_trace
from amr_viewer.gui.traces.raster import Brush
from tests.io.test_pyramid import Arrays, recording_of

RATE_HZ = 1000.0
NO_CUTS = np.empty(0, np.int64)


def sine(hz: float, seconds: float = 4.0) -> NDArray[np.float32]:
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return np.asarray(np.sin(2 * np.pi * hz * t), np.float32)


def middle(values: NDArray[np.float32]) -> float:
    """Largest value away from the edges."""
    return float(np.abs(values[1000:-1000]).max())


@pytest.mark.parametrize(
    ("filters", "hz", "gain"),
    [
        (Filters(high_pass_hz=20), 2.0, 0.0),
        (Filters(high_pass_hz=20), 200.0, 1.0),
        (Filters(low_pass_hz=50), 300.0, 0.0),
        (Filters(low_pass_hz=50), 5.0, 1.0),
        (Filters(notch_hz=50), 50.0, 0.0),
        (Filters(notch_hz=50), 80.0, 1.0),
        (Filters(low_pass_hz=5000), 300.0, 1.0),
    ],
)
def test_filters_keep_and_remove(filters: Filters, hz: float, gain: float) -> None:
    assert middle(filtered(sine(hz), RATE_HZ, filters, NO_CUTS)) == pytest.approx(gain, abs=0.05)


def test_filters_move_nothing_in_time() -> None:
    values = np.zeros(4000, np.float32)
    values[1990:2010] = np.hanning(20)
    out = filtered(values, RATE_HZ, Filters(20.0, 400.0, 50.0), NO_CUTS)
    assert abs(int(np.argmax(out)) - int(np.argmax(values))) <= 1


def test_filters_do_not_reach_across_gaps_and_keep_missing_samples() -> None:
    values = np.concatenate([np.full(1000, 1000.0), np.zeros(1000)]).astype(np.float32)
    values[1500] = np.nan
    out = filtered(values, RATE_HZ, Filters(high_pass_hz=5), np.array([1000]))
    assert np.abs(out[1000:1500]).max() < 1e-3
    assert np.isnan(out).tolist() == np.isnan(values).tolist()


def request_of(
    values: NDArray[np.float32], span_s: float, width: int = 100, filters: Filters = NO_FILTERS
) -> PageRequest:
    trace = Trace(0, 50.5, 10.0, 0.0, (0, 100), 0xFF0000FF)
    return PageRequest(
        recording_of([values], [RATE_HZ]), None, 0.0, span_s, width, 1.0, (trace,), filters
    )


def picture_of(page: Page | None, width: int = 100) -> NDArray[np.uint32]:
    """The first trace on white, shape (100, width)."""
    assert page is not None
    picture = np.full((100, width), 0xFFFFFFFF, np.uint32)
    columns = page.traces[0].columns
    assert columns is not None
    Brush(picture).paint(columns)
    return picture


def covered(page: Page | None, width: int = 100) -> NDArray[np.float64]:
    """How far the blue trace covers each pixel, shape (100, width)."""
    return 1 - ((picture_of(page, width) >> 16) & 255) / 255


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[PageLoader]:
    made = PageLoader(patience_s=30.0)
    yield made
    made.close()
    assert not [t.name for t in threading.enumerate() if t.name.startswith("traces")]


@pytest.mark.parametrize("span_s", [0.05, 1.0])
def test_greater_values_lie_higher_up(loader: PageLoader, span_s: float) -> None:
    values = np.repeat(np.array([3.0, -3.0], np.float32), int(span_s * RATE_HZ / 2))
    rows = covered(loader.ask(request_of(values, span_s)))
    assert rows[:, 20].argmax() == 20
    assert rows[:, 80].argmax() == 80
    assert rows[:, 48:53].max(1)[25:75].min() == 1.0


def test_an_offset_is_drawn_on_the_base_line(loader: PageLoader) -> None:
    request = request_of(np.full(1000, 1e6 + 1, np.float32), 1.0)
    trace = Trace(0, 50.5, 10.0, 1e6, (0, 100), 0xFF0000FF)
    page = loader.ask(
        PageRequest(request.recording, None, 0.0, 1.0, 100, 1.0, (trace,), NO_FILTERS)
    )
    assert covered(page)[:, 50].argmax() == 40


def test_the_filter_is_seen_and_told(loader: PageLoader) -> None:
    request = request_of(np.full(4000, 3.0, np.float32), 4.0, filters=Filters(high_pass_hz=5))
    page = loader.ask(request)
    assert page is not None
    assert page.is_filtered
    assert covered(page)[:, 50].argmax() == 50


def test_a_stretch_too_long_for_filters_is_told(
    loader: PageLoader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amr_viewer.gui.traces.page.MOST_FILTERED_SAMPLES", 100)
    page = loader.ask(request_of(sine(5), 4.0, filters=Filters(high_pass_hz=5)))
    assert page is not None
    assert not page.is_filtered


def test_responses_have_their_color(loader: PageLoader) -> None:
    spans = Spans(np.array([0.2]), np.array([0.4]), 0xFFFF0000)
    trace = Trace(0, 50.5, 10.0, 0.0, (0, 100), 0xFF0000FF, (spans,))
    recording = recording_of([np.zeros(1000, np.float32)], [RATE_HZ])
    page = loader.ask(PageRequest(recording, None, 0.0, 1.0, 100, 1.0, (trace,), NO_FILTERS))
    is_red = (picture_of(page)[50] == 0xFFFF0000).tolist()
    assert is_red == [20 <= k < 40 for k in range(100)]


def test_missing_samples_are_holes(loader: PageLoader) -> None:
    values = np.zeros(1000, np.float32)
    values[300:500] = np.nan
    page = loader.ask(request_of(values, 1.0))
    assert page is not None
    assert page.traces[0].holes == ((30, 50),)


class Slow(Arrays):
    """Reads when it is told to."""

    gate = threading.Event()

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        self.gate.wait(10)
        return super().read(channel, start, stop)


def test_a_late_page_is_announced_and_only_the_latest_counts(
    loader: PageLoader, qtbot: QtBot
) -> None:
    source = Slow((np.zeros(1000, np.float32),))
    source.gate.clear()
    first = request_of(np.zeros(1000, np.float32), 1.0)
    object.__setattr__(first.recording, "source", source)
    second = PageRequest(first.recording, None, 0.0, 0.5, 100, 1.0, first.traces, NO_FILTERS)
    loader.patience_s = 0.0
    assert loader.ask(first) is None
    assert loader.ask(second) is None
    with qtbot.waitSignal(loader.arrived, timeout=10_000):
        source.gate.set()
    page = loader.ask(second)
    assert page is not None
    assert page.request is second
    assert loader.ask(second) is page


def test_a_trace_reads_no_more_than_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    request = request_of(np.zeros(4000, np.float32), 1.0)
    read = request.recording.source.read

    class Watched:
        def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
            asked.append((start, stop))
            return read(channel, start, stop)

    object.__setattr__(request.recording, "source", Watched())
    read_trace(request, request.traces[0])
    assert asked == [(0, 1000)]
