"""The actions of a batch's window: what they do, when they are possible, their texts and keys."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from amr_viewer.gui.batch.actions import SHARED, VERBS
from amr_viewer.gui.batch.conducting import Stage
from amr_viewer.gui.batch.rows import RowState
from amr_viewer.gui.commands import native, sequences

if TYPE_CHECKING:
    from amr_viewer.gui.batch.window import BatchWindow

KEYS = "keysAsText"
"""Name of a property: the keys that an action has; to compare them as sequences takes long."""


def make_actions(window: BatchWindow) -> dict[str, QAction]:
    """Return the actions of a window by their names."""
    verbs = {
        "start": window.procedure.start,
        "check": window.procedure.check,
        "pause": window.conductor.pause,
        "retry": window.procedure.retry,
        "open": window.open_current,
        "copy": window.copy,
        "results": window.open_results,
        "summary": window.open_summary,
        "cohort": window.export_cohort,
        "choose": window.choose,
        "find": window.look_up,
        "stop": window.conductor.stop,
        "close": window.close,
    }
    texts = {name: text for name, text, _, _ in VERBS} | {n: s[0] for n, s in SHARED.items()}
    made = {}
    for name, verb in verbs.items():
        action = QAction(texts[name], window)
        action.setObjectName(f"batch.{name}")
        action.triggered.connect(lambda _on=False, v=verb: v())
        window.addAction(action)
        made[name] = action
    return made


def action_button(action: QAction, *, primary: bool = False) -> QPushButton:
    """Return a button that does what an action does, and is possible when it is."""
    button = QPushButton()
    button.setAutoDefault(False)
    button.setProperty("primary", primary)
    button.clicked.connect(lambda: action.trigger())

    def follow() -> None:
        button.setText(action.text())
        button.setEnabled(action.isEnabled())
        button.setToolTip(action.toolTip())

    action.changed.connect(follow)
    follow()
    return button


def refresh_actions(window: BatchWindow, keys: Mapping[str, str]) -> None:
    """Look again which actions are possible, and write texts, keys and tips.

    Parameters
    ----------
    window : BatchWindow
    keys : mapping of str to str
        Those of the table of actions, by name; default keys where it is empty.
    """
    own = {name: (f"batch.{name}", default, tip) for name, _, default, tip in VERBS}
    own |= {name: (sister, default, tip) for name, (_, tip, sister, default) in SHARED.items()}
    texts = changing_texts(window)
    for name, action in window.actions_by_name.items():
        sister, default, tip = own[name]
        wanted = keys.get(sister, "") if keys else default
        reason = blocked(window, name)
        action.setEnabled(not reason)
        action.setData(reason)
        if name in texts:
            action.setText(texts[name])
        if action.property(KEYS) != wanted:
            action.setProperty(KEYS, wanted)
            action.setShortcuts(sequences(wanted))
        words = (tip, f"({native(wanted)})" if wanted else "", reason)
        action.setToolTip(" ".join(w for w in words if w))


def changing_texts(window: BatchWindow) -> dict[str, str]:
    """Return the texts of the actions that are called otherwise now and then."""
    conductor, n = window.conductor, len(window.table.batch_model.failed())
    goes_on = window.form.has_results and window.form.resume
    return {
        "start": "Continue" if goes_on else "Start",
        "pause": "Go on" if conductor.is_paused and conductor.is_running else "Pause",
        "retry": f"Retry {n} failed" if n else "Retry failed",
    }


def blocked(window: BatchWindow, name: str) -> str:
    """Return why an action cannot be done now, empty if it can."""
    conductor, model = window.conductor, window.table.batch_model
    if name in ("start", "check", "retry", "choose") and conductor.is_running:
        return "the batch is running"
    if name in ("start", "check", "retry") and conductor.stage in (Stage.LOOKING, Stage.CHECKING):
        return "the folder is being looked at"
    if name in ("start", "check"):
        return "" if model.rows else "there is no recording to analyze"
    if name == "pause":
        idle = not conductor.is_running or conductor.is_stopping
        return "nothing is running" if idle else ""
    if name == "stop":
        return "" if conductor.is_busy and not conductor.is_stopping else "nothing is running"
    if name == "retry":
        return "" if model.failed() else "no recording has failed"
    if name == "open":
        return "" if window.table.current else "no recording is selected"
    if name == "copy":
        return "" if model.rowCount() else "the table is empty"
    if name in ("results", "summary", "cohort"):
        return _results_blocked(window, name)
    return ""


def _results_blocked(window: BatchWindow, name: str) -> str:
    """Return why the results cannot be opened, empty if they can."""
    out = window.out
    if out is None or not out.is_dir():
        return "there are no results yet"
    if name == "results":
        return ""
    if not (out / "summary.csv").is_file():
        return "there are no results yet"
    if name == "summary":
        return ""
    if find_spec("amr_viewer.cohort") is None:
        return "this version of the program has no cohort report"
    if window.conductor.is_running:
        return "the batch is running"
    counts = window.table.batch_model.counts()
    has_answers = counts[RowState.DONE] + counts[RowState.KEPT] or window.form.has_results
    return "" if has_answers else "there are no results yet"
