"""Draws a panel from its scene: what changes seldom (the paper), then what is selected on it."""

from __future__ import annotations

from math import isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from amr_viewer.gui.plot.frame import elided
from amr_viewer.gui.plot.scale import tick_label
from amr_viewer.gui.sweeps.lines import can_be_lines, draw_lines, draw_summary
from amr_viewer.gui.sweeps.look import HALF_DIVISIONS, Mode
from amr_viewer.gui.sweeps.paint_rows import draw_color_bar, draw_rows
from amr_viewer.gui.sweeps.paint_why import draw_why
from amr_viewer.gui.sweeps.scene import Scene

BAND_ALPHA = 22


def draw_paper(painter: QPainter, scene: Scene) -> None:
    """Draw everything but what is selected."""
    _ground(painter, scene)
    painter.save()
    painter.setClipRect(scene.frame.plot)
    if scene.sweeps is None or not len(scene.sweeps):
        _note(painter, scene)
    elif scene.vector and can_be_lines(scene):
        draw_lines(painter, scene)
    else:
        _image(painter, scene)
    draw_summary(painter, scene)
    painter.restore()
    if scene.look.mode is not Mode.SUPERIMPOSED:
        draw_rows(painter, scene)
    if scene.look.mode is Mode.WATERFALL:
        _window_edges(painter, scene)
        draw_color_bar(painter, scene)
    if scene.look.mode is Mode.SUPERIMPOSED:
        _noise(painter, scene)
        _clip_signs(painter, scene)
    if scene.frame.why is not None:
        draw_why(painter, scene)


# ---------------------------------------------------------------------- ground


def _ground(painter: QPainter, scene: Scene) -> None:
    """Draw search window, artefact, grid, stimulus and the numbers of the scales."""
    theme, plot, x = scene.theme, scene.frame.plot, scene.x
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if scene.look.mode is not Mode.WATERFALL:
        _band(painter, scene, *_window(scene), theme.muscle(scene.panel.finding.muscle))
    _grid(painter, scene)
    blank = scene.sweeps.blank_ms(scene.panel.channel) if scene.sweeps else float("nan")
    if isfinite(blank) and scene.look.mode is not Mode.WATERFALL:
        _band(painter, scene, 0.0, blank, theme.sweep_gray, Qt.BrushStyle.BDiagPattern, 90)
    if x.low <= 0 <= x.high:
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.drawLine(QPointF(x.pixel(0), plot.top()), QPointF(x.pixel(0), plot.bottom()))
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    painter.restore()
    _time_numbers(painter, scene)


def _window(scene: Scene) -> tuple[float, float]:
    """Return the search window; none is searched in direct muscles."""
    return (0.0, 0.0) if scene.panel.is_direct else scene.window_ms


def _band(
    painter: QPainter,
    scene: Scene,
    low: float,
    high: float,
    color: str,
    pattern: Qt.BrushStyle = Qt.BrushStyle.SolidPattern,
    alpha: int = BAND_ALPHA,
) -> None:
    """Shade a stretch of time."""
    x, plot = scene.x, scene.frame.plot
    left, right = max(x.pixel(low), plot.left()), min(x.pixel(high), plot.right())
    if right > left:
        shade = QColor(color)
        shade.setAlpha(alpha + 6 if scene.theme.is_dark else alpha)
        painter.fillRect(
            QRectF(left, plot.top(), right - left, plot.height()), QBrush(shade, pattern)
        )


def _window_edges(painter: QPainter, scene: Scene) -> None:
    """Draw where the search window begins and ends, over the image."""
    plot = scene.frame.plot
    if scene.panel.is_direct:
        return
    painter.save()
    painter.setPen(QPen(QColor(scene.theme.muted), 1, Qt.PenStyle.DotLine))
    for at in (round(scene.x.pixel(t)) for t in scene.window_ms):
        if plot.left() <= at <= plot.right():
            painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()))
    painter.restore()


def _grid(painter: QPainter, scene: Scene) -> None:
    """Draw one line per division, and the numbers of voltage."""
    theme, plot, x, y = scene.theme, scene.frame.plot, scene.x, scene.y
    painter.setPen(QPen(QColor(theme.grid), 1))
    step = scene.look.ms_per_division
    for k in range(int(np.ceil(x.low / step)), int(np.floor(x.high / step)) + 1):
        at = x.pixel(k * step)
        painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()))
    if scene.look.mode is not Mode.SUPERIMPOSED:
        return
    metrics = painter.fontMetrics()
    every = 1 if abs(y.pixels_per_unit) * scene.gain_uv > metrics.height() + 8 else 2
    in_mv = scene.gain_uv >= 500
    for k in range(1 - HALF_DIVISIONS, HALF_DIVISIONS):
        value = k * scene.gain_uv
        at = y.pixel(value)
        painter.setPen(QPen(QColor(theme.line if k == 0 else theme.grid), 1))
        painter.drawLine(QPointF(plot.left(), at), QPointF(plot.right(), at))
        if k % every == 0:
            painter.setPen(QColor(theme.muted))
            text = tick_label(value / 1e3 if in_mv else value)
            box = QRectF(0, at - metrics.height() / 2, plot.left() - 6, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, text)
    painter.setPen(QColor(theme.muted))
    box = QRectF(0, plot.top() - 2, plot.left() - 6, metrics.height())
    painter.drawText(box, Qt.AlignmentFlag.AlignRight, "mV" if in_mv else "µV")


