"""The Patterns view: what is shown, and what clicks, keys and lines do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from amr_viewer.core.bursts import no_bursts
from amr_viewer.core.patterns import Conclusion, PatternFinding
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Stage
from amr_viewer.gui.patterns import PatternsView
from amr_viewer.gui.patterns.limits import limits_of
from amr_viewer.gui.theme import DARK
from tests.gui.patterns.builders import channels, make_bursts

Shown = Callable[..., PatternsView]


def do(view: PatternsView, name: str) -> None:
    spec = next(a for a in view.actions() if a.name == f"patterns.{name}")
    assert spec.blocked() == ""
    spec.run()


def place_of(view: PatternsView, burst: int) -> QPoint:
    """The middle of a burst in the raster."""
    places, picture = view.raster.places, view.raster.picture
    assert places is not None
    assert picture is not None
    bursts = picture.bursts
    lane = [x.channel.index for x in picture.lanes].index(int(bursts.channel[burst]))
    at = 0.5 * float(bursts.start_s[burst] + bursts.end_s[burst])
    y = places.tops[lane] + places.lane_height / 2
    return QPointF(places.time.pixel(at), y).toPoint()


def selection(view: PatternsView) -> tuple[float, float]:
    document = view._desk.session.document
    assert document is not None
    return document.selection.start_s, document.selection.span_s


def test_without_a_recording_it_says_what_to_do(desk: Desk, qtbot: QtBot) -> None:
    view = PatternsView(desk)
    qtbot.addWidget(view)
    view.show()
    assert view.empty.isVisible()
    assert "Open a recording" in view.empty.text()
    assert all(a.blocked() for a in view.actions())


def test_while_a_recording_is_analyzed_it_says_so(shown: Shown) -> None:
    view = shown()
    session = view._desk.session
    session.change(session.document.key, analysis=None, stage=Stage.ANALYZING)  # type: ignore[union-attr]
    session.analysis_changed.emit()
    assert view.empty.isVisible()
    assert "being analyzed" in view.empty.text()
    assert view.blocked()


def test_a_recording_that_is_too_short_is_told_with_its_reason(shown: Shown) -> None:
    view = shown(no_bursts("only 4 s of free-running EMG"), ())
    assert view.empty.isVisible()
    assert "only 4 s of free-running EMG" in view.empty.text()


def test_no_bursts_is_an_answer_and_is_shown_as_one(shown: Shown) -> None:
    nothing = no_bursts("", channels(), duration_s=300.0)
    quiet = PatternFinding(None, Conclusion.NO_ACTIVITY, assessed_s=300.0)
    view = shown(nothing, (quiet,))
    assert view.raster.isVisible()
    assert view.headline.text() == "No involuntary activity in 5 min"
    assert "does not exclude" in view.card.text.text()
    assert view.list.model.rowCount() == 0
    view.grab()
    do(view, "next")
    assert view.picking.current is None


def test_the_conclusion_stands_above_with_its_confidence(shown: Shown) -> None:
    view = shown()
    assert view.headline.text().startswith("Pattern as can be seen in hemifacial spasm")
    assert view.chip.text == "confidence moderate"
    view.card.side_chosen.emit(2)
    assert view.headline.text().startswith("Right side: No involuntary activity")
    assert view.chip.text == ""


def test_a_click_selects_a_burst_and_shows_it_in_the_shared_window(
    shown: Shown, qtbot: QtBot
) -> None:
    view = shown()
    bursts = view.bursts
    assert bursts is not None
    view.windows.show_all()
    burst = int(np.flatnonzero(bursts.counted)[40])
    qtbot.mouseClick(view.raster, Qt.MouseButton.LeftButton, pos=place_of(view, burst))
    assert view.picking.current is not None
    chosen = view.picking.current
    assert bursts.channel[chosen] == bursts.channel[burst]
    assert abs(bursts.start_s[chosen] - bursts.start_s[burst]) < 0.3
    start, span = selection(view)
    assert span <= 10.0
    assert start <= bursts.start_s[chosen] <= bursts.end_s[chosen] <= start + span
    assert view.list.table.currentIndex().row() == view.list.model.row_of(chosen)
    do(view, "back")
    assert selection(view)[1] == pytest.approx(view.windows.duration_s)


def test_a_row_of_the_list_is_shown_and_enter_goes_to_traces(shown: Shown, qtbot: QtBot) -> None:
    view = shown()
    view._desk.session.set_view("patterns")
    row = view.list.model.rowCount() - 1
    view.list.table.selectRow(row)
    burst = view.list.model.burst(row)
    assert view.picking.current == view.raster.current == burst
    start, span = selection(view)
    bursts = view.bursts
    assert bursts is not None
    assert start <= bursts.start_s[burst] <= start + span
    view.list.table.setFocus()
    qtbot.keyClick(view.list.table, Qt.Key.Key_Return)
    assert view._desk.session.view == "traces"


def test_keys_go_from_burst_to_burst_and_from_muscle_to_muscle(shown: Shown) -> None:
    view = shown()
    bursts = view.bursts
    assert bursts is not None
    do(view, "next")
    first = view.picking.current
    do(view, "next")
    second = view.picking.current
    assert first is not None
    assert second is not None
    assert bursts.channel[first] == bursts.channel[second]
    assert bursts.start_s[second] > bursts.start_s[first]
    do(view, "last")
    assert view.picking.current == first
    do(view, "below")
    below = view.picking.current
    assert below is not None
    assert bursts.channel_of(int(bursts.channel[below])).name == "left orbicularis oculi"


def test_the_wheel_scrolls_and_with_ctrl_zooms_the_window_of_traces(shown: Shown) -> None:
    view = shown()
    view._desk.session.set_window(5.0, 4.0)

    def turn(held: Qt.KeyboardModifier) -> None:
        at = QPointF(view.raster.width() / 2, 60.0)
        event = QWheelEvent(
            at, view.raster.mapToGlobal(at), QPoint(), QPoint(0, -120),
            Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.raster, event)

    turn(Qt.KeyboardModifier.NoModifier)
    assert selection(view) == (6.0, 4.0)
    turn(Qt.KeyboardModifier.ControlModifier)
    assert selection(view)[1] > 4.0


def test_a_drag_zooms_to_a_stretch(shown: Shown, qtbot: QtBot) -> None:
    view = shown()
    view._desk.session.set_window(0.0, 10.0)
    places = view.raster.places
    assert places is not None
    left, right = (QPointF(places.time.pixel(t), 60.0).toPoint() for t in (2.0, 6.0))
    qtbot.mousePress(view.raster, Qt.MouseButton.LeftButton, pos=left)
    qtbot.mouseMove(view.raster, right)
    qtbot.mouseRelease(view.raster, Qt.MouseButton.LeftButton, pos=right)
    start, span = selection(view)
    assert start == pytest.approx(2.0, abs=0.05)
    assert span == pytest.approx(4.0, abs=0.1)


def test_a_dragged_line_recounts_at_once_and_is_kept_only_when_wanted(
    shown: Shown, qtbot: QtBot
) -> None:
    view = shown()
    view.panels.choose(3)
    histogram = view.limits_panel.durations
    before = view.limits_panel.count.text()
    y = round(histogram.plot.center().y())
    line, goal = (QPoint(round(histogram.pixel(v)), y) for v in (250.0, 100.0))
    qtbot.mousePress(histogram, Qt.MouseButton.LeftButton, pos=line)
    qtbot.mouseMove(histogram, goal)
    qtbot.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=goal)
    limits, bursts = view.staging.limits, view.bursts
    assert limits is not None
    assert bursts is not None
    assert limits.clonic_max_ms == pytest.approx(100.0, rel=0.05)
    assert view.limits_panel.fields["clonic_max_ms"].value() == limits.clonic_max_ms
    assert "report:" in view.limits_panel.count.text()
    assert view.limits_panel.note.isVisible()
    document = view._desk.session.document
    assert document is not None
    assert document.protocol.parameters.bursts.clonic_max_ms == 250.0
    do(view, "discard")
    assert view.limits_panel.count.text() == before
    assert not view.limits_panel.note.isVisible()


def test_kept_limits_go_into_the_protocol_and_can_be_undone(shown: Shown, qtbot: QtBot) -> None:
    view = shown()
    session = view._desk.session
    view.limits_panel.fields["tonic_min_ms"].setValue(700.0)
    assert view.staging.differs
    do(view, "keep")
    document = session.document
    assert document is not None
    assert limits_of(document.protocol.parameters.bursts).tonic_min_ms == 700.0
    qtbot.waitUntil(lambda: session.document.stage is Stage.READY, timeout=60_000)  # type: ignore[union-attr]
    assert not view.staging.differs
    assert view._desk.editor.undo_group.canUndo()


def test_the_map_tells_index_lag_and_interval_of_the_pair_under_the_mouse(
    shown: Shown, qtbot: QtBot
) -> None:
    view = shown()
    heard: list[str] = []
    view._desk.session.pointed.connect(heard.append)
    synchrony = view.synchrony
    view.panels.choose(2)
    view.grab()
    at = synchrony.box(1, 0).center()
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, at, synchrony.mapToGlobal(at), none, none,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(synchrony, event)
    assert "synchrony index 0.82 (95 % interval 0.74–0.89), 80 onsets" in heard[-1]
    assert "left frontalis and left orbicularis oculi" in heard[-1]
    assert "crosstalk" in heard[-1]
    qtbot.keyClick(synchrony, Qt.Key.Key_Down)
    qtbot.keyClick(synchrony, Qt.Key.Key_Down)
    assert synchrony.current == (2, 0)
    assert "left orbicularis oris" in synchrony.accessibleDescription()


def test_panels_fit_the_width_and_the_chosen_one_is_always_seen(shown: Shown) -> None:
    view = shown()
    assert view.panels.visible == [0, 1, 2, 3]
    view.resize(760, 560)
    QApplication.processEvents()
    assert view.width() == 760
    for name, i in (("panel_0", 0), ("panel_3", 3)):
        do(view, name)
        assert i in view.panels.visible
        assert len(view.panels.visible) == 2


def test_every_lane_and_the_times_are_in_sight_in_a_small_window(shown: Shown) -> None:
    view = shown()
    view.resize(760, 560)
    QApplication.processEvents()
    places = view.raster.places
    assert places is not None
    assert places.plot.bottom() < view._scroll.viewport().height()
    assert (np.diff(places.tops) >= view.raster.fontMetrics().height()).all()


def test_the_theme_is_followed(shown: Shown) -> None:
    view = shown()
    light = view.raster.grab().toImage()
    view._desk.appearance.use(DARK)
    dark = view.raster.grab().toImage()
    assert light.pixelColor(3, 3).lightness() > 200
    assert dark.pixelColor(3, 3).lightness() < 60


def test_another_review_keeps_the_selected_burst(shown: Shown) -> None:
    view = shown()
    view.picking.choose(12)
    session = view._desk.session
    document = session.document
    assert document is not None
    assert document.analysis is not None
    session.set_analysis(document.key, replace(document.analysis))
    assert view.picking.current == view.raster.current == 12
    other = replace(document.analysis, bursts=make_bursts(100, 30.0))
    session.set_analysis(document.key, other)
    assert view.picking.current is None
    assert view.list.model.rowCount() == other.bursts.counted.sum()
