"""Panels beside each other: as many as there is room for, the chosen one among them."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.gui.theme import GAP

LEAST_WIDTH = 340


class Panels(QWidget):
    """Titled panels in a row; where there is no room for all, buttons choose which are shown."""

    def __init__(
        self, panels: tuple[tuple[str, str, QWidget], ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.chosen = 0
        self._group = QButtonGroup(self)
        self._buttons = QWidget()
        bar = QHBoxLayout(self._buttons)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(GAP // 2)
        self._frames: list[QFrame] = []
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for i, (title, key, panel) in enumerate(panels):
            button = QToolButton()
            button.setText(title)
            button.setCheckable(True)
            button.setToolTip(f"Show {title.lower()} ({key})")
            button.setAccessibleName(title)
            self._group.addButton(button, i)
            bar.addWidget(button)
            frame = _framed(title, panel)
            self._frames.append(frame)
            row.addWidget(frame, 1)
        bar.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP // 2)
        outer.addWidget(self._buttons)
        outer.addLayout(row, 1)
        self.setMinimumWidth(LEAST_WIDTH)  # not that of all panels: fewer are shown in less room
        self._group.idClicked.connect(self.choose)
        self._arrange()

    def choose(self, panel: int) -> None:
        """Show a panel, and those after it that there is room for."""
        self.chosen = panel
        self._arrange()

    @property
    def visible(self) -> list[int]:
        """The panels that are shown."""
        n = len(self._frames)
        fitting = min(max((self.width() + GAP) // (LEAST_WIDTH + GAP), 1), n)
        first = min(self.chosen, n - fitting)
        return list(range(first, first + fitting))

    def _arrange(self) -> None:
        """Show the panels that there is room for."""
        shown = self.visible
        for i, frame in enumerate(self._frames):
            frame.setVisible(i in shown)
        self._buttons.setVisible(len(shown) < len(self._frames))
        button = self._group.button(self.chosen)
        if button:
            with QSignalBlocker(self._group):
                button.setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Arrange anew for another width."""
        super().resizeEvent(event)
        self._arrange()


def _framed(title: str, panel: QWidget) -> QFrame:
    """Return a panel as a card with a title."""
    frame = QFrame()
    frame.setProperty("role", "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(GAP, GAP, GAP, GAP)
    column.setSpacing(GAP // 2)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    column.addWidget(heading)
    column.addWidget(panel, 1)
    frame.setMinimumWidth(240)
    return frame
