"""Hands on a Traces view: actions, drags, the wheel."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from amr_viewer.gui.traces import TracesView

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def run(view: TracesView, name: str) -> None:
    """Do what an action of the view does."""
    spec = next(s for s in view.actions() if s.name == f"traces.{name}")
    assert spec.blocked() == ""
    spec.run()


def drag(view: TracesView, start: QPoint, stop: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    """Drag on the canvas."""
    canvas = view.canvas
    QTest.mousePress(canvas, LEFT, held, start)
    QTest.mouseMove(canvas, (start + stop) / 2)
    QTest.mouseMove(canvas, stop)
    QTest.mouseRelease(canvas, LEFT, held, stop)


def turn_wheel(view: TracesView, at: QPoint, notches: int, held: Qt.KeyboardModifier) -> None:
    """Turn the wheel over the canvas."""
    event = QWheelEvent(
        QPointF(at),
        view.canvas.mapToGlobal(QPointF(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.canvas, event)
