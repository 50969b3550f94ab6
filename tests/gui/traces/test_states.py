"""The Traces view with an analysis, with gaps, late, and while a recording is being read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.traces import TracesView
from amr_viewer.gui.traces import loader as loader_module
from amr_viewer.gui.traces.colors import channel_color
from amr_viewer.io.pyramid import Pyramid
from tests.gui.traces.conftest import (
    LABELS,
    picture,
    pixels_like,
    settle,
    window,
)
from tests.gui.traces.hands import run
from tests.io.edf_builder import Edf, Signal, stamp


def test_a_sweep_selected_elsewhere_is_shown_with_its_channel(
    opened: Callable[..., Desk], qtbot: QtBot
) -> None:
    desk = opened()
    view = TracesView(desk)
    qtbot.addWidget(view)
    view.resize(900, 500)
    view.show()
    view.canvas.repaint()
    document, scene = desk.session.document, view.scene
    assert document is not None
    assert scene is not None
    sweep = len(scene.stimuli.times_s) - 1
    desk.session.select(channel=1, sweep=sweep)
    start_s, span_s = window(view)
    assert start_s <= scene.stimuli.times_s[sweep] <= start_s + span_s
    assert view.verbs.own.focus == scene.analysis_channels[1]
    view.end()


def test_responses_are_flagged_on_the_traces(opened: Callable[..., Desk], qtbot: QtBot) -> None:
    desk = opened()
    view = TracesView(desk)
    qtbot.addWidget(view)
    view.resize(1200, 600)
    view.show()
    scene, document = view.scene, desk.session.document
    assert scene is not None
    assert document is not None
    present = next(r for r in scene.responses if r.tone == "present")
    start_s, stop_s = float(present.starts_s[0]), float(present.stops_s[0])
    analysis = document.analysis
    assert analysis is not None
    channel = scene.analysis_channels.index(present.channel)
    onsets_s = analysis.stimuli.time_s + analysis.responses.onset_ms[:, channel] / 1e3
    assert np.nanmin(np.abs(onsets_s - start_s)) < 1e-9
    desk.session.set_window(start_s - 0.02, 0.06)
    settle(view, qtbot)
    lanes = view.canvas.lanes
    assert lanes is not None
    flagged = pixels_like(picture(view), QColor(view.canvas.theme.tone("present")[0]))
    rows, columns = np.nonzero(flagged)
    near = np.abs(rows - lanes.center(lanes.channels.index(present.channel))) < lanes.height / 2
    inside = columns[near & (columns > lanes.area.left())]
    first, last = lanes.time.pixel(start_s), lanes.time.pixel(stop_s)
    assert len(inside) > 10
    assert first - 2 <= inside.min() <= inside.max() <= last + 2
    view.end()


def test_threads_end_with_the_view(view_of: Callable[[Path], TracesView], tmp_path: Path) -> None:
    from tests.gui.traces.conftest import known_file

    view = view_of(known_file(tmp_path / "known.edf"))
    assert [t for t in threading.enumerate() if t.name.startswith("traces")]
    view.end()
    assert not [t for t in threading.enumerate() if t.name.startswith("traces")]


def test_a_gap_is_hatched_and_empty(
    view_of: Callable[[Path], TracesView], tmp_path: Path, qtbot: QtBot
) -> None:
    data = np.zeros((2, 1000), "<i2")
    lists = [[stamp("+0"), stamp("+3")]]
    path = Edf([Signal(data, label=LABELS[0])], reserved="EDF+D", lists=lists).write(
        tmp_path / "gap.edf"
    )
    view = view_of(path)
    lanes, recording = view.canvas.lanes, view.canvas.recording
    assert lanes is not None
    assert recording is not None
    image = picture(view)
    color = channel_color(view.canvas.theme, recording.channels[0])
    _, columns = np.nonzero(pixels_like(image, color)[:, int(lanes.area.left()) + 1 :])
    times_s = (columns + 1) / lanes.time.pixels_per_unit
    assert len(times_s) > 100
    assert not ((times_s > 1.02) & (times_s < 2.98)).any()
    ground = QColor(view.canvas.theme.ground)
    hatched = pixels_like(image, ground, 2)[:, int(lanes.time.pixel(2.0))]
    assert hatched[int(lanes.area.top()) : int(lanes.area.bottom())].mean() > 0.5


def test_a_late_page_leaves_the_former_one_and_comes_by_itself(
    view: TracesView, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    paint = loader_module.read_trace

    def held(*args: object) -> object:
        gate.wait(10)
        return paint(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(loader_module, "read_trace", held)
    former = view.canvas.page
    desk.session.set_window(20.0, 10.0)
    view.canvas.repaint()
    assert view.canvas.page is former
    with qtbot.waitSignal(view.canvas.loader.arrived, timeout=10_000):
        gate.set()
    view.canvas.repaint()
    assert view.canvas.page is not None
    assert view.canvas.page.request.start_s == 20.0


def test_a_recording_is_shown_while_its_overview_is_being_read(
    view: TracesView, qtbot: QtBot
) -> None:
    whole = view.verbs.own.pyramid
    document = view.verbs.document
    assert whole is not None
    assert document is not None
    growing = Pyramid(tuple((levels[0],) for levels in whole.channels), is_complete=False)
    view.state.change(document.key, pyramid=growing)
    view.verbs.show_all()
    settle(view, qtbot)
    page = view.canvas.page
    assert page is not None
    assert page.request.pyramid is growing
    view.preparation.grown.emit()
    assert view.overview.loader.page is None
    view.state.change(document.key, pyramid=whole)
    settle(view, qtbot)
    assert view.canvas.page is not None
    assert not view.canvas.page.is_preliminary


def test_polarity_and_filters_are_switched_in_the_bar(view: TracesView, desk: Desk) -> None:
    view.bar.polarity.click()
    assert not desk.session.display.negative_up
    assert not view.bar.polarity.isChecked()
    menu = view.bar.filters.menu()
    assert menu is not None
    action = next(a for a in menu.actions() if a.text() == "High-pass 20 Hz")
    action.trigger()
    assert desk.session.display.high_pass_hz == 20.0
    menu.aboutToShow.emit()
    assert action.isChecked()


def test_channels_are_chosen_in_the_bar(view: TracesView, desk: Desk) -> None:
    menu = view.bar.channels.menu()
    assert menu is not None
    menu.aboutToShow.emit()
    next(a for a in menu.actions() if a.text() == LABELS[1]).trigger()
    assert desk.session.document is not None
    assert desk.session.document.layout.visible == (0, 2)


def test_gains_are_fitted_to_the_signals(
    view_of: Callable[[Path], TracesView], tmp_path: Path, desk: Desk
) -> None:
    rng = np.random.default_rng(1)
    emg = (rng.normal(size=(20, 1000)) * 1000).astype("<i2")
    slow = np.tile(np.linspace(3600, 3700, 10), (20, 1)).astype("<i2")
    signals = [Signal(emg, label=LABELS[0]), Signal(slow, label="Temp", unit="degC")]
    view = view_of(Edf(signals).write(tmp_path / "fit.edf"))
    run(view, "show_all")
    run(view, "fit")
    document = desk.session.document
    assert document is not None
    # Peaks of noise of 100 uV RMS reach some 330 uV, in four divisions above the base line.
    lanes = view.canvas.lanes
    assert lanes is not None
    half = lanes.height / lanes.division / 2
    assert 200.0 <= document.layout.gain_uv * half <= 1500.0
    assert document.layout.gain_of(1) * half == pytest.approx(5.0, rel=1.5)
    view.canvas.repaint()
    assert view.canvas.page is not None
    assert view.canvas.page.request.traces[1].offset == pytest.approx(365.0, abs=1.0)
