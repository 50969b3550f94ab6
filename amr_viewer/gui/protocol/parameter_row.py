"""One parameter of a form, built from its declaration alone."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from amr_viewer.core.parameters import ParameterDescription
from amr_viewer.gui.protocol.numbers import number_text
from amr_viewer.gui.protocol.parameter_draft import Name, choices_of, kind_of, limits_of, title_of
from amr_viewer.gui.theme import GAP

TITLE_WIDTH = 176
FIELD_WIDTH = 104
LIMITS_WIDTH = 170


class ParameterRow(QWidget):
    """Name, field with unit and limits, default and reset; help and source below.

    Signals
    -------
    typed(name, value)
        A person typed or chose; a number comes as text.
    reset_wanted(name)
    """

    typed = Signal(object, object)
    reset_wanted = Signal(object)

    def __init__(self, about: ParameterDescription, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.about = about
        self.name: Name = (about.group, about.name)
        self.field = self._field()
        self.field.setAccessibleName(f"{title_of(about.name)} {about.unit}".strip())
        self.field.setAccessibleDescription(about.help)
        self.field.setToolTip(f"{about.help}\n{about.group}.{about.name}")
        self.changed = QLabel()
        self.changed.setProperty("changed", True)
        self.reset = QPushButton("Reset")
        self.reset.setAutoDefault(False)
        self.reset.setToolTip(f"Back to the default, {self._words(about.default)}")
        self.reset.setAccessibleName(f"Reset {title_of(about.name)}")
        self.reset.clicked.connect(lambda: self.reset_wanted.emit(self.name))
        self.fault = QLabel()
        self.fault.setProperty("role", "error")
        self.fault.setWordWrap(True)
        self._lay_out()
        self.show_value(about.value, "")

    def _field(self) -> QWidget:
        """Return what the value is typed or chosen with."""
        if kind_of(self.name) is bool:
            switch = QCheckBox()
            switch.toggled.connect(lambda on: self.typed.emit(self.name, on))
            return switch
        if choices := choices_of(self.name):
            box = QComboBox()
            box.addItems(choices)
            box.activated.connect(lambda _: self.typed.emit(self.name, box.currentText()))
            return box
        line = QLineEdit()
        line.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.textEdited.connect(lambda text: self.typed.emit(self.name, text))
        return line

    def _lay_out(self) -> None:
        """Put everything into place."""
        about = self.about
        title = QLabel(title_of(about.name))
        title.setBuddy(self.field)
        title.setFixedWidth(TITLE_WIDTH)
        title.setWordWrap(True)
        self.field.setFixedWidth(FIELD_WIDTH)
        unit, limits = _muted(about.unit.replace("uV", "µV")), _muted(limits_of(about))
        unit.setFixedWidth(52)
        limits.setFixedWidth(LIMITS_WIDTH - 52)
        top = QHBoxLayout()
        top.setSpacing(GAP)
        for widget in (title, self.field, unit, limits):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.changed)
        top.addWidget(self.reset)
        keep = self.reset.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(keep)
        text = QLabel(about.help)
        source = _muted(f"Source: {about.source}" if about.source else "")
        layout = QGridLayout(self)
        layout.setContentsMargins(0, GAP // 2, 0, GAP // 2)
        layout.setHorizontalSpacing(GAP)
        layout.setVerticalSpacing(2)
        layout.addLayout(top, 0, 0, 1, 2)
        layout.setColumnMinimumWidth(0, TITLE_WIDTH)
        for row, label in enumerate((self.fault, text, source), start=1):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            layout.addWidget(label, row, 1)
        layout.setColumnStretch(1, 1)

    def _words(self, value: Any) -> str:
        """Return a value in words, with its unit."""
        text = {True: "on", False: "off"}[value] if isinstance(value, bool) else number_text(value)
        return f"{text} {self.about.unit.replace('uV', 'µV')}".strip()

    def show_value(self, value: Any, fault: str, *, keep_text: bool = False) -> None:
        """Show a value, whether it differs from the default, and what is wrong with it.

        `keep_text` leaves what the person is typing.
        """
        with QSignalBlocker(self.field):
            if isinstance(self.field, QCheckBox):
                self.field.setChecked(bool(value))
            elif isinstance(self.field, QComboBox):
                self.field.setCurrentText(str(value))
            elif isinstance(self.field, QLineEdit) and not keep_text:
                self.field.setText(number_text(value))
        is_changed = bool(fault) or value != self.about.default
        self.changed.setText(f"default {self._words(self.about.default)}" if is_changed else "")
        self.reset.setVisible(is_changed)
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def answers(self, words: str) -> bool:
        """Return whether the parameter is what a search looks for."""
        about = self.about
        texts = (
            about.group,
            about.name,
            title_of(about.name),
            about.help,
            about.source,
            about.unit,
        )
        text = " ".join(texts).casefold()
        return all(word in text for word in words.casefold().split())


def _muted(text: str) -> QLabel:
    """Return a label that stands back."""
    label = QLabel(text)
    label.setProperty("role", "muted")
    return label
