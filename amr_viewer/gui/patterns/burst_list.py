"""The list of bursts with its filters; a row that is gone to is shown in the raster and Traces."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.core.bursts import Bursts
from amr_viewer.gui.patterns.burst_model import (
    DURATION,
    KIND,
    MUSCLE,
    PEAK,
    RATE,
    TIME,
    WANTED,
    BurstModel,
)
from amr_viewer.gui.patterns.lanes import ordered_channels
from amr_viewer.gui.patterns.words import code_of
from amr_viewer.gui.plot.scale import clock
from amr_viewer.gui.theme import GAP

ALL_MUSCLES = "all muscles"
MOST_RUNS = 200
"""Selecting costs more than in proportion to the stretches of rows."""


class BurstTable(QTableView):
    """Rows of one height; the kind takes the room that is left."""

    def __init__(self, model: BurstModel) -> None:
        super().__init__()
        self.last_s = 0.0
        self.setModel(model)
        self.setAccessibleName("Bursts")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 8)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        # Of its own, empty: to ask whether a column is selected goes through all of its rows.
        columns.setSelectionModel(QItemSelectionModel(model, self))
        columns.setMinimumSectionSize(24)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setSortIndicator(TIME, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the width out anew."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Give each column the width that it needs."""
        width, columns = self.fontMetrics().horizontalAdvance, self.horizontalHeader()
        needed = {
            TIME: width(clock(self.last_s, 3)) + 20,
            MUSCLE: width("R Orb. oculi") + 14,
            DURATION: width("0000") + 16,
            PEAK: width("0000") + 16,
            RATE: 0 if self.isColumnHidden(RATE) else width("0000") + 20,
        }
        left = self.viewport().width() - sum(needed.values())
        needed[KIND] = max(left, width("set aside") + 12)
        for column, size in needed.items():
            columns.resizeSection(column, size)


class BurstList(QWidget):
    """Filters, table, and how many rows there are.

    Signals
    -------
    chosen(burst)
        A row was gone to.
    picked(bursts)
        Other rows are selected; a tuple.
    opened(burst)
        A row was activated (Enter, double click).
    menu_wanted(place)
        The menu of the selected rows is wanted.
    """

    chosen = Signal(int)
    picked = Signal(object)
    opened = Signal(int)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = BurstModel(self)
        self.table = BurstTable(self.model)
        self.table.setToolTip("Bursts; a row is shown in the raster, Enter shows it in Traces")
        self.kind, self.muscle = QComboBox(), QComboBox()
        self.kind.addItems(WANTED)
        self.kind.setAccessibleName("Kind of bursts listed")
        self.kind.setToolTip("Which bursts are listed; those set aside count for no pattern")
        self.muscle.setAccessibleName("Muscle whose bursts are listed")
        self.muscle.setToolTip("The muscle whose bursts are listed")
        self.muscle.addItem(ALL_MUSCLES, -1)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        line = QHBoxLayout()
        line.setSpacing(GAP // 2)
        line.addWidget(self.kind)
        line.addWidget(self.muscle, 1)
        line.addWidget(self.count)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP // 2)
        outer.addLayout(line)
        outer.addWidget(self.table, 1)
        self.kind.currentIndexChanged.connect(self._choose)
        self.muscle.currentIndexChanged.connect(self._choose)
        self.model.modelReset.connect(self._tell)
        self.table.activated.connect(lambda index: self.opened.emit(self.model.burst(index.row())))
        self.table.selectionModel().currentRowChanged.connect(self._went)
        self.table.selectionModel().selectionChanged.connect(self._pick)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.table.viewport().mapToGlobal(at))
        )
        self._current: int | None = None

    def show_bursts(self, bursts: Bursts) -> None:
        """List other bursts; the filters stay where they can."""
        former = self.muscle.currentText()
        names = [(code_of(c.muscle, c.side, c.label), c.index) for c in ordered_channels(bursts)]
        shown = [
            (self.muscle.itemText(i), self.muscle.itemData(i))
            for i in range(1, self.muscle.count())
        ]
        if shown != names:
            with QSignalBlocker(self.muscle):
                self.muscle.clear()
                self.muscle.addItem(ALL_MUSCLES, -1)
                for name, index in names:
                    self.muscle.addItem(name, index)
                self.muscle.setCurrentIndex(max(self.muscle.findText(former), 0))
            self._choose()
        self.table.last_s = float(bursts.start_s[-1]) if len(bursts) else 0.0
        self.table.setColumnHidden(RATE, not np.isfinite(bursts.rate_hz).any())
        self.table.fit()
        with QSignalBlocker(self.table.selectionModel()):
            self.model.put(bursts)
        self.set_current(self._current)

    def set_current(self, burst: int | None, picked: tuple[int, ...] = ()) -> None:
        """Mark the row of a burst, and of those picked with it, without going to it."""
        self._current = burst
        row = self.model.row_of(burst)
        if len(picked) > 1 and len(picked) == len(now := self.selected) and set(picked) == set(now):
            return  # They were picked here: the selection is as it should be.
        with QSignalBlocker(self.table.selectionModel()):
            self.table.clearSelection()
            if row < 0:
                self.table.setCurrentIndex(QModelIndex())
            else:
                self.table.selectRow(row)
                self.table.scrollTo(self.model.index(row, 0))
            self._select(picked)
        self.table.viewport().update()

    def _select(self, bursts: tuple[int, ...]) -> None:
        """Select the rows of more bursts, if they lie in few stretches of the table."""
        rows = self.model.rows_of(bursts)
        runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else []
        if len(runs) > MOST_RUNS:
            return
        chosen = QItemSelection()
        for run in runs:
            first = self.model.index(int(run[0]), 0)
            chosen.append(QItemSelectionRange(first, self.model.index(int(run[-1]), RATE)))
        self.table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.Select)

    @property
    def selected(self) -> tuple[int, ...]:
        """The bursts whose rows are selected, in the order of the rows."""
        ranges = self.table.selectionModel().selection()
        spans = (ranges.at(i) for i in range(ranges.count()))
        rows = [np.arange(r.top(), r.bottom() + 1) for r in spans]
        if not rows:
            return ()
        return tuple(self.model.order[np.unique(np.concatenate(rows))].tolist())

    def _pick(self) -> None:
        """Tell of the rows that are selected."""
        self.picked.emit(self.selected)

    def _choose(self) -> None:
        """List what is wanted."""
        with QSignalBlocker(self.table.selectionModel()):
            self.model.choose(self.kind.currentText(), int(self.muscle.currentData()))
        self.set_current(self._current)

    def _tell(self) -> None:
        """Say how many rows there are."""
        n, of = self.model.rowCount(), len(self.model.bursts)
        self.count.setText(f"{n} of {of}" if n != of else f"{n}")

    def _went(self, index: QModelIndex) -> None:
        """Tell of the row that was gone to."""
        if index.isValid():
            self._current = self.model.burst(index.row())
            self.chosen.emit(self._current)
