"""What must be seen before anything else: another patient, one recording twice, no dates."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from amr_viewer.gui.appearance import Appearance

if TYPE_CHECKING:
    from amr_viewer.report.visits_model import Alert


class AlertStrip(QFrame):
    """Warnings that stay as long as they hold; the gravest gives the color."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._alerts: tuple[Alert, ...] = ()
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.addWidget(self.label)
        appearance.changed.connect(self._paint)
        self.hide()

    def show_alerts(self, alerts: Sequence[Alert]) -> None:
        """Show warnings, or nothing."""
        self._alerts = tuple(sorted(alerts, key=lambda a: a.tone != "present"))
        lines = (f"<b>{escape(a.title)}.</b> {escape(a.text)}" for a in self._alerts)
        self.label.setText("<br>".join(lines))
        self.setAccessibleName(" ".join(f"{a.title}. {a.text}" for a in self._alerts))
        self.setVisible(bool(self._alerts))
        self._paint()

    def _paint(self) -> None:
        """Color the ground by the tone."""
        tone = self._alerts[0].tone if self._alerts else "late"
        color, ground = self._appearance.theme.tone(tone)
        self.setStyleSheet(
            f"AlertStrip {{ background: {ground}; border: none; border-left: 3px solid {color}; }}"
            f"AlertStrip QLabel {{ color: {color}; }}"
        )
