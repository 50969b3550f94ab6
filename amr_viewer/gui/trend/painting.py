"""Draws a whole trend: on the screen, and as a figure that is copied."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from amr_viewer.gui.plot.frame import elided
from amr_viewer.gui.plot.time_axis import draw_time_labels, draw_time_lines
from amr_viewer.gui.theme import LIGHT, Theme
from amr_viewer.gui.trend.look import Look, letters
from amr_viewer.gui.trend.picture import TrendPicture
from amr_viewer.gui.trend.places import Places, place
from amr_viewer.gui.trend.ribbon import draw_lane
from amr_viewer.gui.trend.rows import draw_panel

LINE_ALPHA = 150
MANY_LINES = 60
"""Number of lines from which nobody could tell dashed ones from others."""


def paint_trend(
    painter: QPainter, picture: TrendPicture, look: Look, places: Places, theme: Theme
) -> None:
    """Draw everything that does not move with the mouse.

    Parameters
    ----------
    painter : QPainter
        Its font is the one that `places` was made with.
    picture : TrendPicture
    look : Look
    places : Places
    theme : Theme
    """
    for _ in painted_parts(painter, picture, look, places, theme):
        pass


def painted_parts(
    painter: QPainter, picture: TrendPicture, look: Look, places: Places, theme: Theme
) -> Iterator[None]:
    """Draw the same part by part, so that a window can do something else between them."""
    painter.fillRect(QRectF(0, 0, places.size.width(), places.size.height()), QColor(theme.surface))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    courses = look.courses(picture)
    if places.lanes:
        lanes = places.lanes[0].united(places.lanes[-1])
        draw_time_lines(painter, places.x, lanes, theme)
    _draw_events(painter, look, places, theme)
    for course, lane in zip(courses, places.lanes, strict=True):
        draw_lane(painter, course, places.x, lane, theme)
        yield
    for panel in places.panels:
        draw_panel(painter, panel, places.x, picture, courses, look.percent, theme)
        yield
    draw_time_labels(painter, places.x, places.plot.bottom() + 6, theme)
    _draw_legend(painter, look, places, theme)


def _draw_events(painter: QPainter, look: Look, places: Places, theme: Theme) -> None:
    """Draw a line per event, dashed if it stands in the file, and its letter above."""
    x, events = places.x, look.events
    visible = events.within(x.low, x.high)
    if not visible:
        return
    color = QColor(theme.mark)
    bands = [p.area for p in places.panels]
    if places.lanes:
        bands.append(places.lanes[0].united(places.lanes[-1]).adjusted(0, -2, 0, 0))
    at = np.rint(x.pixels(events.time_s[visible.start : visible.stop]))
    manual = events.manual[visible.start : visible.stop]
    if len(visible) >= MANY_LINES:
        _draw_many(painter, bands, at, color)
    else:
        line = QColor(color)
        line.setAlpha(LINE_ALPHA)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for by_person, style in ((False, Qt.PenStyle.DashLine), (True, Qt.PenStyle.SolidLine)):
            painter.setPen(QPen(line, 1, style))
            columns = at[manual == by_person].tolist()
            lines = [QLineF(c, a.top(), c, a.bottom()) for c in columns for a in bands]
            painter.drawLines(lines)
        painter.restore()
    _draw_letters(painter, places, visible, at, color)


def _draw_many(
    painter: QPainter, bands: list[QRectF], at: NDArray[np.float64], color: QColor
) -> None:
    """Draw very many lines as one row of pixels stretched over each band."""
    left, width = bands[0].left(), max(round(bands[0].width()), 1)
    column = np.clip(at - left, 0, width - 1).astype(np.intp)
    counts = np.bincount(column, minlength=width)
    row = np.empty((1, width, 4), np.uint8)
    row[...] = (color.red(), color.green(), color.blue(), 0)
    # However many there are, what lies behind them stays readable.
    strength = min(1.0, 0.15 * width / max(int(np.count_nonzero(counts)), 1))
    row[0, :, 3] = np.where(counts > 0, round(LINE_ALPHA * strength), 0)
    image = QImage(row.tobytes(), width, 1, 4 * width, QImage.Format.Format_RGBA8888)
    for band in bands:
        painter.drawImage(band, image, QRectF(0, 0, width, 1))


def _draw_letters(
    painter: QPainter,
    places: Places,
    visible: range,
    at: NDArray[np.float64],
    color: QColor,
) -> None:
    """Write the letters of the events; those that would touch are left out."""
    metrics = painter.fontMetrics()
    painter.setPen(color)
    place, free = 0, -np.inf
    while place < len(at):
        text = letters(visible[place])
        width = metrics.horizontalAdvance(text) + 2.0
        left = float(at[place]) - width / 2
        if left < free:
            place = max(place + 1, int(np.searchsorted(at, free + width / 2)))
            continue
        box = QRectF(left, places.letters_top, width, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, text)
        free = left + width + 4
        place += 1


def _draw_legend(painter: QPainter, look: Look, places: Places, theme: Theme) -> None:
    """Write what the letters mean."""
    for event, box in places.legend:
        letter = letters(event)
        painter.setPen(QColor(theme.mark))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, letter)
        rest = box.adjusted(painter.fontMetrics().horizontalAdvance(f"{letter}  "), 0, 0, 0)
        painter.setPen(QColor(theme.text))
        text = elided(painter, look.events.label(event)[len(letter) + 2 :], rest.width())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, text)
    if places.hidden_events:
        last = places.legend[-1][1]
        box = QRectF(8, last.bottom(), places.size.width() - 16, last.height())
        painter.setPen(QColor(theme.muted))
        more = f"and {places.hidden_events} more marks: zoom in to read them"
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, more)


def heading_height(font: QFont) -> int:
    """Return how much a figure is higher than the drawing on the screen."""
    return round(QFontMetricsF(font).height() + 10)


def paint_figure(
    painter: QPainter, picture: TrendPicture, look: Look, title: str, size: QSize
) -> None:
    """Draw a trend as a figure that stands alone: black on white, with a heading.

    Parameters
    ----------
    painter : QPainter
        With the font to be used.
    picture : TrendPicture
    look : Look
    title : str
    size : QSize
        Of the whole, with the heading.
    """
    font = painter.font()
    metrics = QFontMetricsF(font)
    top = heading_height(font)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(LIGHT.surface))
    painter.setPen(QColor(LIGHT.text))
    painter.drawText(QPointF(8, 6 + metrics.ascent()), elided(painter, title, size.width() - 16))
    painter.translate(0, top)
    places = place(picture, look, QSizeF(size.width(), size.height() - top), metrics)
    paint_trend(painter, picture, look, places, LIGHT)
