"""A person assigns channels and markers by keys and clicks, and the analysis follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from amr_viewer.core.anatomy import Branch, Muscle, Role, Side
from amr_viewer.core.findings import Verdict
from amr_viewer.core.protocol import ChannelRule, MarkerRule, Protocol
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage
from amr_viewer.gui.protocol import asking
from amr_viewer.gui.protocol.assignment_dialog import AssignmentDialog
from amr_viewer.gui.protocol.assignment_panel import TablePanel
from amr_viewer.io.protocol_file import load_protocol
from amr_viewer.io.protocol_store import ProtocolStore
from amr_viewer.io.writers import write_edf
from amr_viewer.simulate.samples import make_sample

PATIENCE_MS = 60_000
LABELS = ["Ch 1", "Mtls L", "OOc sin", "R OrbOculi", "Kanal 5", "Ch 6"]


@pytest.fixture
def store(tmp_path: Path) -> ProtocolStore:
    return ProtocolStore(tmp_path / "lab")


@pytest.fixture
def shown(qtbot: QtBot, store: ProtocolStore) -> Callable[[Desk], AssignmentDialog]:
    def show(desk: Desk) -> AssignmentDialog:
        dialog = AssignmentDialog(desk, store=store)
        qtbot.addWidget(dialog, before_close_func=lambda d: d._show_look(d._begun))
        with qtbot.waitSignal(dialog.ready, timeout=PATIENCE_MS):
            dialog.show()
        return dialog

    return show


@pytest.fixture
def strange(desk: Desk, qtbot: QtBot, tmp_path: Path) -> Desk:
    """A recording whose labels and markers are not, or not wholly, understood."""
    made = make_sample("hfs_left_preop").recording
    channels = [replace(c, label=n) for c, n in zip(made.channels, LABELS, strict=True)]
    words = {"Stim ZYG L": "Reizung", "Stim MAN L": "Mndblr L", "Stim MAN R": "Thing"}
    marks = []
    for mark in made.marks:
        start = " ".join(mark.text.split()[:3])
        marks.append(replace(mark, text=words.get(start, start)))
    path = tmp_path / "strange.edf"
    write_edf(replace(made, channels=tuple(channels), marks=tuple(marks)), path)
    desk.session.open([path])
    qtbot.waitUntil(lambda: desk.session.document.recording is not None, timeout=PATIENCE_MS)
    desk.session.cancel()
    return desk


def wait_until_ready(qtbot: QtBot, desk: Desk) -> None:
    def ready() -> bool:
        document = desk.session.document
        assert document is not None
        assert document.stage is not Stage.FAILED, document.fault
        return document.stage is Stage.READY

    qtbot.waitUntil(ready, timeout=PATIENCE_MS)


def row_of(panel: TablePanel, name: str) -> int:
    """Place of a row in its table."""
    names = [panel.model.name_of(r) for r in panel.model.order]
    return names.index(name)


def text_at(panel: TablePanel, name: str, title: str) -> str:
    column = [c.title for c in panel.model.columns].index(title)
    return panel.model.index(row_of(panel, name), column).data()


def edit(qtbot: QtBot, panel: TablePanel, name: str, title: str, keys: str) -> None:
    """Move to a cell, type into it, and press Enter."""
    column = [c.title for c in panel.model.columns].index(title)
    place = panel.model.index(row_of(panel, name), column)
    panel.table.setCurrentIndex(place)
    panel.table.edit(place)
    editor = panel.table.indexWidget(place)
    editor.setFocus()
    qtbot.keyClicks(editor, keys)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.table.indexWidget(place) is None)


def choose(qtbot: QtBot, box: QComboBox, text: str) -> None:
    """Choose from a box with the keyboard."""
    box.setFocus()
    steps = box.findText(text) - max(box.currentIndex(), -1)
    for _ in range(abs(steps)):
        qtbot.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    assert box.currentText() == text or box.currentIndex() == -1


def test_the_sample_with_ttl_stimuli_is_assigned_by_hand(
    opened: Callable[..., Desk],
    shown: Callable[[Desk], AssignmentDialog],
    qtbot: QtBot,
    sample_signals: Path,
):
    desk = opened("ttl_stimuli")
    dialog = shown(desk)
    assert dialog.summary.text() == "40 stimuli without a branch"
    assert "40 stimuli name no branch" in dialog.overall.needed.text()
    assert dialog.markers.empty.isVisible()
    assert not dialog.apply_button.isEnabled()
    for box, text in ((dialog.overall.site, "Zygomatic"), (dialog.overall.side, "left")):
        box.setFocus()
        qtbot.keyClicks(box, text[:3])
        if box.currentText() != text:
            choose(qtbot, box, text)
        box.activated.emit(box.currentIndex())
    assert dialog.summary.text() == "Everything is known."
    assert "direct: Orb. oculi L" in dialog.overall.roles.text()
    assert "lateral: Orb. oris L, Mentalis L" in dialog.overall.roles.text()
    qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    wait_until_ready(qtbot, desk)
    document = desk.session.document
    assert document is not None
    assert document.analysis is not None
    stated = load_protocol(sample_signals / "ttl_stimuli.protocol.toml")
    assert document.protocol == stated.model_copy(update={"name": "default"})
    truth = json.loads((sample_signals / "ttl_stimuli.truth.json").read_text("utf-8"))
    found = {
        f.channel: f.verdict is Verdict.PRESENT and f.role is Role.LATERAL
        for f in document.analysis.findings
        if (f.site, f.side) == (Branch.ZYGOMATIC, Side.LEFT)
    }
    assert found == {f["channel"]: f["amr"] for f in truth["findings"]}


def test_applying_can_be_undone(
    opened: Callable[..., Desk], shown: Callable[[Desk], AssignmentDialog], qtbot: QtBot
):
    desk = opened("ttl_stimuli")
    dialog = shown(desk)
    edit(qtbot, dialog.channels, "EMG L Mentalis", "Muscle", "platy")
    qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    wait_until_ready(qtbot, desk)
    document = desk.session.document
    assert document is not None
    assert document.recording is not None
    assert document.recording.channels[2].muscle is Muscle.PLATYSMA
    desk.editor.undo_group.undo()
    wait_until_ready(qtbot, desk)
    document = desk.session.document
    assert document is not None
    assert document.recording is not None
    assert document.protocol == Protocol()
    assert document.recording.channels[2].muscle is Muscle.MENTALIS


def test_unknown_rows_come_first_and_guesses_wait(
    strange: Desk, shown: Callable[[Desk], AssignmentDialog], qtbot: QtBot
):
    dialog = shown(strange)
    names = [dialog.channels.model.name_of(r) for r in dialog.channels.model.order]
    assert names == ["Ch 1", "Mtls L", "Kanal 5", "Ch 6", "OOc sin", "R OrbOculi"]
    assert text_at(dialog.channels, "Mtls L", "Muscle") == "Mentalis ?"
    assert text_at(dialog.channels, "Ch 1", "Muscle") == "choose"
    assert text_at(dialog.markers, "Mndblr L", "Branch") == "Mandibular ?"
    assert dialog.summary.text() == (
        "4 of 6 channels unknown; 20 stimuli without a branch; "
        "2 kinds of markers not understood; 4 guesses to confirm"
    )
    assert dialog.draft is not None
    assert dialog.draft.result() == Protocol()


def test_guesses_are_confirmed_by_one_button(
    strange: Desk, shown: Callable[[Desk], AssignmentDialog], qtbot: QtBot
):
    dialog = shown(strange)
    dialog.channels.table.clearSelection()
    qtbot.mouseClick(dialog.channels.confirm, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.markers.confirm, Qt.MouseButton.LeftButton)
    assert text_at(dialog.channels, "Mtls L", "Muscle") == "Mentalis"
    assert dialog.draft is not None
    made = dialog.draft.result()
    assert made.channels == {"Mtls L": ChannelRule(muscle=Muscle.MENTALIS)}
    assert made.markers == {"Mndblr L": MarkerRule(site=Branch.MANDIBULAR, side=Side.LEFT)}
    assert not dialog.channels.confirm.isEnabled()


def test_a_muscle_is_typed_in_part_and_nonsense_is_refused(
    strange: Desk, shown: Callable[[Desk], AssignmentDialog], qtbot: QtBot
):
    dialog = shown(strange)
    edit(qtbot, dialog.channels, "Ch 1", "Muscle", "ment")
    assert text_at(dialog.channels, "Ch 1", "Muscle") == "Mentalis"
    edit(qtbot, dialog.channels, "Kanal 5", "Muscle", "qqq")
    assert text_at(dialog.channels, "Kanal 5", "Muscle") == "choose"
    assert dialog.fault.text() == '"qqq" is no muscle; choose one'
    edit(qtbot, dialog.channels, "Ch 1", "Side", "l")
    assert text_at(dialog.channels, "Ch 1", "Side") == "left"
    assert dialog.fault.text() == ""


def test_one_choice_counts_for_all_selected_rows(
    strange: Desk, shown: Callable[[Desk], AssignmentDialog], qtbot: QtBot
):
    dialog = shown(strange)
    labels = ["Ch 1", "Kanal 5", "Ch 6", "Mtls L"]
    dialog.channels.table.choose([LABELS.index(label) for label in labels])
    assert dialog.channels.selected.text() == "4 selected:"
    box = dialog.channels.quick["side"]
    box.activated.emit(box.findText("right"))
    assert [text_at(dialog.channels, label, "Side") for label in labels] == ["right"] * 4
    assert box.currentIndex() == -1
    assert dialog.draft is not None
    rules = dialog.draft.result().channels
    assert set(rules) == set(labels)
    assert all(rule == ChannelRule(side=Side.RIGHT) for rule in rules.values())


def test_one_rule_for_a_pattern_is_offered(
    strange: Desk, shown: Callable[[Desk], AssignmentDialog], qtbot: QtBot
):
    dialog = shown(strange)
    dialog.channels.table.choose([LABELS.index("Ch 1"), LABELS.index("Ch 6")])
    assert dialog.channels.pattern.isHidden()
    box = dialog.channels.quick["kind"]
    box.activated.emit(box.findText("other"))
    assert dialog.channels.pattern.text() == 'One rule for "Ch *"'
    qtbot.mouseClick(dialog.channels.pattern, Qt.MouseButton.LeftButton)
    assert dialog.draft is not None
    assert list(dialog.draft.result().channels) == ["Ch *"]
    assert dialog.channels.pattern.isHidden()
    assert dialog.summary.text().startswith("2 of 6 channels unknown")


def test_markers_are_ignored_or_get_branch_and_current(
    strange: Desk, shown: Callable[[Desk], AssignmentDialog], qtbot: QtBot
):
    dialog = shown(strange)
    edit(qtbot, dialog.markers, "Thing", "Stimulus?", "ign")
    edit(qtbot, dialog.markers, "Reizung", "Branch", "zyg")
    edit(qtbot, dialog.markers, "Reizung", "mA", "6,5")
    assert text_at(dialog.markers, "Reizung", "mA") == "6.5"
    edit(qtbot, dialog.markers, "Reizung", "mA", "900")
    assert "less than or equal to 200" in dialog.fault.text()
    assert dialog.draft is not None
    assert dialog.draft.result().markers == {
        "Thing": MarkerRule(ignore=True),
        "Reizung": MarkerRule(site=Branch.ZYGOMATIC, intensity_ma=6.5),
    }
    assert text_at(dialog.markers, "Thing", "Branch") == ""


def test_what_contradicts_itself_is_said(
    strange: Desk, shown: Callable[[Desk], AssignmentDialog], qtbot: QtBot
):
    dialog = shown(strange)
    assert dialog.overall.conflicts.isHidden()
    edit(qtbot, dialog.channels, "Ch 1", "Muscle", "orbicularis ocu")
    edit(qtbot, dialog.channels, "Ch 1", "Side", "left")
    assert "Ch 1, OOc sin: all are left orbicularis oculi." in dialog.overall.conflicts.text()
    edit(qtbot, dialog.channels, "Ch 1", "Kind", "trig")
    assert "a muscle is stated, but its kind is trigger" in dialog.overall.conflicts.text()


def test_it_is_saved_as_a_lab_protocol(
    strange: Desk,
    shown: Callable[[Desk], AssignmentDialog],
    store: ProtocolStore,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
):
    dialog = shown(strange)
    edit(qtbot, dialog.channels, "Ch 1", "Muscle", "front")
    monkeypatch.setattr(asking, "asked_name", lambda parent, present: "Theatre")
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    saved = store.load("theatre")
    assert saved.channels == {"Ch 1": ChannelRule(muscle=Muscle.FRONTALIS)}
    assert strange.session.protocol == saved
    last = store.last_used()
    assert last is not None
    assert last.name == "Theatre"
    assert 'Saved as lab protocol "Theatre".' in dialog.summary.text()
    qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    wait_until_ready(qtbot, strange)
    assert strange.session.document is not None
    assert strange.session.document.protocol == saved


def test_closing_asks_before_something_is_lost(
    strange: Desk,
    shown: Callable[[Desk], AssignmentDialog],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
):
    asked: list[str] = []
    answers = iter([False, True])

    def answer(parent: object, title: str, question: str, yes: str) -> bool:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr(asking, "agreed", answer)
    dialog = shown(strange)
    edit(qtbot, dialog.channels, "Ch 1", "Muscle", "front")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert len(asked) == 2
    assert strange.session.document is not None
    assert strange.session.document.protocol == Protocol()


def test_without_a_recording_it_says_what_to_do(desk: Desk, qtbot: QtBot):
    dialog = AssignmentDialog(desk)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "Open a recording first" in dialog.waiting.text()
    assert dialog.waiting.isVisible()
    dialog.close()


def test_the_signal_is_drawn_in_every_row(
    strange: Desk, shown: Callable[[Desk], AssignmentDialog], qtbot: QtBot
):
    dialog = shown(strange)
    dialog.resize(1240, 664)
    table = dialog.channels.table
    column = [c.title for c in dialog.channels.model.columns].index("Signal")
    picture = table.viewport().grab().toImage()
    for row in range(len(LABELS)):
        area = table.visualRect(dialog.channels.model.index(row, column))
        ground = picture.pixelColor(area.topLeft() + QPoint(2, 2))
        columns = range(area.left() + 12, area.left() + 90, 4)
        drawn = sum(
            any(
                picture.pixelColor(x, y) != ground for y in range(area.top() + 4, area.bottom() - 4)
            )
            for x in columns
        )
        assert drawn == len(columns)


def test_starting_over_forgets_what_was_set(
    strange: Desk, shown: Callable[[Desk], AssignmentDialog], qtbot: QtBot
):
    dialog = shown(strange)
    before = dialog.summary.text()
    assert not dialog.restore_button.isEnabled()
    edit(qtbot, dialog.channels, "Ch 1", "Muscle", "front")
    assert text_at(dialog.channels, "Ch 1", "Muscle") == "Frontalis"
    assert dialog.is_changed
    qtbot.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    assert dialog.summary.text() == before
    assert text_at(dialog.channels, "Ch 1", "Muscle") == "choose"
    assert not dialog.is_changed


def test_typing_in_the_table_begins_to_edit(
    strange: Desk, shown: Callable[[Desk], AssignmentDialog], qtbot: QtBot
):
    dialog = shown(strange)
    table = dialog.channels.table
    place = dialog.channels.model.index(row_of(dialog.channels, "Ch 1"), 3)
    table.setCurrentIndex(place)
    qtbot.keyClick(table, "n")
    box = table.indexWidget(place)
    assert isinstance(box, QComboBox)
    assert box.currentText() == "n"
    qtbot.keyClicks(box, "as")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.indexWidget(place) is None)
    assert text_at(dialog.channels, "Ch 1", "Muscle") == "Nasalis"
