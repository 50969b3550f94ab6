"""A Traces view on a recording whose every sample is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.session import Session
from amr_viewer.gui.traces import TracesView
from tests.io.edf_builder import Edf, Signal, stamp

RATE_HZ, SECONDS = 1000, 60
LABELS = ("EMG L OrbOculi", "EMG L OrbOris", "EMG L Mentalis")
SPIKE_S = 30.2
"""Time of a single sample of 1000 uV in the second channel; all else is 0."""


def known_file(path: Path) -> Path:
    """Write the recording: silence, one spike, one mark of the file."""
    data = np.zeros((3, SECONDS, RATE_HZ), "<i2")
    data[1, int(SPIKE_S), int(SPIKE_S % 1 * RATE_HZ + 0.5)] = 10_000
    texts = [stamp(f"+{k}") for k in range(SECONDS)]
    texts[5] += stamp("+5.5\x152", "Dura opened")
    signals = [Signal(d, label=label) for d, label in zip(data, LABELS, strict=True)]
    return Edf(signals, reserved="EDF+C", lists=[texts]).write(path)


@pytest.fixture
def view_of(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Path], TracesView]]:
    """A function that shows a file without analyzing it."""
    monkeypatch.setattr(Session, "analyze", lambda self, key: None)
    made: list[TracesView] = []

    def show(path: Path) -> TracesView:
        view = TracesView(desk)
        qtbot.addWidget(view)
        made.append(view)
        view.resize(1000, 600)
        view.show()
        desk.session.open([path])
        qtbot.waitUntil(lambda: is_prepared(view), timeout=20_000)
        settle(view, qtbot)
        return view

    yield show
    for view in made:
        view.end()


@pytest.fixture
def view(view_of: Callable[[Path], TracesView], tmp_path: Path) -> TracesView:
    """The known recording, shown."""
    return view_of(known_file(tmp_path / "known.edf"))


def is_prepared(view: TracesView) -> bool:
    """Whether the pyramid stands."""
    own = view.verbs.own
    return own.pyramid is not None and own.pyramid.is_complete and bool(own.baselines)


def settle(view: TracesView, qtbot: QtBot) -> None:
    """Wait until what is painted is what was asked for."""

    def is_painted() -> bool:
        view.canvas.repaint()
        document, page = view.verbs.document, view.canvas.page
        assert document is not None
        if page is None or view.canvas.loader.page is not page:
            return False
        shown = (page.request.start_s, page.request.span_s)
        return shown == (document.selection.start_s, document.selection.span_s)

    qtbot.waitUntil(is_painted, timeout=10_000)


def picture(view: TracesView) -> QImage:
    """What the canvas shows."""
    return view.canvas.grab().toImage()


def pixels_like(image: QImage, color: QColor, tolerance: int = 12) -> np.ndarray:
    """Which pixels have nearly a color, shape (height, width)."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    bgr = raw[:, : rgb.width() * 4].reshape(rgb.height(), rgb.width(), 4)[..., :3].astype(int)
    wanted = np.array([color.blue(), color.green(), color.red()])
    return np.asarray(np.all(np.abs(bgr - wanted) <= tolerance, axis=2))


def point(view: TracesView, time_s: float, place: int, above: float = 0.0) -> QPoint:
    """Where a time of a lane lies on the canvas."""
    lanes = view.canvas.lanes
    assert lanes is not None
    return QPoint(round(lanes.time.pixel(time_s)), round(lanes.center(place) - above))


def window(view: TracesView) -> tuple[float, float]:
    """Start and span of the page."""
    document = view.verbs.document
    assert document is not None
    return document.selection.start_s, document.selection.span_s
