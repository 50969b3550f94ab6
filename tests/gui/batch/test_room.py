"""The main window opens the batch, goes on beside it, and ends it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from amr_viewer.core.protocol import Protocol
from amr_viewer.gui.app import make_window
from amr_viewer.gui.batch.window import BatchWindow
from amr_viewer.gui.main_window import MainWindow
from amr_viewer.gui.settings import Settings
from tests.gui.batch.conftest import Engine
from tests.gui.batch.reading import click, column, headline


@pytest.fixture
def main(qtbot: QtBot, tmp_path: Path, engine: Engine) -> Iterator[MainWindow]:
    """The main window; when it is closed no thread of a batch may be left."""
    made = make_window(Settings(tmp_path / "settings"), "light")
    qtbot.addWidget(made)
    made.show()
    made.commands.add(made.batches.actions())
    yield made
    made.close()
    assert not [t.name for t in threading.enumerate() if t.name.startswith("amr-viewer")]


def drop(main: MainWindow, *paths: Path) -> None:
    """Drop files and folders on the main window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    main.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, button, none))


def running(main: MainWindow, folder: Path, qtbot: QtBot) -> BatchWindow:
    """A batch of a dropped folder, running."""
    drop(main, folder)
    window = main.batches.window
    assert window is not None
    qtbot.waitUntil(lambda: column(window, 0) == ["a.edf", "b.edf", "sub/c.edf"])
    click(window, "Start", qtbot)
    qtbot.waitUntil(lambda: bool(window.conductor.running))
    return window


def test_the_menu_opens_one_window(main: MainWindow) -> None:
    files = [m for m in main.menuBar().findChildren(QMenu) if m.title() == "&File"][-1]
    (entry,) = [a for a in files.actions() if a.text() == "Analyze a folder..."]
    assert "Analyze all recordings of a folder" in entry.toolTip()
    entry.trigger()
    window = main.batches.window
    assert window is not None
    assert window.isVisible()
    entry.trigger()
    assert main.batches.window is window
    window.close()
    assert main.batches.window is None
    assert main.commands.specs["batch.start"].blocked() == "no batch is open"


def test_a_dropped_folder_is_a_batch(main: MainWindow, folder: Path, qtbot: QtBot) -> None:
    drop(main, folder)
    window = main.batches.window
    assert window is not None
    assert window.form.folder.text() == str(folder)
    assert main.desk.session.documents == ()
    qtbot.waitUntil(lambda: not window.conductor.is_busy)


def test_a_dropped_folder_that_is_a_recording_is_opened(
    main: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "visit.mff").mkdir()
    opened: list[Path] = []
    monkeypatch.setattr(main, "open", opened.extend)
    drop(main, tmp_path / "visit.mff")
    assert opened == [tmp_path / "visit.mff"]
    assert main.batches.window is None


def test_several_folders_at_once_are_refused(main: MainWindow, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    drop(main, tmp_path / "one", tmp_path / "two")
    assert "Drop one folder at a time" in main.notice.label.text()
    assert main.batches.window is None


def test_a_batch_goes_on_out_of_sight(
    main: MainWindow, folder: Path, engine: Engine, qtbot: QtBot
) -> None:
    window = running(main, folder, qtbot)
    assert main.batches.chip is None
    window.close()
    assert window.question is not None
    click(window.question, "Keep it running", qtbot)
    assert not window.isVisible()
    qtbot.waitUntil(lambda: main.batches.chip is not None and main.batches.chip.isVisible())
    chip = main.batches.chip
    assert chip is not None
    assert chip.text() == "Batch 0 %"
    engine.allow(3)
    qtbot.waitUntil(lambda: chip.text() == "Batch: Finished   3 done")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert window.isVisible()
    assert not chip.isVisible()
    assert headline(window) == "Finished   3 done"


def test_a_second_folder_waits_for_the_end(main: MainWindow, folder: Path, qtbot: QtBot) -> None:
    window = running(main, folder, qtbot)
    (folder.parent / "other").mkdir()
    drop(main, folder.parent / "other")
    assert "other must wait for its end" in window.notice.label.text()
    assert window.form.folder.text() == str(folder)


def test_closing_the_program_ends_the_batch_without_a_question(
    main: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    window = running(main, folder, qtbot)
    thread = window.conductor._thread
    assert thread is not None
    main.close()
    assert thread.steering.is_stopped
    assert thread.has_ended
    assert not window.isVisible()


def test_a_recording_is_opened_under_the_protocol_of_the_batch(
    main: MainWindow, folder: Path, qtbot: QtBot, sample_signals: Path
) -> None:
    drop(main, folder)
    window = main.batches.window
    assert window is not None
    copy = folder / "a.edf"
    copy.write_bytes((sample_signals / "ttl_stimuli.edf").read_bytes())
    window.recording_wanted.emit(copy, Protocol(name="of the batch"))
    (document,) = main.desk.session.documents
    assert document.protocol.name == "of the batch"
    assert main.desk.session.protocol == Protocol()
    window.recording_wanted.emit(copy, Protocol())
    assert len(main.desk.session.documents) == 1


def test_keys_that_a_person_chose_hold_in_the_window(main: MainWindow) -> None:
    window = main.batches.start()
    assert window.actions_by_name["check"].shortcut().toString() == "Ctrl+Shift+K"
    assert main.commands.set_keys({"batch.check": "Ctrl+Shift+J"}) == []
    assert window.actions_by_name["check"].shortcut().toString() == "Ctrl+Shift+J"
