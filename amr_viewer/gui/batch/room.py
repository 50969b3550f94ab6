"""Opens the window of a batch, and tells in the main window how far it is while it is hidden."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.batch.actions import batch_actions

if TYPE_CHECKING:
    from amr_viewer.core.protocol import Protocol
    from amr_viewer.gui.batch.telling import Told
    from amr_viewer.gui.batch.window import BatchWindow
    from amr_viewer.gui.main_window import MainWindow

FIRST_SIZE = (1280, 760)


class BatchRoom(QObject):
    """The batch of a main window; there is one at a time."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._main = window
        self._count = 0
        self.window: BatchWindow | None = None
        self.chip: QPushButton | None = None
        window.commands.changed.connect(self._assign_keys)
        window.desk.session.ending.connect(self._end)

    def actions(self) -> tuple[ActionSpec, ...]:
        """Return what a person can do within a batch."""
        return batch_actions(lambda: self.window)

    def start(self, folder: Path | None = None) -> BatchWindow:
        """Show the window of the batch, with a folder chosen where one is given."""
        window = self.window or self._made()
        window.show()
        window.raise_()
        window.activateWindow()
        if folder is not None:
            window.choose_folder(folder)
        elif window.form.request is None:
            window.parts.choose.setFocus()
        self._show_chip()
        return window

    def take(self, paths: list[Path]) -> list[Path]:
        """Take a folder among what was dropped; return what is to be opened as recordings."""
        from amr_viewer.io.readers import READERS

        def is_recording(path: Path) -> bool:
            return any(r.is_folder and r.has_suffix(path) for r in READERS)

        folders = [p for p in paths if p.is_dir() and not is_recording(p)]
        if len(folders) > 1:
            self._main.notice.say(
                "Drop one folder at a time: a batch is one folder, with the folders in it.", "late"
            )
        elif folders:
            self.start(folders[0])
        return [p for p in paths if p not in folders]

    def _made(self) -> BatchWindow:
        """Make the window."""
        from amr_viewer.gui.batch.window import BatchWindow

        self._count += 1
        window = self.window = BatchWindow(
            self._main.desk, str(self._count), self._main.settings.values.last_folder
        )
        window.recording_wanted.connect(self._show_recording)
        window.told.connect(self._show_chip)
        window.finished.connect(self._closed)
        window.resize(*FIRST_SIZE)
        self._assign_keys()
        return window

    def _closed(self) -> None:
        """Forget the window."""
        self.window = None
        self._show_chip()
        self._main.commands.refresh_soon()

    def _end(self) -> None:
        """End the batch: the program ends."""
        if self.window is not None:
            self.window.end()

    def _assign_keys(self) -> None:
        """Give the window the keys that a person chose."""
        if self.window is not None:
            self.window.set_keys(self._main.commands.keys())

    def _show_chip(self, told: Told | None = None) -> None:
        """Say at the foot of the main window how far a hidden batch is."""
        window = self.window
        hidden = window is not None and not window.isVisible() and window.conductor.last is not None
        if hidden and self.chip is None:
            self.chip = self._made_chip()
        if self.chip is None:
            return
        self.chip.setVisible(hidden)
        if hidden and window is not None:
            told = told or window.progress
            is_running = window.conductor.is_running
            self.chip.setText(f"Batch {told.percent}" if is_running else f"Batch: {told.headline}")
            self.chip.setToolTip(f"{told.headline}   {told.times}\nShow the batch")
            self.chip.setAccessibleName(f"Batch: {told.headline}")

    def _made_chip(self) -> QPushButton:
        """Return the button at the foot of the main window."""
        chip = QPushButton()
        chip.setStyleSheet("padding: 1px 8px;")
        chip.clicked.connect(lambda: self.start())
        self._main.statusBar().addPermanentWidget(chip)
        return chip

    def _show_recording(self, path: Path, protocol: Protocol) -> None:
        """Open a recording in the main window under a protocol, or show it if it is open."""
        session = self._main.desk.session
        known = next((d for d in session.documents if d.path.absolute() == path), None)
        if known is not None:
            session.show(known.key)
        else:
            session.open([path], protocol)
        self._main.raise_()
        self._main.activateWindow()
