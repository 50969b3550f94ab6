"""Draws what is selected in a panel: the sweep, chosen rows, markers and their read-out."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from amr_viewer.gui.sweeps.lines import curve, draw_thick
from amr_viewer.gui.sweeps.look import Mode
from amr_viewer.gui.sweeps.panels import MARKERS
from amr_viewer.gui.sweeps.scene import Scene
from amr_viewer.gui.sweeps.words import marker_words


def draw_overlay(painter: QPainter, scene: Scene, readout: str = "") -> None:
    """Draw what is selected over the paper."""
    if scene.sweeps is None:
        return
    painter.save()
    painter.setClipRect(scene.frame.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    _chosen(painter, scene)
    _selected(painter, scene)
    painter.restore()
    if scene.look.mode is Mode.SUPERIMPOSED:
        _markers(painter, scene)
    elif scene.look.mode is Mode.STACKED:
        _ticks(painter, scene)
    if readout:
        _readout(painter, scene, readout)


def _chosen(painter: QPainter, scene: Scene) -> None:
    """Shade the rows that are chosen, where sweeps lie below each other."""
    if scene.look.mode is Mode.SUPERIMPOSED:
        return
    plot = scene.frame.plot
    spans = [scene.chosen] if scene.chosen else []
    if scene.row is not None:
        spans.append((scene.row, scene.row))
    for first, last in spans:
        top = scene.row_center(first) - scene.pitch / 2
        bottom = scene.row_center(last) + scene.pitch / 2
        shade = QColor(scene.theme.accent)
        shade.setAlpha(34)
        painter.fillRect(QRectF(plot.left(), top, plot.width(), max(bottom - top, 1.5)), shade)
        if scene.look.mode is Mode.WATERFALL:
            painter.setPen(QPen(QColor(scene.theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(plot.left(), top - 0.5, plot.width() - 1, bottom - top + 1))


def _selected(painter: QPainter, scene: Scene) -> None:
    """Draw the selected sweep bright and thick over the others."""
    row = scene.row
    hidden = scene.look.mode is Mode.WATERFALL
    if row is None or hidden or not scene.rows[0] <= row < scene.rows[1]:
        return
    assert scene.sweeps is not None
    times, sweep = scene.sweeps.times_ms, scene.sweep_uv(row)
    line = curve(times, sweep, scene.x, scene.y_of_row(row))
    draw_thick(painter, line, QPen(QColor(scene.theme.text), 1.7), vector=scene.vector)


def _markers(painter: QPainter, scene: Scene) -> None:
    """Draw the program's markers dashed, a person's solid with the program's faint beside them."""
    theme = scene.theme
    for marker in scene.own:
        was, now = scene.automatic.get(marker), scene.markers.get(marker)
        if was is not None and isfinite(was) and (now is None or abs(was - now) > 1e-3):
            _line(painter, scene, was, QPen(QColor(theme.sweep_gray), 1, Qt.PenStyle.DashLine))
    labels = _label_places(painter, scene)
    for marker in MARKERS:
        at = scene.markers.get(marker, float("nan"))
        if not isfinite(at) or not scene.x.low <= at <= scene.x.high:
            continue
        style = Qt.PenStyle.SolidLine if marker in scene.own else Qt.PenStyle.DashLine
        width = 2 if marker == scene.picked else 1
        color = theme.accent if marker == scene.picked else theme.text
        _line(painter, scene, at, QPen(QColor(color), width, style))
        if marker in labels:
            _label(painter, scene, marker, labels[marker])


def _line(painter: QPainter, scene: Scene, at_ms: float, pen: QPen) -> None:
    """Draw an upright line at a time."""
    plot, x = scene.frame.plot, round(scene.x.pixel(at_ms))
    if plot.left() <= x <= plot.right():
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.restore()


def _label_places(painter: QPainter, scene: Scene) -> dict[str, QRectF]:
    """Return where the names of markers stand so that none covers another.

    Onset to the left, end to the right, N above and P below, as peaks lie with negative up.
    """
    plot, metrics = scene.frame.plot, painter.fontMetrics()
    negative_up = scene.span.top_uv < 0
    out: dict[str, QRectF] = {}
    for marker in MARKERS:
        at = scene.markers.get(marker, float("nan"))
        if not isfinite(at) or not scene.x.low <= at <= scene.x.high:
            continue
        wide = metrics.horizontalAdvance(marker_words(marker, at)) + 6
        x = scene.x.pixel(at)
        low = marker == ("positive_peak_ms" if negative_up else "peak_ms")
        top = plot.bottom() - metrics.height() - 2 if low else plot.top() + 1
        leftward = marker == "onset_ms"
        if leftward and x - wide < plot.left():
            leftward = False
        if not leftward and x + wide > plot.right():
            leftward = True
        box = QRectF(x - wide if leftward else x + 1, top, wide, metrics.height())
        way = metrics.height() * (-1 if low else 1)
        while any(box.intersects(other) for other in out.values()):
            box.translate(0, way)
        out[marker] = box
    return out


def _label(painter: QPainter, scene: Scene, marker: str, box: QRectF) -> None:
    """Write the name of a marker."""
    ground = QColor(scene.theme.surface)
    ground.setAlpha(200)
    painter.fillRect(box, ground)
    painter.setPen(QColor(scene.theme.text))
    words = marker_words(marker, scene.markers[marker])
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _ticks(painter: QPainter, scene: Scene) -> None:
    """Draw the markers of the selected stacked sweep as short strokes on its row."""
    row = scene.row
    if row is None or not scene.rows[0] <= row < scene.rows[1]:
        return
    center, half = scene.row_center(row), max(scene.pitch / 2, 5.0)
    for marker in MARKERS:
        style = Qt.PenStyle.SolidLine if marker in scene.own else Qt.PenStyle.DotLine
        painter.setPen(QPen(QColor(scene.theme.text), 1.2, style))
        at = scene.markers.get(marker, float("nan"))
        if isfinite(at) and scene.x.low <= at <= scene.x.high:
            x = scene.x.pixel(at)
            painter.drawLine(QPointF(x, center - half), QPointF(x, center + half))


def _readout(painter: QPainter, scene: Scene, text: str) -> None:
    """Write what is being dragged."""
    plot, metrics = scene.frame.plot, painter.fontMetrics()
    wide = metrics.horizontalAdvance(text) + 16
    box = QRectF(plot.center().x() - wide / 2, plot.bottom() - metrics.height() - 10, wide, 0)
    box.setHeight(metrics.height() + 6)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(QColor(scene.theme.accent), 1))
    painter.setBrush(QColor(scene.theme.raised))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(scene.theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
