"""Forms of the parameters: made of declarations, staged, checked, applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from pydantic import Field
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from amr_viewer.core.parameters import Group, ParameterDescription, Parameters, number
from amr_viewer.core.protocol import Protocol
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage
from amr_viewer.gui.protocol import asking, parameter_draft, parameter_group, parameters_dialog
from amr_viewer.gui.protocol.numbers import parse_number
from amr_viewer.gui.protocol.parameter_draft import ParameterDraft
from amr_viewer.gui.protocol.parameters_dialog import ParametersDialog

END = ("detection", "window_end_ms")
START = ("detection", "window_start_ms")
MAINS = ("conditioning", "mains_hz")
MIN_N = ("criteria", "absent_min_n")


@pytest.fixture
def dialog(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ParametersDialog:
    monkeypatch.setattr(asking, "agreed", lambda *_: True)
    shown = ParametersDialog(desk)
    qtbot.addWidget(shown)
    shown.show()
    return shown


def type_into(qtbot: QtBot, dialog: ParametersDialog, name: tuple[str, str], text: str) -> None:
    field = dialog.rows[name].field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def test_every_declared_parameter_has_a_row(dialog: ParametersDialog):
    described = list(Parameters().describe())
    assert list(dialog.rows) == [(d.group, d.name) for d in described]
    for d in described:
        row = dialog.rows[d.group, d.name]
        assert row.about.help == d.help
        assert row.field.accessibleName()
        assert d.help in row.field.toolTip()
        shown = row.field.currentText() if isinstance(row.field, QComboBox) else row.field.text()
        assert shown == (d.value if isinstance(d.value, str) else f"{d.value:.10g}")
    assert dialog.count.text() == f"0 of {len(described)} changed"
    assert not dialog.apply.isEnabled()


class NewGroup(Group):
    """Something new."""

    is_loud: bool = Field(False, description="Whether it is loud.")
    color: Literal["red", "green"] = Field("red", description="Its color.")
    size_ms: float = number(2.0, "ms", "How long.", "nobody", ge=1.0, le=3.0)
    count: int = number(4, "", "How many.", "nobody", ge=1)


class NewParameters(Parameters):
    """Parameters with a further group."""

    novel: NewGroup = NewGroup()


def test_a_new_parameter_appears_without_code(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    for module in (parameter_draft, parameter_group, parameters_dialog):
        if hasattr(module, "Parameters"):
            monkeypatch.setattr(module, "Parameters", NewParameters)
    desk.session.protocol = Protocol.model_construct(parameters=NewParameters())
    dialog = ParametersDialog(desk)
    qtbot.addWidget(dialog)
    rows = {name: row for (group, name), row in dialog.rows.items() if group == "novel"}
    kinds = {name: type(row.field) for name, row in rows.items()}
    assert kinds == {
        "is_loud": QCheckBox, "color": QComboBox, "size_ms": QLineEdit, "count": QLineEdit,
    }  # fmt: skip
    rows["is_loud"].field.click()
    type_into(qtbot, dialog, ("novel", "size_ms"), "2,5")
    qtbot.keyClicks(rows["color"].field, "g")
    rows["color"].field.activated.emit(1)
    type_into(qtbot, dialog, ("novel", "count"), "1.5")
    assert rows["count"].fault.text() == "must be a whole number"
    type_into(qtbot, dialog, ("novel", "count"), "7")
    made: Any = dialog.reading.parameters
    assert (made.novel.is_loud, made.novel.color, made.novel.size_ms, made.novel.count) == (
        True, "green", 2.5, 7,
    )  # fmt: skip
    assert dialog.list.item(dialog.list.count() - 1).text() == "Novel (4 changed)"
    dialog.draft = ParameterDraft(made)
    dialog.reading = dialog.draft.read()


def test_a_decimal_comma_is_taken_and_the_default_shown(dialog: ParametersDialog, qtbot: QtBot):
    type_into(qtbot, dialog, END, "25,5")
    row = dialog.rows[END]
    assert row.field.text() == "25,5"
    assert row.changed.text() == "default 20 ms"
    assert row.reset.isVisible()
    assert dialog.count.text().startswith("1 of ")
    assert dialog.list.item(3).text() == "Detection (1 changed)"
    assert dialog.reading.parameters is not None
    assert dialog.reading.parameters.detection.window_end_ms == 25.5
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert row.field.text() == "20"
    assert not row.reset.isVisible()
    assert not dialog.is_changed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2000", "less than or equal to 1000"),
        ("1", "greater than or equal to 3"),
        ("abc", "not a number"),
        ("1.000,5", "not a number"),
        (" ", "a number is missing"),
    ],
)
def test_what_is_not_allowed_is_said_at_the_field(
    dialog: ParametersDialog, qtbot: QtBot, text: str, words: str
):
    type_into(qtbot, dialog, END, text)
    assert words in dialog.rows[END].fault.text()
    assert dialog.rows[END].fault.isVisible()
    assert dialog.rows[END].field.text() == text
    assert dialog.fault.text() == "1 fault to mend"
    assert not dialog.apply.isEnabled()
    assert not dialog.ok.isEnabled()


def test_values_that_contradict_each_other_are_said_at_the_group(
    dialog: ParametersDialog, qtbot: QtBot
):
    type_into(qtbot, dialog, START, "30")
    [group] = [g for g in dialog.groups if g.name == "detection"]
    assert "window_start_ms 30 is not before window_end_ms 20; set both" in group.fault.text()
    assert group.fault.isVisible()
    assert not dialog.apply.isEnabled()
    type_into(qtbot, dialog, END, "40")
    assert not group.fault.isVisible()
    assert dialog.apply.isEnabled()


def test_search_shows_what_is_named_or_described_so(dialog: ParametersDialog, qtbot: QtBot):
    qtbot.keyClicks(dialog.search, "mains")
    assert [n for n, row in dialog.rows.items() if row.isVisible()] == [MAINS]
    assert dialog.list.item(3).isHidden()
    dialog.search.setText("quite something else")
    assert dialog.nothing.isVisible()
    dialog.search.clear()
    assert all(row.isVisible() for row in dialog.rows.values())
    assert not dialog.nothing.isVisible()


def test_everything_goes_back_at_once(dialog: ParametersDialog, qtbot: QtBot):
    type_into(qtbot, dialog, END, "25")
    type_into(qtbot, dialog, MIN_N, "x")
    qtbot.mouseClick(dialog.reset_all, Qt.MouseButton.LeftButton)
    assert dialog.reading.parameters == Parameters()
    assert dialog.rows[MIN_N].field.text() == "20"
    assert not dialog.reset_all.isEnabled()


def test_without_a_recording_those_opened_next_are_meant(
    desk: Desk, dialog: ParametersDialog, qtbot: QtBot
):
    type_into(qtbot, dialog, END, "25")
    qtbot.mouseClick(dialog.apply, Qt.MouseButton.LeftButton)
    assert desk.session.protocol.parameters.detection.window_end_ms == 25.0
    assert not dialog.apply.isEnabled()
    assert dialog.isVisible()


def test_closing_asks_while_something_is_staged(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    answers = [False, True]
    monkeypatch.setattr(asking, "agreed", lambda *_: answers.pop(0))
    dialog = ParametersDialog(desk)
    qtbot.addWidget(dialog)
    dialog.show()
    type_into(qtbot, dialog, END, "25")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert desk.session.protocol == Protocol()


def test_applying_analyzes_again_and_can_be_undone(opened: Callable[..., Desk], qtbot: QtBot):
    desk = opened("ttl_stimuli")
    before = desk.session.document.automatic
    dialog = ParametersDialog(desk)
    qtbot.addWidget(dialog)
    dialog.show()
    type_into(qtbot, dialog, ("criteria", "absent_min_n"), "41")
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()

    def ready() -> bool:
        document = desk.session.document
        return document.stage is Stage.READY and document.automatic is not before

    qtbot.waitUntil(ready, timeout=60_000)
    document = desk.session.document
    assert document.protocol.parameters.criteria.absent_min_n == 41
    assert document.analysis.protocol.parameters.criteria.absent_min_n == 41
    desk.editor.undo_group.undo()
    assert desk.session.document.protocol == Protocol()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,5", 1.5),
        ("\u22123", -3.0),
        ("1 000", 1000.0),
        (".5", 0.5),
        ("1e-3", 1e-3),
        ("1,2,3", None),
    ],
)
def test_numbers_as_people_type_them(text: str, value: float | None):
    assert parse_number(text) == value


def test_a_description_without_limits_says_none():
    about = ParameterDescription("g", "n", 1, 1, "", None, None, "", "")
    assert parameter_draft.limits_of(about) == ""
