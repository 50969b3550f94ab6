"""The table of bursts for Qt: rows are an order over arrays, so that ten thousand cost nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from amr_viewer.core.bursts import BurstKind, Bursts, no_bursts
from amr_viewer.gui.patterns.lanes import ordered_channels
from amr_viewer.gui.patterns.words import burst_words, code_of, kind_words, number
from amr_viewer.gui.plot.scale import clock

Index = QModelIndex | QPersistentModelIndex
TIME, MUSCLE, KIND, DURATION, PEAK, RATE = range(6)
TITLES = ("Time", "Muscle", "Kind", "ms", "µV", "Hz")
TIPS = (
    "Onset, from the start of the recording",
    "Side and muscle",
    "Clonic, tonic or other; or why it is set aside",
    "Duration, ms",
    "Peak of the 10 ms envelope, µV",
    "Rate of discharges within the burst, Hz; needle electrodes only",
)
NUMBERS = (TIME, DURATION, PEAK, RATE)
ALL, COUNTED, ASIDE = "all", "counted", "set aside"
KINDS = {"clonic": BurstKind.CLONIC, "tonic": BurstKind.TONIC, "other": BurstKind.OTHER}
WANTED = (COUNTED, *KINDS, ASIDE, ALL)


class BurstModel(QAbstractTableModel):
    """Bursts as rows, sorted and filtered."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bursts: Bursts = no_bursts()
        self._names: dict[int, str] = {}
        self._places: dict[int, int] = {}
        self.order: NDArray[np.intp] = np.empty(0, np.intp)
        self._wanted, self._channel = COUNTED, -1
        self._column, self._is_down = TIME, False

    def put(self, bursts: Bursts) -> None:
        """Show other bursts."""
        channels = ordered_channels(bursts)
        self.bursts = bursts
        self._names = {c.index: code_of(c.muscle, c.side, c.label) for c in channels}
        self._places = {c.index: i for i, c in enumerate(channels)}
        self._arrange()

    def choose(self, wanted: str, channel: int) -> None:
        """Show bursts of a kind (see `WANTED`) and of a channel, -1 for all."""
        if (wanted, channel) != (self._wanted, self._channel):
            self._wanted, self._channel = wanted, channel
            self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; equal values stay in order of time."""
        self._column = min(max(column, TIME), RATE)
        self._is_down = order is Qt.SortOrder.DescendingOrder
        self._arrange()

    def _arrange(self) -> None:
        """Choose and sort the rows."""
        self.beginResetModel()
        rows = np.flatnonzero(self._kept())
        keys = self._keys()[rows]
        self.order = rows[np.argsort(-keys if self._is_down else keys, kind="stable")]
        self.endResetModel()

    def _kept(self) -> NDArray[np.bool_]:
        """Return which bursts are wanted."""
        b = self.bursts
        kept = np.ones(len(b), np.bool_)
        if self._wanted in KINDS:
            kept = b.counted & (b.kind == KINDS[self._wanted])
        elif self._wanted == COUNTED:
            kept = b.counted
        elif self._wanted == ASIDE:
            kept = ~b.counted
        return kept if self._channel < 0 else kept & (b.channel == self._channel)

    def _keys(self) -> NDArray[np.float64]:
        """Return what rows are sorted by; what is not known comes last."""
        b = self.bursts
        if self._column == MUSCLE:
            return np.array([self._places[c] for c in b.channel.tolist()], np.float64)
        if self._column == KIND:
            return np.asarray(b.set_aside * 10.0 + b.kind, np.float64)
        if self._column == DURATION:
            return b.duration_ms
        if self._column == PEAK:
            return b.peak_uv
        return b.rate_hz if self._column == RATE else b.start_s

    def burst(self, row: int) -> int:
        """Return the burst of a row."""
        return int(self.order[row])

    def row_of(self, burst: int | None) -> int:
        """Return the row of a burst, -1 if it is not shown."""
        if burst is None:
            return -1
        found = np.flatnonzero(self.order == burst)
        return int(found[0]) if len(found) else -1

    def rows_of(self, bursts: Sequence[int]) -> NDArray[np.intp]:
        """Return the rows of bursts, rising; those that are not shown have none."""
        place = np.full(len(self.bursts) + 1, -1, np.intp)
        place[self.order] = np.arange(len(self.order))
        rows = place[np.array(bursts, np.intp)]
        return np.sort(rows[rows >= 0])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name
        """Return how many bursts are shown."""
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name
        """Return the number of columns."""
        return 0 if parent.isValid() else len(TITLES)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the titles of the columns, and what they mean."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        return TIPS[section] if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what stands in a cell."""
        if not index.isValid():
            return None
        burst, column = self.burst(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(burst, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return burst_words(self.bursts, burst).replace("; ", "\n")
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMBERS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _cell(self, burst: int, column: int) -> str:
        """Return the text of a cell."""
        b = self.bursts
        if column == TIME:
            return clock(float(b.start_s[burst]), 3)
        if column == MUSCLE:
            return self._names[int(b.channel[burst])]
        if column == KIND:
            return kind_words(b, burst)
        if column == DURATION:
            return f"{b.duration_ms[burst]:.0f}"
        value = float(b.peak_uv[burst] if column == PEAK else b.rate_hz[burst])
        return number(value)
