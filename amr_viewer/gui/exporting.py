"""Export verbs of the window: report, tables, annotated recording, print; all in a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QMessageBox, QWidget

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.document import Document, Stage
from amr_viewer.gui.exports import KINDS, Order, is_same, write
from amr_viewer.gui.free_running import search_lane
from amr_viewer.gui.report_preferences import preferences_of

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from amr_viewer.core.progress import Progress
    from amr_viewer.gui.desk import Desk
    from amr_viewer.gui.export_dialog import ExportDialog

LANE = "export"
LANGUAGE_NAMES = {"en": "English", "ru": "Russian"}
SHELL_REMEDY = " with --out"
"""Belongs into faults that are read in a shell, not in a window."""


class Exporter(QObject):
    """Exports the current recording of a desk."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._window = desk, parent
        self._preferences = preferences_of(desk.session)
        self.dialog: ExportDialog | None = None
        self.summary: QMessageBox | None = None

    # ------------------------------------------------------------------ verbs

    def blocked(self) -> str:
        """Return why nothing can be exported now, empty if it can."""
        document = self._desk.session.document
        if document is None:
            return "open a recording first"
        if document.stage is Stage.FAILED or document.automatic is None:
            failed = document.stage is Stage.FAILED
            return "the recording could not be analyzed" if failed else "still being analyzed"
        if document.stage is not Stage.READY:
            return "still being analyzed"
        if search_lane(document.key) in self._desk.session.tasks.running:
            return "bursts are still being looked for"
        if LANE in self._desk.session.tasks.running:
            return "an export is running"
        return ""

    def export(self, kind: str = "") -> None:
        """Ask what to export and where to, then write it."""
        from amr_viewer.gui.export_dialog import ExportDialog
        from amr_viewer.io.anonymize_who import fault_of_name, who_is

        document = self._ready()
        if document is None or document.analysis is None:
            return
        told_by_name = partial(
            fault_of_name, who_is(document.analysis), document.analysis.recording
        )
        values = self._preferences.values
        dialog = ExportDialog(
            document.path,
            [d.path for d in self._desk.session.documents],
            kind or values.kind,
            self._folder(document),
            self._about(),
            self._window,
            told_by_name,
        )
        key = document.key
        dialog.chosen.connect(partial(self._chosen, key))
        dialog.destroyed.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def print_report(self) -> None:
        """Ask for a printer, then print the report."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        if self._ready() is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self._window)
        dialog.setWindowTitle("Print the report")
        dialog.accepted.connect(lambda: self.print_to(printer))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)

    def print_to(self, printer: QPrinter) -> None:
        """Print the report of the current recording."""
        from amr_viewer.gui.printing import print_report

        document = self._ready()
        if document is None:
            return
        order = self._order(document, "pdf", document.path)
        self._run("printing the report", lambda progress: print_report(order, printer, progress))

    def write(self, kind: str, path: Path, anonymize: bool = False) -> None:
        """Write an export of the current recording; what stands there is replaced."""
        document = self._ready()
        if document is not None:
            self._chosen(document.key, kind, path, anonymize)

    def stop(self) -> None:
        """Stop the export that is running; nothing of it is left."""
        if LANE in self._desk.session.tasks.running:
            self._desk.session.tasks.cancel(LANE)
            self._desk.session.said.emit("Export stopped")

    # ------------------------------------------------------------------ the way there

    def _ready(self) -> Document | None:
        """Return the current recording, or tell why it cannot be exported."""
        why = self.blocked()
        if why:
            self._desk.session.failed.emit(f"Nothing can be exported: {why}.")
            return None
        return self._desk.session.document

    def _folder(self, document: Document) -> Path:
        """Return the folder exported to last, else that of the recording."""
        last = self._preferences.values.folder
        return Path(last) if last and Path(last).is_dir() else document.path.absolute().parent

    def _about(self) -> str:
        """Say how the report is set."""
        values = self._preferences.values
        template = Path(values.template).name if values.template else "of the program"
        language = LANGUAGE_NAMES.get(values.language, values.language)
        return f"Language: {language}. PDF template: {template}. Both are set in the Report view."

    def _closed(self) -> None:
        """Forget the dialog."""
        self.dialog = None

    def _chosen(self, key: int, kind: str, path: Path, anonymize: bool) -> None:
        """Write what was chosen."""
        document = self._desk.session.document_of(key)
        if document is None or document.analysis is None:
            return
        if any(is_same(path, d.path) for d in self._desk.session.documents):
            self._desk.session.failed.emit(f"{path.name}: is an open recording; nothing written.")
            return
        self._preferences.set(folder=str(path.parent), kind=kind)
        order = replace(self._order(document, kind, path), anonymize=anonymize)
        self._run(f"exporting {path.name}", lambda progress: write(order, progress))

    def _order(self, document: Document, kind: str, path: Path) -> Order:
        """Return all that the writing needs."""
        assert document.analysis is not None
        values = self._preferences.values
        template = Path(values.template) if values.template else None
        return Order(kind, path, document.analysis, document.review, values.language, template)

    def _run(self, title: str, work: Callable[[Progress], str]) -> None:
        """Do the work in a thread and tell how it ended."""
        self._desk.session.tasks.run(LANE, title, work, self._written, self._fault)

    def _written(self, text: str) -> None:
        """Tell what was written; what was removed from it stands in a box of its own."""
        said, _, removed = text.partition("\n")
        self._desk.session.said.emit(said)
        if removed:
            lines = "".join(f"<li>{escape(line)}</li>" for line in removed.split("\n"))
            self.summary = QMessageBox(
                QMessageBox.Icon.Information,
                "Anonymous recording",
                f"<p>{escape(said)}</p><ul>{lines}</ul>",
                QMessageBox.StandardButton.Ok,
                self._window,
            )
            self.summary.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.summary.setModal(False)
            self.summary.destroyed.connect(self._summary_closed)
            self.summary.show()

    def _summary_closed(self) -> None:
        """Forget the box."""
        self.summary = None

    def _fault(self, fault: str) -> None:
        """Tell a fault in one line."""
        self._desk.session.failed.emit(f"Not exported. {fault.replace(SHELL_REMEDY, '')}")

    # ------------------------------------------------------------------ actions

    def actions(self) -> tuple[ActionSpec, ...]:
        """Return the export verbs for menus, palette and keys."""
        icons = {"pdf": "file-pdf-box", "html": "language-html5", "tables": "table", "edf": "pulse"}
        kinds = tuple(
            ActionSpec(
                f"export.{kind.name}",
                f"{kind.title}...",
                partial(self.export, kind.name),
                "File/Export",
                icon=f"mdi6.{icons[kind.name]}",
                tip=f"{kind.about}.",
                blocked=self.blocked,
            )
            for kind in KINDS
        )
        every = ActionSpec(
            "export.report",
            "Export report...",
            self.export,
            "File/Export",
            "Ctrl+E",
            icon="mdi6.export",
            tip="Write the report, the tables or an annotated recording.",
            blocked=self.blocked,
        )
        printing = ActionSpec(
            "export.print",
            "Print report...",
            self.print_report,
            "File",
            "Ctrl+P",
            icon="mdi6.printer-outline",
            tip="Print the pages of the report.",
            blocked=self.blocked,
        )
        stop = ActionSpec(
            "export.stop",
            "Stop export",
            self.stop,
            "File/Export",
            tip="Stop the export that is running; nothing of it is left.",
            blocked=lambda: "" if LANE in self._desk.session.tasks.running else "no export runs",
        )
        return (every, *kinds, stop, printing)
