"""Finds the recordings that a person adds to a comparison: asked for, dropped, or in folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from amr_viewer.gui.opener import MOST_FILES
from amr_viewer.gui.opening import recordings_in

if TYPE_CHECKING:
    from amr_viewer.gui.visits.window import ComparisonWindow


def add_found(window: ComparisonWindow, paths: list[Path]) -> None:
    """Add recordings; folders are looked through in a thread."""
    if not any(path.is_dir() for path in paths):
        if paths:
            window.take(paths)
        return
    window.desk.session.tasks.run(
        f"look visits {window.name}",
        "looking for recordings",
        lambda progress: recordings_in(paths, MOST_FILES),
        window.take,
        window.notice.add,
    )


def ask_for_files(window: ComparisonWindow) -> QFileDialog:
    """Ask which recordings to add; the dialog does not wait."""
    from amr_viewer.io.readers import formats

    suffixes = sorted({f"*{s}" for reader in formats() for s in reader.suffixes})
    paths = window.comparing.plan.paths
    folder = str(paths[-1].parent) if paths else ""
    dialog = QFileDialog(window, "Add recordings of one patient", folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters([f"Recordings ({' '.join(suffixes)})", "All (*)"])
    dialog.filesSelected.connect(lambda names: window.add([Path(n) for n in names]))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
