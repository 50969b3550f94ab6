"""What hands and eyes do with a Sweeps view: click, drag, turn the wheel, look at pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from amr_viewer.core.responses import State
from amr_viewer.gui.sweeps import SweepsView
from amr_viewer.gui.sweeps.canvas import Canvas

NO_KEYS = Qt.KeyboardModifier(0)
Show = Callable[..., SweepsView]


def canvas_of(view: SweepsView, channel: int) -> Canvas:
    return next(c.canvas for c in view.board.cards if c.panel.channel == channel)


def rows_with(view: SweepsView, channel: int, state: State) -> list[int]:
    return np.flatnonzero(canvas_of(view, channel).panel.state == state).tolist()


def pixel_of(canvas: Canvas, time_ms: float, uv: float) -> QPoint:
    scene = canvas.scene()
    return QPoint(round(scene.x.pixel(time_ms)), round(scene.y.pixel(uv)))


def wheel(widget: QWidget, at: QPoint, turns: int, keys: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def drag(canvas: Canvas, begin: QPoint, end: QPoint, keys: Any = NO_KEYS) -> None:
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, keys, begin)
    for share in (0.5, 1.0):
        at = QPointF(begin + (end - begin) * share)
        move = moved(canvas, at, keys)
        QApplication.sendEvent(canvas, move)
    QTest.mouseRelease(canvas, left, keys, end)


def moved(canvas: Canvas, at: QPointF, keys: Qt.KeyboardModifier) -> Any:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    left = Qt.MouseButton.LeftButton
    return QMouseEvent(QEvent.Type.MouseMove, at, QPointF(canvas.mapToGlobal(at)), left, left, keys)


def count_like(image: QImage, color: str, reach: int = 60) -> int:
    """Pixels that are nearly of a color."""
    wanted = QColor(color)
    data = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(data.constBits(), np.uint8).reshape(data.height(), -1, 4)[..., :3]
    wish = np.array([wanted.blue(), wanted.green(), wanted.red()], int)
    return int((np.abs(pixels.astype(int) - wish).sum(axis=-1) < reach).sum())
