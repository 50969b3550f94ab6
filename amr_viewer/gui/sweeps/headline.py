"""The answer of the recording, above the sweeps."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from amr_viewer.core.analysis import Analysis
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.sweeps.words import headline_words
from amr_viewer.gui.theme import small_font


class HeadlineStrip(QFrame):
    """The headline, strong up to its colon, and one line of what it means and rests on."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._tone = "unsure"
        self._analysis: Analysis | None = None
        self.setProperty("role", "card")
        self.answer = QLabel(self)
        self.basis = QLabel(self)
        self.basis.setProperty("role", "muted")
        self.basis.setFont(small_font(self.basis.font(), 0.92))
        for label in (self.answer, self.basis):
            label.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 8, 12, 8)
        box.setSpacing(2)
        box.addWidget(self.answer)
        box.addWidget(self.basis)
        appearance.changed.connect(self.update)

    def show_analysis(self, analysis: Analysis | None) -> None:
        """Show an answer; nothing is shown without one."""
        self.setVisible(analysis is not None)
        if analysis is None or analysis is self._analysis:
            return
        self._analysis = analysis
        self._tone, strong, rest, basis = headline_words(analysis)
        self.answer.setText(f"<b>{_escaped(strong)}</b> {_escaped(rest)}")
        self.basis.setText(_escaped(basis))
        self.setAccessibleName(f"{strong} {rest}")
        self.setToolTip(f"{strong} {rest}\n{basis}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the card, with the color of the answer at its left edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setClipPath(path)
        color = QColor(self._appearance.theme.tone(self._tone)[0])
        painter.fillRect(QRectF(0, 0, 4, self.height()), color)


def _escaped(text: str) -> str:
    """Return a text whose signs mean nothing to a label."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
