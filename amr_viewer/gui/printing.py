"""Puts the pages of a report on paper, in a thread; choosing a printer is left to `exporting`."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from amr_viewer.core.progress import Progress
from amr_viewer.errors import ExportError
from amr_viewer.gui.exports import Order, composed, settled

PPI = 300.0


def print_report(order: Order, printer: QPrinter, progress: Progress) -> str:
    """Print a report; return what was printed, in one line.

    Raises
    ------
    ExportError
        The printer does not take the pages.
    """
    from amr_viewer.report.pages import render_pages

    progress(0.02, "applying the review")
    analysis = settled(order.analysis, order.review)
    report = composed(analysis, order.language, progress)
    progress(0.6, "setting the report")
    pages = render_pages(report, PPI, order.template)
    chosen = _chosen(printer, len(pages))
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    painter = QPainter()
    progress(0.8, "printing")
    if not painter.begin(printer):
        raise ExportError("the printer takes no pages; choose another one, or export a PDF")
    try:
        for number, page in enumerate(chosen):
            progress(0.8 + 0.2 * number / len(chosen), f"printing page {page + 1}")
            if number:
                printer.newPage()
            image = QImage.fromData(pages[page])
            paper = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
            painter.drawImage(_fitted(image, QRectF(0, 0, paper.width(), paper.height())), image)
    finally:
        painter.end()
    return f"Printed: {len(chosen)} {'page' if len(chosen) == 1 else 'pages'}"


def _chosen(printer: QPrinter, count: int) -> list[int]:
    """Return the pages that a person wants, from 0."""
    first = max(printer.fromPage(), 1)
    last = min(printer.toPage() or count, count)
    return list(range(first - 1, last))


def _fitted(image: QImage, paper: QRectF) -> QRectF:
    """Return where a page lies on paper: as large as fits, in the middle."""
    size = QSizeF(image.size())
    scale = min(paper.width() / size.width(), paper.height() / size.height())
    size *= scale
    left = paper.left() + (paper.width() - size.width()) / 2
    return QRectF(
        left, paper.top() + (paper.height() - size.height()) / 2, size.width(), size.height()
    )
