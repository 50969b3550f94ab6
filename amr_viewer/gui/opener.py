"""Asks which recordings to open, looks through folders, and hands them to the session."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from amr_viewer.gui.opening import recordings_in
from amr_viewer.gui.session import Session
from amr_viewer.gui.settings import Settings

MOST_FILES = 500


class Opener(QObject):
    """Opens recordings in a session; dialogs stand over `window`."""

    def __init__(self, window: QWidget, session: Session, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._session, self._settings = window, session, settings

    def open(self, paths: Iterable[Path]) -> None:
        """Open recordings, and those in folders."""
        wanted = list(paths)
        if not any(path.is_dir() for path in wanted):
            self._session.open(wanted)
            return
        self._session.tasks.run(
            "look",
            "looking for recordings",
            lambda progress: recordings_in(wanted, MOST_FILES),
            self._open_found,
            self._session.failed.emit,
        )

    def _open_found(self, paths: list[Path]) -> None:
        """Open what was found in folders."""
        if not paths:
            self._session.failed.emit("No recording was found in this folder.")
        elif len(paths) == MOST_FILES:
            self._session.failed.emit(f"Only the first {MOST_FILES} recordings were opened.")
        self._session.open(paths)

    def open_sample(self, name: str = "hfs_left_preop") -> None:
        """Open a sample recording, from a folder of the person's own."""
        from amr_viewer.io.review_file import data_folder
        from amr_viewer.samples import sample_copy

        folder = data_folder() / "samples"
        self._session.tasks.run(
            "sample",
            "making the sample",
            lambda progress: sample_copy(name, folder),
            lambda path: self.open([path]),
            self._session.failed.emit,
        )

    def ask_for_files(self) -> None:
        """Ask which recordings to open."""
        from amr_viewer.io.readers import formats

        suffixes = sorted({f"*{s}" for reader in formats() for s in reader.suffixes})
        kinds = [f"Recordings ({' '.join(suffixes)})"]
        kinds += [f"{r.name} ({' '.join('*' + s for s in r.suffixes)})" for r in formats()]
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            "Open recordings",
            self._settings.values.last_folder,
            ";;".join([*kinds, "All (*)"]),
        )
        self.open([Path(name) for name in names])

    def ask_for_folder(self) -> None:
        """Ask which folder to open."""
        name = QFileDialog.getExistingDirectory(
            self._window, "Open all recordings of a folder", self._settings.values.last_folder
        )
        self.open([Path(name)] if name else [])
