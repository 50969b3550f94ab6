"""The actions of a comparison's window: what they do, when they are possible, their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.commands import native, sequences
from amr_viewer.gui.visits.actions import SHARED, SISTERS, visits_actions
from amr_viewer.gui.visits.list_values import EventEntry, VisitEntry

if TYPE_CHECKING:
    from amr_viewer.gui.visits.window import ComparisonWindow

PREFIX = "visits."
KEYS = "keysAsText"
"""Name of a property: the keys that an action has; to compare them as sequences takes long."""


def make_actions(window: ComparisonWindow) -> dict[str, QAction]:
    """Return the actions of a window by their names, without the prefix."""
    verbs: dict[str, Callable[[], object]] = {
        "event": window.add_event,
        "open": window.open_current,
        "rename": window.rename,
        "earlier": partial(_move, window, -1),
        "later": partial(_move, window, 1),
        "remove": partial(_remove, window),
        "copy_png": partial(window.copy, "png"),
        "copy_svg": partial(window.copy, "svg"),
        "copy_table": partial(window.copy, "table"),
        "pdf": partial(window.export, "pdf"),
        "html": partial(window.export, "html"),
        "csv": partial(window.export, "csv"),
        "sources": window.show_sources,
        "add": window.ask_for_files,
        "undo": window.comparing.undo,
        "redo": window.comparing.redo,
        "export": partial(window.export, "pdf"),
        "again": window.comparing.read_again,
        "stop": partial(_stop, window),
        "close": window.close,
    }
    texts = {s.name.removeprefix(PREFIX): s.text for s in _own()}
    texts |= {name: text for name, (text, _) in SHARED.items()}
    made = {}
    for name, verb in verbs.items():
        action = QAction(f"{texts[name]}..." if name == "add" else texts[name], window)
        action.setObjectName(f"{PREFIX}{name}")
        action.triggered.connect(lambda _on=False, v=verb: v())
        window.addAction(action)
        made[name] = action
    return made


def _own() -> list[ActionSpec]:
    """Return the lines of the table that belong to a comparison's window."""
    return [s for s in visits_actions(lambda: None, lambda: None) if s.scope]


def refresh_actions(window: ComparisonWindow, keys: Mapping[str, str]) -> None:
    """Look again which actions are possible, and write keys and tips.

    Parameters
    ----------
    window : ComparisonWindow
    keys : mapping of str to str
        Those of the table of actions, by name; default keys where it is empty.
    """
    specs = {s.name.removeprefix(PREFIX): s for s in _own()}
    tips = {name: s.tip for name, s in specs.items()} | {n: tip for n, (_, tip) in SHARED.items()}
    of = {name: (s.name, s.shortcut) for name, s in specs.items()} | SISTERS
    for name, action in window.actions_by_name.items():
        (sister, default), tip = of[name], tips[name]
        wanted = keys.get(sister, "") if keys else default
        reason = blocked(window, name)
        action.setEnabled(not reason)
        action.setData(reason)
        if action.property(KEYS) != wanted:
            action.setProperty(KEYS, wanted)
            action.setShortcuts(sequences(wanted))
        if name == "stop" and window.comparing.can_go_on:
            tip = "Go on analyzing"
        words = (tip, f"({native(wanted)})" if wanted else "", reason)
        action.setToolTip(" ".join(w for w in words if w))


def blocked(window: ComparisonWindow, name: str) -> str:
    """Return why an action cannot be done now, empty if it can."""
    comparing, entry = window.comparing, window.side.current
    if name in ("open", "rename", "remove"):
        if entry is None:
            return "no visit is selected"
        of_file = isinstance(entry, EventEntry) and entry.key is None
        return "a mark of the recording says so; change it there" if of_file else ""
    if name in ("earlier", "later"):
        if not isinstance(entry, VisitEntry):
            return "no visit is selected"
        paths = [e.path for e in comparing.entries if isinstance(e, VisitEntry)]
        end = paths[0] if name == "earlier" else paths[-1]
        return "there is nothing beyond" if entry.path == end else ""
    if name in ("copy_png", "copy_svg", "copy_table", "pdf", "html", "csv", "export"):
        shown = comparing.shown
        if shown is None or shown.comparison is None:
            return "there is no comparison yet"
        writes = name in ("pdf", "html", "csv", "export")
        return "an export is running" if writes and window.exporter.is_running else ""
    return {
        "undo": "" if comparing.can_undo else "nothing to undo",
        "redo": "" if comparing.can_redo else "nothing to redo",
        "stop": "" if comparing.is_working or comparing.can_go_on else "nothing is running",
        "again": "" if comparing.plan.rows else "no recording is in the comparison",
    }.get(name, "")


def _move(window: ComparisonWindow, steps: int) -> None:
    """Move the selected visit."""
    entry = window.side.current
    if isinstance(entry, VisitEntry):
        window.comparing.move(entry.path, steps)


def _remove(window: ComparisonWindow) -> None:
    """Take the selected entry out."""
    entry = window.side.current
    if entry is not None:
        window.comparing.remove(entry)


def _stop(window: ComparisonWindow) -> None:
    """Stop what runs, or go on."""
    comparing = window.comparing
    if comparing.can_go_on:
        comparing.go_on()
    else:
        comparing.stop()
