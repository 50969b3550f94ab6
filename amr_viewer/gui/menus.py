"""The menu bar, made from the table of actions."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow, QMenu

from amr_viewer.gui.commands import Commands

ORDER = (
    "File", "Edit", "View", "Recordings", "Traces", "Sweeps", "Trend", "Findings", "Marks",
    "Report", "Protocol", "Sound", "Help",
)  # fmt: skip
SCOPED = {"Traces": "traces", "Sweeps": "sweeps", "Trend": "trend", "Report": "report"}
"""Menus that are there only while their view is shown."""


class Menus:
    """Fills the menu bar of a window and keeps it right as actions are added."""

    def __init__(self, window: QMainWindow, commands: Commands) -> None:
        self._window, self._commands = window, commands
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
