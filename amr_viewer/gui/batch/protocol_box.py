"""The protocol of a batch: each recording's own, the one in use, or a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from amr_viewer.core.protocol import Protocol
from amr_viewer.errors import ParameterError
from amr_viewer.gui.desk import Desk

OWN, CURRENT, FILE, ASK = range(4)
OWN_TEXT = "As reviewed, else default"
FILES = "Protocols (*.toml);;All (*)"


class ProtocolBox(QComboBox):
    """The choice.

    Signals
    -------
    chosen()
    failed(text)
        A file is no protocol; the former choice holds.
    """

    chosen = Signal()
    failed = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        document, session = desk.session.document, desk.session
        self._current = document.protocol if document else session.protocol
        self._file: Protocol | None = None
        self._former = 0
        self.setAccessibleName("Protocol")
        self.setToolTip(
            "Names, windows and criteria: that under which each recording was reviewed (else the "
            "default), the one in use in the main window, or one from a file"
        )
        self.addItem(OWN_TEXT, OWN)
        name = "default" if self._current == Protocol() else self._current.name
        self.addItem(f"In use: {name}", CURRENT)
        self.addItem("From a file...", ASK)
        if self._current != Protocol():
            self.setCurrentIndex(1)
            self._former = 1
        self.activated.connect(self._choose)

    @property
    def protocol(self) -> Protocol | None:
        """The protocol, None for each recording's own."""
        return {CURRENT: self._current, FILE: self._file}.get(self.currentData())

    @property
    def title(self) -> str:
        """What the choice is called."""
        return self.currentText()

    def _choose(self, index: int) -> None:
        """Take a choice; a file is asked for."""
        if self.itemData(index) == ASK:
            self.setCurrentIndex(self._former)
            self.ask()
        elif index != self._former:
            self._former = index
            self.chosen.emit()

    def ask(self) -> QFileDialog:
        """Ask for a file; the dialog does not wait."""
        dialog = QFileDialog(self.window(), "Protocol of the batch", "", FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open_file(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def open_file(self, path: Path) -> None:
        """Use the protocol in a file."""
        from amr_viewer.io.protocol_file import load_protocol

        try:
            self._file = load_protocol(path)
        except ParameterError as error:
            self.failed.emit(str(error))
            return
        at = self.findData(FILE)
        if at < 0:
            at = self.count() - 1
            self.insertItem(at, "", FILE)
        self.setItemText(at, f"File: {path.name}")
        self.setCurrentIndex(at)
        self._former = at
        self.chosen.emit()
