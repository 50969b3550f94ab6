"""The dialog in which a person says what channels and markers mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from amr_viewer.core.parameters import explain
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.protocol import asking
from amr_viewer.gui.protocol.assignment_panel import TablePanel
from amr_viewer.gui.protocol.cells import SignalDelegate
from amr_viewer.gui.protocol.checks import conflicts
from amr_viewer.gui.protocol.draft import Draft
from amr_viewer.gui.protocol.keeping import save_as_lab_protocol
from amr_viewer.gui.protocol.overall_panel import OverallPanel
from amr_viewer.gui.protocol.preparing import Prepared, Preview, prepare
from amr_viewer.gui.protocol.tables import ChannelModel, MarkerModel
from amr_viewer.gui.protocol.understanding import Look, confirmed, look
from amr_viewer.gui.theme import GAP
from amr_viewer.io.protocol_store import ProtocolStore
from amr_viewer.io.rules import suggest_pattern

SIZE = (1240, 664)
LANE = "assignment"


class AssignmentDialog(QDialog):
    """Tables of channels and of markers, pre-filled; nothing counts before Apply.

    Signals
    -------
    ready()
        The recording was looked at; the tables are filled.
    """

    ready = Signal()

    def __init__(
        self, desk: Desk, parent: QWidget | None = None, store: ProtocolStore | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._store = store or ProtocolStore.of_person()
        self._key = desk.session.document.key if desk.session.document else None
        self._look: Look | None = None
        self._begun: Look | None = None
        self._previews: tuple[Preview | None, ...] = ()
        self.setWindowTitle("Assign channels and markers")
        self.resize(*SIZE)
        self.setSizeGripEnabled(True)
        self.channels = TablePanel(
            "Channels", ChannelModel(desk.appearance, self), ("muscle", "side", "kind")
        )
        self.markers = TablePanel(
            "Markers", MarkerModel(desk.appearance, self), ("stimulus", "site", "side")
        )
        self.overall = OverallPanel(desk.appearance)
        self.summary = QLabel()
        self.summary.setAccessibleName("What is not known")
        self.summary.setWordWrap(True)
        self.summary.setStyleSheet("font-weight: 600;")
        self.fault = QLabel()
        self.fault.setProperty("role", "error")
        self.fault.setWordWrap(True)
        self.waiting = QLabel("Looking at the recording...")
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.waiting.setWordWrap(True)
        self._lay_out()
        self._connect()
        self._prepare()

    # ------------------------------------------------------------------ building

    def _lay_out(self) -> None:
        """Put everything into place."""
        signals = SignalDelegate(self._preview_of, self)
        place = [c.title for c in self.channels.model.columns].index("Signal")
        self.channels.table.setItemDelegateForColumn(place, signals)
        self._signals = signals
        self.save_button = QPushButton("&Save as lab protocol...")
        self.save_button.setToolTip("Keep this assignment for recordings of this laboratory")
        self.restore_button = QPushButton("Start &over")
        self.restore_button.setToolTip("Forget what was set in this dialog")
        self.buttons = QDialogButtonBox()
        cancel = self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.apply_button = self.buttons.addButton("&Apply", QDialogButtonBox.ButtonRole.AcceptRole)
        self.apply_button.setProperty("primary", True)
        self.apply_button.setToolTip("Use this assignment and analyze the recording again")
        for button in (self.save_button, self.restore_button, self.apply_button, cancel):
            button.setAutoDefault(False)
        tables = QSplitter(Qt.Orientation.Vertical)
        tables.addWidget(self.channels)
        tables.addWidget(self.markers)
        tables.setStretchFactor(0, 3)
        tables.setStretchFactor(1, 2)
        tables.setChildrenCollapsible(False)
        middle = QHBoxLayout()
        middle.setSpacing(GAP * 2)
        middle.addWidget(tables, 1)
        middle.addWidget(self.overall)
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addWidget(self.restore_button)
        foot.addWidget(self.fault, 1)
        foot.addWidget(self.buttons)
        filled = QWidget()
        layout = QVBoxLayout(filled)
        layout.setContentsMargins(GAP * 2, GAP, GAP * 2, GAP * 2)
        layout.setSpacing(GAP)
        layout.addWidget(self.summary)
        layout.addLayout(middle, 1)
        layout.addLayout(foot)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.waiting)
        self._stack.addWidget(filled)

    def _connect(self) -> None:
        """Follow tables and buttons."""
        for panel, verb in ((self.channels, self._set_channels), (self.markers, self._set_markers)):
            panel.wanted.connect(verb)
            panel.model.refused.connect(self.fault.setText)
        self.channels.confirm_wanted.connect(lambda rows: self._confirm(rows, ()))
        self.markers.confirm_wanted.connect(lambda rows: self._confirm((), rows))
        self.channels.table.selectionModel().selectionChanged.connect(self._suggest)
        self.channels.pattern_wanted.connect(self._use_pattern)
        self.overall.wanted.connect(self._set_overall)
        self.restore_button.clicked.connect(self._restore)
        self.save_button.clicked.connect(self._save)
        self.buttons.accepted.connect(self._apply)
        self.buttons.rejected.connect(self.reject)

    def _prepare(self) -> None:
        """Read the recording as it is without any protocol, in a thread."""
        session = self._desk.session
        document = session.document
        if document is None or document.recording is None:
            self.waiting.setText("Open a recording first: its channels and markers appear here.")
            return
        path, protocol, store = document.path, document.protocol, self._store
        stimuli = document.analysis.stimuli if document.analysis else None

        def work(progress: Any) -> Prepared:
            lab = {s.name: s.protocol for s in store.list() if s.protocol is not None}
            lab.pop(protocol.name, None)
            return prepare(path, protocol, lab, stimuli, progress)

        session.tasks.run(LANE, f"looking at {path.name}", work, self._fill, self.waiting.setText)

    def _fill(self, prepared: Prepared) -> None:
        """Show what was prepared."""
        self._previews = prepared.previews
        self._begun = prepared.look
        self._show_look(prepared.look)
        self._stack.setCurrentIndex(1)
        self.channels.table.setFocus()
        if self._look is not None and self._look.channels:
            self.channels.table.choose([self.channels.model.order[0]])
            self.channels.table.setCurrentIndex(self.channels.model.index(0, 3))
        self.ready.emit()

    def _preview_of(self, row: int) -> Preview | None:
        """Return the picture of a channel."""
        return self._previews[row] if row < len(self._previews) else None

    # ------------------------------------------------------------------ state

    @property
    def draft(self) -> Draft | None:
        """The assignment as it stands."""
        return self._look.draft if self._look else None

    @property
    def is_changed(self) -> bool:
        """Whether applying would change anything."""
        return self._look is not None and self._look.protocol != self._look.draft.protocol

    def _show(self, draft: Draft) -> None:
        """Show a draft, if it holds."""
        try:
            seen = look(draft, self._look)
        except ValidationError as error:
            self.fault.setText(explain(error))
            return
        self._show_look(seen)

    def _show_look(self, seen: Look) -> None:
        """Show what a draft makes of the recording."""
        self._look = seen
        self.fault.setText("")
        self.summary.setText(seen.summary)
        self.channels.show_look(seen)
        self.markers.show_look(seen)
        self.overall.show_look(seen, conflicts(seen))
        self.apply_button.setEnabled(self.is_changed)
        self.restore_button.setEnabled(self.is_changed)
        self._suggest()

    # ------------------------------------------------------------------ verbs

    def _set_channels(self, rows: Sequence[int], name: str, value: Any) -> None:
        """Give a field of some channels a value."""
        if self._look is not None:
            labels = [self._look.channels[r].guess.channel.label for r in rows]
            self._show(self._look.draft.set_channels(labels, name, value))

    def _set_markers(self, rows: Sequence[int], name: str, value: Any) -> None:
        """Give a field of some kinds of markers a value."""
        if self._look is not None:
            texts = [self._look.markers[r].guess.kind.text for r in rows]
            self._show(self._look.draft.set_markers(texts, name, value))

    def _set_overall(self, name: str, value: Any) -> None:
        """Say what holds where markers do not say."""
        if self._look is not None:
            self._show(replace(self._look.draft, **{name: value}))

    def _confirm(self, rows: Sequence[int], marker_rows: Sequence[int]) -> None:
        """Confirm the guesses of some rows."""
        if self._look is not None:
            self._show(confirmed(self._look, rows, marker_rows))

    def _restore(self) -> None:
        """Forget what was set here."""
        if self._begun is not None:
            self._show_look(self._begun)

    def _suggest(self) -> None:
        """Offer one rule for the selected channels where a pattern tells them from the others."""
        if self._look is None:
            return
        rows = set(self.channels.table.chosen)
        labels = [c.guess.channel.label for c in self._look.channels]
        chosen = [label for row, label in enumerate(labels) if row in rows]
        rules = [self._look.draft.channel_rule(label) for label in chosen]
        edited = bool(chosen) and all(c in self._look.draft.channel_edits for c in chosen)
        others = [label for row, label in enumerate(labels) if row not in rows]
        fits = edited and all(r == rules[0] for r in rules)
        pattern = suggest_pattern(chosen, others) if fits else ""
        self.channels.offer_pattern("" if pattern in self._look.draft.patterns else pattern)

    def _use_pattern(self, pattern: str) -> None:
        """State one rule for the selected channels."""
        if self._look is None:
            return
        rows = self.channels.table.chosen
        labels = frozenset(self._look.channels[r].guess.channel.label for r in rows)
        draft = self._look.draft
        self._show(replace(draft, patterns={**draft.patterns, pattern: labels}))

    def _save(self) -> None:
        """Keep the assignment among the protocols of the laboratory."""
        if self._look is None:
            return
        stored = save_as_lab_protocol(self, self._desk.session, self._store, self._look.protocol)
        if stored is not None and stored.protocol is not None:
            named = self._look.draft.protocol.model_copy(update={"name": stored.name})
            self._show(replace(self._look.draft, protocol=named))
            self.apply_button.setEnabled(True)
            self.fault.setText("")
            self.summary.setText(f'Saved as lab protocol "{stored.name}". {self._look.summary}')

    def _apply(self) -> None:
        """Use the assignment."""
        session = self._desk.session
        if self._look is not None and session.document and session.document.key == self._key:
            self._desk.editor.set_protocol(self._look.protocol)
        self.accept()

    def reject(self) -> None:
        """Close; what was set here is lost only if that is wanted."""
        question = "What was assigned here is not applied yet. Discard it?"
        if self.is_changed and not asking.agreed(self, "Discard?", question, "Discard"):
            return
        self._desk.session.tasks.cancel(LANE)
        super().reject()
