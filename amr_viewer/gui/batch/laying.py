"""Where everything stands in the window of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.gui.batch.progress_strip import ElidedLabel
from amr_viewer.gui.batch.verbs import action_button
from amr_viewer.gui.theme import GAP

if TYPE_CHECKING:
    from amr_viewer.gui.batch.window import BatchWindow


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What the window hides and shows.

    Attributes
    ----------
    stack : QStackedWidget
        The table, or a message in its place.
    message : QLabel
    choose : QPushButton
        Below the message.
    settings : QToolButton
        Shows the choices, or hides them.
    places : ElidedLabel
        Names the folders while the choices are hidden.
    lower : tuple of QWidget
        What makes sense beside a table only.
    """

    stack: QStackedWidget
    message: QLabel
    choose: QPushButton
    settings: QToolButton
    places: ElidedLabel
    lower: tuple[QWidget, ...]

    def show_message(self, text: str) -> None:
        """Show a message in the place of the table, or the table."""
        self.stack.setCurrentIndex(0 if text else 1)
        self.message.setText(text)
        for part in self.lower:
            part.setVisible(not text)

    def show_places(self, text: str) -> None:
        """Name the folders while the choices are hidden."""
        self.places.setText("" if self.settings.isChecked() else text)
        self.places.setToolTip(self.places.text())

    def show_form(self, *, on: bool) -> None:
        """Show the choices, or hide them."""
        self.settings.setChecked(on)


def lay_out(window: BatchWindow) -> Parts:
    """Put the parts of a window into their places."""
    message, choose = _message(window)
    card = QWidget()
    inside = QVBoxLayout(card)
    inside.addStretch(2)
    inside.addWidget(message)
    inside.addWidget(choose, 0, Qt.AlignmentFlag.AlignHCenter)
    inside.addStretch(3)
    stack = QStackedWidget()
    stack.addWidget(card)
    stack.addWidget(window.table)
    settings, places = _settings_button(window), ElidedLabel()
    window.detail.setContentsMargins(12, 6, 12, 8)
    window.detail.hide()
    _add_result_buttons(window)
    middle = QWidget()
    column = QVBoxLayout(middle)
    column.setContentsMargins(12, 0, 12, 6)
    column.addWidget(stack)
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for part in (
        window.notice,
        window.form,
        _bar(window, settings, places),
        window.strip,
        window.filter,
    ):
        layout.addWidget(part)
    layout.addWidget(middle, 1)
    layout.addWidget(window.detail)
    return Parts(stack, message, choose, settings, places, (window.filter,))


def _message(window: BatchWindow) -> tuple[QLabel, QPushButton]:
    """Return what stands in the place of the table, and the button below it."""
    message = QLabel()
    message.setProperty("role", "muted")
    message.setAlignment(Qt.AlignmentFlag.AlignCenter)
    message.setWordWrap(True)
    message.setMargin(16)
    return message, action_button(window.actions_by_name["choose"])


def _settings_button(window: BatchWindow) -> QToolButton:
    """Return the button that shows the choices, or hides them."""
    button = QToolButton()
    button.setText("Settings")
    button.setCheckable(True)
    button.setChecked(True)
    button.setToolTip("Show folders, protocol and options, or hide them")
    button.toggled.connect(window.form.setVisible)
    return button


def _bar(window: BatchWindow, settings: QToolButton, places: ElidedLabel) -> QFrame:
    """Return the row of what can be done with the batch."""
    bar = QFrame()
    row = QHBoxLayout(bar)
    row.setContentsMargins(12, 6, 12, 6)
    row.setSpacing(GAP)
    actions = window.actions_by_name
    row.addWidget(action_button(actions["start"], primary=True))
    for name in ("check", "pause", "stop", "retry"):
        row.addWidget(action_button(actions[name]))
    places.setProperty("role", "muted")
    places.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(places, 1)
    row.addWidget(settings)
    return bar


def _add_result_buttons(window: BatchWindow) -> None:
    """Put what opens the results beside the filter; rows have a menu of their own."""
    actions = window.actions_by_name
    for name in ("results", "summary", "cohort"):
        window.filter.inside.addWidget(action_button(actions[name]))
    for name in ("open", "copy"):
        window.table.addAction(actions[name])
