"""The bar below the traces: gain, time base, polarity, filters, channels."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.theme import GAP, small_font
from amr_viewer.gui.traces.steps import DIVISIONS, gain_words, time_step, time_words
from amr_viewer.gui.traces.verbs import Verbs

CORNERS: tuple[tuple[str, str, tuple[float, ...]], ...] = (
    ("high_pass_hz", "High-pass", (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0)),
    ("low_pass_hz", "Low-pass", (0.0, 100.0, 250.0, 500.0, 1000.0, 1500.0, 3000.0, 5000.0)),
    ("notch_hz", "Notch", (0.0, 50.0, 60.0)),
)
"""Filters of the picture and the corners that can be chosen; 0: none."""


class ControlBar(QWidget):
    """Shows and changes how traces are drawn."""

    def __init__(self, desk: Desk, verbs: Verbs) -> None:
        super().__init__()
        self._desk, self._verbs = desk, verbs
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP // 4)
        self.setFont(small_font(self.font()))
        self.setStyleSheet("QToolButton { padding: 3px 5px; }")
        self.gain = QLabel()
        self.gain.setAccessibleName("Sensitivity")
        self.time = QLabel()
        self.time.setAccessibleName("Time base")
        self._stepper(
            row,
            self.gain,
            ("−", "Smaller traces (-)", lambda: verbs.step_gain(-1)),
            ("+", "Larger traces (+)", lambda: verbs.step_gain(1)),
        )
        row.addSpacing(GAP)
        self._stepper(
            row,
            self.time,
            ("−", "Less time on the page (Ctrl++)", lambda: verbs.step_time(-1)),
            ("+", "More time on the page (Ctrl+-)", lambda: verbs.step_time(1)),
        )
        row.addSpacing(GAP)
        self.polarity = self._switch("neg ↑", "Negative voltages upward, in all views", self._flip)
        self.cursors = self._switch(
            "Cursors", "Two cursors with Δt, ΔV and 1/Δt (C)", verbs.switch_cursors
        )
        self.marking = self._switch("Mark", "Drag over a stretch to mark it (A)", self._mark)
        self.filters = self._menu_button(
            "Filters", "Filters of the picture; values are never filtered by them"
        )
        self.channels = self._menu_button(
            "Channels", "Which channels are shown, and whether over each other (B)"
        )
        switches = (self.polarity, self.cursors, self.marking)
        for button in (*switches, self.filters, self.channels):
            row.addWidget(button)
        row.addStretch(1)
        self._fill_filters()
        menu = self.channels.menu()
        assert menu is not None
        menu.aboutToShow.connect(self._fill_channels)
        session = desk.session
        for signal in (
            session.layout_changed,
            session.display_changed,
            session.selection_changed,
            session.current_changed,
            verbs.state.changed,
        ):
            signal.connect(self.show_state)
        self.show_state()

    # ------------------------------------------------------------------ parts

    def _stepper(
        self,
        row: QHBoxLayout,
        label: QLabel,
        less: tuple[str, str, Callable[[], None]],
        more: tuple[str, str, Callable[[], None]],
    ) -> None:
        """Add a number between two buttons."""
        for place, (text, tip, run) in enumerate((less, more)):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _on=False, run=run: run())
            row.addWidget(button)
            if place == 0:
                label.setAlignment(Qt.AlignmentFlag.AlignCenter)
                widest = label.fontMetrics().horizontalAdvance("500 µV/div")
                label.setMinimumWidth(widest)
                row.addWidget(label)

    def _switch(self, text: str, tip: str, run: Callable[[], None]) -> QToolButton:
        """Return a button that is on or off; whether it is says the session."""
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(True)

        def clicked() -> None:
            run()
            self.show_state()

        button.clicked.connect(clicked)
        return button

    def _menu_button(self, text: str, tip: str) -> QToolButton:
        """Return a button that opens a menu."""
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(QMenu(button))
        return button

    # ------------------------------------------------------------------ menus

    def _fill_filters(self) -> None:
        """Make the menu of filters."""
        menu = self.filters.menu()
        assert menu is not None
        for name, title, corners in CORNERS:
            menu.addSection(title)
            group = QActionGroup(menu)
            for corner in corners:
                action = menu.addAction(f"{title} {corner:g} Hz" if corner else f"{title} off")
                action.setCheckable(True)
                action.setData((name, corner))
                group.addAction(action)
                action.triggered.connect(
                    lambda _on=False, n=name, c=corner: self._desk.session.set_display(**{n: c})
                )
        menu.aboutToShow.connect(self._check_filters)

    def _check_filters(self) -> None:
        """Check the corners that are in use."""
        menu, display = self.filters.menu(), self._desk.session.display
        assert menu is not None
        for action in menu.actions():
            if action.data() is not None:
                name, corner = action.data()
                action.setChecked(getattr(display, name) == corner)

    def _fill_channels(self) -> None:
        """Make the menu of channels."""
        menu, document = self.channels.menu(), self._verbs.document
        assert menu is not None
        menu.clear()
        if document is None or document.recording is None:
            return
        butterfly = menu.addAction("Butterfly: all over each other")
        butterfly.setCheckable(True)
        butterfly.setChecked(document.layout.butterfly)
        butterfly.triggered.connect(lambda _on=False: self._verbs.switch_butterfly())
        menu.addSeparator()
        menu.addAction("Show all", self._verbs.show_channels)
        menu.addAction("Same gain for all EMG", self._verbs.equal_gains)
        menu.addSeparator()
        for channel in document.layout.order:
            label = document.recording.channels[channel].label.replace("&", "&&")
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(channel not in document.layout.hidden)
            action.triggered.connect(lambda _on=False, c=channel: self._verbs.switch_channel(c))

    # ------------------------------------------------------------------ state

    def _flip(self) -> None:
        """Turn the polarity round."""
        display = self._desk.session.display
        self._desk.session.set_display(negative_up=not display.negative_up)

    def _mark(self) -> None:
        """Let the next drag make a mark, or not."""
        self._verbs.state.set_marking(not self._verbs.state.is_marking)

    def show_state(self) -> None:
        """Show gain, time base, and what is on."""
        document, display = self._verbs.document, self._desk.session.display
        self.setEnabled(document is not None)
        if document is not None:
            layout, span_s = document.layout, document.selection.span_s
            self.gain.setText(gain_words(layout.gain_uv, "uV"))
            self.time.setText(time_words(time_step(span_s / DIVISIONS)) + "/div")
        self.polarity.setChecked(display.negative_up)
        self.cursors.setChecked(self._verbs.own.cursors_s is not None)
        self.marking.setChecked(self._verbs.state.is_marking)
        self.filters.setText("Filters on" if display.filters else "Filters")
        chosen = display.filters or "none"
        self.filters.setToolTip(f"Filters of the picture ({chosen}); values never have them")
