"""Traces of one hour, 16 channels at 10 kHz (1.15 GB): turning pages, zooming out, the pyramid.

Bars: a page of 10 s at 1800 x 1000 under 20 ms from file to painted pixels, with traces filling
their lanes, 100 marks and the overview; the whole hour under 100 ms once the pyramid stands; the
pyramid under 2 s; under 300 MB while browsing. Each time stands beside a reference of the same run
(`extra_info`): plain reading and reducing of the same samples.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from amr_viewer.core.recording import Mark, Recording
from amr_viewer.gui.desk import make_desk
from amr_viewer.gui.document import Document, Stage
from amr_viewer.gui.traces import TracesView
from amr_viewer.io import read_recording
from amr_viewer.io.envelope import read_envelope
from amr_viewer.io.pyramid import Pyramid, build_pyramid
from tests.io.edf_builder import Edf, Signal, stamp

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture
    from pytestqt.qtbot import QtBot

N_CHANNELS, RATE_HZ, DURATION_S, SPAN_S = 16, 10_000, 3600, 10.0
COLUMNS, ROWS = 1800, 1000
MARGINS = 300
MUSCLES = ("Frontalis", "OrbOculi", "OrbOris", "Mentalis", "Nasalis", "Platysma", "Zyg", "Mass")
GAIN_UV = 20.0
"""At this gain the noise of the recording fills the lanes."""

MARKS_PER_PAGE = 100
PEAK_MEMORY = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from amr_viewer.gui.desk import make_desk
from amr_viewer.gui.session import Session
from amr_viewer.gui.traces import TracesView
Session.analyze = lambda self, key: None
app = QApplication([])
desk = make_desk()
view = TracesView(desk)
view.resize(1800, 1000)
view.show()
desk.session.open([Path(sys.argv[1])])
while not (view.verbs.own.pyramid and view.verbs.own.pyramid.is_complete):
    app.processEvents()
for start_s in range(0, 3000, 50):
    desk.session.set_window(start_s, 10.0)
    view.canvas.repaint()
    desk.session.set_window(0.0, 3600.0)
    view.canvas.repaint()
view.end()
desk.session.end()
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""
"""`ru_maxrss` would also count what the process that started this one held."""


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Write the file record by record: noise of 20 uV, a spike every second."""
    path = tmp_path_factory.mktemp("traces") / "hour.edf"
    rng = np.random.default_rng(1)
    data = (rng.standard_normal((1, N_CHANNELS * RATE_HZ)) * 100).astype("<i2")
    data[:, ::RATE_HZ] = 4000
    signals = [
        Signal(data[:, i * RATE_HZ : (i + 1) * RATE_HZ], label=f"EMG {side} {muscle}")
        for i, (side, muscle) in enumerate((s, m) for s in "LR" for m in MUSCLES)
    ]
    overrides = {"n_records": str(DURATION_S)}
    lists = [[b" " * 60]]
    first = Edf(signals, reserved="EDF+C", lists=lists, overrides=overrides).encode()
    with path.open("wb") as file:
        file.write(first[: 256 * (N_CHANNELS + 2)])
        for i in range(DURATION_S):
            file.write(np.roll(data, i).tobytes() + stamp(f"+{i}").ljust(60, b"\0"))
    yield path
    path.unlink()


@pytest.fixture(scope="module")
def recording(hour: Path) -> Recording:
    """The recording with 100 marks on every page of 10 s, some of them lasting."""
    marks = tuple(
        Mark(k * SPAN_S / MARKS_PER_PAGE, 0.05 if k % 3 == 0 else 0.0, f"mark number {k}")
        for k in range(10_000)
    )
    return replace(read_recording(hour), marks=marks)


@pytest.fixture(scope="module")
def pyramid(recording: Recording) -> Pyramid:
    return build_pyramid(recording)


@pytest.fixture
def shown(
    recording: Recording, pyramid: Pyramid, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[TracesView, Callable[[float, float], None]]]:
    """The view on the recording, and what shows a stretch of it at once."""
    monkeypatch.setattr("amr_viewer.gui.traces.preparing.cached_pyramid", lambda *_: pyramid)
    desk = make_desk()
    view = TracesView(desk)
    view.canvas.loader.patience_s = 10.0
    qtbot.addWidget(view)
    session = desk.session
    session.documents = (Document(1, Path(recording.path), stage=Stage.READY, recording=recording),)
    session.show(1)
    session.set_layout(
        replace(session.documents[0].layout, order=tuple(range(N_CHANNELS)), gain_uv=GAIN_UV)
    )
    view.resize(COLUMNS + MARGINS, ROWS + MARGINS)
    view.show()
    qtbot.waitUntil(lambda: view.verbs.own.pyramid is not None, timeout=20_000)

    def show(start_s: float, span_s: float) -> None:
        session.set_window(start_s, span_s)
        view.canvas.repaint()
        view.overview.repaint()

    show(0.0, SPAN_S)
    lanes = view.canvas.lanes
    assert lanes is not None
    wide = round(view.width() + COLUMNS - lanes.area.width())
    view.resize(wide, round(view.height() + ROWS - lanes.area.height()))
    show(10.0, SPAN_S)
    yield view, show
    view.end()
    session.end()


