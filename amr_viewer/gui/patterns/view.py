"""The Patterns view: conclusion, burst raster and panels, put together."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
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
from amr_viewer.core.patterns import PatternFinding
from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.chips import Chip
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document, Stage
from amr_viewer.gui.patterns.actions import pattern_actions
from amr_viewer.gui.patterns.burst_list import BurstList
from amr_viewer.gui.patterns.card import EvidenceCard
from amr_viewer.gui.patterns.lanes import lanes_of
from amr_viewer.gui.patterns.legend import RasterKey
from amr_viewer.gui.patterns.limits import Limits, count_of, limits_of, recounted
from amr_viewer.gui.patterns.limits_panel import LimitsPanel
from amr_viewer.gui.patterns.panels import Panels
from amr_viewer.gui.patterns.picture import Events, Picture, events_of
from amr_viewer.gui.patterns.raster import BurstRaster
from amr_viewer.gui.patterns.strip import Strip
from amr_viewer.gui.patterns.synchrony import SynchronyMap
from amr_viewer.gui.patterns.walk import burst_beside, next_burst
from amr_viewer.gui.patterns.windows import Windows
from amr_viewer.gui.patterns.words import conclusion_words, tone_of
from amr_viewer.gui.theme import GAP

MOST_LEAST_HEIGHT = 240
"""More lanes than fit into this height may have to be scrolled."""

NOTHING_OPEN = "Open a recording (Ctrl+O) to see the bursts of its free-running EMG."
NOT_YET = {
    Stage.READING: "The recording is being read.",
    Stage.WAITING: "The recording waits for its analysis; bursts are shown when it is done.",
    Stage.ANALYZING: "The recording is being analyzed; bursts are shown when it is done.",
}
NOT_ASSESSED = (
    "No bursts were looked for ({reason}). Patterns of free-running EMG need a continuous "
    "recording of the muscles at rest, without stimulation."
)


class PatternsView(QWidget):
    """Bursts of all muscles, and the pattern that they show."""

    titles = (("Evidence", "E"), ("Bursts", "L"), ("Synchrony", "S"), ("Durations", "D"))

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._limits: dict[int, Limits] = {}
        self._shown: Analysis | None = None
        self._side = 0
        self._events = Events()
        self._stale = True
        self.current: int | None = None
        self.windows = Windows(desk.session)
        self.chip, self.headline = Chip(desk.appearance), QLabel()
        self.raster = BurstRaster(desk.appearance, self.windows)
        self.strip = Strip(desk.appearance, self.windows)
        self.key = RasterKey(desk.appearance)
        self.card = EvidenceCard(desk.appearance)
        self.list = BurstList()
        self.synchrony = SynchronyMap(desk.appearance)
        self.limits_panel = LimitsPanel(desk.appearance)
        parts = (self.card, self.list, self.synchrony, self.limits_panel)
        self.panels = Panels(tuple((*t, part) for t, part in zip(self.titles, parts, strict=True)))
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
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(upper)
        self.splitter.addWidget(self.panels)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([450, 550])
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

    def _connect(self) -> None:
        """Follow the session and the parts."""
        session = self._desk.session
        session.current_changed.connect(self.refresh)
        session.analysis_changed.connect(self.refresh)
        session.documents_changed.connect(self._tell_stage)
        session.recording_changed.connect(self._show_events)
        session.selection_changed.connect(self.raster.update)
        session.selection_changed.connect(self.strip.update)
        for pointing in (self.raster, self.synchrony, self.limits_panel):
            pointing.pointed.connect(session.pointed)
        self.raster.chosen.connect(self.choose)
        self.raster.opened.connect(self.open)
        self.list.chosen.connect(self.choose)
        self.list.opened.connect(self.open)
        self.card.side_chosen.connect(self._choose_side)
        self.limits_panel.changed.connect(self.set_limit)
        self.limits_panel.kept.connect(self.keep)
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
        return self.raster.picture.bursts if self.raster.picture else None

    @property
    def limits(self) -> Limits | None:
        """The limits that are looked at."""
        document, analysis = self.document, self.analysis
        if document is None or analysis is None:
            return None
        return self._limits.get(document.key) or limits_of(analysis.protocol.parameters.bursts)

    @property
    def differs(self) -> bool:
        """Whether other limits are looked at than the report rests on."""
        document = self.document
        return document is not None and document.key in self._limits

    def blocked(self) -> str:
        """Say why nothing can be done here, empty if something can."""
        return "" if self.raster.picture else "no bursts are shown"

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
        self._forget_idle_limits()
        if document is None or analysis is None:
            self._shown = self.current = None
            self.raster.show_picture(None)
            self._pages.setCurrentIndex(0)
            self._tell_stage()
            return
        if self._shown is None or analysis.bursts is not self._shown.bursts:
            self.current, self._side = None, 0
        self._shown = analysis
        self._events = events_of(analysis.stimuli, document.mark_columns)
        self._show_bursts(analysis)
        self._show_findings(analysis)
        self._pages.setCurrentIndex(1)

    def _forget_idle_limits(self) -> None:
        """Drop limits that the protocol has taken over, and those of closed recordings."""
        open_keys = {d.key for d in self._desk.session.documents}
        self._limits = {k: v for k, v in self._limits.items() if k in open_keys}
        document = self.document
        if document and document.analysis:
            report = limits_of(document.analysis.protocol.parameters.bursts)
            if self._limits.get(document.key) == report:
                del self._limits[document.key]

    def _show_bursts(self, analysis: Analysis) -> None:
        """Show the bursts as named under the limits that are looked at."""
        limits = self.limits
        assert limits is not None
        ground = analysis.protocol.parameters.bursts
        report, bursts = limits_of(ground), analysis.bursts
        if limits != report:
            bursts = recounted(bursts, limits, ground)
        self.raster.show_picture(Picture(bursts, lanes_of(bursts), self._events))
        self._scroll.setMinimumHeight(min(self.raster.minimumHeight(), MOST_LEAST_HEIGHT))
        self.raster.set_current(self.current)
        self.strip.show_bursts(bursts)
        self.list.show_bursts(bursts)
        self.list.set_current(self.current)
        self.limits_panel.show_bursts(bursts, limits, report, count_of(analysis.bursts))

    def _show_events(self) -> None:
        """Draw the marks anew."""
        document, picture = self.document, self.raster.picture
        if document and document.analysis and picture and not self._stale:
            self._events = events_of(document.analysis.stimuli, document.mark_columns)
            self.raster.show_picture(Picture(picture.bursts, picture.lanes, self._events))

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
        word = f"confidence: {finding.confidence}" if finding.confidence else ""
        self.chip.show_verdict(tone_of(finding), word)

    def _tell_stage(self) -> None:
        """Say how far the recording is, where there is nothing to see."""
        document = self._desk.session.document
        if document is None:
            text = NOTHING_OPEN
        elif document.analysis is not None:
            text = NOT_ASSESSED.format(reason=document.analysis.bursts.not_assessed)
        elif document.stage is Stage.FAILED:
            text = document.fault
        else:
            text = NOT_YET.get(document.stage, "")
        self.empty.setText(text)

    # ------------------------------------------------------------------ what a person does

    def choose(self, burst: int) -> None:
        """Select a burst, and let the visible stretch show it, here and in Traces."""
        bursts = self.bursts
        if bursts is None or not 0 <= burst < len(bursts):
            return
        self.current = burst
        self.raster.set_current(burst)
        self.list.set_current(burst)
        self.windows.reveal(bursts, burst)

    def open(self, burst: int) -> None:
        """Show a burst in Traces."""
        self.choose(burst)
        self._desk.session.set_view("traces")

    def open_current(self) -> None:
        """Show the selected burst in Traces."""
        if self.current is not None:
            self.open(self.current)

    def go(self, step: int) -> None:
        """Select the next (1) or former (-1) burst that counts, in the muscle of the selected."""
        picture = self.raster.picture
        found = next_burst(picture, self.current, step, self.windows.shown[0]) if picture else None
        if found is not None:
            self.choose(found)

    def go_muscle(self, step: int) -> None:
        """Select the nearest burst in the next muscle below (1) or above (-1) that has any."""
        picture = self.raster.picture
        if picture is None or self.current is None:
            self.go(1)
            return
        found = burst_beside(picture, self.current, step)
        if found is not None:
            self.choose(found)

    def _choose_side(self, at: int) -> None:
        """Show what was found on another side."""
        analysis = self.analysis
        if analysis is not None:
            self._side = at
            self._show_findings(analysis)

    def set_limit(self, name: str, value: float) -> None:
        """Look at another limit; the protocol stays as it is."""
        document, analysis, limits = self.document, self.analysis, self.limits
        if document is None or analysis is None or limits is None:
            return
        wanted = limits.changed(name, value)
        self._limits[document.key] = wanted
        if wanted == limits_of(analysis.protocol.parameters.bursts):
            del self._limits[document.key]
        self._show_bursts(analysis)

    def keep(self) -> None:
        """Put the limits that are looked at into the protocol."""
        document, limits = self.document, self.limits
        if document and limits and self.differs:
            self._desk.editor.set_protocol(limits.protocol(document.protocol))

    def discard(self) -> None:
        """Look at the limits of the report again."""
        document, analysis = self.document, self.analysis
        if document and analysis and self._limits.pop(document.key, None):
            self._show_bursts(analysis)

    def actions(self) -> tuple[ActionSpec, ...]:  # type: ignore[override]
        """Return what can be done here."""
        return pattern_actions(self)
