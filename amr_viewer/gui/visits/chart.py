"""The drawings of a comparison as a widget: shows panels and turns gestures into signals."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.key_guard import OWN_KEYS
from amr_viewer.gui.theme import small_font
from amr_viewer.gui.visits.painting import paint_panel
from amr_viewer.gui.visits.panel_values import Drawing, point_words
from amr_viewer.gui.visits.places import PanelPlace, Places, least_height, place

AT_ONCE_S = 0.015


class VisitChart(QWidget):
    """Draws the panels; the selected visit is shaded in each.

    Signals
    -------
    chosen(visit)
        A visit was clicked, or gone to with the arrow keys.
    opened(visit)
        A person wants its recording.
    """

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.drawing = Drawing()
        self.current = -1
        self._ground: QPixmap | None = None
        self._n_drawn = 0
        self._places: Places | None = None
        self.setProperty(OWN_KEYS, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFont(small_font(self.font()))
        self.setAccessibleName("What is followed over the visits")
        appearance.changed.connect(self._forget)

    def show_drawing(self, drawing: Drawing) -> None:
        """Draw other panels."""
        self.drawing = drawing
        self.current = min(self.current, len(drawing.ticks) - 1)
        self._forget()

    def set_current(self, visit: int) -> None:
        """Shade a visit; -1: none."""
        if visit != self.current:
            self.current = visit
            self.setAccessibleDescription(self.words_of(visit))
            self.update()

    @property
    def places(self) -> Places:
        """Where everything lies now."""
        if self._places is None:
            size = QSizeF(self.width(), self.height())
            self._places = place(self.drawing, size, QFontMetricsF(self.font()))
        return self._places

    def words_of(self, visit: int, panel: int | None = None) -> str:
        """Return what panels say of a visit, one curve a line."""
        if not 0 <= visit < len(self.drawing.ticks):
            return ""
        number, date = self.drawing.ticks[visit]
        lines = [f"Visit {number}  {date}".strip()]
        for i, shown in enumerate(self.drawing.panels):
            if panel is None or panel == i:
                said = (point_words(c, visit, shown.unit) for c in shown.curves)
                lines += [shown.title, *(s for s in said if s)]
        return "\n".join(lines)

    def _forget(self) -> None:
        """Draw everything anew."""
        self._ground = self._places = None
        height = least_height(self.drawing, self.width(), QFontMetricsF(self.font()))
        self.setMinimumHeight(round(height))
        self.update()

    # ------------------------------------------------------------------ drawing

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out anew."""
        self._forget()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the cached panels, and the selected visit above them."""
        painter = QPainter(self)
        theme = self._appearance.theme
        if self._ground is None or self._ground.devicePixelRatio() != self.devicePixelRatioF():
            self._begin_ground()
        painter.drawPixmap(0, 0, self._ground or QPixmap())
        if 0 <= self.current < len(self.drawing.ticks):
            soft = QColor(theme.accent)
            soft.setAlpha(30)
            for at in self.places.panels:
                painter.fillRect(self._column(at, self.current), soft)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _column(self, at: PanelPlace, visit: int) -> QRectF:
        """Return the part of a panel that belongs to a visit."""
        half = min(at.x.pixels_per_unit / 2, 24.0)
        middle = at.x.pixel(visit)
        return QRectF(middle - half, at.area.top(), 2 * half, at.area.height())

    def _begin_ground(self) -> None:
        """Begin to draw what does not move."""
        ratio = self.devicePixelRatioF()
        self._ground = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        self._ground.setDevicePixelRatio(ratio)
        self._ground.fill(QColor(self._appearance.theme.surface))
        self._n_drawn = 0
        self._draw_on()

    def _draw_on(self) -> None:
        """Draw panels for a while; the rest is drawn when the window has answered."""
        if self._ground is None:
            return
        panels, began = self.places.panels, time.perf_counter()
        painter = QPainter(self._ground)
        painter.setFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        while self._n_drawn < len(panels) and time.perf_counter() - began < AT_ONCE_S:
            at = panels[self._n_drawn]
            paint_panel(painter, at, self.drawing, self.places.line, self._appearance.theme)
            self._n_drawn += 1
        painter.end()
        if self._n_drawn < len(panels):
            QTimer.singleShot(0, self, self._draw_on)
        self.update()

    # ------------------------------------------------------------------ gestures

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the visit that is clicked."""
        found = self.places.at(event.position())
        if found and event.button() is Qt.MouseButton.LeftButton:
            self._choose(found[1])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open the recording of a visit."""
        found = self.places.at(event.position())
        if found:
            self.opened.emit(found[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go from visit to visit; Enter opens the recording."""
        last = len(self.drawing.ticks) - 1
        wanted = {
            Qt.Key.Key_Left: max(self.current - 1, 0),
            Qt.Key.Key_Right: min(self.current + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if wanted is not None and last >= 0:
            self._choose(wanted)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)

    def _choose(self, visit: int) -> None:
        """Select a visit."""
        self.set_current(visit)
        self.chosen.emit(visit)

    def event(self, event: QEvent) -> bool:
        """Show the numbers of the visit under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.places.at(QPointF(event.pos()))
            if found:
                text = self.words_of(found[1], self.places.panels.index(found[0]))
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)
