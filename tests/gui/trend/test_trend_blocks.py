"""Blocks: their sweeps, other sizes, and the baseline of a branch."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from amr_viewer.gui.document import Stage
from amr_viewer.gui.trend import TrendView
from amr_viewer.gui.trend.places import Row
from tests.gui.trend.hands import PATIENCE_MS, action, cell_of, do, settle


def test_clicking_a_block_shows_its_sweeps(view: TrendView, qtbot: QtBot) -> None:
    session = view._desk.session
    session.set_view("trend")
    qtbot.mouseClick(view.chart, Qt.MouseButton.LeftButton, pos=cell_of(view, 1, 12))
    document = session.document
    assert document is not None
    block = document.selection.block
    assert block is not None
    assert (block.number, block.first, block.last) == (12, 12 * 15, 12 * 15 + 14)
    assert document.selection.sweep is None
    finding = document.selected_finding
    assert finding is not None
    assert finding.channel == "EMG L Mentalis"
    assert session.view == "sweeps"
    current = view.walk.current
    assert current is not None
    assert (current[0].name, current[1]) == ("Mentalis L", 12)
    assert "Mentalis L, block 13 of 20" in view.chart.accessibleDescription()


def test_a_sign_in_a_row_can_be_clicked_too(view: TrendView, qtbot: QtBot) -> None:
    places, picture = view.chart.places, view.chart.picture
    assert places is not None
    assert picture is not None
    assert picture.direct is not None
    panel = next(p for p in places.panels if p.row is Row.M)
    x = places.x.pixel(float(picture.direct.middle_s[5]))
    y = panel.y.pixel(float(picture.direct.trend.m_amplitude_uv[5]))
    qtbot.mouseClick(view.chart, Qt.MouseButton.LeftButton, pos=QPointF(x, y).toPoint())
    document = view._desk.session.document
    assert document is not None
    assert document.selection.block is not None
    assert document.selection.block.first == 75
    assert document.selection.channel == picture.direct.channel


def test_other_blocks_are_a_choice_until_they_are_kept(view: TrendView, qtbot: QtBot) -> None:
    header = view.header
    assert not header.note.isVisible()
    assert action(view, "keep").blocked() == "the report has the same blocks"
    header.block_size.stepBy(1)
    settle(view, qtbot)
    assert header.block_size.value() == 20
    assert header.note.isVisible()
    assert header.note_text.text() == (
        "Shown: blocks of 20, baseline the first block with a response. "
        "Report and tables: blocks of 10, baseline the first block with a response."
    )
    document = view._desk.session.document
    assert document is not None
    assert document.protocol.parameters.trend.block_size == 10
    header.block_size.setValue(5)
    settle(view, qtbot)
    assert view.chart.picture is not None
    assert view.chart.picture.n_blocks == 60
    qtbot.mouseClick(header.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not header.note.isVisible(), timeout=PATIENCE_MS)
    settle(view, qtbot)
    document = view._desk.session.document
    assert document is not None
    assert document.stage is Stage.READY
    assert document.protocol.parameters.trend.block_size == 5
    assert document.analysis is not None
    assert len(document.analysis.trends[0]) == 60
    assert not view.differs


def test_the_report_s_blocks_come_back(view: TrendView, qtbot: QtBot) -> None:
    view.header.block_size.setValue(50)
    settle(view, qtbot)
    assert view.chart.picture is not None
    assert view.chart.picture.n_blocks < 20
    qtbot.mouseClick(view.header.discard, Qt.MouseButton.LeftButton)
    settle(view, qtbot)
    assert view.chart.picture.n_blocks == 20
    assert view.header.block_size.value() == 10
    assert not view.header.note.isVisible()


def test_the_selected_block_becomes_the_baseline_of_its_branch(
    view: TrendView, qtbot: QtBot
) -> None:
    desk = view._desk
    for _ in range(4):
        do(view, "next")
    do(view, "baseline")
    settle(view, qtbot)
    picture = view.chart.picture
    assert picture is not None
    assert {c.trend.baseline_block for c in picture.courses if c.name[0] in "MO"} == {3}
    assert view.header.baseline.currentText() == "block 4, 6:17"
    assert view.header.own.isVisible()
    current = view.walk.current
    assert current is not None
    assert current[0].trend.amplitude_percent[3] == pytest.approx(100.0)
    document = desk.session.document
    assert document is not None
    assert document.analysis is not None
    for trend in document.analysis.trends:
        is_here = (trend.site, trend.side) == picture.site
        assert trend.baseline_is_own == is_here
        assert not is_here or trend.baseline_block in (3, -1)
    assert document.review.log[-1].what == "baseline block on left zygomatic stimulation"
    desk.editor.undo_group.undo()
    settle(view, qtbot)
    assert view.header.baseline.currentText() == "first with a response"
    assert not view.header.own.isVisible()
    desk.editor.undo_group.redo()
    settle(view, qtbot)
    view.header.block_size.setValue(50)
    settle(view, qtbot)
    assert view.chart.picture is not None
    longer = view.chart.picture.courses[0].trend
    own = view.chart.picture.own_baseline
    assert longer.start_s[own] <= picture.courses[0].middle_s[3] <= longer.end_s[own]
    view.header.baseline.activated.emit(0)
    settle(view, qtbot)
    assert action(view, "baseline_usual").blocked() == "this branch has no baseline of its own"
    assert desk.session.document is not None
    assert desk.session.document.review.baselines == ()


def test_the_menu_of_a_block_offers_its_sweeps_and_the_baseline(
    view: TrendView, qtbot: QtBot
) -> None:
    view._show_menu(2, 6, view.mapToGlobal(QPoint(10, 10)))
    menu = view.findChild(QMenu)
    assert menu is not None
    texts = [a.text() for a in menu.actions()]
    assert texts[:2] == ["Show its sweeps", "Set as baseline of this branch"]
    menu.actions()[1].trigger()
    menu.close()
    settle(view, qtbot)
    assert view.chart.picture is not None
    assert view.chart.picture.own_baseline == 6
