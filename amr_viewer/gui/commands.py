"""Turns the table of actions into Qt's: one QAction each, its keys, and when it is possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from amr_viewer.gui.actions import ActionSpec

if TYPE_CHECKING:
    from amr_viewer.gui.desk import Desk
    from amr_viewer.gui.settings import Settings

SEPARATOR = "; "


class Commands(QObject):
    """All actions of the window.

    Signals
    -------
    changed()
        Actions were added, or their keys changed.
    """

    changed = Signal()

    def __init__(self, window: QMainWindow, desk: Desk, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._desk, self._settings = window, desk, settings
        self.specs: dict[str, ActionSpec] = {}
        self._actions: dict[str, QAction] = {}
        self._tips: dict[str, tuple[str, str, str]] = {}
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(0)
        self._due.timeout.connect(self.refresh)
        session = desk.session
        for signal in (
            session.documents_changed,
            session.current_changed,
            session.recording_changed,
            session.analysis_changed,
            session.selection_changed,
            session.layout_changed,
            session.display_changed,
            session.view_changed,
            session.tasks.changed,
        ):
            signal.connect(self.refresh_soon)
        session.view_changed.connect(self._assign_keys)
        desk.appearance.changed.connect(self.paint_icons)

    def add(self, specs: Iterable[ActionSpec]) -> None:
        """Take actions into the table.

        Raises
        ------
        ValueError
            A name is taken, or keys are taken in the same view.
        """
        for spec in specs:
            if spec.name in self.specs:
                raise ValueError(f"{spec.name}: this action is there already")
            self.specs[spec.name] = spec
            action = QAction(spec.text, self._window)
            action.setObjectName(spec.name)
            action.setCheckable(spec.checked is not None)
            action.triggered.connect(lambda _on=False, s=spec: self.run(s.name))
            self._window.addAction(action)
            self._actions[spec.name] = action
        clashes = self.clashes(self.keys())
        if clashes:
            raise ValueError(f"keys are taken twice: {'; '.join(clashes)}")
        self._assign_keys()
        self.refresh()
        self.changed.emit()

    def action(self, name: str) -> QAction:
        """Return the QAction of a name."""
        return self._actions[name]

    def run(self, name: str) -> None:
        """Do what an action does, if nothing is in the way; else say what is."""
        spec = self.specs[name]
        reason = spec.blocked()
        if reason:
            self._desk.session.said.emit(reason)
        else:
            spec.run()
        self.refresh_soon()

    # ------------------------------------------------------------------ keys

    def keys(self) -> dict[str, str]:
        """Return the keys of every action that has some, as they hold now."""
        own = self._settings.values.shortcuts
        keys = {name: own.get(name, spec.shortcut) for name, spec in self.specs.items()}
        return {name: text for name, text in keys.items() if text}

    def set_keys(self, changes: Mapping[str, str]) -> list[str]:
        """Give actions other keys; return clashes in words, and change nothing if there are any."""
        wanted = self.keys() | dict(changes)
        clashes = self.clashes({k: v for k, v in wanted.items() if v})
        if clashes:
            return clashes
        own = dict(self._settings.values.shortcuts) | dict(changes)
        kept = {k: v for k, v in own.items() if k in self.specs and v != self.specs[k].shortcut}
        self._settings.set(shortcuts=kept)
        self._assign_keys()
        self.changed.emit()
        return []

    def clashes(self, keys: Mapping[str, str]) -> list[str]:
        """Say which keys mean two things at once: in one view, or in a view and everywhere."""
        seen: dict[str, list[str]] = {}
        found = []
        for name, text in keys.items():
            for key in sequences(text):
                word = key.toString()
                for other in seen.get(word, []):
                    a, b = self.specs[name].scope, self.specs[other].scope
                    if not a or not b or a == b:
                        texts = f"{self.specs[other].text} and {self.specs[name].text}"
                        found.append(f"{word}: {texts}")
                seen.setdefault(word, []).append(name)
        return found

    def _assign_keys(self) -> None:
        """Give each action the keys that hold in the view that is shown."""
        keys = self.keys()
        for name, spec in self.specs.items():
            holds = spec.scope in ("", self._desk.session.view)
            self._actions[name].setShortcuts(sequences(keys.get(name, "")) if holds else [])
        self._describe()

    def _describe(self, reasons: Mapping[str, str] | None = None) -> None:
        """Write tooltips: what it does, its keys, and what is in the way."""
        keys = self.keys()
        for name, spec in self.specs.items():
            action = self._actions[name]
            said = spec.tip or spec.text
            reason = reasons[name] if reasons else "" if action.isEnabled() else spec.blocked()
            tips = (said, keys.get(name, ""), reason)
            # Told after every change, of hundreds of actions: Qt is only troubled with news.
            if self._tips.get(name) == tips:
                continue
            self._tips[name] = tips
            words = [said, f"({native(keys[name])})" if name in keys else "", reason]
            action.setToolTip(" ".join(w for w in words if w))
            action.setStatusTip(reason or said)

    # ------------------------------------------------------------------ state

    def refresh_soon(self) -> None:
        """Look again which actions are possible, once the present change is through."""
        if not self._due.isActive():
            self._due.start()

    def refresh(self) -> None:
        """Look again which actions are possible and which switches are on."""
        reasons = {name: spec.blocked() for name, spec in self.specs.items()}
        for name, spec in self.specs.items():
            action = self._actions[name]
            action.setEnabled(not reasons[name])
            if spec.checked is not None:
                action.setChecked(spec.checked())
        self._describe(reasons)

    def paint_icons(self) -> None:
        """Draw the icons in the colors of the theme."""
        wanted = [(n, s.icon) for n, s in self.specs.items() if s.icon]
        if not wanted or not self._window.isVisible():
            return
        import qtawesome

        theme = self._desk.theme
        for name, icon in wanted:
            drawn = qtawesome.icon(icon, color=theme.text, color_disabled=theme.muted)
            self._actions[name].setIcon(drawn)


def sequences(text: str) -> list[QKeySequence]:
    """Return the key sequences that a text names."""
    parts = [part.strip() for part in text.split(SEPARATOR.strip()) if part.strip()]
    return [QKeySequence(part, QKeySequence.SequenceFormat.PortableText) for part in parts]


def native(text: str) -> str:
    """Return keys as this platform writes them."""
    form = QKeySequence.SequenceFormat.NativeText
    return ", ".join(key.toString(form) for key in sequences(text))
