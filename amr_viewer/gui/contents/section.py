"""A part of the left dock: a heading with buttons, and a list or a word why it is empty."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.gui.contents.rows import Index
from amr_viewer.gui.theme import GAP, small_font

TOP, MOST_ROWS = 40, 24


class Section(QWidget):
    """A heading, a row of buttons beside it, and a list."""

    def __init__(self, title: str, view: QAbstractItemView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.empty = QLabel()
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(GAP, 2, GAP, 2)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(2)
        top = QHBoxLayout()
        top.addWidget(heading(title))
        top.addStretch(1)
        top.addLayout(self.buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP // 2, GAP, GAP // 2)
        layout.setSpacing(GAP // 2)
        layout.addLayout(top)
        layout.addWidget(self.empty)
        layout.addWidget(view, 1)
        self.setMinimumHeight(56)
        self.say("")

    def wanted_height(self) -> int:
        """Return the height at which every row is seen."""
        if self.view.isHidden():
            rows = self.empty.heightForWidth(max(self.width() - 2 * GAP, 100))
        else:
            model = self.view.model()
            rows = sum(self.view.sizeHintForRow(i) for i in range(min(model.rowCount(), MOST_ROWS)))
        return max(TOP + rows, self.minimumHeight())

    def say(self, why_empty: str) -> None:
        """Show a sentence in the list's place; an empty one shows the list."""
        self.empty.setText(why_empty)
        self.empty.setVisible(bool(why_empty))
        self.view.setVisible(not why_empty)


def heading(title: str) -> QLabel:
    """Return a heading in small capitals."""
    label = QLabel(title)
    label.setProperty("role", "heading")
    font = small_font(label.font())
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
    label.setFont(font)
    return label


class RowList(QListView):
    """A list of rows without a frame; `chosen` tells the row that a person moved to."""

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setStyleSheet("QListView { border: none; background: transparent; }")
        self._is_told = False

    def show_row(self, row: int) -> None:
        """Mark a row without telling that a person chose it; -1: none."""
        model = self.model()
        if model is None or self.currentIndex().row() == row:
            return
        self._is_told = True
        if 0 <= row < model.rowCount():
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(model.index(row, 0), flag)
        else:
            self.selectionModel().clear()
        self._is_told = False

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        """Tell which row a person moved to."""
        super().currentChanged(current, previous)
        if current.isValid() and not self._is_told:
            self.chosen.emit(current.row())