def read_and_reduce(recording: Recording, start_s: float, span_s: float) -> float:
    """Read a page and reduce it to columns, plainly; return the seconds that it takes."""
    began = time.perf_counter()
    first, stop = int(start_s * RATE_HZ), int((start_s + span_s) * RATE_HZ)
    starts = np.linspace(0, stop - first, COLUMNS, endpoint=False).astype(np.int64)
    for channel in range(N_CHANNELS):
        values = recording.source.read(channel, first, stop)
        np.minimum.reduceat(values, starts)
        np.maximum.reduceat(values, starts)
    return time.perf_counter() - began


def compare(benchmark: BenchmarkFixture, reference_s: list[float]) -> None:
    """Note the reference and the ratio to it."""
    reference_ms = float(np.median(reference_s)) * 1e3
    assert benchmark.stats is not None
    median_ms = benchmark.stats.stats.median * 1e3
    benchmark.extra_info["reference_ms"] = round(reference_ms, 2)
    benchmark.extra_info["ratio"] = round(median_ms / reference_ms, 2)


def test_page_turn(
    benchmark: BenchmarkFixture,
    shown: tuple[TracesView, Callable[[float, float], None]],
    recording: Recording,
) -> None:
    view, show = shown
    starts_s = iter(np.arange(20.0, 900.0, SPAN_S))
    reference_s: list[float] = []

    def turn() -> None:
        start_s = float(next(starts_s))
        show(start_s, SPAN_S)
        assert view.canvas.page is not None
        assert view.canvas.page.request.start_s == start_s

    benchmark.pedantic(
        turn,
        setup=lambda: reference_s.append(read_and_reduce(recording, 1000.0, SPAN_S)),
        rounds=60,
        warmup_rounds=3,
    )
    compare(benchmark, reference_s)
    page, scene = view.canvas.page, view.scene
    assert page is not None
    assert scene is not None
    assert (page.request.width, len(page.traces)) == (COLUMNS, N_CHANNELS)
    assert len(scene.marks.within(20.0, 29.99)) == MARKS_PER_PAGE


def test_whole_hour(
    benchmark: BenchmarkFixture,
    shown: tuple[TracesView, Callable[[float, float], None]],
    recording: Recording,
) -> None:
    view, show = shown
    reference_s = [read_and_reduce(recording, 1000.0, SPAN_S) for _ in range(9)]
    spans_s = iter(np.linspace(3000.0, 3599.0, 40))
    benchmark.pedantic(lambda: show(0.5, float(next(spans_s))), rounds=30, warmup_rounds=2)
    compare(benchmark, reference_s)
    assert view.canvas.page is not None
    assert view.canvas.page.request.span_s > 3000
    assert not view.canvas.page.is_preliminary


def test_pyramid_beside_reading_the_file(benchmark: BenchmarkFixture, recording: Recording) -> None:
    step = 1 << 20
    n = DURATION_S * RATE_HZ

    def read_all() -> float:
        began = time.perf_counter()
        for channel in range(N_CHANNELS):
            for first in range(0, n, step):
                recording.source.read(channel, first, min(first + step, n))
        return time.perf_counter() - began

    reference_s: list[float] = []
    built = benchmark.pedantic(
        lambda: build_pyramid(recording),
        setup=lambda: reference_s.append(read_all()),
        rounds=3,
    )
    compare(benchmark, reference_s)
    benchmark.extra_info["pyramid_mb"] = round(built.size_bytes / 1e6, 1)
    assert read_envelope(recording, built, 0, 0.0, 3600.0, 100).high.max() == 400


def test_peak_memory_while_browsing(
    benchmark: BenchmarkFixture, hour: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", PEAK_MEMORY, str(hour)]
    places = {f"AMR_VIEWER_{name}_DIR": str(tmp_path) for name in ("CACHE", "CONFIG", "DATA")}
    done = benchmark.pedantic(
        lambda: subprocess.run(
            command, capture_output=True, text=True, check=True, env={**os.environ, **places}
        ),
        rounds=1,
    )
    benchmark.extra_info["peak_mb"] = round(float(done.stdout), 1)
    assert float(done.stdout) > 0
