"""The button of the protocol: which is used, and what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.protocol import Protocol
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage
from amr_viewer.gui.protocol import ProtocolChooser, asking
from amr_viewer.gui.protocol.assignment_dialog import AssignmentDialog
from amr_viewer.gui.protocol.chooser import restore_last
from amr_viewer.gui.protocol.parameters_dialog import ParametersDialog
from amr_viewer.gui.saving import Saver
from amr_viewer.io.protocol_store import ProtocolStore
from amr_viewer.workflow import analyze_file

LEFT = Protocol(site=Branch.ZYGOMATIC, side=Side.LEFT)


@pytest.fixture
def store(tmp_path: Path) -> ProtocolStore:
    made = ProtocolStore(tmp_path / "lab")
    made.save("Theatre", LEFT)
    return made


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def chooser(desk: Desk, window: QWidget, store: ProtocolStore) -> Iterator[ProtocolChooser]:
    made = ProtocolChooser(desk, window, store)
    made.button.setParent(window)
    return made


def entries(chooser: ProtocolChooser) -> dict[str, QAction]:
    """The menu as a person sees it."""
    chooser.menu.aboutToShow.emit()
    return {a.text(): a for a in chooser.menu.actions() if a.text()}


def run(chooser: ProtocolChooser, name: str) -> None:
    [spec] = [s for s in chooser.actions() if s.name == name]
    assert spec.blocked() == ""
    spec.run()


def test_the_button_names_the_protocol(chooser: ProtocolChooser, desk: Desk, store: ProtocolStore):
    assert chooser.button.text() == "Protocol: default"
    entries(chooser)["Theatre"].trigger()
    assert chooser.button.text() == "Protocol: Theatre"
    assert desk.session.protocol == store.load("Theatre")
    assert entries(chooser)["Theatre"].isChecked()
    assert not entries(chooser)["Default"].isChecked()
    run(chooser, "protocol.default")
    assert desk.session.protocol == Protocol()
    assert store.last_used() is None


def test_choosing_one_analyzes_the_recording_again(
    opened: Callable[..., Desk], window: QWidget, store: ProtocolStore, qtbot: QtBot
):
    desk = opened("ttl_stimuli")
    chooser = ProtocolChooser(desk, window, store)
    chooser.button.setParent(window)
    entries(chooser)["Theatre"].trigger()
    qtbot.waitUntil(lambda: desk.session.document.stage is Stage.READY, timeout=60_000)
    document = desk.session.document
    assert document.protocol == store.load("Theatre")
    assert document.sites == ((Branch.ZYGOMATIC, Side.LEFT),)
    assert desk.session.protocol == document.protocol
    desk.editor.undo_group.undo()
    assert desk.session.document.protocol == Protocol()
    assert desk.session.protocol.name == "Theatre"


def test_what_was_used_last_is_used_next_time(desk: Desk, store: ProtocolStore):
    store.remember(store.list()[0].path)
    restore_last(desk.session, store)
    assert desk.session.protocol == store.load("Theatre")


def test_a_broken_last_protocol_is_told_of(desk: Desk, store: ProtocolStore, qtbot: QtBot):
    stored = store.list()[0]
    store.remember(stored.path)
    stored.path.write_text("side = left", encoding="utf-8")
    with qtbot.waitSignal(desk.session.failed) as told:
        restore_last(desk.session, store)
    assert "Theatre.toml" in told.args[0]
    assert desk.session.protocol == Protocol()


def test_a_broken_one_is_listed_and_cannot_be_chosen(
    chooser: ProtocolChooser, store: ProtocolStore
):
    (store.protocols / "bad.toml").write_text("side = left", encoding="utf-8")
    broken = entries(chooser)["bad (cannot be read)"]
    assert not broken.isEnabled()
    assert "bad.toml" in broken.toolTip()


def test_a_file_is_opened_or_told_of(
    chooser: ProtocolChooser, desk: Desk, qtbot: QtBot, tmp_path: Path
):
    good, bad = tmp_path / "shared.toml", tmp_path / "bad.toml"
    good.write_text('side = "right"', encoding="utf-8")
    bad.write_text("side = right", encoding="utf-8")
    chooser.open_file(good)
    assert (desk.session.protocol.name, desk.session.protocol.side) == ("shared", Side.RIGHT)
    with qtbot.waitSignal(desk.session.failed) as told:
        chooser.open_file(bad)
    assert "bad.toml" in told.args[0]
    assert desk.session.protocol.side is Side.RIGHT


def test_saving_asks_before_one_is_replaced(
    chooser: ProtocolChooser, desk: Desk, store: ProtocolStore, monkeypatch: pytest.MonkeyPatch
):
    desk.session.protocol = Protocol(side=Side.RIGHT)
    answers = [False, True]
    monkeypatch.setattr(asking, "asked_name", lambda *_: "theatre")
    monkeypatch.setattr(asking, "agreed", lambda *_: answers.pop(0))
    run(chooser, "protocol.save_as")
    assert store.load("Theatre").side is Side.LEFT
    run(chooser, "protocol.save_as")
    assert store.load("Theatre").side is Side.RIGHT
    assert len(store.list()) == 1


def test_deleting_asks_first(
    chooser: ProtocolChooser, store: ProtocolStore, monkeypatch: pytest.MonkeyPatch
):
    answers = [False, True]
    monkeypatch.setattr(asking, "agreed", lambda *_: answers.pop(0))
    assert "Delete lab protocol" in entries(chooser)
    [action] = chooser.deletable.actions()
    action.trigger()
    assert [s.name for s in store.list()] == ["Theatre"]
    action.trigger()
    assert store.list() == ()
    assert "Delete lab protocol" not in entries(chooser)


def test_a_protocol_is_written_to_be_passed_on(
    chooser: ProtocolChooser, desk: Desk, qtbot: QtBot, tmp_path: Path
):
    desk.session.protocol = LEFT
    chooser.write_file(tmp_path / "out.toml")
    assert 'side = "left"' in (tmp_path / "out.toml").read_text("utf-8")
    with qtbot.waitSignal(desk.session.failed):
        chooser.write_file(tmp_path / "gone" / "out.toml")


def test_dialogs_open_from_the_actions(
    opened: Callable[..., Desk],
    window: QWidget,
    store: ProtocolStore,
    qtbot: QtBot,
):
    desk = opened("ttl_stimuli")
    chooser = ProtocolChooser(desk, window, store)
    chooser.button.setParent(window)
    for name, kind in (
        ("protocol.assign", AssignmentDialog), ("protocol.parameters", ParametersDialog),
    ):  # fmt: skip
        run(chooser, name)
        dialog = window.findChild(kind)
        assert dialog.isVisible()
        dialog.reject()
        qtbot.waitUntil(lambda k=kind: window.findChild(k) is None)


def test_without_a_recording_there_is_nothing_to_assign(chooser: ProtocolChooser):
    blocked = {s.name: s.blocked() for s in chooser.actions()}
    assert blocked["protocol.assign"] == "no recording is open"
    assert blocked["protocol.default"] == "it is in use"
    assert blocked["protocol.parameters"] == ""
    menu = entries(chooser)
    assert not menu["Assign channels and markers..."].isEnabled()
    keys = {s.name: s.shortcut for s in chooser.actions() if s.shortcut}
    assert keys == {"protocol.assign": "Ctrl+L", "protocol.parameters": "Ctrl+,"}


def test_undo_leads_back_to_the_protocol_that_it_was_opened_under(
    desk: Desk, window: QWidget, store: ProtocolStore, opened: Callable[..., Desk], qtbot: QtBot
):
    desk.session.protocol = store.load("Theatre")
    opened("ttl_stimuli")
    document = desk.session.document
    assert document.sites == ((Branch.ZYGOMATIC, Side.LEFT),)
    assert document.review.protocol is None
    chooser = ProtocolChooser(desk, window, store)
    chooser.button.setParent(window)
    run(chooser, "protocol.default")
    qtbot.waitUntil(lambda: desk.session.document.stage is Stage.READY, timeout=60_000)
    assert desk.session.document.sites == ((None, None),)
    desk.editor.undo_group.undo()
    qtbot.waitUntil(lambda: desk.session.document.stage is Stage.READY, timeout=60_000)
    assert desk.session.document.protocol == store.load("Theatre")
    assert desk.session.document.sites == ((Branch.ZYGOMATIC, Side.LEFT),)


def test_a_saved_review_states_the_lab_protocol_for_the_commands(
    desk: Desk, store: ProtocolStore, opened: Callable[..., Desk]
):
    saver = Saver(desk.session, desk.editor)
    desk.session.protocol = store.load("Theatre")
    opened("ttl_stimuli")
    desk.editor.set_field("physician", "A. Person", "")
    assert saver.save_now() == []
    analysis = analyze_file(desk.session.document.path)
    assert analysis.protocol == store.load("Theatre")
    assert set(analysis.stimuli.site) == {Branch.ZYGOMATIC}
