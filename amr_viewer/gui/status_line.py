"""The line at the foot: what is under the mouse, what is running, what is saved."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSizePolicy, QStatusBar

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage

SAID_MS = 6000
STEPS = 1000


SHOWN = ("read", "analyze", "bursts", "export")
"""Work that is told of; the rest is over before one has read what it is."""


class StatusLine(QStatusBar):
    """Shows the state of a session."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.pointed = QLabel()
        self.filters = QLabel()
        self.work = QLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(140)
        self.bar.setAccessibleName("Progress")
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Stop the analysis (Esc)")
        self.cancel.setStyleSheet("padding: 1px 8px;")
        self.facts = QLabel()
        # A long text must never make the window wider.
        self.pointed.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.addWidget(self.pointed, 3)
        self.addWidget(self.filters)
        for widget in (self.work, self.bar, self.cancel, self.facts):
            self.addPermanentWidget(widget)
        self.setSizeGripEnabled(False)
        session = desk.session
        self.cancel.clicked.connect(session.cancel)
        session.pointed.connect(self._point)
        session.said.connect(lambda text: self.showMessage(text, SAID_MS))
        session.display_changed.connect(self._show_filters)
        session.documents_changed.connect(self._show_facts)
        session.current_changed.connect(self._show_facts)
        session.analysis_changed.connect(self._show_facts)
        session.tasks.changed.connect(self._show_work)
        session.tasks.progressed.connect(self._progress)
        self._show_filters()
        self._show_facts()
        self._show_work()

    def _point(self, text: str) -> None:
        """Say what is under the mouse, as much of it as there is room for."""
        room, metrics = self.pointed.width(), self.pointed.fontMetrics()
        self.pointed.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
        self.pointed.setToolTip(text)

    def _shown_lane(self) -> str:
        """Return the lane whose progress is shown: reading or analyzing."""
        lanes = self._desk.session.tasks.running
        wanted = [lane for lane in lanes if lane.split()[0] in SHOWN]
        return wanted[0] if wanted else ""

    def _show_work(self) -> None:
        """Show what is running, and the way to stop it."""
        lane = self._shown_lane()
        self.work.setText(self._desk.session.tasks.title_of(lane))
        for widget in (self.work, self.bar, self.cancel):
            widget.setVisible(bool(lane))
        if lane:
            self.bar.setValue(0)

    def _progress(self, lane: str, title: str, fraction: float) -> None:
        """Show how far it is."""
        if lane == self._shown_lane():
            self.bar.setValue(round(STEPS * fraction))
            self.work.setText(title)

    def _show_filters(self) -> None:
        """Say which filters the picture has; values never have them."""
        filters = self._desk.session.display.filters
        self.filters.setText(f"picture: {filters}" if filters else "")

    def _show_facts(self) -> None:
        """Say how long the analysis took, what was reviewed, and whether it is saved."""
        document = self._desk.session.document
        parts = []
        if document is not None:
            if document.stage is Stage.READY and isfinite(document.seconds):
                parts.append(f"analyzed in {document.seconds:.1f} s")
            review = document.review
            n = len(review.sweeps) + len(review.findings) + len(review.bursts)
            n += len(review.baselines)
            if n:
                parts.append(f"{n} decided by hand")
            if not document.review.is_empty:
                parts.append("saved" if document.is_saved else "saving...")
        self.facts.setText("   ".join(parts))
