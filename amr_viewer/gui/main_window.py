"""The window: puts views, docks, bars and menus together; computes nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QInputDialog,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from amr_viewer._version import __version__
from amr_viewer.gui.appearance import Appearance
from amr_viewer.gui.commands import Commands
from amr_viewer.gui.menus import Menus
from amr_viewer.gui.notice import Notice
from amr_viewer.gui.settings import Settings
from amr_viewer.gui.start_page import StartPage
from amr_viewer.gui.theme import apply_theme, theme_for
from amr_viewer.gui.toolbar import empty_toolbar, fill_toolbar

if TYPE_CHECKING:
    from amr_viewer.core.progress import Progress
    from amr_viewer.gui.batch import BatchRoom
    from amr_viewer.gui.desk import Desk
    from amr_viewer.gui.opener import Opener
    from amr_viewer.gui.protocol import ProtocolChooser
    from amr_viewer.gui.saving import Saver

FIRST_SIZE = (1440, 900)
DOCK_WIDTHS = (250, 310)
LAYOUT_VERSION = 1
BREATH_MS = 30
"""Time between the parts of the furniture, in which what is there already is painted."""


class MainWindow(QMainWindow):
    """The program's window: a frame that stands at once, then a desk to work on, then furniture.

    Signals
    -------
    furnished()
        Views and docks are there.
    """

    furnished = Signal()
    desk: Desk
    commands: Commands
    saver: Saver
    opener: Opener
    menus: Menus
    chooser: ProtocolChooser
    batches: BatchRoom

    def __init__(self, settings: Settings, appearance: Appearance) -> None:
        super().__init__()
        self.settings, self.appearance = settings, appearance
        self.views: dict[str, QWidget] = {}
        self.docks: dict[str, QDockWidget] = {}
        self.is_furnished = False
        self._parts: Iterator[None] | None = None
        self._told: set[int] = set()
        self._notice_of: int | None = None
        self.setWindowTitle("AMR Viewer")
        self.resize(*FIRST_SIZE)
        if settings.values.window:
            self.restoreGeometry(_decoded(settings.values.window))
        self.toolbar = empty_toolbar(self)
        self.addToolBar(self.toolbar)
        self.menuBar().addMenu("&File")
        self._build_middle()

    def settle(self, desk: Desk) -> None:
        """Take a desk to work on; done after the first paint, since it costs time."""
        from amr_viewer.gui.batch import BatchRoom
        from amr_viewer.gui.opener import Opener
        from amr_viewer.gui.saving import Saver
        from amr_viewer.gui.shell_actions import shell_actions
        from amr_viewer.gui.status_line import StatusLine

        self.desk = desk
        if self.settings.values.author:
            desk.editor.author = self.settings.values.author
        desk.session.set_display(negative_up=self.settings.values.negative_up)
        self.saver = Saver(desk.session, desk.editor)
        self.opener = Opener(self, desk.session, self.settings)
        self.commands = Commands(self, desk, self.settings)
        self.batches = BatchRoom(self)
        self.commands.add(shell_actions(self))
        self.menus = Menus(
            self, self.commands, lambda: self.settings.recent, lambda path, *_: self.open([path])
        )
        fill_toolbar(self.toolbar, self.commands)
        self.setStatusBar(StatusLine(desk))
        self._connect()
        self.menus.fill()
        self.setAcceptDrops(True)
        self._show_view()

    def _build_middle(self) -> None:
        """Put notice, start page and views above each other."""
        self.notice = Notice(self.appearance)
        self.start = StartPage(self.appearance)
        self.start.show_recent(self.settings.recent)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.start)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addWidget(self.stack, 1)
        self.setCentralWidget(middle)

    def _connect(self) -> None:
        """Follow the session and the start page."""
        session = self.desk.session
        self.start.open_wanted.connect(self.opener.ask_for_files)
        self.start.path_wanted.connect(lambda path: self.open([path]))
        self.start.sample_wanted.connect(self.opener.open_sample)
        session.view_changed.connect(self._show_view)
        session.current_changed.connect(self._show_view)
        session.documents_changed.connect(self._title)
        session.recording_changed.connect(self._remember)
        session.failed.connect(self._tell_fault)
        session.analysis_changed.connect(self._tell_unknowns)
        self.desk.editor.undo_group.indexChanged.connect(self.commands.refresh_soon)
        QApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    # ------------------------------------------------------------------ furnishing

    def furnish(self) -> None:
        """Build all views and docks at once."""
        while not self.is_furnished:
            self._furnish_on()

    def furnish_by_and_by(self) -> None:
        """Build views and docks one after the other; the window answers in between."""
        self._furnish_on()
        if not self.is_furnished:
            QTimer.singleShot(BREATH_MS, self.furnish_by_and_by)

    def _furnish_on(self) -> None:
        """Build the next part."""
        if self._parts is None:
            from amr_viewer.gui.furniture import furniture

            self._parts = furniture(self)
        try:
            next(self._parts)
        except StopIteration:
            self.is_furnished = True
            self._arrange()
        self._show_view()

    def _arrange(self) -> None:
        """Put the docks where they were when the program ended last."""
        self.reset_layout()
        if self.settings.values.docks:
            self.restoreState(_decoded(self.settings.values.docks), LAYOUT_VERSION)
        self.commands.paint_icons()
        self.furnished.emit()

    def add_view(self, name: str, view: QWidget) -> None:
        """Take a view."""
        self.views[name] = view
        self.stack.addWidget(view)

    def add_dock(self, name: str, title: str, inside: QWidget, *, left: bool) -> None:
        """Take a panel beside the views."""
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(inside)
        self.docks[name] = dock
        self.addDockWidget(_area(left=left), dock)

    def reset_layout(self) -> None:
        """Put the docks back where they were at first."""
        for name, dock in self.docks.items():
            dock.setFloating(False)
            self.addDockWidget(_area(left=name == "contents"), dock)
            dock.show()
        docks = list(self.docks.values())
        widths = [DOCK_WIDTHS[0] if d.objectName() == "contents" else DOCK_WIDTHS[1] for d in docks]
        self.resizeDocks(docks, widths, Qt.Orientation.Horizontal)

    # ------------------------------------------------------------------ opening

    def open(self, paths: Iterable[Path]) -> None:
        """Open recordings, and those in folders."""
        self.opener.open(paths)

    def close_document(self, key: int) -> None:
        """Close a recording once its review is on disk."""
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()  # What is still being typed belongs to this recording.
        document = self.desk.session.document_of(key)
        if document is not None and not document.is_saved and not self._saved_or_given_up():
            return
        self.desk.session.close(key)

    def _remember(self) -> None:
        """Put the recording that was read among the recent ones."""
        document = self.desk.session.document
        if document is not None and document.recording is not None:
            self.settings.add_recent(document.path)

    # ------------------------------------------------------------------ showing

    def _show_view(self) -> None:
        """Show the view that is wanted, or the start page while nothing is open."""
        session = self.desk.session
        view = self.views.get(session.view) if session.documents else self.start
        if view is self.start:
            self.start.show_recent(self.settings.recent)
        if view is not None and view is not self.stack.currentWidget():
            self.stack.setCurrentWidget(view)
            view.setFocus()
        for dock in self.docks.values():
            dock.setEnabled(bool(session.documents))
        self.menus.show_for(session.view if session.documents else "")
        self._title()

    def _tell_fault(self, text: str) -> None:
        """Say what went wrong; the faults of several recordings stand below each other."""
        self._notice_of = None
        self.notice.add(text, "present")

    def _tell_unknowns(self) -> None:
        """Ask for what the program does not know of a recording, once."""
        document = self.desk.session.document
        key = document.key if document else None
        if self._notice_of not in (None, key):
            self.notice.hide()  # What it says is of another recording.
            self._notice_of = None
        if document is None or document.analysis is None or document.key in self._told:
            return
        self._told.add(document.key)
        key, analysis = document.key, document.analysis

        def work(progress: Progress) -> str:
            from amr_viewer.io.assignment_guess import unknowns

            return unknowns(analysis)

        self.desk.session.tasks.run(
            "unknowns",
            "looking for what is unknown",
            work,
            lambda text: self._ask_for_unknowns(key, text),
            self.desk.session.failed.emit,
        )

    def _ask_for_unknowns(self, key: int, text: str) -> None:
        """Ask for what is not known of a recording, if it is still the one that is shown."""
        document = self.desk.session.document
        if not text or document is None:
            return
        if document.key != key:
            self._told.discard(key)
            return
        self._notice_of = key
        self.notice.say(text, "late", "Assign...", lambda: self.commands.run("protocol.assign"))

    def _title(self) -> None:
        """Name the current recording in the title."""
        document = self.desk.session.document
        self.setWindowTitle(f"{document.path.name} - AMR Viewer" if document else "AMR Viewer")
        if not self.desk.session.documents and self.stack.currentWidget() is not self.start:
            self._show_view()

    def show_palette(self) -> None:
        """Show the command palette."""
        from amr_viewer.gui.palette import CommandPalette

        palette = CommandPalette(self.commands, self)
        palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        palette.popup()

    def show_keys(self) -> None:
        """Show all keys."""
        from amr_viewer.gui.shortcuts_dialog import ShortcutsDialog

        dialog = ShortcutsDialog(self.commands, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_about(self) -> None:
        """Say what this is, and what it is not."""
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("About AMR Viewer")
        box.setText(f"<b>AMR Viewer {__version__}</b>")
        box.setInformativeText(
            "Detects and shows the abnormal muscle response (lateral spread) in facial EMG.\n\n"
            "An aid for neurophysiologists, not a medical device: it measures and reports, the "
            "physician judges. The response can be seen in hemifacial spasm and also after facial "
            "palsy.\n\nBSD 3-Clause licence."
        )
        box.open()

    # ------------------------------------------------------------------ appearance

    def wish_theme(self, wish: str) -> None:
        """Choose light, dark, or what the system has."""
        self.settings.set(theme=wish)
        self.use_theme()

    def use_theme(self) -> None:
        """Give everything the appearance that is wanted."""
        theme = theme_for(self.settings.values.theme)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, theme)
        self.appearance.use(theme)

    def _follow_system(self) -> None:
        """Follow the system where that is wanted."""
        if self.settings.values.theme == "system":
            QTimer.singleShot(0, self.use_theme)

    def switch_polarity(self) -> None:
        """Draw negative voltages upward, or downward."""
        self.desk.session.set_display(negative_up=not self.desk.session.display.negative_up)
        self.settings.set(negative_up=self.desk.session.display.negative_up)

    def switch_full_screen(self) -> None:
        """Use the whole screen, or not."""
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def ask_for_author(self) -> None:
        """Ask for the name that stands beside decisions."""
        name, wanted = QInputDialog.getText(
            self, "Who decides", "Name beside every decision:", text=self.desk.editor.author
        )
        if wanted and name.strip():
            self.desk.editor.author = name.strip()
            self.settings.set(author=name.strip())

    # ------------------------------------------------------------------ events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Open what was dropped; a folder is a batch."""
        paths = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        self.open(self.batches.take(paths))
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Save what is not on disk, remember the layout, and wait for threads."""
        if not hasattr(self, "desk"):
            event.accept()
            return
        if not self._saved_or_given_up():
            event.ignore()
            return
        if self.is_furnished:
            self.settings.set(
                window=_encoded(self.saveGeometry()), docks=_encoded(self.saveState(LAYOUT_VERSION))
            )
        self.desk.session.end()
        event.accept()

    def _saved_or_given_up(self) -> bool:
        """Save reviews; where that fails, ask whether to lose them."""
        faults = self.saver.save_now()
        if not faults:
            return True
        answer = QMessageBox.warning(
            self,
            "Not saved",
            "Decisions could not be saved:\n" + "\n".join(faults) + "\n\nGo on and lose them?",
            QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        return answer == QMessageBox.StandardButton.Discard


def _area(*, left: bool) -> Qt.DockWidgetArea:
    """Return a side of the window."""
    areas = Qt.DockWidgetArea
    return areas.LeftDockWidgetArea if left else areas.RightDockWidgetArea


def _encoded(data: QByteArray) -> str:
    """Return bytes as text."""
    return base64.b64encode(data.data()).decode("ascii")


def _decoded(text: str) -> QByteArray:
    """Return text as bytes."""
    return QByteArray(base64.b64decode(text.encode("ascii")))
