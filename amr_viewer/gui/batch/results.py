"""What can be done with the results of a batch: look at them, and report over all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from amr_viewer.gui.notice import Notice
from amr_viewer.gui.report_preferences import preferences_of

if TYPE_CHECKING:
    from amr_viewer.core.progress import Progress
    from amr_viewer.gui.session import Session

KINDS = "PDF (*.pdf);;HTML (*.html)"
SUMMARY = "summary.csv"


class Results(QObject):
    """Opens results, and writes the report; tells of it in a notice."""

    def __init__(self, session: Session, notice: Notice, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._notice, self._window = session, notice, window
        self.dialog: QFileDialog | None = None

    def show(self, path: Path) -> None:
        """Open a file or folder with the program that the system has for it."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._notice.say(f"No program opens it here. It lies at {path}", "late")

    def ask(self, out: Path) -> None:
        """Ask where the report is to be written; what stands there is asked about."""
        dialog = QFileDialog(self._window, "Report over all recordings", str(out), KINDS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile("cohort.pdf")
        dialog.fileSelected.connect(lambda path: self.write(out, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        self.dialog = dialog
        dialog.open()

    def write(self, out: Path, path: Path) -> None:
        """Write the report over all recordings."""
        language = preferences_of(self._session).values.language

        def work(progress: Progress) -> Path:
            from amr_viewer.cohort import read_cohort, write_cohort_report

            progress(0.1, "reading the results")
            cohort = read_cohort(out)
            progress(0.5, f"writing {path.name}")
            write_cohort_report(cohort, path, language=language)
            return path

        self._session.tasks.run(
            "export cohort",
            f"writing {path.name}",
            work,
            self._written,
            lambda fault: self._notice.say(f"No report was written. {fault}", "present"),
        )

    def _written(self, path: Path) -> None:
        """Say that the report stands."""
        self._notice.say(f"Written: {path}", "absent", "Open", lambda: self.show(path))
