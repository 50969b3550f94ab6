"""What is there before a recording is: what to do, the recent recordings, the samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from amr_viewer.gui.appearance import Appearance

SAMPLES = (
    ("hfs_left_preop", "AMR before decompression", "four muscles, both sides, two branches"),
    ("operation", "Decompression", "the response fades, returns and goes"),
    ("healthy_control", "Healthy control", "both sides, no response"),
    ("volume_conduction", "Volume conduction", "early M in other muscles, no AMR"),
    ("intermittent_weak", "Weak and intermittent", "small responses in some sweeps"),
    ("ttl_stimuli", "Trigger channel", "stimuli without words: assign the branch"),
)
MOST_RECENT = 5


class StartPage(QWidget):
    """Shown while nothing is open.

    Signals
    -------
    open_wanted()
    path_wanted(path)
    sample_wanted(name)
    """

    open_wanted = Signal()
    path_wanted = Signal(object)
    sample_wanted = Signal(str)
    painted = Signal()
    """It was painted for the first time."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setAccessibleName("Start page")
        self._card = card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(760)
        self._opening = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._opening.setProperty("role", "muted")
        self._opening.hide()
        self._inside = QVBoxLayout(card)
        self._inside.setContentsMargins(32, 28, 32, 28)
        self._inside.setSpacing(8)
        self._head()
        self._recent = QVBoxLayout()
        self._recent.setSpacing(4)
        self._inside.addLayout(self._recent)
        self._sample_buttons()
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addWidget(self._opening)
        outer.addStretch(3)
        self._was_painted = False
        appearance.changed.connect(self.update)

    def _head(self) -> None:
        """Say what to do."""
        title = QLabel("Drop a recording here")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        title.setFont(font)
        hint = QLabel(
            "EDF, BDF, BrainVision, Spike2, text and more; several at once. A folder is analyzed "
            "as a whole. Recordings are never changed."
        )
        hint.setWordWrap(True)
        hint.setProperty("role", "muted")
        self.open_button = QPushButton("Open a recording...")
        self.open_button.setProperty("primary", True)
        self.open_button.setToolTip("Choose recordings (Ctrl+O)")
        self.open_button.clicked.connect(self.open_wanted)
        for widget in (title, hint):
            self._inside.addWidget(widget)
        self._inside.addSpacing(8)
        self._inside.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._inside.addSpacing(8)

    def _sample_buttons(self) -> None:
        """Offer the samples."""
        self._inside.addWidget(_heading("Or look at a sample"))
        grid = QGridLayout()
        grid.setSpacing(8)
        for i, (name, title, about) in enumerate(SAMPLES):
            button = QPushButton(f"{title}\n{about}")
            button.setStyleSheet("text-align: left; padding: 8px 12px;")
            button.setMinimumHeight(2 * button.fontMetrics().lineSpacing() + 24)
            button.setAccessibleName(f"Sample: {title}, {about}")
            button.setToolTip(f"Open the sample recording {name}")
            button.clicked.connect(lambda _on=False, n=name: self.sample_wanted.emit(n))
            grid.addWidget(button, i // 2, i % 2)
        self._inside.addLayout(grid)

    def show_opening(self, paths: Sequence[Path]) -> None:
        """Say what is being opened; there is nothing to choose then."""
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        self._opening.setText(f"Opening {paths[0].name}{more}...")
        self._opening.show()
        self._card.hide()

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offer recordings that were open before."""
        self._opening.hide()
        self._card.show()
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if paths:
            self._recent.addWidget(_heading("Recent"))
        for path in paths[:MOST_RECENT]:
            button = QPushButton(recent_name(path, paths))
            button.setFlat(True)
            button.setStyleSheet("text-align: left; padding: 4px 8px;")
            button.setToolTip(str(path))
            button.clicked.connect(lambda _on=False, p=path: self.path_wanted.emit(p))
            self._recent.addWidget(button)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the dashed edge of a place to drop things."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(self._appearance.theme.line), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(self.rect().adjusted(16, 16, -16, -16), 12, 12)
        painter.end()
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()


def recent_name(path: Path, paths: Sequence[Path]) -> str:
    """Name a recording, with its folder where another has the same name."""
    alike = sum(p.name == path.name for p in paths) > 1
    return f"{path.name}  ({path.parent.name})" if alike else path.name


def _heading(text: str) -> QLabel:
    """Return a heading."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label
