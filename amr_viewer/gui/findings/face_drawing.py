"""Draws the face of the report with the colors of the window; what is shown is left to `face`."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTransform,
)

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.gui.chips import draw_sign
from amr_viewer.gui.findings.face_values import Spot, Stimulated
from amr_viewer.gui.findings.svg_path import painter_path
from amr_viewer.gui.findings.words import TONES
from amr_viewer.gui.theme import Theme
from amr_viewer.report.facemap import (
    LABEL_Y,
    MUSCLE_PLACES,
    OUTLINE,
    QUIET,
    STIMULUS_AT,
    branch_path,
    place_x,
)
from amr_viewer.report.wording import EN

FACE_WIDTH, TOP, FACE_HEIGHT = 380.0, 8.0, 314.0
SPOT_RADIUS = 9.5
ELECTRODE_AWAY = 15.0
LEGEND_ROW, LEGEND_SIGN, LEGEND_GAP = 18.0, 16.0, 12.0
MARGIN_AT = 114.0
STIMULATED, RECORDED = "site", "electrodes"
BOLT = ((2, -8), (-4, 1), (1, 1), (-2, 9), (6, -1), (1, -1), (4, -8))


def place_of(muscle: Muscle, side: Side) -> tuple[float, float]:
    """Return the place of a muscle in the drawing."""
    distance, y = MUSCLE_PLACES[muscle]
    return place_x(side, distance), y - TOP


@lru_cache(maxsize=1)
def _outline() -> tuple[tuple[QPainterPath, bool], ...]:
    """Return the paths of the head, and whether each is filled."""
    return tuple((painter_path(d), is_skin) for d, is_skin in OUTLINE)


@lru_cache(maxsize=32)
def _branch(branch: Branch, side: Side) -> QPainterPath:
    """Return the course of a branch."""
    return painter_path(branch_path(branch, side))


def legend_entries(tones: Collection[str], is_stimulated: bool) -> list[tuple[str, str]]:
    """Return the signs that were used with their words."""
    entries = [(t, EN.headings[f"legend_{t}"]) for t in TONES if t in tones]
    if tones:
        entries.append((RECORDED, "recorded here"))
    if is_stimulated:
        entries.append((STIMULATED, EN.headings["legend_site"]))
    return entries


def legend_rows(
    metrics: QFontMetricsF, entries: list[tuple[str, str]], width: float
) -> list[list[tuple[str, str]]]:
    """Return the entries in rows that fit a width."""
    rows: list[list[tuple[str, str]]] = []
    left = width + 1.0
    for entry in entries:
        needed = LEGEND_SIGN + metrics.horizontalAdvance(entry[1]) + LEGEND_GAP
        if left + needed - LEGEND_GAP > width:
            rows.append([])
            left = 0.0
        rows[-1].append(entry)
        left += needed
    return rows


class FaceDrawing:
    """One painting of the face."""

    def __init__(
        self, painter: QPainter, theme: Theme, scale: float, origin: QPointF, font: QFont
    ) -> None:
        self._painter, self._theme = painter, theme
        self._scale, self._origin, self._font = scale, origin, font
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)

    def _at(self, x: float, y: float) -> QPointF:
        """Return a place of the report's drawing in pixels."""
        return self._origin + QPointF(x, y - TOP) * self._scale

    def _path(self, path: QPainterPath) -> QPainterPath:
        """Return a path of the report's drawing in pixels."""
        origin, scale = self._origin, self._scale
        map_ = QTransform(scale, 0, 0, scale, origin.x(), origin.y() - TOP * scale)
        return map_.map(path)

    def outline(self) -> None:
        """Draw head, branches at rest and the letters of the sides."""
        painter, theme = self._painter, self._theme
        line = QPen(QColor(theme.sweep_gray), 1.1)
        line.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        line.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(line)
        for path, is_skin in _outline():
            painter.setBrush(QColor(theme.ground) if is_skin else Qt.BrushStyle.NoBrush)
            painter.drawPath(self._path(path))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.line), 1.6))
        for branch in QUIET:
            for side in Side:
                painter.drawPath(self._path(_branch(branch, side)))
        painter.setPen(QColor(theme.muted))
        for side in Side:
            center = self._at(place_x(side, 106.0), 292.0)
            box = QRectF(center.x() - 20, center.y() - 10, 40, 20)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, EN.side_letters[side])

    def stimulated(self, site: Stimulated, width: float) -> None:
        """Draw a stimulated branch, its electrode, and its name and current in the margin."""
        painter, theme = self._painter, self._theme
        color = QColor(theme.stimulus)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        strong = QPen(color, 3.0)
        strong.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(strong)
        painter.drawPath(self._path(_branch(site.branch, site.side)))
        distance, y = STIMULUS_AT[site.branch]
        electrode = self._at(place_x(site.side, distance), y)
        box = self._label_box(site, width)
        metrics = QFontMetricsF(self._font)
        edge = box.left() if site.side is Side.LEFT else box.right()
        painter.setPen(QPen(color, 1, Qt.PenStyle.DotLine))
        painter.drawLine(electrode, QPointF(edge, box.top() + metrics.height() / 2))
        bolt = QPolygonF([electrode + QPointF(*p) for p in BOLT])
        painter.setPen(QPen(QColor(theme.surface), 1))
        painter.setBrush(color)
        painter.drawPolygon(bolt)
        bold = QFont(self._font)
        bold.setBold(True)
        flag = Qt.AlignmentFlag.AlignLeft
        if site.side is Side.RIGHT:
            flag = Qt.AlignmentFlag.AlignRight
        painter.setPen(color)
        painter.setFont(bold)
        painter.drawText(box, flag | Qt.AlignmentFlag.AlignTop, site.name)
        painter.setFont(self._font)
        painter.drawText(box, flag | Qt.AlignmentFlag.AlignBottom, site.current)

    def _label_box(self, site: Stimulated, width: float) -> QRectF:
        """Return where name and current stand: beside the head, within the widget."""
        bold = QFont(self._font)
        bold.setBold(True)
        metrics = QFontMetricsF(self._font)
        wide = max(
            QFontMetricsF(bold).horizontalAdvance(site.name),
            metrics.horizontalAdvance(site.current),
        )
        top = self._at(0, LABEL_Y[site.branch] - 12).y()
        lines = 2 if site.current else 1
        x = self._at(place_x(site.side, MARGIN_AT), 0).x()
        left = min(x, width - wide - 2) if site.side is Side.LEFT else max(x - wide - 2, 0.0)
        return QRectF(left, top, wide + 2, lines * metrics.height())

    def spot(self, spot: Spot, *, is_selected: bool, is_hovered: bool, has_focus: bool) -> None:
        """Draw a muscle: its answer, its pair of electrodes, and whether it is selected."""
        painter, theme = self._painter, self._theme
        x, y = place_of(spot.muscle, spot.side)
        center = self._origin + QPointF(x, y) * self._scale
        radius = max(SPOT_RADIUS * self._scale, 5.0) + 1.5 * is_hovered
        away = max(ELECTRODE_AWAY * self._scale, radius + 3.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.muted))
        for sign in (-1, 1):
            painter.drawEllipse(center + QPointF(0.0, sign * away), 1.7, 1.7)
        painter.setBrush(QColor(theme.surface))
        painter.drawEllipse(center, radius, radius)
        draw_sign(painter, center, radius, spot.tone, theme)
        if is_selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            style = Qt.PenStyle.SolidLine
            painter.setPen(QPen(QColor(theme.accent), 2.6 if has_focus else 2.0, style))
            painter.drawEllipse(center, radius + 4, radius + 4)

    def legend(
        self, tones: Collection[str], is_stimulated: bool, top: float, width: float
    ) -> float:
        """Explain the signs that were used; return where it ends."""
        painter, theme = self._painter, self._theme
        metrics = QFontMetricsF(self._font)
        for row in legend_rows(metrics, legend_entries(tones, is_stimulated), width):
            left, y = 0.0, top + LEGEND_ROW / 2
            for sign, word in row:
                self._legend_sign(sign, QPointF(left + 6, y))
                painter.setPen(QColor(theme.text))
                wide = metrics.horizontalAdvance(word)
                box = QRectF(left + LEGEND_SIGN, top, wide + 2, LEGEND_ROW)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, word)
                left += LEGEND_SIGN + wide + LEGEND_GAP
            top += LEGEND_ROW
        return top

    def _legend_sign(self, sign: str, center: QPointF) -> None:
        """Draw a sign of the legend."""
        painter, theme = self._painter, self._theme
        if sign == STIMULATED:
            painter.setPen(QPen(QColor(theme.stimulus), 3))
            painter.drawLine(center - QPointF(5, 0), center + QPointF(5, 0))
        elif sign == RECORDED:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.muted))
            for step in (-4, 4):
                painter.drawEllipse(center + QPointF(0, step), 1.7, 1.7)
        else:
            draw_sign(painter, center, 4.5, sign, theme)
