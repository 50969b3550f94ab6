"""A comparison's window whose recordings say what is known beforehand, without an analysis."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from amr_viewer import visits
from amr_viewer.analysis.visit_points import VisitFacts
from amr_viewer.core.progress import Progress
from amr_viewer.errors import ReadError
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.visits.window import ComparisonWindow
from tests.analysis.visit_scenes import PATIENT, Made, facts_of

EPISODES = tuple((10.0 * e + 0.1 * i, 0.05) for e in range(12) for i in range(5))
BEFORE = Made(bursts=EPISODES, rest_s=200.0)
WEEK = Made("2024-03-20T10:00:00", k=8, uv=75.0, bursts=EPISODES[:20], rest_s=200.0)
YEAR = Made("2025-03-20T10:00:00", k=0, current_ma=10.0, bursts=EPISODES[:5], rest_s=200.0)
SCENES = {
    "before.edf": BEFORE,
    "week.edf": WEEK,
    "year.edf": YEAR,
    "other.edf": replace(YEAR, patient=tuple((PATIENT | {"id": "S-002"}).items())),
}
PATIENCE_MS = 20_000


@dataclass
class Reader:
    """Reads files by their names; holds while `gate` is closed."""

    gate: threading.Event = field(default_factory=threading.Event)
    read: list[str] = field(default_factory=list)

    def __call__(
        self, path: Path, protocol: object = None, progress: Progress = print, **_: object
    ) -> VisitFacts:
        self.read.append(path.name)
        progress(0.5, "analyzing")
        while not self.gate.wait(0.005):
            progress(0.5, "analyzing")
        if path.name not in SCENES:
            raise ReadError(f"{path.name}: is no recording; choose another file")
        return facts_of(SCENES[path.name])


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """What reads the recordings of a test; it does not hold."""
    made = Reader()
    made.gate.set()
    monkeypatch.setattr(visits, "read_visit", made)
    return made


@pytest.fixture
def window(desk: Desk, qtbot: QtBot, reader: Reader) -> Iterator[ComparisonWindow]:
    """An empty comparison, shown."""
    made = ComparisonWindow(desk, "1")
    made.resize(1280, 720)
    made.show()
    qtbot.waitExposed(made)
    yield made
    reader.gate.set()
    made.close()


@pytest.fixture
def settled(window: ComparisonWindow, qtbot: QtBot) -> Callable[[], None]:
    """A function that waits until what is shown is what is asked for."""

    def is_settled() -> bool:
        comparing = window.comparing
        at_work = comparing.is_working or comparing._due.isActive() or window._due.isActive()
        running = window.desk.session.tasks.running
        shown = comparing.shown
        return not (at_work or running) and shown is not None and shown.plan == comparing.plan

    def wait() -> None:
        qtbot.waitUntil(is_settled, timeout=PATIENCE_MS)

    return wait


@pytest.fixture
def filled(
    window: ComparisonWindow, settled: Callable[[], None], tmp_path: Path
) -> ComparisonWindow:
    """A comparison of three visits, dropped in a wrong order."""
    drop_files(window, [tmp_path / name for name in ("year.edf", "before.edf", "week.edf")])
    settled()
    return window


def drop_files(window: ComparisonWindow, paths: list[Path]) -> None:
    """Drop files into the window."""
    for path in paths:
        path.touch()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window.dropEvent(drop_of(data, QPointF(100, 200), Qt.DropAction.CopyAction))


def drop_of(data: QMimeData, at: QPointF, action: Qt.DropAction) -> QDropEvent:
    """An event of dropping something."""
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QDropEvent(at, action, data, buttons, keys)
