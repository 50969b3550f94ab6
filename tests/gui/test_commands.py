"""Keys, clashes, and what is in the way of an action."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.commands import Commands
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.key_guard import OWN_KEYS, KeyGuard, keeps_key
from amr_viewer.gui.palette import CommandPalette, match
from amr_viewer.gui.settings import Settings
from amr_viewer.gui.shortcuts_dialog import ShortcutsDialog


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def commands(window: QMainWindow, desk: Desk, tmp_path: Path, done: list[str]) -> Commands:
    made = Commands(window, desk, Settings(tmp_path))
    made.add(
        [
            ActionSpec("file.open", "Open", lambda: done.append("open"), "File", "Ctrl+O"),
            ActionSpec(
                "sweeps.yes", "Present", lambda: done.append("yes"), "Sweeps", "Y", "sweeps"
            ),
            ActionSpec(
                "traces.yes", "Other", lambda: done.append("other"), "Traces", "Y", "traces"
            ),
            ActionSpec(
                "file.save",
                "Save",
                lambda: done.append("save"),
                "File",
                "Ctrl+S",
                blocked=lambda: "no recording is open",
            ),
        ]
    )
    return made


def _show(window: QMainWindow, qtbot: QtBot) -> None:
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def test_keys_hold_in_their_view_only(commands: Commands, desk: Desk) -> None:
    assert commands.action("traces.yes").shortcut().toString() == "Y"
    assert commands.action("sweeps.yes").shortcut().isEmpty()
    desk.session.set_view("sweeps")
    assert commands.action("sweeps.yes").shortcut().toString() == "Y"
    assert commands.action("traces.yes").shortcut().isEmpty()


def test_a_key_does_what_it_says(
    commands: Commands, window: QMainWindow, desk: Desk, qtbot: QtBot, done: list[str]
) -> None:
    inside = QWidget()
    inside.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.setCentralWidget(inside)
    _show(window, qtbot)
    inside.setFocus()
    desk.session.set_view("sweeps")
    qtbot.keyClick(inside, Qt.Key.Key_Y)
    assert done == ["yes"]


def test_no_key_fires_while_a_text_box_has_the_focus(
    commands: Commands, window: QMainWindow, desk: Desk, qtbot: QtBot, done: list[str]
) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    guard = KeyGuard(app)
    box = QLineEdit()
    window.setCentralWidget(box)
    _show(window, qtbot)
    box.setFocus()
    desk.session.set_view("sweeps")
    qtbot.keyClick(box, Qt.Key.Key_Y)
    assert not done
    assert box.text() == "y"
    app.removeEventFilter(guard)
    guard.deleteLater()


def test_lists_keep_arrow_keys_and_leave_letters(qtbot: QtBot) -> None:
    rows, own = QListWidget(), QWidget()
    qtbot.addWidget(rows)
    qtbot.addWidget(own)
    left = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier)
    letter = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Y, Qt.KeyboardModifier.NoModifier, "y")
    assert keeps_key(rows, left)
    assert not keeps_key(rows, letter)
    assert not keeps_key(own, left)
    own.setProperty(OWN_KEYS, True)
    assert keeps_key(own, left)


def test_an_action_that_is_not_possible_says_why(
    commands: Commands, desk: Desk, done: list[str]
) -> None:
    said: list[str] = []
    desk.session.said.connect(said.append)
    commands.run("file.save")
    assert said == ["no recording is open"]
    assert not done
    assert not commands.action("file.save").isEnabled()
    assert "no recording is open" in commands.action("file.save").toolTip()


def test_keys_are_refused_where_they_are_taken(commands: Commands) -> None:
    assert commands.set_keys({"file.save": "Ctrl+O"}) == ["Ctrl+O: Open and Save"]
    assert commands.keys()["file.save"] == "Ctrl+S"
    assert commands.set_keys({"sweeps.yes": "Ctrl+O"})
    assert not commands.set_keys({"sweeps.yes": "P"})


def test_keys_are_remembered(commands: Commands, desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    commands.set_keys({"file.open": "Ctrl+Shift+O"})
    other = QMainWindow()
    qtbot.addWidget(other)
    again = Commands(other, desk, Settings(tmp_path))
    again.add([ActionSpec("file.open", "Open", lambda: None, "File", "Ctrl+O")])
    assert again.keys()["file.open"] == "Ctrl+Shift+O"


def test_a_table_with_a_clash_is_refused(commands: Commands) -> None:
    with pytest.raises(ValueError, match=r"Ctrl\+O"):
        commands.add([ActionSpec("x.y", "Twice", lambda: None, shortcut="Ctrl+O")])


def test_the_palette_finds_and_runs(
    commands: Commands, window: QMainWindow, qtbot: QtBot, done: list[str]
) -> None:
    window.show()
    palette = CommandPalette(commands, window)
    qtbot.addWidget(palette)
    palette.popup()
    qtbot.keyClicks(palette.box, "ope")
    first = palette.list.item(0)
    assert first is not None
    assert first.text().startswith("File › Open")
    qtbot.keyClick(palette.box, Qt.Key.Key_Return)
    assert done == ["open"]
    assert not palette.isVisible()


@pytest.mark.parametrize(
    ("typed", "text", "rank"),
    [("rep ex", "Export report", 0), ("port", "Export report", 1), ("eprt", "Export report", 2)],
)
def test_words_match_by_beginning_then_anywhere_then_by_letters(
    typed: str, text: str, rank: int
) -> None:
    assert match(typed, text) == rank
    assert match("zz", text) is None


def test_the_keyboard_dialog_assigns_and_says_what_is_taken(
    commands: Commands, qtbot: QtBot
) -> None:
    dialog = ShortcutsDialog(commands)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.select("file.save")
    dialog.editor.setKeySequence("Ctrl+O")
    qtbot.mouseClick(dialog.assign, Qt.MouseButton.LeftButton)
    assert "Taken already" in dialog.fault.text()
    dialog.editor.setKeySequence("Ctrl+Alt+S")
    qtbot.mouseClick(dialog.assign, Qt.MouseButton.LeftButton)
    assert commands.keys()["file.save"] == "Ctrl+Alt+S"
    assert dialog.selected == "file.save"
    qtbot.mouseClick(dialog.reset, Qt.MouseButton.LeftButton)
    assert commands.keys()["file.save"] == "Ctrl+S"


def test_escape_empties_a_box_and_then_leaves_it(window: QMainWindow, qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    guard = KeyGuard(app)
    box = QLineEdit()
    window.setCentralWidget(box)
    _show(window, qtbot)
    box.setFocus()
    qtbot.keyClicks(box, "blink")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""
    assert box.hasFocus()
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not box.hasFocus()
    app.removeEventFilter(guard)
    guard.deleteLater()
