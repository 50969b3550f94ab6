"""A line above the view that says what a person should know, until it is put away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from amr_viewer.gui.appearance import Appearance

MOST_LINES = 5


class Notice(QFrame):
    """A text, maybe with a button that does something about it."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._do: Callable[[], object] | None = None
        self._tone = "late"
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.button.clicked.connect(self._act)
        away = QToolButton()
        away.setText("×")
        away.setToolTip("Put this message away")
        away.setAccessibleName("Put this message away")
        away.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)
        layout.addWidget(away)
        appearance.changed.connect(self._paint)
        self.hide()

    def say(
        self,
        text: str,
        tone: str = "late",
        button: str = "",
        do: Callable[[], object] | None = None,
    ) -> None:
        """Show a text; `tone` is ``late`` for a warning and ``present`` for a fault."""
        self.label.setText(text)
        self.setAccessibleName(text)
        self._tone, self._do = tone, do
        self.button.setVisible(do is not None)
        self.button.setText(button)
        self._paint()
        self.show()

    def add(self, text: str, tone: str = "present") -> None:
        """Show a text below those of the same tone that are still there."""
        before = self.label.text().split("\n") if self.isVisible() and tone == self._tone else []
        lines = [*(line for line in before if line != text), text][-MOST_LINES:]
        self.say("\n".join(lines), tone)

    def _act(self) -> None:
        """Do something about it."""
        self.hide()
        if self._do is not None:
            self._do()

    def _paint(self) -> None:
        """Color the ground by the tone."""
        color, ground = self._appearance.theme.tone(self._tone)
        self.setStyleSheet(
            f"Notice {{ background: {ground}; border: none; border-left: 3px solid {color}; }}"
            f"Notice QLabel {{ color: {color}; }}"
        )
