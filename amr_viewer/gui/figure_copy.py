"""Copies drawings of the window to the clipboard, as vectors or as pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QRect, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

FigureKind = Literal["svg", "png"]

SVG_TYPE = "image/svg+xml"
PNG_SCALE = 3
"""Pixels of a copied image per pixel of the screen, so that it prints sharply."""

DOTS_PER_INCH = 96


def copy_figure(widget_painter: Callable[[QPainter], None], size: QSize, kind: FigureKind) -> None:
    """Put a drawing into the clipboard.

    Parameters
    ----------
    widget_painter : callable
        Draws onto the painter it is given, in pixels of the screen, black on white.
    size : QSize
        Of the drawing, in pixels of the screen.
    kind : str
        ``"svg"``: vectors, with pixels beside them for programs that take no vectors; ``"png"``:
        pixels alone.
    """
    data = QMimeData()
    if kind == "svg":
        data.setData(SVG_TYPE, svg_bytes(widget_painter, size))
    data.setImageData(figure_image(widget_painter, size))
    QGuiApplication.clipboard().setMimeData(data)


def svg_bytes(widget_painter: Callable[[QPainter], None], size: QSize) -> QByteArray:
    """Return a drawing as SVG; see `copy_figure`."""
    from PySide6.QtSvg import QSvgGenerator

    out = QByteArray()
    buffer = QBuffer(out)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(DOTS_PER_INCH)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    painter = QPainter(generator)
    widget_painter(painter)
    painter.end()
    buffer.close()
    return out


def figure_image(widget_painter: Callable[[QPainter], None], size: QSize) -> QImage:
    """Return a drawing as an image; see `copy_figure`."""
    image = QImage(size * PNG_SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PNG_SCALE)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    widget_painter(painter)
    painter.end()
    return image
