"""Which protocol is in use: its button and menu, and what can be done with protocols."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QToolButton, QWidget

from amr_viewer.core.protocol import Protocol
from amr_viewer.errors import ExportError, ParameterError
from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.protocol import asking
from amr_viewer.io.protocol_store import ProtocolStore, StoredProtocol

if TYPE_CHECKING:
    from amr_viewer.gui.session import Session

MENU = "Protocol"
LONGEST_NAME = 24
FILES = "Protocols (*.toml);;All (*)"


def restore_last(session: Session, store: ProtocolStore | None = None) -> None:
    """Let recordings be read under the protocol used last; a broken one is told of."""
    stored = (store or ProtocolStore.of_person()).last_used()
    if stored is None:
        return
    if stored.protocol is not None:
        session.protocol = _named(stored)
    else:
        session.failed.emit(f"The protocol used last was left out: {stored.fault}")


class ProtocolChooser(QObject):
    """The button for the tool bar, its menu, and the actions of the menu bar.

    Attributes
    ----------
    button : QToolButton
        Names the protocol of the current recording; opens the menu.
    """

    def __init__(self, desk: Desk, window: QWidget, store: ProtocolStore | None = None) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._store = store or ProtocolStore.of_person()
        self.button = QToolButton()
        self.button.setObjectName("protocol")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.menu = QMenu(self.button)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        self.deletable = QMenu("Delete lab protocol", self.menu)
        self.button.setMenu(self.menu)
        desk.session.current_changed.connect(self._show)
        desk.session.documents_changed.connect(self._show)
        if desk.session.protocol == Protocol():
            restore_last(desk.session, self._store)
        self._show()

    # ------------------------------------------------------------------ what is in use

    @property
    def protocol(self) -> Protocol:
        """The protocol of the current recording, else of those opened next."""
        document = self._desk.session.document
        return document.protocol if document else self._desk.session.protocol

    @property
    def title(self) -> str:
        """Its name, and whether it differs from the lab protocol of that name."""
        protocol = self.protocol
        if protocol == Protocol():
            return "default"
        lab = self._desk.session.protocol
        is_lab = protocol == lab
        if protocol.name == Protocol().name or (protocol.name == lab.name and not is_lab):
            return f"{protocol.name}, changed"
        return protocol.name

    def _show(self) -> None:
        """Name the protocol on the button."""
        title = self.title
        short = title if len(title) <= LONGEST_NAME else f"{title[: LONGEST_NAME - 1]}…"
        self.button.setText(f"Protocol: {short}")
        self.button.setToolTip(f"Protocol of names and parameters: {title}")
        self.button.setAccessibleName(f"Protocol: {title}")

    # ------------------------------------------------------------------ actions

    def actions(self) -> tuple[ActionSpec, ...]:
        """Return what can be done with protocols."""
        return (
            ActionSpec(
                "protocol.assign", "Assign channels and markers...", self.assign, MENU, "Ctrl+L",
                icon="mdi6.format-list-bulleted-type", blocked=self._not_read,
                tip="Say what channels record and what markers mean",
            ),
            ActionSpec(
                "protocol.parameters", "Parameters...", self.edit_parameters, MENU, "Ctrl+,",
                icon="mdi6.tune-variant", tip="Windows, filters and criteria of the analysis",
                blocked=self._being_read,
            ),
            ActionSpec(
                "protocol.open", "Open protocol...", self.ask_for_file, MENU,
                tip="Use a protocol from a file",
            ),
            ActionSpec(
                "protocol.save_as", "Save as lab protocol...", self.save_as, MENU,
                tip="Keep the present protocol under a name",
            ),
            ActionSpec(
                "protocol.export", "Save protocol as file...", self.ask_where_to_save, MENU,
                tip="Write the present protocol into a file that can be passed on",
            ),
            ActionSpec(
                "protocol.default", "Default protocol", self.use_default, MENU,
                tip="Use the program's own reading of names, and its default parameters",
                blocked=lambda: "" if self.protocol != Protocol() else "it is in use",
            ),
        )  # fmt: skip

    def _not_read(self) -> str:
        """Say why there is nothing to assign, empty if there is."""
        document = self._desk.session.document
        if document is None:
            return "no recording is open"
        return "the recording is not read yet" if document.recording is None else ""

    def _being_read(self) -> str:
        """Say why parameters cannot be changed now, empty if they can."""
        document = self._desk.session.document
        is_read = document is None or document.recording is not None
        return "" if is_read else "the recording is not read yet"

    def assign(self) -> None:
        """Show the assignment of channels and markers."""
        from amr_viewer.gui.protocol.assignment_dialog import AssignmentDialog

        if not self._not_read():
            self._open(AssignmentDialog(self._desk, self._window, self._store))

    def edit_parameters(self) -> None:
        """Show the parameters."""
        from amr_viewer.gui.protocol.parameters_dialog import ParametersDialog

        if not self._being_read():
            self._open(ParametersDialog(self._desk, self._window))

    def _open(self, dialog: QDialog) -> None:
        """Open a dialog that goes when it is closed."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _: self._show())
        dialog.open()

    # ------------------------------------------------------------------ choosing

    def use(self, protocol: Protocol, path: Path | None) -> None:
        """Use a protocol for the current recording and for those opened next.

        Parameters
        ----------
        protocol : Protocol
        path : Path or None
            Its file, which is remembered; None for the default.
        """
        session = self._desk.session
        session.protocol = protocol
        self._store.remember(path)
        document = session.document
        if document is not None and document.recording is not None:
            self._desk.editor.set_protocol(protocol)
        self._show()

    def use_default(self) -> None:
        """Use the default protocol."""
        self.use(Protocol(), None)

    def open_file(self, path: Path) -> None:
        """Use the protocol in a file; a broken one is told of and changes nothing."""
        from amr_viewer.io.protocol_file import load_protocol

        try:
            protocol = load_protocol(path)
        except ParameterError as error:
            self._desk.session.failed.emit(str(error))
            return
        self.use(_named(StoredProtocol(path.stem, path, protocol)), path)

    def ask_for_file(self) -> None:
        """Ask which protocol to open."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open protocol", "", FILES)
        if name:
            self.open_file(Path(name))

    # ------------------------------------------------------------------ keeping

    def save_as(self) -> None:
        """Keep the present protocol among those of the laboratory."""
        from amr_viewer.gui.protocol.keeping import save_as_lab_protocol

        stored = save_as_lab_protocol(self._window, self._desk.session, self._store, self.protocol)
        if stored is not None and stored.protocol is not None:
            self.use(stored.protocol, stored.path)

    def ask_where_to_save(self) -> None:
        """Ask for the file that the present protocol is written to."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save protocol", f"{self.protocol.name}.toml", FILES
        )
        if name:
            self.write_file(Path(name))

    def write_file(self, path: Path) -> None:
        """Write the present protocol into a file."""
        from amr_viewer.io.protocol_file import save_protocol

        try:
            save_protocol(self.protocol, path)
        except ExportError as error:
            self._desk.session.failed.emit(str(error))
            return
        self._desk.session.said.emit(f"protocol written to {path.name}")

    def delete(self, name: str) -> None:
        """Delete a lab protocol, if that is wanted; recordings keep what they were read under."""
        question = f'Delete the lab protocol "{name}"? Recordings keep what it made of them.'
        if not asking.agreed(self._window, "Delete?", question, "Delete"):
            return
        try:
            self._store.delete(name)
        except ExportError as error:
            self._desk.session.failed.emit(str(error))
            return
        self._desk.session.said.emit(f'lab protocol "{name}" deleted')

    # ------------------------------------------------------------------ menu

    def _fill(self) -> None:
        """Make the menu anew: the folder may have changed."""
        self.menu.clear()
        stored = self._store.list()
        for item in stored:
            self._add(item)
        if not stored:
            self.menu.addAction("No lab protocols yet").setEnabled(False)
        default = self.menu.addAction("Default", self.use_default)
        default.setCheckable(True)
        default.setChecked(self.protocol == Protocol())
        self.menu.addSeparator()
        for spec in self.actions():
            if spec.name != "protocol.default":
                action = self.menu.addAction(spec.text, spec.run)
                why = spec.blocked()
                action.setEnabled(not why)
                action.setToolTip(f"{spec.tip} ({why})" if why else spec.tip)
        if stored:
            self.menu.addSeparator()
            self.menu.addMenu(self.deletable)
            self.deletable.clear()
            for item in stored:
                self.deletable.addAction(_shown(item.name), lambda n=item.name: self.delete(n))

    def _add(self, item: StoredProtocol) -> None:
        """Add a lab protocol to the menu; a broken one can be seen and not chosen."""
        if item.protocol is None:
            action = self.menu.addAction(f"{_shown(item.name)} (cannot be read)")
            action.setEnabled(False)
            action.setToolTip(item.fault)
            return
        protocol = _named(item)
        action = self.menu.addAction(_shown(item.name))
        action.triggered.connect(lambda: self.use(protocol, item.path))
        action.setCheckable(True)
        action.setChecked(protocol == self.protocol)


def _named(stored: StoredProtocol) -> Protocol:
    """Return a protocol under the name that it is listed by."""
    assert stored.protocol is not None
    return stored.protocol.model_copy(update={"name": stored.name})


def _shown(name: str) -> str:
    """Return a name for a menu, in which & means a key."""
    return name.replace("&", "&&")
