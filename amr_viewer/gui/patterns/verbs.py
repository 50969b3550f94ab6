"""What a person decides on bursts in this view; making decisions of it is left to the editor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isfinite

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from amr_viewer.core.decisions import BurstSaid
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.patterns.add_dialog import AddDialog
from amr_viewer.gui.patterns.picking import Picking
from amr_viewer.gui.patterns.walk import next_of_channel
from amr_viewer.gui.patterns.windows import Windows

KINDS: tuple[tuple[str, BurstSaid], ...] = (
    ("Clonic", "clonic"), ("Tonic", "tonic"), ("Other", "other"), ("Not a burst", "none"),
)  # fmt: skip
USUAL_MS = 50.0
"""Duration that is offered for a burst to be added, where none is selected."""


class Verbs:
    """Decisions on the bursts that are picked."""

    def __init__(self, desk: Desk, picking: Picking, windows: Windows, parent: QWidget) -> None:
        self._desk, self._picking, self._windows = desk, picking, windows
        self._parent = parent

    # ------------------------------------------------------------------ what is in the way

    def no_bursts(self) -> str:
        """Say that no bursts are shown, empty if some are."""
        return "" if self._picking.bursts is not None else "no bursts are shown"

    def none_selected(self) -> str:
        """Say that no burst is selected, empty if one is."""
        chosen = self._picking.current is not None
        return self.no_bursts() or ("" if chosen else "select a burst first (N, or a click)")

    def none_by_hand(self) -> str:
        """Say that no picked burst was changed by hand, empty if one was."""
        bursts = self._picking.bursts
        if reason := self.none_selected():
            return reason
        assert bursts is not None
        by_hand = bool(bursts.manual[list(self.rows)].any())
        return "" if by_hand else "the burst is as the program found it"

    @property
    def rows(self) -> tuple[int, ...]:
        """The bursts that are meant: those picked, or the selected one."""
        current, rows = self._picking.current, self._picking.rows
        return rows if current in rows else () if current is None else (current,)

    # ------------------------------------------------------------------ decisions

    def name(self, kind: BurstSaid) -> None:
        """Say of what kind the bursts are, or that they are none."""
        if self._can():
            self._desk.editor.bursts.name(self.rows, kind)

    def merge(self) -> None:
        """Make one burst of those picked, or of the selected one and the next of its muscle."""
        bursts, rows = self._picking.bursts, self.rows
        if not self._can() or bursts is None:
            return
        if len(rows) == 1:
            following = next_of_channel(bursts, rows[0])
            if following is None:
                self._desk.session.said.emit("there is no next burst in this muscle")
                return
            rows = (*rows, following)
        self._desk.editor.bursts.merge(rows)

    def split(self, at_s: float | None = None) -> None:
        """Part the selected burst at a time, or where its envelope is lowest."""
        if self._can() and self._picking.current is not None:
            self._desk.editor.bursts.split(self._picking.current, at_s)

    def restore(self) -> None:
        """Give the bursts back to the program."""
        if reason := self.none_by_hand():
            self._desk.session.said.emit(reason)
        else:
            self._desk.editor.bursts.restore(self.rows)

    def _can(self) -> bool:
        """Whether a burst is selected; says so if none is."""
        reason = self.none_selected()
        if reason:
            self._desk.session.said.emit(reason)
        return not reason

    def draw(self, channel: int, start_s: float, end_s: float) -> None:
        """Add a burst that was drawn."""
        self._desk.editor.bursts.add(channel, start_s, 1e3 * (end_s - start_s))

    def ask_for_burst(self, channel: int = -1, time_s: float = float("nan")) -> None:
        """Ask where a burst is to be added: offered is the middle of what is visible."""
        bursts = self._picking.bursts
        if bursts is None:
            return
        start, span = self._windows.shown
        at = time_s if isfinite(time_s) else start + 0.5 * span
        current = self._picking.current
        if channel < 0 and current is not None:
            channel = int(bursts.channel[current])
        dialog = AddDialog(bursts, channel, at, USUAL_MS, self._windows.duration_s, self._parent)
        dialog.decided.connect(self._desk.editor.bursts.add)
        dialog.open()

    # ------------------------------------------------------------------ menu

    def show_menu(self, channel: int, time_s: float, place: QPoint) -> None:
        """Offer what can be done with the bursts that are picked, or at a point."""
        menu = QMenu(self._parent)
        for text, run in self._offers(channel, time_s):
            menu.addAction(text).triggered.connect(run)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _offers(self, channel: int, time_s: float) -> list[tuple[str, Callable[..., object]]]:
        """Return what can be done, in words."""
        bursts, current = self._picking.bursts, self._picking.current
        out: list[tuple[str, Callable[..., object]]] = []
        if bursts is not None and current is not None:
            out += [(text, lambda *_, k=kind: self.name(k)) for text, kind in KINDS]
            start, end = float(bursts.start_s[current]), float(bursts.end_s[current])
            if start < time_s < end:
                out.append(("Split here", lambda *_: self.split(time_s)))
            out.append(("Split where it is weakest", lambda *_: self.split()))
            several = len(self.rows) > 1
            out.append(("Merge" if several else "Merge with the next", lambda *_: self.merge()))
            if not self.none_by_hand():
                out.append(("As the program found it", lambda *_: self.restore()))
            show = partial(self._desk.session.set_view, "traces")
            out.append(("Show in Traces", lambda *_: show()))
        add = partial(self.ask_for_burst, channel, time_s)
        out.append(("Add a burst here..." if channel >= 0 else "Add a burst...", lambda *_: add()))
        return out
