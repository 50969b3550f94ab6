"""Copies the drawings and the table of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QGuiApplication, QPainter

from amr_viewer.gui.figure_copy import FigureKind, copy_figure
from amr_viewer.gui.visits.painting import figure_size, paint_figure
from amr_viewer.gui.visits.table_values import as_tsv

if TYPE_CHECKING:
    from amr_viewer.gui.visits.working import Shown


def copy_drawing(shown: Shown, kind: FigureKind, font: QFont) -> None:
    """Put the drawings into the clipboard, black on white."""
    drawing = shown.drawing
    if drawing is None:
        return
    size = figure_size(drawing, font)

    def paint(painter: QPainter) -> None:
        painter.setFont(font)
        paint_figure(painter, drawing, shown.heading, size)

    copy_figure(paint, size, kind)


def copy_table(shown: Shown) -> None:
    """Put the table into the clipboard, parted by tabs."""
    QGuiApplication.clipboard().setText(as_tsv(shown.groups, shown.of))
