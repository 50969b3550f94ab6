"""What a test reads off the window of a batch, and what it clicks on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from amr_viewer.gui.batch.columns import COLUMNS
from amr_viewer.gui.batch.window import BatchWindow
from tests.gui.batch.conftest import Engine

Settled = Callable[[], None]
KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
PERSISTENCE = [c.title for c in COLUMNS].index("Pers. %")


def cells(window: BatchWindow, row: int) -> list[str]:
    """A row of the table as a person reads it."""
    model = window.table.batch_model
    return [str(model.index(row, c).data()) for c in range(model.columnCount())]


def column(window: BatchWindow, at: int) -> list[str]:
    """A column of the table."""
    return [cells(window, row)[at] for row in range(window.table.batch_model.rowCount())]


def buttons(window: QWidget, text: str) -> list[QPushButton]:
    """The visible buttons with a text."""
    return [b for b in window.findChildren(QPushButton) if b.isVisible() and b.text() == text]


def button(window: QWidget, text: str) -> QPushButton:
    """The one visible button with a text."""
    (found,) = buttons(window, text)
    return found


def click(window: QWidget, text: str, qtbot: QtBot) -> None:
    """Click on a button once it can be clicked."""
    qtbot.waitUntil(lambda: any(b.isEnabled() for b in buttons(window, text)))
    qtbot.mouseClick(button(window, text), Qt.MouseButton.LeftButton)


def shown_text(window: QWidget) -> str:
    """Every label that is visible."""
    return "\n".join(w.text() for w in window.findChildren(QLabel) if w.isVisible())


def headline(window: BatchWindow) -> str:
    return window.strip.headline.text()


def finish(window: BatchWindow, engine: Engine, qtbot: QtBot, settled: Settled) -> None:
    """Start, and let everything finish."""
    click(window, "Start", qtbot)
    engine.allow(len(engine.names))
    settled()