def _time_numbers(painter: QPainter, scene: Scene) -> None:
    """Write the times below the panel, with their unit at the end."""
    x, plot, metrics = scene.x, scene.frame.plot, painter.fontMetrics()
    step = scene.look.ms_per_division
    painter.save()
    painter.setPen(QColor(scene.theme.muted))
    unit = metrics.horizontalAdvance("ms")
    end = -1e9
    limit = scene.frame.plot.right() - unit - 8
    for k in range(int(np.ceil(x.low / step)), int(np.floor(x.high / step)) + 1):
        text = tick_label(round(k * step, 6))
        wide = metrics.horizontalAdvance(text)
        left = x.pixel(k * step) - wide / 2
        if left > end + 10 and left + wide < limit:
            painter.drawText(QPointF(left, plot.bottom() + 4 + metrics.ascent()), text)
            end = left + wide
    painter.drawText(QPointF(plot.right() - unit, plot.bottom() + 4 + metrics.ascent()), "ms")
    painter.restore()


def _note(painter: QPainter, scene: Scene) -> None:
    """Say why there are no sweeps yet."""
    painter.setPen(QColor(scene.theme.muted))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(scene.frame.plot.adjusted(8, 8, -8, -8), int(flags), scene.note)


# ---------------------------------------------------------------------- sweeps


def _image(painter: QPainter, scene: Scene) -> None:
    """Draw the picture of the sweeps where it belongs, also one made for other scales."""
    picture = scene.picture
    if picture is None or picture.mode is not scene.look.mode:
        return
    x, plot, span = scene.x, scene.frame.plot, picture.span
    left, right = x.pixel(span.start_ms), x.pixel(span.stop_ms)
    if picture.mode is Mode.SUPERIMPOSED:
        top, bottom = scene.y.pixel(span.top_uv), scene.y.pixel(span.bottom_uv)
    else:
        top = plot.top() + (picture.rows[0] - scene.rows[0]) * scene.pitch
        bottom = plot.top() + (picture.rows[1] - scene.rows[0]) * scene.pitch
    painter.drawImage(QRectF(left, top, right - left, bottom - top), picture.image)


# ---------------------------------------------------------------------- beside the sweeps


def _noise(painter: QPainter, scene: Scene) -> None:
    """Draw the noise around zero, and the least response that would have been seen."""
    if not scene.look.noise:
        return
    f, y, plot, theme = scene.panel.finding, scene.y, scene.frame.plot, scene.theme
    e = scene.panel.evidence
    noise = e.noise_uv if e is not None and isfinite(e.noise_uv) else f.noise_uv
    painter.save()
    painter.setClipRect(plot)
    if isfinite(noise):
        top, bottom = sorted((y.pixel(noise), y.pixel(-noise)))
        shade = QColor(theme.window_band)
        shade.setAlpha(50)
        painter.fillRect(QRectF(plot.left(), top, plot.width(), bottom - top), shade)
    words = [f"noise ±{noise:.1f} µV"] if isfinite(noise) else []
    if isfinite(f.detectable_uv) and not scene.panel.is_direct:
        painter.setPen(QPen(QColor(theme.window_band), 1, Qt.PenStyle.DashDotLine))
        for value in (f.detectable_uv / 2, -f.detectable_uv / 2):
            at = y.pixel(value)
            painter.drawLine(QPointF(plot.left(), at), QPointF(plot.right(), at))
        words.append(f"seen from {f.detectable_uv:.0f} µV")
    painter.setPen(QColor(theme.accent))
    height = painter.fontMetrics().height()
    for k, word in enumerate(reversed(words)):
        top = plot.bottom() - (k + 1) * height - 2
        box = QRectF(plot.right() - scene.beside, top, scene.beside - 4, height)
        text = elided(painter, word, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, text)
    painter.restore()


def _clip_signs(painter: QPainter, scene: Scene) -> None:
    """Put a triangle wherever sweeps leave the panel after the artefact."""
    picture, plot = scene.picture, scene.frame.plot
    if picture is None or picture.span != scene.span or picture.mode is not scene.look.mode:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(scene.theme.late))
    for cut, edge, way in ((picture.above, plot.top(), 1), (picture.below, plot.bottom(), -1)):
        for center in _middles(cut):
            at = plot.left() + center / max(len(cut), 1) * plot.width()
            tip = QPointF(at, edge + way)
            painter.drawPolygon(
                QPolygonF([tip, tip + QPointF(-5, 7 * way), tip + QPointF(5, 7 * way)])
            )
    painter.restore()


def is_cut(scene: Scene) -> bool:
    """Whether sweeps leave the panel after the artefact."""
    picture = scene.picture
    if picture is None or picture.span != scene.span or picture.mode is not scene.look.mode:
        return False
    return bool(picture.above.any() or picture.below.any())


def _middles(flags: NDArray[np.bool_], join: int = 12) -> list[float]:
    """Return the middles of the runs in which flags are set, near ones joined."""
    at = np.flatnonzero(flags)
    if not len(at):
        return []
    parts = np.split(at, np.flatnonzero(np.diff(at) > join) + 1)
    return [float(part[0] + part[-1]) / 2 + 0.5 for part in parts]
