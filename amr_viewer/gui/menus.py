"""The menu bar, made from the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMainWindow, QMenu

from amr_viewer.gui.commands import Commands
from amr_viewer.gui.start_page import recent_name

ORDER = (
    "File", "Edit", "View", "Recordings", "Traces", "Sweeps", "Trend", "Patterns", "Findings",
    "Marks", "Report", "Protocol", "Sound", "Help",
)  # fmt: skip
SCOPED = {
    "Traces": "traces", "Sweeps": "sweeps", "Trend": "trend", "Patterns": "patterns",
    "Report": "report", "Visits": "visits", "Batch": "batch",
}  # fmt: skip
"""Menus that are there only while their view is shown."""


class Menus:
    """Fills the menu bar of a window and keeps it right as actions are added.

    Parameters
    ----------
    window : QMainWindow
    commands : Commands
    recent : callable
        Returns the recordings that were open before, the newest first.
    open_path : callable
        Opens one of them.
    """

    def __init__(
        self,
        window: QMainWindow,
        commands: Commands,
        recent: Callable[[], Sequence[Path]],
        open_path: Callable[[Path], object],
    ) -> None:
        self._window, self._commands = window, commands
        self._recent, self._open_path = recent, open_path
        self._menus: dict[str, QMenu] = {}
        commands.changed.connect(self.fill)

    def fill(self) -> None:
        """Make the menus anew."""
        bar = self._window.menuBar()
        bar.clear()
        for menu in self._menus.values():
            menu.deleteLater()
        self._menus = {}
        names = {spec.menu.split("/")[0] for spec in self._commands.specs.values() if spec.menu}
        for name in sorted(names, key=_rank):
            self._menus[name] = bar.addMenu(f"&{name}")
        groups: dict[str, str] = {}
        for spec in self._commands.specs.values():
            if not spec.menu:
                continue
            menu = self._menu(spec.menu)
            group = spec.name.rsplit(".", 1)[0]
            if groups.get(spec.menu, group) != group:
                menu.addSeparator()
            groups[spec.menu] = group
            menu.addAction(self._commands.action(spec.name))
            if spec.name == "file.open_folder":
                self._add_recent(menu)

    def _add_recent(self, menu: QMenu) -> None:
        """Add the menu of recent recordings; it is filled when it is opened."""
        recent = menu.addMenu("Open recent")

        def fill() -> None:
            recent.clear()
            paths = self._recent()
            for path in paths:
                action = recent.addAction(recent_name(path, paths))
                action.setToolTip(str(path))
                action.triggered.connect(partial(self._open_path, path))
            if recent.isEmpty():
                recent.addAction("No recording was open yet").setEnabled(False)

        recent.setToolTipsVisible(True)
        recent.aboutToShow.connect(fill)

    def _menu(self, path: str) -> QMenu:
        """Return the menu of a path, made where it is missing."""
        if path in self._menus:
            return self._menus[path]
        parent, _, title = path.rpartition("/")
        menu = self._menu(parent).addMenu(title)
        self._menus[path] = menu
        return menu

    def show_for(self, view: str) -> None:
        """Show the menus that belong to a view."""
        for name, scope in SCOPED.items():
            if name in self._menus:
                self._menus[name].menuAction().setVisible(scope == view)


def _rank(name: str) -> int:
    """Return the place of a menu."""
    return ORDER.index(name) if name in ORDER else len(ORDER) - 1
