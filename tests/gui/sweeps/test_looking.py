"""Looking at sweeps: selecting, walking, scales and modes; nothing of it decides anything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from amr_viewer.core.recording import Mark
from amr_viewer.core.responses import State
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.sweeps.look import Center, Mode
from tests.gui.sweeps.builders import (
    FRONTALIS,
    MANDIBULAR,
    MENTALIS,
    N_SWEEPS,
    ORIS,
    Hands,
    small_study,
)
from tests.gui.sweeps.conftest import settle
from tests.gui.sweeps.hands import (
    Show,
    canvas_of,
    count_like,
    pixel_of,
    rows_with,
    wheel,
)


def test_a_click_near_a_trace_selects_it_and_changes_nothing(
    shown: Show, desk: Desk, qtbot: QtBot
) -> None:
    view = shown()
    canvas, row = canvas_of(view, MENTALIS), rows_with(view, MENTALIS, State.PRESENT)[2]
    assert view.model.sweeps is not None
    sweep = view.model.sweeps.sweep_uv(MENTALIS, row)
    times = view.model.sweeps.times_ms
    every = np.stack([view.model.sweeps.sweep_uv(MENTALIS, k) for k in range(N_SWEEPS)])
    apart = np.sort(np.abs(every - sweep), axis=0)[1]
    at = int(np.argmax(np.where((times > 8) & (times < 20), apart, 0)))
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=pixel_of(canvas, times[at], sweep[at]))
    document = desk.session.document
    assert document is not None
    assert document.selection.sweep == row
    assert document.review.is_empty
    settle(view, qtbot)
    assert f"Sweep {row + 1} of {N_SWEEPS}" in view.board.cards[0].line.wordings[0]
    dark = count_like(canvas.grab().toImage(), desk.theme.text)
    Hands(view)("none")
    settle(view, qtbot)
    assert dark > count_like(canvas.grab().toImage(), desk.theme.text) + 100


def test_a_click_far_from_any_trace_selects_the_muscle_only(shown: Show, qtbot: QtBot) -> None:
    view = shown()
    canvas = canvas_of(view, FRONTALIS)
    scene = canvas.scene()
    corner = QPoint(round(scene.frame.plot.right()) - 8, round(scene.frame.plot.top()) + 8)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=corner)
    assert view.model.panel is canvas.panel
    assert view.model.row is None


def test_keys_walk_through_sweeps_muscles_and_sites(shown: Show, desk: Desk) -> None:
    view = shown()
    hands = Hands(view)
    said: list[str] = []
    desk.session.pointed.connect(said.append)
    hands("next", "next", "next", "previous")
    assert view.model.row == 1
    assert said[-1].startswith("Sweep 2 of 12 · 0:02.000 · 8 mA")
    hands("last", "next")
    assert view.model.row == N_SWEEPS - 1
    hands("first", "previous")
    assert view.model.row == 0
    hands("next_panel")
    assert view.model.panel is not None
    assert view.model.panel.channel == ORIS
    hands("previous_panel", "previous_panel")
    assert view.model.panel.channel == MENTALIS
    hands("next_site")
    assert view.model.site == MANDIBULAR
    assert view.model.row is None


def test_play_goes_on_to_the_last_sweep_and_stops(shown: Show, qtbot: QtBot) -> None:
    view = shown()
    view._play.setInterval(1)
    Hands(view)("play")
    assert view.is_playing
    qtbot.waitUntil(lambda: not view.is_playing)
    assert view.model.row == N_SWEEPS - 1
    Hands(view)("play")
    view.hide()
    assert not view.is_playing


def test_modes_average_and_switches(shown: Show, qtbot: QtBot) -> None:
    view = shown()
    hands = Hands(view)
    hands("stacked")
    assert view.bar.modes[Mode.STACKED].isChecked()
    hands("waterfall")
    settle(view, qtbot)
    assert canvas_of(view, MENTALIS).scene().rows == (0, N_SWEEPS)
    hands("waterfall")
    assert view.model.look.mode is Mode.SUPERIMPOSED
    seen = []
    for _ in range(3):
        hands("center")
        seen.append(view.model.look.center)
        assert view.bar.center.isChecked() is (seen[-1] is not Center.OFF)
    assert seen == [Center.MEAN, Center.OFF, Center.MEDIAN]
    view.bar.switches["noise"].click()
    assert view.model.look.noise
    qtbot.mouseClick(view.bar.modes[Mode.STACKED], Qt.MouseButton.LeftButton)
    assert view.model.look.mode is Mode.STACKED


def test_sensitivity_is_shared_but_direct_muscles_have_their_own(shown: Show) -> None:
    view = shown()
    hands = Hands(view)
    model = view.model
    lateral, direct = model.gain_of(False), model.gain_of(True)
    assert direct > 5 * lateral
    hands("coarser")
    assert model.gain_of(False) > lateral
    assert model.gain_of(True) == direct
    assert view.bar.gain.text() == f"{model.gain_of(False):g} µV/div"
    hands("previous_panel")
    for _ in range(3):
        hands("next_panel")
    hands("finer")
    assert model.gain_of(True) < direct
    assert view.bar.gain.text().endswith("V/div")
    hands("fit")
    assert (model.gain_of(False), model.gain_of(True)) == (lateral, direct)


def test_traces_never_leave_the_panel_silently(shown: Show, qtbot: QtBot) -> None:
    view = shown()
    card = view.board.cards[0]
    assert card.name.sign == ""
    view.model.set_look(gain_uv=20.0)
    settle(view, qtbot)
    qtbot.waitUntil(lambda: card.name.sign == "▲ cut")
    assert count_like(card.canvas.grab().toImage(), view.desk.theme.late) > 20


def test_wheel_zooms_time_around_the_mouse_and_scrolls_it(shown: Show) -> None:
    view = shown()
    canvas = canvas_of(view, MENTALIS)
    at = pixel_of(canvas, 10.0, 0.0)
    time = canvas.scene().x.value(at.x())
    wheel(canvas, at, 1, Qt.KeyboardModifier.ControlModifier)
    assert view.model.look.ms_per_division == 2.0
    assert canvas.scene().x.value(at.x()) == pytest.approx(time, abs=1e-6)
    start = view.model.look.start_ms
    wheel(canvas, at, -1, Qt.KeyboardModifier.ShiftModifier)
    assert view.model.look.start_ms == pytest.approx(start + 2.0)
    Hands(view)("whole_time")
    assert canvas.scene().x.low == -5.0


def test_polarity_turns_the_picture_over(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown()
    canvas = canvas_of(view, MENTALIS)
    up = canvas.scene().y.pixel(-50.0)
    qtbot.mouseClick(view.bar.polarity, Qt.MouseButton.LeftButton)
    assert not desk.session.display.negative_up
    assert view.bar.polarity.text() == "pos ↑"
    plot = canvas.scene().frame.plot
    assert canvas.scene().y.pixel(-50.0) - plot.center().y() == pytest.approx(
        plot.center().y() - up
    )


def test_rows_scroll_with_the_selected_sweep(shown: Show, qtbot: QtBot) -> None:
    view = shown(small_study(200))
    hands = Hands(view)
    hands("stacked", "last")
    settle(view, qtbot)
    first, stop = canvas_of(view, MENTALIS).scene().rows
    assert stop == 200
    assert 5 < stop - first < 60
    hands("page_up")
    assert canvas_of(view, MENTALIS).scene().rows[1] < 200
    before = view.model.rows_shown
    hands("fewer_rows")
    settle(view, qtbot)
    rows = canvas_of(view, MENTALIS).scene().rows
    assert rows[1] - rows[0] < before


def test_a_click_on_a_row_selects_it_and_shift_chooses_a_range(shown: Show, qtbot: QtBot) -> None:
    view = shown()
    Hands(view)("waterfall")
    settle(view, qtbot)
    canvas = canvas_of(view, FRONTALIS)
    x = round(canvas.scene().x.pixel(12.0))
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(canvas, left, pos=QPoint(x, round(canvas.scene().row_center(3))))
    assert view.model.row == 3
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(canvas, left, shift, QPoint(x, round(canvas.scene().row_center(7))))
    assert view.model.chosen == (3, 7)
    assert view.model.targets() == [3, 4, 5, 6, 7]


def test_events_of_surgery_stand_between_the_sweeps(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown()
    desk.editor.add_marks([Mark(4.5, 0.0, "vessel moved")])
    Hands(view)("stacked")
    settle(view, qtbot)
    scene = canvas_of(view, MENTALIS).scene()
    assert (4, "vessel moved") in scene.marks
    y = round(scene.frame.plot.top() + 4 * scene.pitch)
    image = canvas_of(view, MENTALIS).grab().toImage()
    strip = image.copy(int(scene.frame.plot.left()), y - 1, int(scene.frame.plot.width()), 3)
    assert count_like(strip, desk.theme.mark) > 40


def test_the_value_under_the_mouse_is_told(shown: Show, desk: Desk) -> None:
    view = shown()
    said: list[str] = []
    desk.session.pointed.connect(said.append)
    canvas = canvas_of(view, MENTALIS)
    QTest.mouseMove(canvas, pixel_of(canvas, 12.9, -38.0))
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    at = QPointF(pixel_of(canvas, 12.9, -38.0))
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(
        canvas,
        QMouseEvent(
            QEvent.Type.MouseMove, at, QPointF(canvas.mapToGlobal(at)), none, none,
            Qt.KeyboardModifier(0),
        ),
    )  # fmt: skip
    assert said[-1].startswith("Mentalis · 12.")
    assert "−3" in said[-1]
    assert said[-1].endswith("µV")


def test_the_sweeps_of_a_block_alone(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    study = small_study(30)
    marks = (Mark(0.2, 0.0, "long before"), Mark(25.5, 0.0, "within"))
    study = replace(study, recording=replace(study.recording, marks=marks))
    view = shown(study)
    model, hands = view.model, Hands(view)
    gain = model.gain_of(False)
    assert not view.strip.isVisible()
    model.select_row(14)
    hands("next_block")
    settle(view, qtbot)
    assert model.stimuli.tolist() == list(range(10, 20))
    assert view.strip.title.text().startswith("Block 2 of 3: stimuli 11–20 of 30, 0:")
    assert model.sweeps is not None
    assert len(model.sweeps) == 10
    assert model.gain_of(False) == gain
    card = next(c for c in view.board.cards if c.panel.channel == MENTALIS)
    states = study.responses.state[10:20, MENTALIS]
    n = int((states == State.PRESENT).sum())
    assert card.chip.text.endswith(f" {n}/10")
    assert card.line.shown().startswith(f"block: {n}/10 · median onset 10.")
    assert card.canvas._summary is not None
    assert card.canvas._summary[1].n == n
    assert card.panel.evidence is not None
    assert len(card.panel.evidence.evidence) == 10
    hands("first")
    settle(view, qtbot)
    assert card.line.wordings[0].startswith("Sweep 11 of 30 · ")
    assert desk.session.document is not None
    assert desk.session.document.selection.sweep == 10
    hands("stacked", "next_block")
    settle(view, qtbot)
    assert view.strip.title.text().startswith("Block 3 of 3: stimuli 21–30 of 30")
    assert [text for _, text in model.events] == ["within"]
    assert not view.strip.later.isEnabled()
    qtbot.mouseClick(view.strip.former, Qt.MouseButton.LeftButton)
    assert model.stimuli[0] == 10
    view.board.setFocus()
    qtbot.keyClick(view.board, Qt.Key.Key_Escape)
    settle(view, qtbot)
    assert len(model.stimuli) == 30
    assert not view.strip.isVisible()
    hands("next_block")
    qtbot.mouseClick(view.strip.all, Qt.MouseButton.LeftButton)
    assert len(model.stimuli) == 30


def test_another_branch_or_a_sweep_outside_ends_the_block(shown: Show, desk: Desk) -> None:
    view = shown(small_study(30))
    hands = Hands(view)
    hands("next_block")
    assert desk.session.document is not None
    desk.session.select(sweep=3)
    assert view.model.block is not None
    desk.session.select(sweep=25)
    assert view.model.block is None
    assert view.model.row == 25
    hands("next_block")
    assert view.model.block is not None
    assert view.model.block.number == 2
    hands("next_site")
    assert view.model.block is None
    assert len(view.model.stimuli) == 30
