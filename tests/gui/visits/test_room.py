"""Comparisons of the whole window: opened by key, closed with it, recordings shown from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from amr_viewer.gui.app import make_window
from amr_viewer.gui.document import Document, Stage
from amr_viewer.gui.main_window import MainWindow
from amr_viewer.gui.settings import Settings
from amr_viewer.gui.visits import VisitsRoom
from amr_viewer.gui.visits.plan import PlannedEvent
from amr_viewer.gui.visits.room import MOST_AT_FIRST, first_paths
from tests.gui.visits.conftest import Reader


@pytest.fixture
def main(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The main window, furnished."""
    made = make_window(Settings(tmp_path / "settings"), "light")
    qtbot.addWidget(made)
    made.show()
    made.furnish()
    yield made
    made.close()


def test_comparisons_open_by_key_and_close_with_the_window(
    main: MainWindow, reader: Reader, qtbot: QtBot, sample_signals: Path
) -> None:
    room = main.findChild(VisitsRoom)
    assert isinstance(room, VisitsRoom)
    assert main.commands.specs["visits.copy_png"].blocked() == "no comparison is open"
    qtbot.keyClick(main, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    main.commands.run("visits.compare")
    assert len(room.windows) == 2
    first, second = room.windows
    assert main.commands.specs["visits.copy_png"].blocked() == "there is no comparison yet"
    main.commands.set_keys({"visits.event": "Ctrl+Shift+K"})
    assert second.actions_by_name["event"].shortcut().toString() == "Ctrl+Shift+K"
    assert second.actions_by_name["undo"].shortcut().toString() == "Ctrl+Z"
    qtbot.waitUntil(second.isActiveWindow)
    qtbot.keyClick(second, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: room.windows == [first])
    first.recording_wanted.emit(sample_signals / "ttl_stimuli.edf")
    session = main.desk.session
    assert [d.path.name for d in session.documents] == ["ttl_stimuli.edf"]
    first.recording_wanted.emit((sample_signals / "ttl_stimuli.edf").absolute())
    assert len(session.documents) == 1
    main.close()
    assert room.windows == []
    assert not first.isVisible()


def test_it_begins_with_open_recordings_unless_they_are_too_many(main: MainWindow) -> None:
    session = main.desk.session
    paths = tuple(Path(f"/visits/{i}.edf") for i in range(MOST_AT_FIRST + 1))
    documents = tuple(Document(i, p, Stage.FAILED) for i, p in enumerate(paths))
    session.documents = documents[:3]
    session.show(1)
    assert first_paths(session) == paths[:3]
    session.documents = documents
    assert first_paths(session) == (paths[1],)
    session.documents = ()
    session.show(1)
    assert first_paths(session) == ()


def test_what_was_closed_can_be_had_back(
    main: MainWindow, reader: Reader, qtbot: QtBot, tmp_path: Path
) -> None:
    room = main.findChild(VisitsRoom)
    assert isinstance(room, VisitsRoom)
    first = room.start()
    first.add([tmp_path / "before.edf", tmp_path / "week.edf"])
    first.comparing.put_event(PlannedEvent(1, "Decompression", "2024-03-08"))
    plan = first.comparing.plan
    first.close()
    second = room.start()
    second.bar.add_menu.aboutToShow.emit()
    second.bar.add_menu.actions()[-1].trigger()
    assert second.comparing.plan == plan
    qtbot.waitUntil(lambda: second.stack.currentWidget() is second.results)
    second.actions_by_name["undo"].trigger()
    assert second.comparing.plan.rows == ()
