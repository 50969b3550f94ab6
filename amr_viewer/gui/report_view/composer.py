"""Makes the pages of the current recording off the GUI thread; only the latest wish counts.

Sweeps are read once per analysis and a document set once per wording, so that a change of zoom only
prints, and a change of text only sets and prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from amr_viewer.gui.document import Stage
from amr_viewer.gui.report_view.page_column import Page, PageColumn
from amr_viewer.gui.tasks import Tasks

if TYPE_CHECKING:
    from amr_viewer.core.analysis import Analysis
    from amr_viewer.core.epochs import Epochs
    from amr_viewer.core.progress import Progress
    from amr_viewer.gui.document import Site
    from amr_viewer.gui.report_preferences import ReportPreferences
    from amr_viewer.gui.session import Session
    from amr_viewer.report.model import Document as Report

LANE = "report"
DELAY_MS = 300
"""Pages are made when nothing has changed for so long."""

SMALL_WIDTH = 320
MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What was made for a wish: kept, because the next wish may need most of it again."""

    key: int
    analysis: Analysis
    sweeps: Mapping[Site, Epochs] = field(repr=False)
    language: str
    report: Report = field(repr=False)
    template: Path | None
    ppi: float
    pages: tuple[Page, ...] = field(repr=False)
    images: dict[int, QImage] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """Pages that a person should see; `near` are the ones to decode first."""

    key: int
    analysis: Analysis
    language: str
    template: Path | None
    ppi: float
    near: tuple[int, ...]


class Composer(QObject):
    """Keeps the pages in a column up to date.

    Signals
    -------
    composed()
        Pages arrived in the column.
    failed(text)
        Pages could not be made.
    """

    composed = Signal()
    failed = Signal(str)

    def __init__(
        self,
        session: Session,
        column: PageColumn,
        preferences: ReportPreferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._column, self._preferences = session, column, preferences
        self._made: Made | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.compose)
        column.zoomed.connect(self.wish)
        column.looked.connect(self._decode)

    @property
    def made(self) -> Made | None:
        """What the column shows."""
        return self._made

    def wish(self) -> None:
        """Make pages soon, unless those that are there are the right ones."""
        wish = self._wish()
        if wish is None:
            return
        if _is_granted(self._made, wish):
            self._timer.stop()
            self._column.set_stale(not self._is_settled())
            return
        self._column.set_stale(not _same_content(self._made, wish))
        self._timer.start()

    def drop(self) -> None:
        """Make no pages: nothing is there to be shown."""
        self._timer.stop()
        self._session.tasks.cancel(LANE)
        self._made = None
        self._column.set_pages((), {})

    def _is_settled(self) -> bool:
        """Whether every decision has arrived in the analysis."""
        document = self._session.document
        analysis = document.analysis if document else None
        return document is not None and analysis is not None and analysis.review is document.review

    def _wish(self) -> Wish | None:
        """Return what should be shown now; None: nothing to show, or nobody looks."""
        document = self._session.document
        if document is None or document.analysis is None or document.stage is not Stage.READY:
            return None
        if not self._column.isVisible():
            return None
        values = self._preferences.values
        template = Path(values.template) if values.template else None
        near = self._column.in_sight() or (0, 1)
        return Wish(
            document.key,
            document.analysis,
            values.language,
            template,
            self._column.ppi,
            near,
        )

    def compose(self) -> None:
        """Make pages now."""
        wish = self._wish()
        self._timer.stop()
        if wish is None or _is_granted(self._made, wish):
            return
        former = self._made
        self._session.tasks.run(
            LANE,
            "setting the report",
            lambda progress: make(wish, former, progress),
            self._arrived,
            self._not_made,
        )

    def _arrived(self, made: Made) -> None:
        """Show pages, unless another recording is current by now."""
        document = self._session.document
        if document is None or document.key != made.key:
            return
        self._made = made
        self._column.set_pages(made.pages, made.images)
        self.composed.emit()
        self.wish()

    def _not_made(self, fault: str) -> None:
        """Tell the fault; the former pages stay, dimmed."""
        self._column.set_stale(True)
        self.failed.emit(fault)

    def _decode(self) -> None:
        """Decode pages that came into sight, each in its own lane."""
        tasks: Tasks = self._session.tasks
        for number, page in self._column.missing():
            lane = f"report page {number}"
            if lane in tasks.running:
                continue
            tasks.run(
                lane,
                "setting the report",
                partial(_decode, page),
                partial(self._column.add_image, number, page),
                self.failed.emit,
            )


def make(wish: Wish, former: Made | None, progress: Progress) -> Made:
    """Make what is wished for, with what is still right of what was made before.

    Raises
    ------
    ExportError
        The template is at fault.
    ReadError
        The recording can no longer be read.
    """
    from amr_viewer.report.content import build
    from amr_viewer.report.pages import render_pages

    sweeps = sweeps_for(wish.analysis, former, progress)
    progress(0.3, "drawing the report")
    if former is not None and (former.analysis, former.language) == (wish.analysis, wish.language):
        report = former.report
    else:
        report = build(wish.analysis, sweeps, language=wish.language, printed=date.today())
    progress(0.7, "setting the report")
    pictures = render_pages(report, wish.ppi, wish.template)
    pages, images = [], {}
    for number, png in enumerate(pictures):
        progress(0.8 + 0.2 * number / len(pictures), "setting the report")
        image = decoded(png)
        small = image.scaledToWidth(SMALL_WIDTH)
        width_in, height_in = (_inches(n, wish.ppi) for n in (image.width(), image.height()))
        pages.append(Page(png, small, width_in, height_in))
        if number in wish.near:
            images[number] = image
    return Made(
        wish.key, wish.analysis, sweeps, wish.language, report, wish.template, wish.ppi,
        tuple(pages), images,
    )  # fmt: skip


def _inches(pixels: int, ppi: float) -> float:
    """Return a side of a page: paper is cut to millimeters, pictures of it to pixels."""
    return round(MM_PER_INCH * pixels / ppi) / MM_PER_INCH


def sweeps_for(
    analysis: Analysis, former: Made | None, progress: Progress
) -> Mapping[Site, Epochs]:
    """Return the sweeps of a report; no decision of a person changes them."""
    from amr_viewer.workflow import report_sweeps

    if former is not None and _same_sweeps(former.analysis, analysis):
        return former.sweeps
    progress(0.05, "reading the sweeps of the report")
    return report_sweeps(analysis)


def _same_sweeps(a: Analysis, b: Analysis) -> bool:
    """Whether two analyses show the same sweeps."""
    return (a.automatic or a) is (b.automatic or b)


def _decode(page: Page, _progress: Progress) -> QImage:
    """Decode a page, in a thread."""
    return decoded(page.png)


def decoded(png: bytes) -> QImage:
    """Return a page as an image that is quick to paint."""
    return QImage.fromData(png).convertToFormat(QImage.Format.Format_RGB32)


def _same_content(made: Made | None, wish: Wish) -> bool:
    """Whether the pages that are there say what is wished for, in whatever resolution."""
    return made is not None and (made.analysis, made.language, made.template) == (
        wish.analysis,
        wish.language,
        wish.template,
    )


def _is_granted(made: Made | None, wish: Wish) -> bool:
    """Whether the pages that are there are those wished for."""
    return made is not None and _same_content(made, wish) and made.ppi == wish.ppi
