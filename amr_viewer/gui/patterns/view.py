"""The Patterns view: conclusion, burst raster with traces, and panels, put together."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.bursts import Bursts
from amr_viewer.core.pattern_words import conclusion_words, headline
from amr_viewer.core.patterns import PatternFinding
from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.chips import Chip
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document
from amr_viewer.gui.figure_copy import FigureKind, copy_figure
from amr_viewer.gui.free_running import search_lane
from amr_viewer.gui.pattern_words import tone_of
from amr_viewer.gui.patterns.actions import pattern_actions
from amr_viewer.gui.patterns.burst_list import BurstList
from amr_viewer.gui.patterns.card import EvidenceCard
from amr_viewer.gui.patterns.figures import Figure, figure_size, paint_figure
from amr_viewer.gui.patterns.lanes import lanes_of
from amr_viewer.gui.patterns.legend import RasterKey
from amr_viewer.gui.patterns.limits import count_of
from amr_viewer.gui.patterns.limits_panel import LimitsPanel
from amr_viewer.gui.patterns.panels import Panels
from amr_viewer.gui.patterns.picking import Picking
from amr_viewer.gui.patterns.picture import Events, Picture, events_of
from amr_viewer.gui.patterns.raster import BurstRaster
from amr_viewer.gui.patterns.stage_words import stage_words
from amr_viewer.gui.patterns.staging import Staging
from amr_viewer.gui.patterns.strip import Strip
from amr_viewer.gui.patterns.synchrony import SynchronyMap
from amr_viewer.gui.patterns.trace_scales import scales_uv
from amr_viewer.gui.patterns.verbs import Verbs
from amr_viewer.gui.patterns.windows import Windows
from amr_viewer.gui.theme import GAP

MOST_LEAST_HEIGHT = 240
"""More lanes than fit into this height may have to be scrolled."""


class PatternsView(QWidget):
    """Bursts of all muscles, and the pattern that they show."""

    titles = (("Evidence", "E"), ("Bursts", "L"), ("Synchrony", "S"), ("Durations", "D"))

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: Analysis | None = None
        self._side = 0
        self._events = Events()
        self._stale = True
        self.windows, self.staging = Windows(desk.session), Staging(desk)
        self.chip, self.headline = Chip(desk.appearance), QLabel()
        self.raster = BurstRaster(desk, self.windows)
        self.strip = Strip(desk.appearance, self.windows)
        self.key = RasterKey(desk.appearance)
        self.card = EvidenceCard(desk.appearance)
        self.list = BurstList()
        self.synchrony = SynchronyMap(desk.appearance)
        self.limits_panel = LimitsPanel(desk.appearance)
        parts = (self.card, self.list, self.synchrony, self.limits_panel)
        self.panels = Panels(tuple((*t, part) for t, part in zip(self.titles, parts, strict=True)))
        self.picking = Picking(self.raster, self.list, self.windows)
        self.verbs = Verbs(desk, self.picking, self.windows, self)
        self.empty = QLabel()
        self._lay_out()
        self._connect()
        self._tell_stage()

    def _lay_out(self) -> None:
        """Put conclusion over raster over panels, and the empty state in their place."""
        self.empty.setProperty("role", "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMargin(6 * GAP)
        font = self.headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.15)
        font.setBold(True)
        self.headline.setFont(font)
        self.headline.setWordWrap(True)
        self.headline.setAccessibleName("Conclusion")
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.headline, 1)
        head.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignTop)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self._upper())
        self.splitter.addWidget(self.panels)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([500, 500])
        full = QWidget()
        outer = QVBoxLayout(full)
        outer.setContentsMargins(GAP, GAP, GAP, GAP)
        outer.setSpacing(GAP // 2)
        outer.addLayout(head)
        outer.addWidget(self.splitter, 1)
        outer.addWidget(self.limits_panel.note)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(full)
        self.setFocusProxy(self.raster)

    def _upper(self) -> QWidget:
        """Return key, raster and the whole recording, below each other."""
        self._scroll = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusProxy(self.raster)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.raster)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP // 2)
        column.addWidget(self.key, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(scroll, 1)
        column.addWidget(self.strip)
        return upper

    def _connect(self) -> None:
        """Follow the session and the parts."""
        session = self._desk.session
        session.current_changed.connect(self.refresh)
        session.analysis_changed.connect(self.refresh)
        session.documents_changed.connect(self._tell_stage)
        session.tasks.changed.connect(self._tell_stage)
        session.recording_changed.connect(self._show_events)
        session.selection_changed.connect(self.raster.update)
        session.selection_changed.connect(self.strip.update)
        for pointing in (self.raster, self.synchrony, self.limits_panel):
            pointing.pointed.connect(session.pointed)
        self.raster.opened.connect(self.open)
        self.raster.drawn.connect(self.verbs.draw)
        self.raster.menu_wanted.connect(self.verbs.show_menu)
        self.list.opened.connect(self.open)
        self.list.menu_wanted.connect(lambda at: self.verbs.show_menu(-1, float("nan"), at))
        self.card.side_chosen.connect(self._choose_side)
        self.limits_panel.changed.connect(self.set_limit)
        self.limits_panel.kept.connect(self.staging.keep)
        self.limits_panel.discarded.connect(self.discard)

    # ------------------------------------------------------------------ values

    @property
    def document(self) -> Document | None:
        """The recording, if it is analyzed."""
        document = self._desk.session.document
        return document if document and document.analysis else None

    @property
    def analysis(self) -> Analysis | None:
        """Its analysis, if bursts were looked for."""
        document = self.document
        analysis = document.analysis if document else None
        return analysis if analysis and not analysis.bursts.not_assessed else None

    @property
    def bursts(self) -> Bursts | None:
        """The bursts as they are named under the limits that are looked at."""
        return self.picking.bursts

    def blocked(self) -> str:
        """Say why nothing can be done here, empty if something can."""
        return self.verbs.no_bursts()

    # ------------------------------------------------------------------ what is shown

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Draw what changed while this was hidden."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Show the current analysis; nothing while hidden."""
        self._stale = True
        if not self.isVisible():
            return
        self._stale = False
        document, analysis = self.document, self.analysis
        self.staging.forget_idle()
        if document is None or analysis is None:
            self._shown = None
            self.raster.show_picture(None)
            self.picking.forget()
            self._pages.setCurrentIndex(0)
            self._tell_stage()
            return
        former, self._shown = self._shown, analysis
        if former is None or former.recording.path != analysis.recording.path:
            self._side = 0
        self._events = events_of(analysis.stimuli, document.mark_columns)
        self._show_bursts(analysis, former)
        self._show_findings(analysis)
        self._pages.setCurrentIndex(1)

    def _show_bursts(self, analysis: Analysis, former: Analysis | None = None) -> None:
        """Show the bursts as named under the limits that are looked at."""
        limits, report = self.staging.limits, self.staging.report
        assert limits is not None
        assert report is not None
        bursts = self.staging.named(analysis.bursts)
        picture = Picture(bursts, lanes_of(bursts), self._events, scales_uv(bursts))
        self.raster.show_picture(picture)
        self._scroll.setMinimumHeight(min(self.raster.minimumHeight(), MOST_LEAST_HEIGHT))
        self.strip.show_bursts(bursts)
        self.list.show_bursts(bursts)
        self.limits_panel.show_bursts(bursts, limits, report, count_of(analysis.bursts))
        self.picking.follow(former.bursts if former else None)

    def _show_events(self) -> None:
        """Draw the marks anew."""
        document, picture = self.document, self.raster.picture
        if document and document.analysis and picture and not self._stale:
            self._events = events_of(document.analysis.stimuli, document.mark_columns)
            self.raster.show_picture(replace(picture, events=self._events))

    def _show_findings(self, analysis: Analysis) -> None:
        """Show conclusion, evidence and pairs."""
        findings = analysis.patterns
        self._side = min(self._side, max(len(findings) - 1, 0))
        self.card.show_finding(findings, self._side)
        self.synchrony.show_pairs(analysis.bursts, findings[0].synchrony if findings else ())
        self._show_conclusion(findings[self._side] if findings else None)

    def _show_conclusion(self, finding: PatternFinding | None) -> None:
        """Say what was found, above everything."""
        if finding is None:
            self.headline.setText("Bursts were found; no pattern was judged")
            self.chip.show_verdict("direct", "")
            return
        side = f"{finding.side.value.capitalize()} side: " if finding.side else ""
        self.headline.setText(side + conclusion_words(finding))
        word = f"confidence {finding.confidence}" if finding.confidence else ""
        self.chip.show_verdict(tone_of(finding), word)

    def _tell_stage(self) -> None:
        """Say how far the recording is, where there is nothing to see."""
        session = self._desk.session
        key = session.document.key if session.document else 0
        is_searching = search_lane(key) in session.tasks.running
        text = stage_words(session.document, is_searching=is_searching)
        if text != self.empty.text():
            self.empty.setText(text)

    # ------------------------------------------------------------------ what a person does

    def open(self, burst: int) -> None:
        """Show a burst in Traces."""
        self.picking.choose(burst)
        self._desk.session.set_view("traces")

    def open_current(self) -> None:
        """Show the selected burst in Traces."""
        if reason := self.verbs.none_selected():
            self._desk.session.said.emit(reason)
        elif self.picking.current is not None:
            self.open(self.picking.current)

    def _choose_side(self, at: int) -> None:
        """Show what was found on another side."""
        analysis = self.analysis
        if analysis is not None:
            self._side = at
            self._show_findings(analysis)

    def set_limit(self, name: str, value: float) -> None:
        """Look at another limit; the protocol stays as it is."""
        analysis = self.analysis
        if analysis is not None and self.staging.set(name, value):
            self._show_bursts(analysis, analysis)

    def discard(self) -> None:
        """Look at the limits of the report again."""
        analysis = self.analysis
        if analysis is not None and self.staging.discard():
            self._show_bursts(analysis, analysis)

    def copy_figure(self, kind: FigureKind) -> None:
        """Copy raster, synchrony and histograms as a figure, black on white."""
        picture, analysis, limits = self.raster.picture, self.analysis, self.staging.limits
        if picture is None or analysis is None or limits is None:
            return
        findings = analysis.patterns
        title = headline(findings[0]) if findings else self.headline.text()
        pairs = findings[0].synchrony if findings else ()
        figure = Figure(title, picture, self.windows.shown, pairs, limits)
        size = figure_size(figure, self.font())

        def paint(painter: QPainter) -> None:
            painter.setFont(self.font())
            paint_figure(painter, figure, size)

        copy_figure(paint, size, kind)
        self._desk.session.said.emit(f"copied as {kind.upper()}")

    def actions(self) -> tuple[ActionSpec, ...]:  # type: ignore[override]
        """Return what can be done here."""
        return pattern_actions(self)
