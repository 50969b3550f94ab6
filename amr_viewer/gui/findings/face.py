"""The face from the front: branches, electrodes, and the answer of every muscle, to be clicked."""

from __future__ import annotations

from math import hypot

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from amr_viewer.core.analysis import Analysis
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.findings.face_drawing import (
    FACE_HEIGHT,
    FACE_WIDTH,
    LEGEND_ROW,
    FaceDrawing,
    legend_entries,
    legend_rows,
    place_of,
)
from amr_viewer.gui.findings.face_values import Spot, Stimulated, spots, stimulated, unplaced
from amr_viewer.gui.findings.words import spoken
from amr_viewer.gui.key_guard import OWN_KEYS
from amr_viewer.gui.theme import small_font

LEAST_WIDTH, MOST_WIDTH = 180, 400
REACH = 16.0
FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_Down)
BACKWARD = (Qt.Key.Key_Left, Qt.Key.Key_Up)


class FaceMap(QWidget):
    """The muscles and branches of both sides.

    Signals
    -------
    opened()
        A person wants to see the sweeps of the selected finding.
    """

    opened = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.all_sites = False
        self.spots: tuple[Spot, ...] = ()
        self.stimulated: tuple[Stimulated, ...] = ()
        self.hovered: Spot | None = None
        self._analysis: Analysis | None = None
        self._places: tuple[Stimulated, ...] = ()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(OWN_KEYS, True)
        self.setFont(small_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        session = desk.session
        for signal in (
            session.analysis_changed,
            session.current_changed,
            session.selection_changed,
        ):
            signal.connect(self.refresh)
        desk.appearance.changed.connect(self.update)
        self.refresh()

    # ------------------------------------------------------------------ what is shown

    def show_all(self, all_sites: bool) -> None:
        """Show the strongest answers over all sites, or those of the selected site."""
        self.all_sites = all_sites
        self.refresh()

    def refresh(self) -> None:
        """Show the findings as they are now."""
        document = self._desk.session.document
        analysis = document.analysis if document else None
        site = document.selection.site if document and not self.all_sites else None
        if analysis is not self._analysis:
            self._analysis, self._places = analysis, stimulated(analysis, None)
        self.spots = spots(analysis, site)
        self.stimulated = tuple(
            p for p in self._places if site is None or (p.branch, p.side) == site
        )
        if self.hovered not in self.spots:
            self.hovered = None
        parts = [spoken(s.finding) for s in self.spots]
        parts += [f"{f.channel}: not on the face" for f in unplaced(analysis, site)]
        self.setAccessibleName("Face map")
        self.setAccessibleDescription("; ".join(parts))
        self._fit()
        self.update()

    @property
    def selected(self) -> Spot | None:
        """The muscle of the selected finding; over all sites that of its channel."""
        document = self._desk.session.document
        if document is None:
            return None
        site, channel = document.selection.site, document.selection.channel
        same = [s for s in self.spots if s.finding.channel_index == channel]
        exact = [s for s in same if (s.finding.site, s.finding.side) == site]
        return next(iter(exact or (same if self.all_sites else [])), None)

    def note(self) -> str:
        """Return what has no place on the face, in words; empty if everything has."""
        document = self._desk.session.document
        analysis = document.analysis if document else None
        if document is None or analysis is None or not analysis.findings:
            return ""
        site = None if self.all_sites else document.selection.site
        labels = dict.fromkeys(f.channel for f in unplaced(analysis, site))
        parts = (
            [f"Not on the face: {', '.join(labels)} (muscle or side unknown)."] if labels else []
        )
        if not self.stimulated and document.sites:
            parts.append("Branch or side of the stimulation unknown.")
        return " ".join(parts)

    # ------------------------------------------------------------------ sizes

    @property
    def scale(self) -> float:
        """Pixels per unit of the report's drawing."""
        return min(max(self.width(), LEAST_WIDTH), MOST_WIDTH) / FACE_WIDTH

    @property
    def origin(self) -> QPointF:
        """Where the drawing begins."""
        return QPointF((self.width() - self.scale * FACE_WIDTH) / 2, 0.0)

    def _fit(self) -> None:
        """Take the height that belongs to the width."""
        self.setFixedHeight(self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the proportions."""
        super().resizeEvent(event)
        self._fit()

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Return the height of face, legend and note."""
        scale = min(max(width, LEAST_WIDTH), MOST_WIDTH) / FACE_WIDTH
        metrics = QFontMetricsF(self.font())
        entries = legend_entries({s.tone for s in self.spots}, bool(self.stimulated))
        rows = legend_rows(metrics, entries, width)
        note = self._note_height(width)
        return int(FACE_HEIGHT * scale + LEGEND_ROW * len(rows) + note + 4)

    def _note_height(self, width: int) -> float:
        """Return the height of the words below the legend."""
        note = self.note()
        if not note:
            return 0.0
        box = QRectF(0, 0, width, 1000)
        flags = int(Qt.TextFlag.TextWordWrap)
        return QFontMetricsF(self.font()).boundingRect(box, flags, note).height() + 4

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which names do not touch."""
        return QSize(264, self.heightForWidth(264))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the least size."""
        return QSize(LEAST_WIDTH, self.height())

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw face, branches, muscles, legend and note."""
        painter = QPainter(self)
        theme = self._desk.theme
        drawing = FaceDrawing(painter, theme, self.scale, self.origin, self.font())
        drawing.outline()
        for place in self.stimulated:
            drawing.stimulated(place, float(self.width()))
        for spot in self.spots:
            drawing.spot(
                spot,
                is_selected=spot is self.selected,
                is_hovered=spot is self.hovered,
                has_focus=self.hasFocus(),
            )
        bottom = FACE_HEIGHT * self.scale
        tones = {s.tone for s in self.spots}
        bottom = drawing.legend(tones, bool(self.stimulated), bottom, float(self.width()))
        note = self.note()
        if note:
            painter.setPen(QColor(theme.muted))
            box = QRectF(0, bottom + 2, self.width(), self.height() - bottom)
            painter.drawText(box, int(Qt.TextFlag.TextWordWrap), note)
        painter.end()

    # ------------------------------------------------------------------ pointing

    def center_of(self, spot: Spot) -> QPointF:
        """Return where a muscle is drawn, in pixels of the widget."""
        x, y = place_of(spot.muscle, spot.side)
        return self.origin + QPointF(x, y) * self.scale

    def spot_at(self, at: QPointF) -> Spot | None:
        """Return the muscle at a point, None if there is none near."""
        reach = [(hypot(*(self.center_of(s) - at).toTuple()), i) for i, s in enumerate(self.spots)]
        nearest = min(reach, default=(1e9, -1))
        return self.spots[nearest[1]] if nearest[0] <= REACH else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Emphasize the muscle under the mouse."""
        self._hover(self.spot_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Emphasize nothing."""
        self._hover(None)

    def _hover(self, spot: Spot | None) -> None:
        """Emphasize a muscle."""
        if spot is not self.hovered:
            self.hovered = spot
            shape = Qt.CursorShape.PointingHandCursor if spot else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Select the finding of the muscle under the mouse."""
        spot = self.spot_at(event.position())
        if spot is not None and event.button() is Qt.MouseButton.LeftButton:
            self._select(spot)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show the sweeps of the muscle under the mouse."""
        if self.spot_at(event.position()) is not None:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go from muscle to muscle by the arrow keys; Enter shows the sweeps."""
        step = (event.key() in FORWARD) - (event.key() in BACKWARD)
        if step and self.spots:
            order = sorted(self.spots, key=lambda s: place_of(s.muscle, s.side)[::-1])
            at = order.index(self.selected) if self.selected else -step
            self._select(order[(at + step) % len(order)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def _select(self, spot: Spot) -> None:
        """Select the finding of a muscle."""
        f = spot.finding
        self._desk.session.select_finding((f.site, f.side), f.channel_index)

    def event(self, event: QEvent) -> bool:
        """Tell the numbers of the muscle under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            spot = self.spot_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.tip(spot), self)
            return True
        return super().event(event)

    def tip(self, spot: Spot | None) -> str:
        """Return the numbers of a muscle, or what can be done here."""
        if spot is None:
            return "Click a muscle to select its finding; double click shows its sweeps"
        return f"{spoken(spot.finding)}\nRecorded as “{spot.finding.channel}”"
