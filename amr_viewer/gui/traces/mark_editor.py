"""A line of text that asks what a new mark says."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from amr_viewer.core.recording import Mark
from amr_viewer.gui.desk import Desk

WIDTH = 240


class MarkEditor(QLineEdit):
    """Appears where a mark was drawn; Enter adds the mark, Escape drops it.

    Signals
    -------
    changed(mark)
        Another mark waits for its text, or none.
    """

    changed = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._mark: Mark | None = None
        self.setPlaceholderText("Text of the mark, then Enter")
        self.setToolTip("Enter adds the mark, Esc drops it")
        self.setAccessibleName("Text of the new mark")
        self.setFixedWidth(WIDTH)
        self.returnPressed.connect(self._add)
        self.hide()

    def ask(self, mark: Mark, at: QPoint) -> None:
        """Ask for the text of a mark at a place of the parent."""
        self._mark = mark
        self.changed.emit(mark)
        self.clear()
        parent = self.parentWidget()
        assert parent is not None
        x = min(max(at.x(), 0), parent.width() - self.width())
        y = min(max(at.y(), 0), parent.height() - self.sizeHint().height())
        self.move(x, y)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self) -> None:
        """Add the mark and select it."""
        mark, text = self._mark, self.text().strip()
        self._close()
        if mark is None:
            return
        names = self._desk.editor.add_marks([replace(mark, text=text or "mark")])
        if names:
            self._desk.session.select(mark=names[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Drop the mark with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def _close(self) -> None:
        """Go away and give the focus back."""
        self._mark = None
        self.changed.emit(None)
        self.hide()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)
