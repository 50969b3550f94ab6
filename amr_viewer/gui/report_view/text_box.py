"""A text of the report that a person may rewrite; keeping it is left to the editor."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

PAUSE_MS = 1500
"""A pause in typing this long is taken as the end of a change."""


class _Edit(QPlainTextEdit):
    """A text box that tells when it is left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the person went elsewhere."""
        super().focusOutEvent(event)
        self.left.emit()


class TextBox(QWidget):
    """Title, text box and a button that brings the program's text back.

    Signals
    -------
    written(text)
        A person is done with a change; empty: the program's text is wanted.
    """

    written = Signal(str)

    def __init__(self, title: str, tip: str, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._automatic = self._known = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.commit)
        self.edit = _Edit()
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 20)
        self.edit.setToolTip(f"{tip}; an empty box brings the automatic text back")
        self.edit.setAccessibleName(title)
        self.edit.textChanged.connect(self._typed)
        self.edit.left.connect(self.commit)
        self.state = QLabel("automatic")
        self.state.setProperty("role", "muted")
        self.restore = QPushButton("Restore")
        self.restore.setToolTip(f"{title}: bring the automatic text back")
        self.restore.setAccessibleName(f"Restore the automatic text: {title}")
        self.restore.clicked.connect(self._restore)
        heading = QLabel(title)
        heading.setBuddy(self.edit)
        below = QHBoxLayout()
        below.addWidget(self.state, 1)
        below.addWidget(self.restore)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addWidget(self.edit)
        layout.addLayout(below)

    def show_text(self, automatic: str, own: str, *, anew: bool = False) -> None:
        """Show a person's text, or the program's where there is none.

        `anew`: it is another recording; what was being typed does not belong to it.
        """
        if anew:
            self._timer.stop()
        self._automatic, self._known = automatic, own or automatic
        self.state.setText("edited by hand" if own else "automatic")
        self.restore.setEnabled(bool(own))
        if not self._timer.isActive() and self.edit.toPlainText() != self._known:
            self.edit.blockSignals(True)
            self.edit.setPlainText(self._known)
            self.edit.blockSignals(False)

    def _typed(self) -> None:
        """Wait for a pause."""
        self._timer.start()

    def commit(self) -> None:
        """Hand over what was typed, once."""
        self._timer.stop()
        text = self.edit.toPlainText().strip()
        if text == self._known.strip():
            return
        if not text:
            text = self._automatic
            self.edit.setPlainText(text)
            self._timer.stop()
        if text == self._known.strip():
            return
        self._known = text
        self.written.emit("" if text == self._automatic.strip() else text)

    def _restore(self) -> None:
        """Bring the program's text back."""
        self._timer.stop()
        self.edit.setPlainText(self._automatic)
        self.commit()
