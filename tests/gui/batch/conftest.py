"""A batch's window whose engine does what a test says, without reading a file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from amr_viewer import batch
from amr_viewer.batch.resuming import CURRENT, NO_RESULT, REPLACED
from amr_viewer.core.batch import Action, BatchItem, BatchPlan, Fault, ItemState, PlannedRecording
from amr_viewer.core.progress import Progress
from amr_viewer.errors import AmrViewerError
from amr_viewer.gui.batch.conducting import Stage
from amr_viewer.gui.batch.window import BatchWindow
from amr_viewer.gui.desk import Desk

PATIENCE_MS = 20_000
PRESENT: dict[str, Any] = {
    "amr": "present",
    "amr_where": "left mentalis on left zygomatic; left orbicularis oris on left zygomatic",
    "amr_persistence": 0.96,
    "amr_onset_ms": 10.42,
    "amr_amplitude_uv": 181.6,
    "pattern": "hfs_clonic",
    "pattern_side": "left",
    "pattern_confidence": "high",
    "warnings": "the unit was guessed | one marker was left out",
}
ABSENT: dict[str, Any] = {"amr": "absent", "pattern": "no_activity", "warnings": ""}
NAMES = ("a.edf", "b.edf", "sub/c.edf")


@dataclass
class Engine:
    """Finds and analyzes recordings by name; each run waits for a permit per recording."""

    names: tuple[str, ...] = NAMES
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    faults: tuple[Fault, ...] = ()
    broken: Exception | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    permits: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def allow(self, n: int = 1) -> None:
        """Let so many recordings finish."""
        self.permits.release(n)

    def plan(
        self, folder: Path, out: Path, protocol: object = None, *, resume: bool = False,
        progress: Progress, **options: Any,
    ) -> BatchPlan:  # fmt: skip
        progress(0.5, "looking")
        if self.broken is not None:
            raise self.broken
        recordings = []
        for i, name in enumerate(self.names):
            keep = resume and name in self.stored
            reason = CURRENT if keep else REPLACED if name in self.stored else NO_RESULT
            action = Action.KEEP if keep else Action.ANALYZE
            recordings.append(
                PlannedRecording(name, folder / name, (i + 1) * 1_000_000, action, reason)
            )
        return BatchPlan(folder, out, tuple(recordings), self.faults)

    def analyze(
        self, folder: Path, out: Path, protocol: object = None, **options: Any
    ) -> Iterator[BatchItem]:
        self.asked.append({"folder": folder, "out": out, "protocol": protocol, **options})
        out.mkdir(parents=True, exist_ok=True)
        return self._items(folder, options)

    def _items(self, folder: Path, options: dict[str, Any]) -> Iterator[BatchItem]:
        steering, only = options["steering"], options["only"]
        names = [n for n in self.names if only is None or n in only]
        try:
            for i, name in enumerate(names, 1):
                while steering.is_paused and not steering.is_stopped:
                    threading.Event().wait(0.002)
                steering.report_running((name,))
                while not self.permits.acquire(timeout=0.002):
                    if steering.is_stopped:
                        return
                steering.report_running(())
                yield self._item(folder, name, i, len(names), options["resume"])
        finally:
            steering.report_running(())

    def _item(self, folder: Path, name: str, n: int, of: int, resume: bool) -> BatchItem:
        error = self.failing.get(name, "")
        state = ItemState.KEPT if resume and name in self.stored else ItemState.ANALYZED
        if error:
            return BatchItem(name, folder / name, ItemState.FAILED, {}, error, "", 0.1, n, of)
        self.stored.add(name)
        row, answer = self.rows.get(name, PRESENT), "AMR present: left mentalis"
        return BatchItem(name, folder / name, state, row, "", answer, 2.0, n, of)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """What finds and analyzes the recordings of a test."""
    made = Engine()
    monkeypatch.setattr(batch, "plan_folder", made.plan)
    monkeypatch.setattr(batch, "analyze_folder", made.analyze)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder; what is in it says the engine."""
    made = tmp_path / "study"
    made.mkdir()
    return made


@pytest.fixture
def window(desk: Desk, qtbot: QtBot, engine: Engine) -> Iterator[BatchWindow]:
    """The window of a batch, shown, without a folder."""
    made = BatchWindow(desk, "1")
    made.resize(1280, 720)
    made.show()
    qtbot.waitExposed(made)
    yield made
    if isValid(made):
        made.end()


@pytest.fixture
def settled(window: BatchWindow, qtbot: QtBot) -> Callable[[], None]:
    """A function that waits until nothing is at work and everything is shown."""

    def is_settled() -> bool:
        return not window.conductor.is_busy and not window._due.isActive()

    return lambda: qtbot.waitUntil(is_settled, timeout=PATIENCE_MS)


@pytest.fixture
def chosen(window: BatchWindow, settled: Callable[[], None], folder: Path) -> BatchWindow:
    """The window with a folder of three recordings."""
    window.choose_folder(folder)
    settled()
    assert window.conductor.stage is Stage.READY
    return window


class BrokenError(AmrViewerError):
    """What an engine raises that cannot begin."""
