"""What is chosen above the drawing of the Trend view: muscles, size of blocks, key of states."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QLayout,
    QLayoutItem,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.core.parameters import TrendParameters
from amr_viewer.core.trend import BlockState
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.plot.scale import next_step
from amr_viewer.gui.plot.state_sign import draw_cell
from amr_viewer.gui.theme import GAP, small_font
from amr_viewer.gui.trend.picture import TrendPicture
from amr_viewer.gui.trend.ribbon import state_color
from amr_viewer.gui.trend.words import STATE_SIGNS, STATE_WORDS

SWATCH = 12
BASELINE_WORD = "baseline"


class BlockSize(QSpinBox):
    """Stimuli of a block: arrows go 5, 10, 20, 50; any number within the limits can be typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        limits = {type(m).__name__: m for m in TrendParameters.model_fields["block_size"].metadata}
        self.setRange(limits["Ge"].ge, limits["Le"].le)
        self.setKeyboardTracking(False)
        self.setAccessibleName("Stimuli of a block")
        self.setToolTip(
            "Stimuli of a block: more make narrower intervals, fewer show changes sooner"
        )

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        """Go to the next of 1, 2, 5, 10, ..."""
        value = float(self.value())
        for _ in range(abs(steps)):
            value = next_step(value, 1 if steps > 0 else -1)
        self.setValue(round(value))


class Flow(QLayout):
    """Puts widgets beside each other, and into further lines where there is no more room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        """Take an item."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """Return an item."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """Give an item back."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Say that the height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height of so many lines as the width makes."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, area: QRect) -> None:  # noqa: N802 - Qt's name
        """Place the items."""
        super().setGeometry(area)
        self._arrange(area, move=True)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of one line."""
        hints = [item.sizeHint() for item in self._items]
        width = sum(h.width() + 2 * GAP for h in hints)
        return QSize(width, max((h.height() for h in hints), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the widest item."""
        hints = [item.sizeHint() for item in self._items]
        width = max((h.width() for h in hints), default=0)
        return QSize(width, max((h.height() for h in hints), default=0))

    def _arrange(self, area: QRect, *, move: bool) -> int:
        """Go through the lines, and return their height; items stand in the middle of a line."""
        y = area.top()
        for line in self._lines(area.width()):
            height = max(item.sizeHint().height() for item in line)
            x = area.left()
            for item in line if move else ():
                hint = item.sizeHint()
                item.setGeometry(QRect(QPoint(x, y + (height - hint.height()) // 2), hint))
                x += hint.width() + 2 * GAP
            y += height + GAP // 2
        return max(y - GAP // 2 - area.top(), 0)

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        """Share the items out to lines."""
        lines: list[list[QLayoutItem]] = []
        used = width + 1
        for item in self._items:
            needed = item.sizeHint().width()
            if used + needed > width:
                lines.append([])
                used = 0
            lines[-1].append(item)
            used += needed + 2 * GAP
        return lines


class MuscleLegend(QWidget):
    """One box per muscle, in its color.

    Signals
    -------
    chosen(channels)
        Another set of channels is wanted, a frozenset.
    """

    chosen = Signal(object)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._boxes: dict[int, QCheckBox] = {}
        self._picture: TrendPicture | None = None
        self._flow = Flow()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._flow)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        appearance.changed.connect(self._paint)

    @property
    def boxes(self) -> dict[int, QCheckBox]:
        """The boxes by channel."""
        return self._boxes

    def show_muscles(self, picture: TrendPicture, channels: Iterable[int]) -> None:
        """Show the muscles of a picture, some of them chosen."""
        wanted = [c.channel for c in picture.courses]
        if (
            self._picture is None
            or wanted != list(self._boxes)
            or picture.site != self._picture.site
        ):
            self._build(picture)
        self._picture = picture
        shown = set(channels)
        for channel, box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(channel in shown)
            box.blockSignals(False)
        self._paint()

    def _build(self, picture: TrendPicture) -> None:
        """Make the boxes."""
        while self._flow.count():
            self._flow.takeAt(0)
        for box in self._boxes.values():
            box.hide()
            box.deleteLater()
        self._boxes = {}
        for course in picture.courses:
            box = QCheckBox(course.full_name)
            box.setFont(small_font(self.font()))
            role = {"direct": "direct: follows M", "lateral": "lateral"}
            kind = role.get(course.trend.role.value, course.trend.role.value)
            box.setToolTip(f"Show {course.full_name} ({kind}; channel {course.trend.channel})")
            box.setIconSize(QSize(SWATCH, SWATCH))
            box.toggled.connect(self._tell)
            self._flow.addWidget(box)
            self._boxes[course.channel] = box

    def _tell(self) -> None:
        """Tell which muscles are wanted; the last one stays."""
        wanted = frozenset(c for c, box in self._boxes.items() if box.isChecked())
        self.chosen.emit(wanted)

    def _paint(self) -> None:
        """Color the boxes' swatches."""
        theme = self._appearance.theme
        for course in self._picture.courses if self._picture else ():
            swatch = QPixmap(SWATCH, SWATCH)
            swatch.fill(QColor(theme.muscle(course.trend.muscle)))
            self._boxes[course.channel].setIcon(QIcon(swatch))


class StateKey(QWidget):
    """What the signs of the states mean."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setFont(small_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        words = [*STATE_WORDS.values(), BASELINE_WORD]
        self.setAccessibleName(f"Key of the states: {', '.join(words)}")
        self.setToolTip(
            "Full: present. Half: reduced against the baseline. Hollow: absent. "
            "Hatched: cannot say. Underlined: the baseline block."
        )
        appearance.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size that signs and words need."""
        metrics = self.fontMetrics()
        words = [*STATE_WORDS.values(), BASELINE_WORD]
        width = sum(metrics.horizontalAdvance(w) + SWATCH + 4 + 12 for w in words)
        return QSize(width, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw signs and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, metrics = self._appearance.theme, self.fontMetrics()
        x, y = 1.0, (self.height() - SWATCH) / 2
        for state in (*BlockState, None):
            cell = QRectF(x, y, SWATCH, SWATCH - 1)
            if state is None:
                painter.fillRect(QRectF(x, y + SWATCH / 2, SWATCH, 2.5), QColor(theme.accent))
                word = BASELINE_WORD
            else:
                color = state_color(state, theme)
                draw_cell(painter, cell, STATE_SIGNS[state], color, QColor(theme.surface))
                word = STATE_WORDS[state]
            painter.setPen(QColor(theme.muted))
            width = metrics.horizontalAdvance(word) + 2
            box = QRectF(x + SWATCH + 4, 0, width, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, word)
            x += SWATCH + 4 + width + 10
