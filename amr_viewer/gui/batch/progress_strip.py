"""How far a batch is: the count, the time, the bar, and what is running now."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from amr_viewer.gui.theme import GAP

STEPS = 1000


class ElidedLabel(QLabel):
    """A line that is shortened where it does not fit, and never makes the window wider."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size that any window has room for."""
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint as much as there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, self.width()
        )
        painter.drawText(self.rect(), self.alignment(), shown)


class ProgressStrip(QFrame):
    """A headline, a bar and a line about the present."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline, self.times, self.now = ElidedLabel(), QLabel(), ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the batch")
        font = QFont(self.headline.font())
        font.setBold(True)
        self.headline.setFont(font)
        for label in (self.times, self.now):
            label.setProperty("role", "muted")
        top = QHBoxLayout()
        top.setSpacing(2 * GAP)
        top.addWidget(self.headline, 1)
        top.addWidget(self.times)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.bar)
        layout.addWidget(self.now)

    def show_state(self, headline: str, times: str, now: str, fraction: float | None) -> None:
        """Show how far it is; without a fraction there is no bar."""
        for label, text in ((self.headline, headline), (self.times, times), (self.now, now)):
            if label.text() != text:
                label.setText(text)
                label.setToolTip(text if label is not self.times else "")
        self.now.setVisible(bool(now))
        self.bar.setVisible(fraction is not None)
        if fraction is not None:
            self.bar.setValue(round(STEPS * fraction))
            self.bar.setAccessibleDescription(f"{headline} {times}")
