"""The left dock: what is open, what was stimulated, the channels and the marks."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.contents.channels import ChannelSection
from amr_viewer.gui.contents.marks import MarkSection
from amr_viewer.gui.contents.recordings import RecordingSection
from amr_viewer.gui.contents.stimulation import SiteSection
from amr_viewer.gui.desk import Desk

WIDTH, HEIGHT = 260, 600
LEAST_MARKS = 150


class ContentsDock(QWidget):
    """What the open recordings hold.

    Signals
    -------
    assign_wanted()
        A person wants to say what an unknown channel or marker is.
    """

    assign_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.recordings = RecordingSection(desk)
        self.sites = SiteSection(desk)
        self.channels = ChannelSection(desk)
        self.marks = MarkSection(desk)
        self.channels.assign_wanted.connect(self.assign_wanted)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        for section in (self.recordings, self.sites, self.channels, self.marks):
            self.splitter.addWidget(section)
        self._is_moved = False
        self.splitter.splitterMoved.connect(self._moved)
        desk.session.documents_changed.connect(self.share)
        desk.session.current_changed.connect(self.share)
        desk.session.recording_changed.connect(self.share)
        desk.session.analysis_changed.connect(self.share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def _moved(self) -> None:
        """Leave the parts as a person made them."""
        self._is_moved = True

    def share(self) -> None:
        """Give each list the room that its rows need, and the marks what is left."""
        if self._is_moved:
            return
        lists = (self.recordings, self.sites, self.channels)
        wanted = [section.wanted_height() for section in lists]
        left = self.splitter.height() - 3 * self.splitter.handleWidth()
        excess = sum(wanted) + LEAST_MARKS - left
        if excess > 0:
            longest = wanted.index(max(wanted))
            wanted[longest] = max(wanted[longest] - excess, lists[longest].minimumHeight())
        self.splitter.setSizes([*wanted, max(left - sum(wanted), LEAST_MARKS)])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Share the height anew."""
        super().resizeEvent(event)
        self.share()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size that suits a small screen."""
        return QSize(WIDTH, HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the least size at which nothing is cut."""
        return QSize(220, 320)

    def actions(self) -> tuple[ActionSpec, ...]:  # type: ignore[override]
        """Return what a person can do here."""
        return (*self._recording_actions(), *self._channel_actions(), *self._mark_actions())

    def _recording_actions(self) -> tuple[ActionSpec, ...]:
        """Return the verbs of the list of recordings."""
        return (
            ActionSpec(
                name="recordings.next",
                text="Next recording",
                run=lambda: self._step(1),
                menu="Recordings",
                shortcut="Ctrl+PgDown",
                icon="mdi6.chevron-down",
                tip="Show the next open recording",
                blocked=self._why_no_other,
            ),
            ActionSpec(
                name="recordings.previous",
                text="Previous recording",
                run=lambda: self._step(-1),
                menu="Recordings",
                shortcut="Ctrl+PgUp",
                icon="mdi6.chevron-up",
                tip="Show the open recording before this one",
                blocked=self._why_no_other,
            ),
            ActionSpec(
                name="recordings.fault",
                text="Show fault",
                run=self._show_fault,
                menu="Recordings",
                icon="mdi6.alert-circle-outline",
                tip="Say why this recording could not be read or analyzed",
                blocked=self._why_no_fault,
            ),
        )

    def _channel_actions(self) -> tuple[ActionSpec, ...]:
        """Return the verbs of the list of channels."""
        return tuple(
            ActionSpec(
                name=f"channels.{word}",
                text=f"Move listed channel {word}",
                run=partial(self.channels.move_current, step),
                menu="Traces/Channels",
                icon=f"mdi6.arrow-{word}",
                tip=f"Move the channel {word} in Traces and in the list",
                blocked=self._why_no_channel,
            )
            for word, step in (("up", -1), ("down", 1))
        )

    def _mark_actions(self) -> tuple[ActionSpec, ...]:
        """Return the verbs of the table of marks."""
        marks = self.marks
        return (
            ActionSpec(
                name="marks.add",
                text="Add mark at the current time",
                run=marks.add_mark,
                menu="Marks",
                shortcut="Ctrl+M",
                icon="mdi6.flag-plus-outline",
                tip="Add a mark at the selected sweep, or in the middle of the visible window",
                blocked=self._why_not_read,
            ),
            ActionSpec(
                name="marks.remove",
                text="Remove marks",
                run=marks.remove_marks,
                menu="Marks",
                shortcut="Del",
                icon="mdi6.flag-remove-outline",
                tip="Remove the selected marks; they can be had back by undo",
                blocked=marks.why_no_removal,
            ),
            ActionSpec(
                name="marks.find",
                text="Search marks",
                run=lambda: marks.search.setFocus(Qt.FocusReason.ShortcutFocusReason),
                menu="Marks",
                shortcut="Ctrl+F",
                icon="mdi6.magnify",
                tip="Search the marks by text, channel or time",
                blocked=self._why_not_read,
            ),
            ActionSpec(
                name="marks.import",
                text="Import marks…",
                run=marks.ask_import,
                menu="Marks",
                icon="mdi6.file-import-outline",
                tip="Add the marks of a CSV table (time_s, duration_s, channel, text)",
                blocked=self._why_not_read,
            ),
            ActionSpec(
                name="marks.export",
                text="Export marks…",
                run=marks.ask_export,
                menu="Marks",
                icon="mdi6.file-export-outline",
                tip="Write the marks as a CSV table",
                blocked=self._why_not_read,
            ),
        )

    # ------------------------------------------------------------------ what is in the way

    def _why_no_other(self) -> str:
        """Say why no other recording can be shown."""
        return "" if len(self._desk.session.documents) > 1 else "Only one recording is open."

    def _why_no_fault(self) -> str:
        """Say why there is no fault to show."""
        document = self._desk.session.document
        return "" if document is not None and document.fault else "Nothing went wrong here."

    def _why_no_channel(self) -> str:
        """Say why no channel can be moved."""
        is_chosen = self.channels.current_channel() is not None
        return "" if is_chosen else "Select a channel first."

    def _why_not_read(self) -> str:
        """Say why there can be no marks."""
        document = self._desk.session.document
        is_read = document is not None and document.recording is not None
        return "" if is_read else "Open a recording first."

    # ------------------------------------------------------------------ verbs

    def _step(self, step: int) -> None:
        """Show the recording before or after the current one."""
        session = self._desk.session
        keys = [d.key for d in session.documents]
        if session.document is not None:
            session.show(keys[(keys.index(session.document.key) + step) % len(keys)])

    def _show_fault(self) -> None:
        """Say again what went wrong."""
        document = self._desk.session.document
        if document is not None:
            self._desk.session.failed.emit(f"{document.path.name}: {document.fault}")
