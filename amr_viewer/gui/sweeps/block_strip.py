"""Says above the sweeps that only those of a block are shown, and leads to others and to all."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from amr_viewer.gui.sweeps.model import Model
from amr_viewer.gui.sweeps.walking import show_all, step_block
from amr_viewer.gui.sweeps.words import block_title
from amr_viewer.gui.theme import GAP


class BlockStrip(QFrame):
    """The block that is shown; hidden while all sweeps are."""

    def __init__(self, model: Model, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.title = QLabel(self)
        self.title.setWordWrap(True)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.former = self._button("‹", "Block before ([)", lambda: step_block(model, -1))
        self.later = self._button("›", "Block after (])", lambda: step_block(model, 1))
        self.all = self._button(
            "All sweeps ✕", "Show all sweeps of this branch (A, Esc)", lambda: show_all(model)
        )
        box = QHBoxLayout(self)
        box.setContentsMargins(GAP, 3, GAP // 2, 3)
        box.setSpacing(GAP // 2)
        for widget in (self.former, self.later):
            box.addWidget(widget)
        box.addWidget(self.title, 1)
        box.addWidget(self.all)
        model.desk.appearance.changed.connect(self._paint)
        model.panels_changed.connect(self.refresh)
        self._paint()
        self.refresh()

    def _button(self, text: str, tip: str, run: Callable[[], None]) -> QToolButton:
        """Return a button."""
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _on=False: run())
        return button

    def refresh(self) -> None:
        """Show which block it is."""
        block = self._model.block
        self.setVisible(block is not None and bool(self._model.panels))
        if block is None:
            return
        text = block_title(self._model.panels, block)
        self.title.setText(text)
        self.setAccessibleName(text)
        self.former.setEnabled(block.number > 0)
        self.later.setEnabled(block.number + 1 < len(block.firsts))

    def _paint(self) -> None:
        """Color the strip."""
        theme = self._model.desk.theme
        self.setStyleSheet(
            f"QFrame {{ background: {theme.raised}; border: 1px solid {theme.accent};"
            " border-radius: 5px; }"
            f"QLabel {{ color: {theme.text}; border: none; background: transparent; }}"
        )
