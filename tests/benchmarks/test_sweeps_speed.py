"""Thousands of sweeps in the Sweeps view: pictures against plain passes, and the longest pause.

Bars: no pause between two turns of the event loop over 50 ms with 10,000 sweeps of 8 channels,
under 250 MB for them. Times depend on the machine; ratios to a plain pass over the samples last.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from amr_viewer import workflow
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.epochs import Epochs
from amr_viewer.gui.desk import make_desk
from amr_viewer.gui.sweeps import SweepsView
from amr_viewer.gui.sweeps.raster import Columns, Lines, extreme_rows, line_density
from amr_viewer.gui.sweeps.summary import summarize
from amr_viewer.gui.sweeps.sweepset import SweepSet
from tests.gui.sweeps.builders import ZYGOMATIC, made_sweeps, put_on, small_study

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

N_SWEEPS, RATE_HZ, WIDTH, HEIGHT = 10_000, 20_000.0, 400, 300
STEPS = (
    "other_side", "next", "next", "stacked", "next", "waterfall", "next", "superimposed",
    "coarser", "finer", "faster", "why", "noise", "center", "last", "first", "present", "absent",
    "next_panel",
)  # fmt: skip


def ignore() -> None:
    """Nobody cancels."""


@pytest.fixture(scope="module")
def sweeps() -> SweepSet:
    rng = np.random.default_rng(0)
    times = np.arange(-10.0, 40.0, 1e3 / RATE_HZ)
    counts = rng.normal(0, 800, (1, N_SWEEPS, len(times))).astype(np.int16)
    nothing = np.zeros((1, N_SWEEPS), np.float32)
    rows = np.arange(N_SWEEPS)
    return SweepSet(
        ZYGOMATIC, times, rows, counts, np.array([0.005]), nothing, nothing.copy(), nothing.copy()
    )


def plain_pass(counts: NDArray[np.int16]) -> float:
    """Turn every sample into uV and find the extremes: the least that any drawing must do."""
    found = 0.0
    for first in range(0, len(counts), 256):
        x = counts[first : first + 256].astype(np.float32) * np.float32(0.005)
        found = max(found, float(x.max()), float(-x.min()))
    return found


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """Return the best of some rounds."""
    took = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        took.append(time.perf_counter() - begin)
    return min(took)


@pytest.mark.parametrize("name", ["plain pass", "superimposed", "waterfall", "median"])
def test_pictures_of_ten_thousand_sweeps(
    benchmark: BenchmarkFixture, sweeps: SweepSet, name: str
) -> None:
    benchmark.group = f"{N_SWEEPS} sweeps to {WIDTH} x {HEIGHT} pixels"
    columns = Columns(sweeps.times_ms, -5.0, 40.0, WIDTH)
    counts, rows = sweeps.counts[0], np.arange(N_SWEEPS)
    state = np.zeros(N_SWEEPS, np.int8)
    works: dict[str, Callable[[], object]] = {
        "plain pass": lambda: plain_pass(counts),
        "superimposed": lambda: line_density(
            counts, 0.005, rows, columns, Lines(HEIGHT, HEIGHT / 2, 4.0), ignore
        ),
        "waterfall": lambda: extreme_rows(counts, 0.005, (0, N_SWEEPS), columns, HEIGHT, ignore),
        "median": lambda: summarize(sweeps, 0, state, ignore),
    }
    plain = seconds(works["plain pass"])
    benchmark.pedantic(works[name], rounds=3)
    benchmark.extra_info["plain passes"] = round(seconds(works[name], 3) / plain, 1)


def test_longest_pause(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def site_sweeps(
        analysis: Analysis, site: Any, side: Any, channels: Any = None,
        before_ms: float = 10.0, after_ms: float = 60.0, progress: Any = None,
    ) -> Epochs:  # fmt: skip
        return made_sweeps(analysis, (site, side), list(channels), RATE_HZ, before_ms, after_ms)

    monkeypatch.setattr(workflow, "site_sweeps", site_sweeps)
    desk = make_desk()
    view = SweepsView(desk)
    qtbot.addWidget(view)
    view.resize(1400, 900)
    view.show()
    desk.session.set_view("sweeps")
    actions = {spec.name: spec.run for spec in view.actions()}
    study = small_study(N_SWEEPS, (ZYGOMATIC,))
    report = [("open", *pauses(view, lambda: put_on(desk, study)))]
    report += [(name, *pauses(view, actions[f"sweeps.{name}"])) for name in STEPS]
    told = [f"\n{'step':14s} longest turn, ms   of it own work, ms   settled after, ms"]
    for name, longest, own, whole in report:
        told.append(f"{name:14s} {1e3 * longest:10.1f} {1e3 * own:18.1f} {1e3 * whole:18.0f}")
    assert view.model.sweeps is not None
    told.append(f"sweeps held: {view.model.sweeps.n_bytes / 1e6:.0f} MB")
    sys.stdout.write("\n".join(told) + "\n")
    assert view.model.sweeps.n_bytes < 250e6
    desk.session.end()
    desk.session.deleteLater()


def pauses(view: SweepsView, step: Callable[[], object]) -> tuple[float, float, float]:
    """Return the longest turn of the event loop, its own work, and the time until all is drawn."""
    begin, own_begin = time.perf_counter(), time.thread_time()
    step()
    longest, own = time.perf_counter() - begin, time.thread_time() - own_begin
    idle = 0
    while idle < 3 and time.perf_counter() - begin < 120:
        at, own_at = time.perf_counter(), time.thread_time()
        QApplication.processEvents()
        longest = max(longest, time.perf_counter() - at)
        own = max(own, time.thread_time() - own_at)
        settled = view.board.is_current and not view.desk.session.tasks.running
        idle = idle + 1 if settled else 0
        time.sleep(0.001)
    return longest, own, time.perf_counter() - begin
