"""The Report view: pages, a bar above them, and the panel beside them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document, Stage
from amr_viewer.gui.exporting import Exporter
from amr_viewer.gui.report_preferences import ReportPreferences, preferences_of
from amr_viewer.gui.report_view.actions import report_actions
from amr_viewer.gui.report_view.composer import Composer
from amr_viewer.gui.report_view.page_column import PageColumn
from amr_viewer.gui.report_view.side_panel import SidePanel

PANEL_WIDTH = 288
LEAST_PANEL_WIDTH = 248
LEAST_WIDTH_FOR_BOTH = 920
LEAST_WIDTH_OF_BAR = 656
"""With less room the bar leaves out its buttons of zoom, which keys and wheel replace."""

LEAST_SIZE = (660, 320)


class ReportView(QWidget):
    """The report of the current recording, as it will print."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._wants_panel: bool | None = None
        self.setAccessibleName("Report")
        preferences = preferences_of(desk.session)
        self.exporter = Exporter(desk, self)
        self.column = PageColumn(desk.appearance)
        self.composer = Composer(desk.session, self.column, preferences, self)
        self.panel = SidePanel(desk, preferences)
        self.message = QLabel()
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setMargin(32)
        self.fault = QLabel()
        self.fault.setProperty("role", "error")
        self.fault.setWordWrap(True)
        self.fault.setMargin(8)
        self.fault.hide()
        self.page_label = QLabel()
        self.zoom_label = QLabel()
        self.fit_button = _tool("Fit width", "Make a page as wide as there is room for (Ctrl+0)")
        self.setFocusProxy(self.column)
        self.setMinimumSize(*LEAST_SIZE)
        self._compose()
        self._connect(preferences)
        self._refresh()

    # ------------------------------------------------------------------ building

    def _compose(self) -> None:
        """Lay the parts out."""
        # The column is there under the message too, so that it knows its width beforehand.
        middle = QWidget()
        over = QGridLayout(middle)
        over.setContentsMargins(0, 0, 0, 0)
        over.addWidget(self.column, 0, 0)
        over.addWidget(self.message, 0, 0)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.fault)
        column.addWidget(middle, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setCollapsible(0, False)
        self.panel.setMinimumWidth(LEAST_PANEL_WIDTH)
        self.splitter.setSizes([1000, PANEL_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def _bar(self) -> QWidget:
        """Return the bar above the pages."""
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        smaller = _tool("−", "Smaller (Ctrl+-)", "Zoom out")
        larger = _tool("+", "Larger (Ctrl++)", "Zoom in")
        actual = _tool("100 %", "As large as on paper (Ctrl+1)", "Zoom to 100 %")
        editing = _tool("Edit", "Show or hide sections, fields and texts beside the pages (Ctrl+B)")
        editing.setCheckable(True)
        editing.setChecked(True)
        self.edit_button = editing
        printing = QPushButton("Print...")
        printing.setToolTip("Print the report (Ctrl+P)")
        export = QPushButton("Export...")
        export.setToolTip("Export the report, tables or an annotated recording (Ctrl+E)")
        self.print_button, self.export_button = printing, export
        smaller.clicked.connect(self.zoom_out)
        larger.clicked.connect(self.zoom_in)
        actual.clicked.connect(self.zoom_actual)
        self.fit_button.setCheckable(True)
        self.fit_button.setChecked(True)
        self.fit_button.clicked.connect(self.zoom_fit)
        editing.clicked.connect(self.toggle_panel)
        printing.clicked.connect(lambda: self.exporter.print_report())
        export.clicked.connect(lambda: self.exporter.export())
        self.zoom_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom_label.setFixedWidth(self.fontMetrics().horizontalAdvance(" 100 % ") + 8)
        middle = (smaller, self.zoom_label, larger, self.fit_button, actual)
        self._zoom_parts: tuple[QWidget, ...] = middle
        for part in (self.page_label, None, *middle, None, editing, printing, export):
            if part is None:
                row.addStretch()
            else:
                row.addWidget(part)
        bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return bar

    def _connect(self, preferences: ReportPreferences) -> None:
        """Follow the session."""
        session = self._desk.session
        for signal in (
            session.current_changed,
            session.documents_changed,
            session.recording_changed,
            session.analysis_changed,
            preferences.changed,
        ):
            signal.connect(self._refresh)
        self._desk.editor.reviewed.connect(self._reviewed)
        self.column.page_changed.connect(self._show_page)
        self.column.zoomed.connect(self._show_zoom)
        self.composer.composed.connect(self._composed)
        self.composer.failed.connect(self._failed)

    # ------------------------------------------------------------------ showing

    def _refresh(self) -> None:
        """Show the current recording, or why there is nothing to show."""
        document = self._desk.session.document
        made = self.composer.made
        if not self.isVisible():
            if made is not None and (document is None or made.key != document.key):
                self.composer.drop()
            return
        self.panel.show_document(document)
        blocked = self.exporter.blocked()
        for button in (self.print_button, self.export_button):
            button.setEnabled(not blocked)
        if document is None or document.analysis is None:
            self.composer.drop()
            self._show_message(*_message(document))
            return
        if made is not None and made.key != document.key:
            self.composer.drop()
        if self.composer.made is None and not self.fault.isVisible():
            self._show_message("Setting the report...", "")
        if document.stage is not Stage.READY:
            self.column.set_stale(True)
        self.composer.wish()

    def _show_message(self, text: str, fault: str) -> None:
        """Show words in the place of pages."""
        self.message.setProperty("role", "error" if fault else "muted")
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
        self.message.setText(fault or text)
        self.message.show()
        self.fault.hide()
        self._show_page(0, 0)

    def _reviewed(self, key: int) -> None:
        """Dim the pages: a decision was made, and other pages follow."""
        document = self._desk.session.document
        if document is not None and document.key == key and self.isVisible():
            self.panel.show_document(document)
            self.column.set_stale(True)

    def _composed(self) -> None:
        """Show the pages that arrived."""
        self.fault.hide()
        self.message.hide()
        made = self.composer.made
        if made is not None:
            self.column.setAccessibleDescription(
                f"{made.report.headline.strong} {made.report.headline.rest}"
            )

    def _failed(self, fault: str) -> None:
        """Tell why there are no new pages."""
        if self.composer.made is None:
            self._show_message("", fault)
            return
        self.fault.setText(fault)
        self.fault.show()

    def _show_page(self, number: int, count: int) -> None:
        """Say which page is in sight."""
        self.page_label.setText(f"Page {number} of {count}" if count else "")
        self._show_zoom()

    def _show_zoom(self) -> None:
        """Say how large pages are."""
        self.zoom_label.setText(f"{100 * self.column.zoom:.0f} %" if self.column.pages else "")
        self.fit_button.setChecked(self.column.is_fitted)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give pages the room of the panel where both do not fit, unless a person wants both."""
        super().resizeEvent(event)
        fits = event.size().width() >= LEAST_WIDTH_FOR_BOTH
        self._show_panel(shown=fits if self._wants_panel is None else self._wants_panel)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Make pages now that somebody looks."""
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keep what was being typed before the window closes and saves."""
        if event.type() is QEvent.Type.Close:
            self.panel.commit()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Keep what was being typed."""
        self.panel.commit()
        super().hideEvent(event)

    # ------------------------------------------------------------------ verbs

    def zoom_in(self) -> None:
        """Show pages larger."""
        self.column.zoom_by(1)
        self._show_zoom()

    def zoom_out(self) -> None:
        """Show pages smaller."""
        self.column.zoom_by(-1)
        self._show_zoom()

    def zoom_fit(self) -> None:
        """Make a page as wide as there is room for."""
        self.column.fit_width()
        self._show_zoom()

    def zoom_actual(self) -> None:
        """Show pages as large as on paper."""
        self.column.set_zoom(1.0)
        self._show_zoom()

    def go(self, pages: int) -> None:
        """Go some pages on."""
        self.column.go_to(self.column.current + pages)

    def copy_page(self) -> None:
        """Put the page in sight into the clipboard, as a picture."""
        if self.column.current:
            page = self.column.pages[self.column.current - 1]
            QGuiApplication.clipboard().setImage(QImage.fromData(page.png))
            self._desk.session.said.emit(f"Page {self.column.current} copied")

    def toggle_panel(self) -> None:
        """Show or hide the panel of contents."""
        self._wants_panel = self.panel.isHidden()
        self._show_panel(shown=self._wants_panel)

    def _show_panel(self, *, shown: bool) -> None:
        """Show or hide the panel."""
        self.panel.setVisible(shown)
        self.edit_button.setChecked(shown)
        room = self.width() - (LEAST_PANEL_WIDTH + self.splitter.handleWidth() if shown else 0)
        for part in self._zoom_parts:
            part.setVisible(room >= LEAST_WIDTH_OF_BAR)

    def actions(self) -> tuple[ActionSpec, ...]:  # type: ignore[override]
        """Return what a person can do here; exporting is the exporter's."""
        return report_actions(self)


def _tool(text: str, tip: str, name: str = "") -> QToolButton:
    """Return a button of the bar."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(name or text)
    return button


def _message(document: Document | None) -> tuple[str, str]:
    """Return what is shown in the place of pages: words, or a fault."""
    if document is None:
        return "Open a recording: its report appears here, page by page, as it will print.", ""
    if document.stage is Stage.FAILED:
        return "", f"{document.path.name}: {document.fault or 'could not be analyzed'}"
    if document.stage is Stage.READING:
        return f"Reading {document.path.name}...", ""
    return f"Analyzing {document.path.name}; the report follows.", ""
