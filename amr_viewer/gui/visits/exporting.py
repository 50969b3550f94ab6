"""Writes a comparison: its report as PDF or HTML, and visits.csv."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from amr_viewer.gui.exports import is_same
from amr_viewer.gui.report_preferences import preferences_of

if TYPE_CHECKING:
    from amr_viewer.core.progress import Progress
    from amr_viewer.core.visits import Comparison
    from amr_viewer.gui.session import Session


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file."""

    name: str
    title: str
    file: str
    pattern: str
    suffix: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind("pdf", "Report as PDF", "comparison.pdf", "PDF (*.pdf)", "pdf"),
        Kind("html", "Report as HTML", "comparison.html", "HTML (*.html)", "html"),
        Kind("csv", "Table visits.csv", "visits.csv", "CSV (*.csv)", "csv"),
    )
}


class VisitsExporter(QObject):
    """Asks where to and writes, in a thread.

    Signals
    -------
    said(text)
    failed(text)
    """

    said = Signal(str)
    failed = Signal(str)

    def __init__(self, session: Session, name: str, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.lane = f"export visits {name}"
        self.dialog: QFileDialog | None = None

    @property
    def is_running(self) -> bool:
        """Whether something is being written."""
        return self.lane in self._session.tasks.running

    def ask(self, name: str, comparison: Comparison, recordings: Iterable[Path]) -> None:
        """Ask where to; what stands there is asked about by the dialog."""
        kind, paths = KINDS[name], tuple(recordings)
        wishes = preferences_of(self._session).values
        folder = wishes.folder if wishes.folder and Path(wishes.folder).is_dir() else ""
        place = Path(folder) if folder else paths[0].parent
        dialog = QFileDialog(self._window, kind.title, str(place / kind.file), kind.pattern)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind.suffix)
        dialog.selectFile(kind.file)
        dialog.fileSelected.connect(lambda path: self.write(name, comparison, Path(path), paths))
        dialog.finished.connect(dialog.deleteLater)
        self.dialog = dialog
        dialog.open()

    def write(
        self, name: str, comparison: Comparison, path: Path, recordings: Iterable[Path]
    ) -> None:
        """Write one file; recordings are never written over."""
        documents = (d.path for d in self._session.documents)
        if any(is_same(path, other) for other in (*recordings, *documents)):
            self.failed.emit(f"{path.name} is a recording; nothing is written over it.")
            return
        wishes = preferences_of(self._session)
        wishes.set(folder=str(path.parent))
        language = wishes.values.language

        def work(progress: Progress) -> str:
            progress(0.1, f"writing {path.name}")
            _write(name, comparison, path, language)
            return f"Written: {path.name}"

        self._session.tasks.run(
            self.lane,
            f"writing {path.name}",
            work,
            self.said.emit,
            lambda fault: self.failed.emit(f"Not exported. {fault}"),
        )


def _write(name: str, comparison: Comparison, path: Path, language: str) -> None:
    """Write one file, whole or not at all."""
    from amr_viewer.report.visits_document import write_visits
    from amr_viewer.report.visits_table import write_visits_table

    if name == "csv":
        write_visits_table(comparison, path)
    else:
        write_visits(comparison, path, language=language)
