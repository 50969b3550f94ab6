"""Asks where a burst is that the program did not find."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.core.bursts import Bursts
from amr_viewer.gui.patterns.lanes import ordered_channels
from amr_viewer.gui.theme import GAP

KINDS = ("by its duration", "clonic", "tonic", "other")
LONGEST_MS = 60_000.0


class AddDialog(QDialog):
    """Muscle, onset, duration and kind of a burst.

    Signals
    -------
    decided(channel, start_s, duration_ms, kind)
        `kind` None: by the duration.
    """

    decided = Signal(int, float, float, object)

    def __init__(
        self,
        bursts: Bursts,
        channel: int,
        start_s: float,
        duration_ms: float,
        longest_s: float,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Add a burst")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.muscle, self.kind = QComboBox(), QComboBox()
        self.start, self.duration = QDoubleSpinBox(), QDoubleSpinBox()
        for c in ordered_channels(bursts):
            self.muscle.addItem(c.name, c.index)
        self.muscle.setCurrentIndex(max(self.muscle.findData(channel), 0))
        self.kind.addItems(KINDS)
        self.start.setRange(0.0, longest_s)
        self.start.setDecimals(3)
        self.start.setSingleStep(0.01)
        self.start.setSuffix(" s")
        self.start.setValue(start_s)
        self.duration.setRange(1.0, LONGEST_MS)
        self.duration.setDecimals(0)
        self.duration.setSingleStep(10)
        self.duration.setSuffix(" ms")
        self.duration.setValue(duration_ms)
        form = QFormLayout()
        for text, field, tip in (
            ("Muscle", self.muscle, "The muscle that bursts"),
            ("Onset", self.start, "From the start of the recording"),
            ("Duration", self.duration, "From onset to end"),
            ("Kind", self.kind, "Clonic, tonic or other; by its duration under the limits in use"),
        ):
            field.setToolTip(tip)
            field.setAccessibleName(f"{text} of the burst")
            form.addRow(text, field)
        hint = QLabel("In the raster, Shift and a drag in the lane of a muscle adds one too.")
        hint.setProperty("role", "muted")
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Add")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        outer = QVBoxLayout(self)
        outer.setSpacing(GAP)
        outer.addLayout(form)
        outer.addWidget(hint)
        outer.addWidget(buttons)
        self.accepted.connect(self._decide)

    def _decide(self) -> None:
        """Tell of the burst."""
        kind = self.kind.currentText() if self.kind.currentIndex() else None
        start_s, duration_ms = self.start.value(), self.duration.value()
        self.decided.emit(int(self.muscle.currentData()), start_s, duration_ms, kind)
