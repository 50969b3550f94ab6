"""Pages in a column, black on white in every theme; making them is left to `composer`."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from amr_viewer.gui.appearance import Appearance

SCREEN_PPI = 96.0
"""Pixels per inch of the screen at 100 %."""

A4_WIDTH_IN = 210.0 / 25.4

MARGIN, BETWEEN = 16, 16
SHADOW = 6
LEAST_ZOOM, MOST_ZOOM = 0.25, 3.0
STEP = 1.2
MOST_PPI = 240.0
"""Beyond it pages are magnified: a page takes 23 MB at this resolution."""

STALE_OPACITY = 0.55


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page: the picture as PNG, a small one of it, and its size on paper."""

    png: bytes
    small: QImage
    width_in: float
    height_in: float


class PageColumn(QAbstractScrollArea):
    """Shows pages below each other.

    Signals
    -------
    page_changed(number, count)
        Another page is at the top, numbers from 1; 0 of 0 without pages.
    zoomed()
        Pages are shown in another size: `zoom`, `ppi`.
    looked()
        Other pages are in sight: `missing`.
    """

    page_changed = Signal(int, int)
    zoomed = Signal()
    looked = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._pages: tuple[Page, ...] = ()
        self._images: dict[int, QImage] = {}
        self._fit = True
        self._zoom = 1.0
        self._stale = False
        self._shown = (0, 0)
        self._grip: QPoint | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Pages of the report")
        self.setToolTip("Scroll: wheel; zoom: Ctrl+wheel; drag to move")
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(self._moved)
        appearance.changed.connect(self.viewport().update)

    # ------------------------------------------------------------------ pages

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages that are shown."""
        return self._pages

    @property
    def is_stale(self) -> bool:
        """Whether other pages are on their way."""
        return self._stale

    def set_pages(self, pages: tuple[Page, ...], images: dict[int, QImage]) -> None:
        """Show pages; `images` are those that are decoded already."""
        self._pages = pages
        self._images = dict(images)
        self._stale = False
        self._lay_out()
        if self._fit:
            self._set_zoom(self._fitting(), QPoint(0, 0))
        self.looked.emit()

    def add_image(self, number: int, page: Page, image: QImage) -> None:
        """Take the decoded picture of a page, if the page is still the one shown."""
        if number < len(self._pages) and self._pages[number] is page:
            self._images[number] = image
            self.viewport().update()

    def set_stale(self, stale: bool) -> None:
        """Dim the pages while others are on their way."""
        if stale != self._stale:
            self._stale = stale
            self.viewport().update()

    def in_sight(self) -> tuple[int, ...]:
        """Return the pages that are visible, and the next one."""
        low = self.verticalScrollBar().value()
        high = low + self.viewport().height()
        seen = [i for i, r in enumerate(self._places()) if r.bottom() >= low and r.top() <= high]
        return (*seen, seen[-1] + 1) if seen and seen[-1] + 1 < len(self._pages) else tuple(seen)

    def missing(self) -> tuple[tuple[int, Page], ...]:
        """Return pages in sight that are not decoded; forget those that are far away."""
        near = self.in_sight()
        self._images = {i: x for i, x in self._images.items() if not near or i - near[-1] in
                        range(-len(near) - 1, 2)}  # fmt: skip
        return tuple((i, self._pages[i]) for i in near if i not in self._images)

    # ------------------------------------------------------------------ zoom

    @property
    def zoom(self) -> float:
        """Size on the screen over size on paper."""
        return self._zoom

    @property
    def is_fitted(self) -> bool:
        """Whether a page is as wide as there is room for."""
        return self._fit

    @property
    def ppi(self) -> float:
        """Pixels per inch that the present zoom asks for."""
        wanted = SCREEN_PPI * self._zoom * self.devicePixelRatioF()
        return min(round(wanted, 1), MOST_PPI)

    def fit_width(self) -> None:
        """Make a page as wide as there is room for."""
        self._fit = True
        self._set_zoom(self._fitting(), self.viewport().rect().center())

    def set_zoom(self, zoom: float, around: QPoint | None = None) -> None:
        """Show pages in a size; `around` is the point that stays where it is."""
        self._fit = False
        self._set_zoom(zoom, around or self.viewport().rect().center())

    def zoom_by(self, steps: float, around: QPoint | None = None) -> None:
        """Show pages larger (steps > 0) or smaller."""
        self.set_zoom(self._zoom * STEP**steps, around)

    def _fitting(self) -> float:
        """Return the zoom at which the widest page fills the width."""
        width = max((p.width_in for p in self._pages), default=A4_WIDTH_IN) * SCREEN_PPI
        return (self.viewport().width() - 2 * MARGIN) / width

    def _set_zoom(self, zoom: float, around: QPoint) -> None:
        """Change the zoom, keeping a point of the pages where it is."""
        zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        factor = zoom / self._zoom
        ends = [
            (bar.value() + at) * factor - at
            for bar, at in zip(bars, (around.x(), around.y()), strict=True)
        ]
        changed = zoom != self._zoom
        self._zoom = zoom
        self._lay_out()
        for bar, end in zip(bars, ends, strict=True):
            bar.setValue(round(end))
        if changed:
            self.zoomed.emit()

    # ------------------------------------------------------------------ places

    def _size_of(self, page: Page) -> QSize:
        """Return the size of a page on the screen."""
        scale = SCREEN_PPI * self._zoom
        return QSize(round(page.width_in * scale), round(page.height_in * scale))

    def _places(self) -> list[QRect]:
        """Return where pages lie, before scrolling."""
        sizes = [self._size_of(p) for p in self._pages]
        room = max([self.viewport().width(), *(s.width() + 2 * MARGIN for s in sizes)])
        top, places = MARGIN, []
        for size in sizes:
            places.append(QRect(QPoint((room - size.width()) // 2, top), size))
            top += size.height() + BETWEEN
        return places

    def _lay_out(self) -> None:
        """Set the ranges of the scroll bars."""
        places = self._places()
        view = self.viewport().size()
        tall = places[-1].bottom() + MARGIN if places else 0
        wide = max((p.width() + 2 * MARGIN for p in places), default=0)
        for bar, whole, room in (
            (self.verticalScrollBar(), tall, view.height()),
            (self.horizontalScrollBar(), wide, view.width()),
        ):
            bar.setRange(0, max(0, whole - room))
            bar.setPageStep(room)
            bar.setSingleStep(48)
        self._tell_page()
        self.viewport().update()

    def go_to(self, number: int) -> None:
        """Scroll to a page, numbers from 1."""
        places = self._places()
        if places:
            place = places[min(max(number, 1), len(places)) - 1]
            self.verticalScrollBar().setValue(place.top() - MARGIN)

    @property
    def current(self) -> int:
        """Number of the page that fills the middle of the view, from 1; 0 without pages."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 3
        tops = [p.top() for p in self._places()]
        return max(sum(top <= middle for top in tops), 1) if tops else 0

    def _tell_page(self) -> None:
        """Say which page is at the top, when it is another."""
        shown = (self.current, len(self._pages))
        if shown != self._shown:
            self._shown = shown
            self.page_changed.emit(*shown)

    def _moved(self) -> None:
        """Other pages are in sight."""
        self._tell_page()
        self.looked.emit()
        self.viewport().update()

    # ------------------------------------------------------------------ Qt

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the pages into the new width."""
        if self._fit:
            self._set_zoom(self._fitting(), QPoint(0, 0))
        self._lay_out()
        self.looked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom with Ctrl, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(event.angleDelta().y() / 120.0, event.position().toPoint())
            event.accept()
            return
        super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the pages."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._grip = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move the pages with the mouse."""
        if self._grip is None:
            return
        now = event.position().toPoint()
        moved, self._grip = now - self._grip, now
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let the pages go."""
        self._grip = None
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the pages in sight."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(self._appearance.theme.ground))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shift = QPoint(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        for number, place in enumerate(self._places()):
            place.translate(shift)
            if place.adjusted(0, 0, 0, SHADOW).intersects(self.viewport().rect()):
                self._paint_page(painter, number, place)
        if self._stale and self._pages:
            self._paint_note(painter, "Updating...")
        painter.end()

    def _paint_page(self, painter: QPainter, number: int, place: QRect) -> None:
        """Paint one page on its shadow; a small picture stands in for one not decoded."""
        shade = QColor(0, 0, 0, 60 if self._appearance.theme.is_dark else 14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        for grow in range(1, SHADOW):
            around = QRectF(place).adjusted(-grow, -grow + 2, grow, grow + 2)
            painter.drawRoundedRect(around, grow, grow)
        painter.fillRect(place, QColor("white"))
        painter.setOpacity(STALE_OPACITY if self._stale else 1.0)
        image = self._images.get(number, self._pages[number].small)
        painter.drawImage(place, image)
        painter.setOpacity(1.0)

    def _paint_note(self, painter: QPainter, text: str) -> None:
        """Paint a small note at the top."""
        theme = self._appearance.theme
        metrics = painter.fontMetrics()
        size = QSize(metrics.horizontalAdvance(text) + 24, metrics.height() + 10)
        top = QPointF((self.viewport().width() - size.width()) / 2, 8.0)
        box = QRectF(top, size.toSizeF())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.line))
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(QColor(theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
