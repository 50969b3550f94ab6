"""What the window of a batch asks for; no question waits, the answer comes to a function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


def ask_for_folder(
    parent: QWidget, title: str, place: str, take: Callable[[Path], object]
) -> QFileDialog:
    """Ask for a folder."""
    dialog = QFileDialog(parent, title, place)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda name: take(Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def ask_about_closing(
    parent: QWidget, stop: Callable[[], object], keep: Callable[[], object]
) -> QMessageBox:
    """Ask whether a batch that is running is to be stopped, or to go on out of sight."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("The batch is running")
    box.setText("The batch is running. Stop it, or let it go on out of sight?")
    box.setInformativeText(
        "What is done is kept either way. While it goes on, the foot of the main window shows "
        "how far it is; a click there brings this window back."
    )
    stopping = box.addButton("Stop the batch", QMessageBox.ButtonRole.DestructiveRole)
    keeping = box.addButton("Keep it running", QMessageBox.ButtonRole.AcceptRole)
    staying = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keeping)
    box.setEscapeButton(staying)
    stopping.clicked.connect(lambda: stop())
    keeping.clicked.connect(lambda: keep())
    box.open()
    return box
