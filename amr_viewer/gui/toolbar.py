"""The bar at the head: open, protocol, views, undo, search, report."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMainWindow, QPushButton, QSizePolicy, QToolBar, QToolButton, QWidget

from amr_viewer.gui.commands import Commands, native

HEIGHT = 48
PROTOCOL_PLACE = "left_spacer"
VIEW_ACTIONS = ("view.traces", "view.sweeps", "view.trend", "view.patterns", "view.report")


def empty_toolbar(window: QMainWindow) -> QToolBar:
    """Return the bar as it stands before there is anything to do."""
    bar = QToolBar("Main tools", window)
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setMinimumHeight(HEIGHT)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return bar


def fill_toolbar(bar: QToolBar, commands: Commands) -> None:
    """Put the tools into a bar; buttons of other rooms are put in by `add_button`."""
    bar.addAction(commands.action("file.open"))
    bar.addWidget(_spacer(PROTOCOL_PLACE))
    group = QActionGroup(bar)
    for name in VIEW_ACTIONS:
        action = commands.action(name)
        group.addAction(action)
        bar.addAction(action)
        button = bar.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    bar.addWidget(_spacer("right_spacer"))
    for name in ("edit.undo", "edit.redo"):
        bar.addAction(commands.action(name))
        button = bar.widgetForAction(commands.action(name))
        if isinstance(button, QToolButton):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    search = QPushButton(f"Search commands   {native('Ctrl+Shift+P')}")
    search.setObjectName("search")
    search.setToolTip(f"Every command by a few letters ({native('Ctrl+Shift+P')})")
    search.setStyleSheet("text-align: left; padding: 4px 10px;")
    search.clicked.connect(lambda: commands.run("help.palette"))
    bar.addWidget(search)


def add_button(bar: QToolBar, button: QWidget) -> None:
    """Put a button beside the one that opens recordings."""
    places = [a for a in bar.actions() if bar.widgetForAction(a).objectName() == PROTOCOL_PLACE]
    bar.insertWidget(places[0], button)


def add_export_button(bar: QToolBar, commands: Commands) -> None:
    """Put the way to the report at the end of the bar."""
    button = QPushButton("Export report")
    button.setProperty("primary", True)
    button.setToolTip("Write the report as PDF or HTML")
    button.clicked.connect(lambda: commands.run("export.report"))
    action = commands.action("export.report")
    action.changed.connect(lambda: button.setEnabled(action.isEnabled()))
    button.setEnabled(action.isEnabled())
    bar.addWidget(button)


def _spacer(name: str) -> QWidget:
    """Return something that takes the room that is left."""
    spacer = QWidget()
    spacer.setObjectName(name)
    spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return spacer
