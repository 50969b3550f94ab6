"""The answer at the top of the right dock, or how far it is, and the warnings of the analysis."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.pattern_words import headline as pattern_headline
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document, Stage
from amr_viewer.gui.findings.text_label import TextLabel
from amr_viewer.gui.pattern_words import tone_of
from amr_viewer.gui.theme import GAP, small_font
from amr_viewer.report import sentences
from amr_viewer.report.wording import EN

ANSWER_TONES = {
    "present": "present",
    "absent": "absent",
    "indeterminate": "unsure",
    "not_assessable": "unsure",
    "no_stimuli": "direct",
}
BAR_WIDTH = 4


class HeadlineCard(QFrame):
    """One sentence with a bar in the tone of the answer."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._percent: dict[str, tuple[int, str]] = {}
        self.setProperty("role", "card")
        self.bar = QFrame()
        self.bar.setFixedWidth(BAR_WIDTH)
        self.sentence = TextLabel("Answer")
        self.meaning = TextLabel("What the answer may mean")
        self.meaning.setProperty("role", "muted")
        self.meaning.setFont(small_font(self.meaning.font()))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName("Progress of the analysis")
        words = QVBoxLayout()
        words.setContentsMargins(0, GAP, GAP, GAP)
        words.setSpacing(GAP // 2)
        for widget in (self.sentence, self.progress, self.meaning):
            words.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.bar)
        layout.addLayout(words, 1)
        session = desk.session
        for signal in (
            session.documents_changed,
            session.current_changed,
            session.analysis_changed,
            session.view_changed,
            desk.appearance.changed,
        ):
            signal.connect(self.refresh)
        session.tasks.progressed.connect(self._progressed)
        self.refresh()

    def refresh(self) -> None:
        """Show the answer, or how far it is."""
        document = self._desk.session.document
        tone, sentence, meaning = said_of(document)
        is_busy = document is not None and document.stage in (
            Stage.READING,
            Stage.WAITING,
            Stage.ANALYZING,
        )
        self.progress.setVisible(is_busy)
        if is_busy and document is not None:
            percent, message = self._percent.get(_lane(document), (0, ""))
            self.progress.setValue(percent)
            if document.analysis is None:
                meaning = f"{message[:1].upper()}{message[1:]}" if message else ""
        self.setToolTip("")
        if document is not None and document.analysis is not None and self._is_said_beside():
            strong = sentences.headline(document.analysis, EN).strong
            self.setToolTip(document.analysis.headline)
            sentence, meaning = f"<b>{escape(strong.rstrip(':'))}</b>", ""
        theme = self._desk.theme
        color = theme.tone(tone)[0] if tone else theme.line
        self.bar.setStyleSheet(
            f"background: {color}; border-top-left-radius: 8px; border-bottom-left-radius: 8px;"
        )
        self.sentence.setText(sentence)
        self.meaning.setText(meaning)
        self.meaning.setVisible(bool(meaning))

    def _is_said_beside(self) -> bool:
        """Whether the view in the middle writes the whole answer above its drawings."""
        return self._desk.session.view == "sweeps"

    def _progressed(self, lane: str, message: str, fraction: float) -> None:
        """Take note of how far a recording is."""
        document = self._desk.session.document
        if document is not None and lane == _lane(document):
            percent = round(100 * min(max(fraction, 0.0), 1.0))
            if self._percent.get(lane) != (percent, message):
                self._percent = {lane: (percent, message)}
                self.refresh()


def said_of(document: Document | None) -> tuple[str, str, str]:
    """Return tone, sentence (rich text) and meaning for a recording at any stage."""
    if document is None:
        return "", "<b>No recording is open.</b> Drop a recording here, or open the sample.", ""
    if document.analysis is not None:
        analysis = document.analysis
        line = sentences.headline(analysis, EN)
        pattern = pattern_words(analysis)
        again = " Analyzing again…" if document.stage in (Stage.ANALYZING, Stage.WAITING) else ""
        text = f"<b>{escape(line.strong)}</b> {escape(line.rest)}<i>{again}</i>"
        if pattern and analysis.amr == "no_stimuli":
            # Without stimuli the pattern is the answer.
            text, pattern = f"<b>{escape(pattern)}.</b><br>{text}", ""
            return tone_of(analysis.patterns[0]), text.strip(), line.wording
        meaning = f"{line.wording}<br>Free-running EMG: {escape(pattern)}." if pattern else ""
        return ANSWER_TONES[analysis.amr], text.strip(), meaning or line.wording
    if document.stage is Stage.FAILED:
        fault, _, remedy = document.fault.removeprefix(f"{document.path.name}: ").partition("; ")
        names_a_file = fault.partition(" ")[0].endswith(":")
        fault = fault if names_a_file else fault[:1].upper() + fault[1:]
        text = f"<b>Not analyzed.</b> {escape(fault)}"
        return "present", text, f"{remedy[:1].upper()}{remedy[1:]}"
    words = {
        Stage.READING: "Reading…",
        Stage.WAITING: "Waiting for its turn to be analyzed…",
    }
    return "", f"<b>{words.get(document.stage, 'Analyzing…')}</b>", ""


def pattern_words(analysis: Analysis) -> str:
    """Return what the free-running EMG shows, empty where bursts were not looked for."""
    return pattern_headline(analysis.patterns[0]) if analysis.patterns else ""


def _lane(document: Document) -> str:
    """Return the lane in which a recording is read or analyzed."""
    return f"{'read' if document.stage is Stage.READING else 'analyze'} {document.key}"


class WarningList(QWidget):
    """The warnings of reading and analysis behind a button that tells how many there are."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.button = QToolButton()
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setArrowType(Qt.ArrowType.RightArrow)
        self.button.setToolTip("Show or hide what was guessed, repaired or left out")
        self.text = TextLabel("Warnings")
        self.text.setFont(small_font(self.text.font()))
        self.text.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.button)
        layout.addWidget(self.text)
        self.button.toggled.connect(self._toggle)
        for signal in (
            desk.session.documents_changed,
            desk.session.current_changed,
            desk.session.analysis_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the warnings of the current recording."""
        found = warnings_of(self._desk.session.document)
        n = len(found)
        self.setVisible(bool(n))
        self.button.setText(f"{n} warning{'' if n == 1 else 's'}")
        self.text.setText("".join(f"<p style='margin: 3px 0'>{escape(w)}</p>" for w in found))

    def _toggle(self, is_open: bool) -> None:
        """Open or close the list."""
        self.button.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.text.setVisible(is_open)


def warnings_of(document: Document | None) -> tuple[str, ...]:
    """Return the warnings on a recording: of the review file, of reading and of the analysis."""
    if document is None:
        return ()
    recording, analysis = document.recording, document.analysis
    found = analysis.warnings if analysis else recording.warnings if recording else ()
    return (*document.notes, *found)
