"""The left dock, clicked and typed into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.recording import Mark
from amr_viewer.gui.contents import ContentsDock
from amr_viewer.gui.contents.channels import EYE_WIDTH
from amr_viewer.gui.contents.mark_model import CHANNEL, DURATION, TEXT, TIME
from amr_viewer.gui.contents.mark_rows import time_text
from amr_viewer.gui.contents.marks import current_time
from amr_viewer.gui.contents.rows import PAD
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage
from amr_viewer.gui.plot.site_colors import site_color
from amr_viewer.io.marks_csv import read_marks
from amr_viewer.io.writers import write_edf
from amr_viewer.simulate.recordings import make

ROWS = QItemSelectionModel.SelectionFlag.Rows


@pytest.fixture
def dock(desk: Desk, qtbot: QtBot) -> ContentsDock:
    made = ContentsDock(desk)
    qtbot.addWidget(made)
    made.resize(260, 620)
    made.show()
    qtbot.waitExposed(made)
    return made


def click_row(qtbot: QtBot, view, row: int, x: int = 60) -> None:
    at = view.visualRect(view.model().index(row, 0))
    place = QPoint(at.left() + x, at.center().y())
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def action(dock: ContentsDock, name: str):
    return next(a for a in dock.actions() if a.name == name)


def test_an_empty_dock_says_what_to_do(dock: ContentsDock) -> None:
    assert "Drop a recording" in dock.recordings.empty.text()
    for section in (dock.sites, dock.channels, dock.marks):
        assert section.empty.text() == "No recording is open."
        assert section.empty.isVisible()
        assert not section.view.isVisible()
    assert all(a.blocked() for a in dock.actions())


def test_several_recordings_are_listed_and_one_click_shows_another(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    opened("hfs_left_preop")
    desk = opened("ttl_stimuli")
    rows = dock.recordings.model.rows
    assert [(r.name, r.word) for r in rows] == [
        ("hfs_left_preop.edf", "present"),
        ("ttl_stimuli.edf", "not assessable"),
    ]
    assert dock.recordings.list.currentIndex().row() == 1
    click_row(qtbot, dock.recordings.list, 0)
    assert desk.session.document.path.name == "hfs_left_preop.edf"
    assert len(dock.sites.model.rows) == 4
    action(dock, "recordings.next").run()
    assert desk.session.document.path.name == "ttl_stimuli.edf"
    assert dock.sites.model.rows[0].name == "Branch and side unknown"


def test_a_verdict_leaves_the_name_of_its_recording_whole(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    opened("volume_conduction")
    rows = dock.recordings.list
    delegate, row = rows.itemDelegate(), dock.recordings.model.rows[0]
    dock.resize(520, 620)
    qtbot.waitUntil(lambda: not delegate.is_verdict_below(row))
    one_line = rows.sizeHintForRow(0)
    dock.resize(dock.minimumSizeHint())
    qtbot.waitUntil(lambda: delegate.is_verdict_below(row))
    assert rows.sizeHintForRow(0) > one_line
    assert rows.visualRect(rows.model().index(0, 0)).height() == rows.sizeHintForRow(0)


def test_a_branch_has_the_color_that_traces_give_it(
    dock: ContentsDock, opened: Callable[..., Desk]
) -> None:
    desk = opened("hfs_left_preop")
    rows = dock.sites.list
    seen = rows.viewport().grab().toImage()
    scale = seen.devicePixelRatio()
    for place in range(4):
        area = rows.visualRect(rows.model().index(place, 0))
        dot = QPoint(area.left() + round(PAD) + 5, area.center().y()) * scale
        assert seen.pixelColor(dot) == site_color(desk.theme, place)


def test_the_menu_of_a_recording_closes_it(dock: ContentsDock, opened: Callable[..., Desk]) -> None:
    desk = opened("ttl_stimuli")
    menu = dock.recordings.menu_of(0)
    names = {a.text(): a for a in menu.actions()}
    assert list(names) == ["Show", "Close recording"]
    names["Close recording"].trigger()
    assert desk.session.documents == ()
    assert dock.recordings.empty.isVisible()
    menu.close()


def test_a_failed_recording_shows_its_fault(
    dock: ContentsDock, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "broken.edf"
    path.write_bytes(b"0       " + b"x" * 100)
    with qtbot.waitSignal(desk.session.failed, timeout=10_000):
        desk.session.open([path])
    row = dock.recordings.model.rows[0]
    assert row.word == "failed"
    assert f"{row.name}: {row.fault}" == desk.session.document.fault
    index = dock.recordings.model.index(0)
    assert row.fault in dock.recordings.model.data(index, Qt.ItemDataRole.ToolTipRole)
    assert "Show fault" in [a.text() for a in dock.recordings.menu_of(0).actions()]
    with qtbot.waitSignal(desk.session.failed) as told:
        action(dock, "recordings.fault").run()
    assert row.fault in told.args[0]


def test_a_stopped_analysis_that_starts_again_is_waited_for(
    dock: ContentsDock, desk: Desk, qtbot: QtBot, sample_signals: Path
) -> None:
    desk.session.open([sample_signals / "hfs_left_preop.edf"])
    qtbot.waitUntil(lambda: desk.session.document.recording is not None, timeout=60_000)
    desk.session.cancel()
    assert dock.sites.empty.text() == "The recording was not analyzed."
    assert dock.recordings.model.rows[0].fault == "the analysis was stopped; F5 starts it again"
    desk.session.analyze(desk.session.document.key)
    assert dock.sites.empty.text() == "Stimuli are listed after the analysis."
    desk.session.cancel()


def test_a_click_on_a_site_selects_it_and_changes_the_roles(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    desk = opened("hfs_left_preop")
    assert desk.session.document.selection.site == (Branch.ZYGOMATIC, Side.LEFT)
    assert [r.name for r in dock.channels.model.rows if r.role.value == "direct"] == [
        "Orb. oculi L"
    ]
    click_row(qtbot, dock.sites.list, 1)
    assert desk.session.document.selection.site == (Branch.MANDIBULAR, Side.LEFT)
    direct = [r.name for r in dock.channels.model.rows if r.role.value == "direct"]
    assert direct == ["Orb. oris L", "Mentalis L"]
    qtbot.keyClick(dock.sites.list, Qt.Key.Key_Down)
    assert desk.session.document.selection.site == (Branch.ZYGOMATIC, Side.RIGHT)


def test_the_eye_hides_a_channel_by_mouse_and_by_key(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    desk = opened("hfs_left_preop")
    view = dock.channels.list
    click_row(qtbot, view, 2, x=int(EYE_WIDTH / 2))
    assert desk.session.document.layout.hidden == {2}
    assert not dock.channels.model.rows[2].visible
    click_row(qtbot, view, 1)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert desk.session.document.layout.hidden == {1, 2}
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert desk.session.document.layout.hidden == {2}


def test_a_channel_is_selected_and_moved(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    desk = opened("hfs_left_preop")
    click_row(qtbot, dock.channels.list, 4)
    assert desk.session.document.selection.channel == 4
    action(dock, "channels.up").run()
    assert desk.session.document.layout.order == (0, 1, 2, 4, 3, 5)
    assert dock.channels.current_channel() == 4
    action(dock, "channels.down").run()
    action(dock, "channels.down").run()
    assert desk.session.document.layout.order == (0, 1, 2, 3, 5, 4)
    model = dock.channels.model
    data = model.mimeData([model.index(5)])
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, model.index(-1))
    assert desk.session.document.layout.order == (4, 0, 1, 2, 3, 5)


def test_what_is_unknown_asks_to_be_assigned(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    opened("ttl_stimuli")
    with qtbot.waitSignal(dock.assign_wanted):
        qtbot.mouseClick(dock.channels.assign, Qt.MouseButton.LeftButton)


def test_an_unknown_channel_carries_a_sign_and_the_word_that_assigns_it(
    dock: ContentsDock, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    simulation = make("clear", 1, n_stimuli=2)
    channels = simulation.recording.channels
    strange = (replace(channels[0], label="EMG 1"), *channels[1:])
    write_edf(replace(simulation.recording, channels=strange), tmp_path / "strange.edf")
    with qtbot.waitSignal(desk.session.analysis_changed, timeout=30_000):
        desk.session.open([tmp_path / "strange.edf"])
    qtbot.waitUntil(lambda: bool(dock.channels.model.rows))
    assert dock.channels.model.rows[0].missing == ("muscle", "side")
    assert "assign" in dock.channels.model.rows[0].tip
    view = dock.channels.list
    width = view.viewport().width()
    with qtbot.assertNotEmitted(dock.assign_wanted):
        click_row(qtbot, view, 0)
        click_row(qtbot, view, 1, x=width - 24)
    with qtbot.waitSignal(dock.assign_wanted):
        click_row(qtbot, view, 0, x=width - 24)
    view.setCurrentIndex(dock.channels.model.index(0))
    with qtbot.waitSignal(dock.assign_wanted):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_a_mark_is_added_named_changed_removed_and_had_back(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    desk = opened("operation")
    marks, model = dock.marks, dock.marks.model
    before = model.rowCount()
    desk.session.set_window(400.0, 10.0)
    action(dock, "marks.add").run()
    assert model.rowCount() == before + 1
    box = marks.table.viewport().findChild(QLineEdit)
    qtbot.keyClicks(box, "Teflon tried")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    name = desk.session.document.selection.mark
    qtbot.waitUntil(lambda: model.row(model.place_of(name)).mark.text != "Mark")
    row = model.row(model.place_of(name))
    assert (row.mark.time_s, row.mark.text, row.origin) == (405.0, "Teflon tried", "person")
    assert model.setData(model.index(model.place_of(name), TIME), "6:50,5")
    assert model.setData(model.index(model.place_of(row.name), DURATION), "2")
    assert model.setData(model.index(model.place_of(row.name), CHANNEL), "EMG L Mentalis")
    changed = model.row(model.place_of(row.name)).mark
    assert (changed.time_s, changed.duration_s, changed.channel) == (410.5, 2.0, "EMG L Mentalis")
    assert not model.setData(model.index(model.place_of(row.name), TIME), "soon")
    action(dock, "marks.remove").run()
    assert model.rowCount() == before
    desk.editor.undo_group.undo()
    assert model.row(model.place_of(row.name)).mark == changed


def test_a_mark_of_the_file_can_be_changed_but_a_stimulus_cannot(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    desk = opened("operation")
    model = dock.marks.model
    assert (model.rowCount(), model.n_stimuli) == (11, 300)
    assert model.setData(model.index(1, TEXT), "Skin cut")
    assert model.row(1).origin == "person"
    dock.marks.stimuli.click()
    assert model.rowCount() == 311
    place = next(i for i in range(311) if model.row(i).origin == "stimulus")
    assert not model.flags(model.index(place, TEXT)) & Qt.ItemFlag.ItemIsEditable
    assert not model.setData(model.index(place, TEXT), "other")
    dock.marks.table.selectRow(place)
    assert "belong to the recording" in action(dock, "marks.remove").blocked()
    assert not dock.marks.remove.isEnabled()
    assert len(desk.session.document.marks) == 311


def test_the_search_narrows_the_table_and_a_row_goes_there(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    desk = opened("operation")
    action(dock, "marks.find").run()
    qtbot.keyClicks(dock.marks.search, "teflon")
    model = dock.marks.model
    assert [model.row(i).mark.text for i in range(model.rowCount())] == [
        "Teflon placed, decompression complete"
    ]
    at = dock.marks.table.visualRect(model.index(0, TEXT)).center()
    qtbot.mouseClick(dock.marks.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    selection = desk.session.document.selection
    assert selection.mark == model.row(0).name
    assert selection.start_s < model.row(0).mark.time_s < selection.start_s + selection.span_s
    qtbot.keyClicks(dock.marks.search, " nowhere")
    assert dock.marks.empty.text() == "No mark holds these words."


def test_marks_are_exported_and_imported_as_one_step(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot, tmp_path: Path
) -> None:
    desk = opened("operation")
    path = tmp_path / "out.csv"
    with qtbot.waitSignal(desk.session.said) as said:
        dock.marks.export_to(path)
    assert said.args == ["11 marks written to out.csv"]
    written = read_marks(path)
    assert [m.text for m in written[:2]] == ["Baseline after positioning", "Skin incision"]
    path.write_text("time_s,text,channel\n99999,late,\n3,early,EMG X\n")
    with qtbot.waitSignal(desk.session.said) as said:
        dock.marks.import_from(path)
    assert said.args == [
        "2 marks added from out.csv; 1 outside the recording (first at 27:46:39.000); "
        "channel not in the recording: EMG X"
    ]
    assert dock.marks.model.rowCount() == 13
    desk.editor.undo_group.undo()
    assert dock.marks.model.rowCount() == 11


def test_a_bad_table_of_marks_is_a_fault_in_words(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot, tmp_path: Path
) -> None:
    desk = opened("ttl_stimuli")
    path = tmp_path / "bad.csv"
    path.write_text("time_s,text\nsoon,x\n")
    with qtbot.waitSignal(desk.session.failed) as told:
        dock.marks.import_from(path)
    assert told.args == ["bad.csv, line 2: time_s is 'soon'; write seconds as a number"]
    assert dock.marks.model.rowCount() == 0


def test_a_change_touches_only_the_rows_that_it_concerns(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    desk = opened("operation")
    model, table, undo = dock.marks.model, dock.marks.table, desk.editor.undo_group.undo
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, dock)
    name = model.row(2).name
    desk.session.select(mark=name)
    with qtbot.assertNotEmitted(model.modelReset):
        with qtbot.waitSignal(model.rowsMoved) as moved:
            assert model.setData(model.index(2, TIME), time_text(model.row(8).mark.time_s + 1))
        assert (moved.args[1], moved.args[4]) == (2, 9)
        assert (model.row(8).name, table.currentIndex().row()) == (name, 8)
        with qtbot.waitSignal(model.rowsMoved):
            undo()
        assert (model.row(2).name, table.currentIndex().row()) == (name, 2)
        table.selectRow(4)
        table.selectionModel().select(
            model.index(5, 0), QItemSelectionModel.SelectionFlag.Select | ROWS
        )
        gone = [model.row(4).name, model.row(5).name]
        with qtbot.waitSignal(model.rowsRemoved) as removed:
            dock.marks.remove_marks()
        assert removed.args[1:] == [4, 5]
        assert [model.place_of(n) for n in gone] == [-1, -1]
        assert table.currentIndex().row() == 4
        with qtbot.waitSignal(model.rowsInserted) as inserted:
            undo()
        assert inserted.args[1:] == [4, 5]


def test_ten_thousand_marks_are_held_and_found(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    desk = opened("operation")
    desk.editor.add_marks(Mark(k * 0.2, 0.0, f"event {k}") for k in range(10_000))
    model = dock.marks.model
    qtbot.waitUntil(lambda: model.rowCount() == 10_011, timeout=10_000)
    dock.marks.search.setText("event 7777")
    assert model.rowCount() == 1
    name = model.row(0).name
    dock.marks.search.clear()
    desk.session.select(mark=name)
    assert dock.marks.table.currentIndex().row() == model.place_of(name)


def test_the_current_time_is_that_of_the_sweep_or_of_the_window(
    opened: Callable[..., Desk],
) -> None:
    desk = opened("hfs_left_preop")
    desk.session.set_window(10.0, 4.0)
    desk.session.select(sweep=3)
    document = desk.session.document
    assert current_time(document, "traces") == 12.0
    assert current_time(document, "sweeps") == document.analysis.stimuli.time_s[3]


def test_every_control_has_a_tip_and_a_name(dock: ContentsDock) -> None:
    for control in (dock.marks.add, dock.marks.remove, dock.marks.search, dock.channels.assign):
        assert control.toolTip()
        assert control.accessibleName()
    for section in (dock.recordings, dock.sites, dock.channels, dock.marks):
        assert section.view.accessibleName()
        assert section.view.toolTip()
    for spec in dock.actions():
        assert spec.tip
        assert spec.menu


def test_the_lists_get_the_room_that_their_rows_need(
    dock: ContentsDock, opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    desk = opened("hfs_left_preop")
    assert desk.session.document.stage is Stage.READY
    qtbot.waitUntil(lambda: dock.sites.list.verticalScrollBar().maximum() == 0)
    assert dock.channels.list.verticalScrollBar().maximum() == 0
    assert dock.marks.height() >= 150
