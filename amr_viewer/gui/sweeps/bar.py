"""The bar below the sweeps: mode, scales and what is shown beside them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from amr_viewer.gui.sweeps.look import Center, Mode
from amr_viewer.gui.sweeps.model import Model
from amr_viewer.gui.sweeps.steps import next_center, step_gain, step_time
from amr_viewer.gui.sweeps.words import gain_words

W = TypeVar("W", bound=QWidget)
B = TypeVar("B", bound=QAbstractButton)

ONE_ROW = 1180
MODE_WORDS = {
    Mode.SUPERIMPOSED: ("Superimposed", "All sweeps over each other (O)"),
    Mode.STACKED: ("Stacked", "Sweeps below each other in order of time (S)"),
    Mode.WATERFALL: ("Waterfall", "Sweeps as an image of stimulus and time (W)"),
}
CENTER_WORDS = {Center.MEDIAN: "Median", Center.MEAN: "Average", Center.OFF: "Median"}


class Bar(QWidget):
    """Buttons for everything that a person sets in the Sweeps view."""

    def __init__(self, model: Model, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.modes: dict[Mode, QToolButton] = {}
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self.rows = (self._scales(), self._switches())
        self._box.addWidget(self.rows[0])
        self._box.addWidget(self.rows[1], 1)
        model.look_changed.connect(self.refresh)
        model.panels_changed.connect(self.refresh)
        model.sweeps_changed.connect(self.refresh)
        model.session.display_changed.connect(self.refresh)
        self.refresh()

    # ------------------------------------------------------------------ making

    def _scales(self) -> QWidget:
        """Return modes and scales."""
        model, row = self._model, _Row(self)
        segment = QFrame(row)
        segment.setProperty("role", "card")
        inner = QHBoxLayout(segment)
        inner.setContentsMargins(2, 2, 2, 2)
        inner.setSpacing(2)
        group = QButtonGroup(self)
        for mode, (text, tip) in MODE_WORDS.items():
            button = _button(text, tip, partial(model.set_look, mode=mode), checkable=True)
            group.addButton(button)
            inner.addWidget(button)
            self.modes[mode] = button
        row.add(segment)
        self.gain, self.gain_buttons = row.add_steps(
            "Sensitivity", "Finer (+)", "Coarser (−)",
            partial(step_gain, model, -1), partial(step_gain, model, 1),
        )  # fmt: skip
        self.fit = row.add(_framed("Fit", "Fit the sensitivity to the sweeps (F)", self._fit))
        self.time, self.time_buttons = row.add_steps(
            "Time base", "Faster (Ctrl++)", "Slower (Ctrl+−)",
            partial(step_time, model, -1), partial(step_time, model, 1),
        )  # fmt: skip
        tip = "Which polarity is drawn upward, in all views"
        self.polarity = row.add(_framed("neg ↑", tip, self._turn))
        row.stretch()
        return row

    def _switches(self) -> QWidget:
        """Return what can be shown beside the sweeps, and what the shaded band is."""
        model, row = self._model, _Row(self)
        tip = "Median with quartiles, average, or neither (B)"
        self.center = row.add(_framed("Median", tip, lambda: next_center(model), checkable=True))
        self.switches: dict[str, QPushButton] = {}
        for name, text, tip in (
            ("why", "Why?", "Evidence of the sweeps beside that of sham windows (E)"),
            ("noise", "Noise", "Noise band, and the least response that would be seen (G)"),
            ("other_side", "Other side", "Each muscle beside the same one of the other side (C)"),
            ("rejected", "Rejected", "Rejected sweeps, dotted (J)"),
        ):
            button = _framed(text, tip, partial(self._switch, name), checkable=True)
            self.switches[name] = row.add(button)
        self.band = QLabel(row)
        self.band.setProperty("role", "muted")
        self.band.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.band.setMinimumWidth(0)
        self.band.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.box.addWidget(self.band, 1)
        return row

    # ------------------------------------------------------------------ doing

    def _fit(self) -> None:
        """Fit the sensitivities to the sweeps."""
        self._model.set_look(gain_uv=None, direct_gain_uv=None)

    def _switch(self, name: str) -> None:
        """Switch something on or off."""
        self._model.set_look(**{name: not getattr(self._model.look, name)})
        self.refresh()

    def _turn(self) -> None:
        """Turn the polarity of the drawing."""
        session = self._model.session
        session.set_display(negative_up=not session.display.negative_up)

    # ------------------------------------------------------------------ showing

    def refresh(self) -> None:
        """Show how things are set."""
        model, look = self._model, self._model.look
        self.modes[look.mode].setChecked(True)
        is_direct = model.panel is not None and model.panel.is_direct
        _say(self.gain, gain_words(model.gain_of(is_direct)))
        _say(self.time, f"{look.ms_per_division:g} ms/div")
        self.polarity.setText("neg ↑" if model.session.display.negative_up else "pos ↑")
        self.polarity.setAccessibleName(
            "negative up" if model.session.display.negative_up else "positive up"
        )
        self.center.setText(CENTER_WORDS[look.center])
        self.center.setAccessibleName(CENTER_WORDS[look.center])
        is_superimposed = look.mode is Mode.SUPERIMPOSED
        self.center.setChecked(is_superimposed and look.center is not Center.OFF)
        self.center.setEnabled(is_superimposed)
        for name, button in self.switches.items():
            button.setChecked(bool(getattr(look, name)))
        self.switches["other_side"].setEnabled(model.has_other_side)
        self.band.setText(self._band_words())
        self.band.setToolTip(self.band.text())
        self.setEnabled(bool(model.panels))

    def _band_words(self) -> str:
        """Return what the shaded band is."""
        document = self._model.document
        if document is None or not self._model.panels:
            return ""
        d = document.protocol.parameters.detection
        return f"Band {d.window_start_ms:g}–{d.window_end_ms:g} ms: where an AMR is looked for"

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for two rows, also while one is used: the window may become narrow again."""
        least = super().minimumSizeHint()
        wide = max(row.minimumSizeHint().width() for row in self.rows)
        return QSize(wide, least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Use one row where there is room for it."""
        super().resizeEvent(event)
        wide = self.width() >= ONE_ROW
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.LeftToRight if wide else directions.TopToBottom)


class _Row(QWidget):
    """Controls beside each other."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.box = QHBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(4)

    def add(self, widget: W) -> W:
        """Add a control."""
        self.box.addWidget(widget)
        return widget

    def stretch(self) -> None:
        """Leave the rest of the row empty."""
        self.box.addStretch(1)

    def add_steps(
        self,
        name: str,
        less: str,
        more: str,
        on_less: Callable[[], None],
        on_more: Callable[[], None],
    ) -> tuple[QLabel, tuple[QToolButton, QToolButton]]:
        """Add a value with buttons that step it down and up."""
        self.box.addSpacing(4)
        down = self.add(_button("−", less, on_less))
        label = self.add(QLabel(self))
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setAccessibleName(name)
        up = self.add(_button("+", more, on_more))
        down.setAccessibleName(f"{name}: {less}")
        up.setAccessibleName(f"{name}: {more}")
        return label, (down, up)


def _say(label: QLabel, text: str) -> None:
    """Write a value, and keep its place as wide as it ever was so that nothing jumps."""
    label.setText(text)
    label.setMinimumWidth(max(label.minimumWidth(), label.sizeHint().width()))


def _button(
    text: str, tip: str, on_click: Callable[[], object], *, checkable: bool = False
) -> QToolButton:
    """Return a button without a frame."""
    return _prepared(QToolButton(), text, tip, on_click, checkable)


def _framed(
    text: str, tip: str, on_click: Callable[[], object], *, checkable: bool = False
) -> QPushButton:
    """Return a button with a frame."""
    button = _prepared(QPushButton(), text, tip, on_click, checkable)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button


def _prepared(button: B, text: str, tip: str, on_click: Callable[[], object], checkable: bool) -> B:
    """Return a button with its words."""
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setCheckable(checkable)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda _checked=False: on_click())
    return button
