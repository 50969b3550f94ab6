from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from amr_viewer.gui.plot.dense import draw_dense_band, draw_dense_line
from amr_viewer.gui.plot.interval import MANY_DOTS, draw_dots, draw_intervals
from amr_viewer.gui.plot.scale import Axis
from amr_viewer.gui.plot.state_sign import Sign, draw_cell, draw_disc
from amr_viewer.gui.plot.time_axis import tick_clock, time_ticks

AREA = QRectF(10, 10, 80, 60)
RED = QColor("#ff0000")
Draw = Callable[[QPainter], object]


def inked(draw: Draw) -> np.ndarray:
    """Where something other than white was drawn, shape (height, width)."""
    image = QImage(100, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(80, 100, 4)
    return (pixels[:, :, :3] != 255).any(axis=2)


@pytest.fixture(autouse=True)
def application(qtbot: QtBot) -> None:
    """Painting needs an application."""


def test_an_interval_reaches_from_low_to_high() -> None:
    ink = inked(
        lambda p: draw_intervals(p, np.array([30.0]), np.array([60.0]), np.array([20.0]), AREA, RED)
    )
    rows = np.flatnonzero(ink[:, 29:32].any(axis=1))
    assert rows.min() == pytest.approx(20, abs=1)
    assert rows.max() == pytest.approx(60, abs=1)


def test_an_interval_that_leaves_the_area_is_cut_without_a_closing_stroke() -> None:
    ink = inked(
        lambda p: draw_intervals(
            p, np.array([30.0]), np.array([50.0]), np.array([-90.0]), AREA, RED
        )
    )
    assert not ink[:9].any()
    assert ink[12, 30] or ink[12, 29]
    assert not ink[8:14, 33].any()


def test_what_is_not_known_gets_no_interval() -> None:
    nan = np.array([np.nan])
    assert not inked(lambda p: draw_intervals(p, np.array([30.0]), nan, nan, AREA, RED)).any()


@pytest.mark.parametrize("n", [1, MANY_DOTS + 1])
def test_dots_stand_where_they_belong_and_only_within_the_area(n: int) -> None:
    x, y = np.full(n, 40.0), np.full(n, 30.0)
    ink = inked(lambda p: draw_dots(p, np.append(x, 40.0), np.append(y, 5.0), AREA, RED))
    rows, columns = np.nonzero(ink)
    assert set(rows.tolist()) == {30, 31}
    assert set(columns.tolist()) == {40, 41}


def test_a_dense_line_shows_a_single_spike_and_breaks_where_nothing_is_known() -> None:
    x = np.linspace(10, 90, 2000)
    y = np.full(2000, 50.0)
    y[700] = 20.0
    y[1200:1400] = np.nan
    ink = inked(lambda p: draw_dense_line(p, x, y, AREA, RED))
    spike = round(x[700])
    assert ink[20:50, spike - 1 : spike + 2].any(axis=1).all()
    assert not ink[:, round(x[1200]) + 1 : round(x[1400]) - 1].any()
    assert ink[50, 20]


def test_a_dense_band_fills_between_and_shows_a_lone_block() -> None:
    x = np.array([10.0, 40.0, 60.0, 80.0])
    low = np.array([60.0, 60.0, np.nan, 50.0])
    high = np.array([30.0, 30.0, np.nan, 40.0])
    ink = inked(lambda p: draw_dense_band(p, x, low, high, AREA, RED))
    assert ink[31:59, 11:39].all()
    assert not ink[:, 45:78].any()
    assert ink[41:49, 80].all()
    assert not ink[:29].any()


def test_signs_differ_in_form_and_not_in_color_alone() -> None:
    white = QColor("white")
    middle = QPointF(50, 40)
    discs = {s: inked(lambda p, s=s: draw_disc(p, middle, 8, s, RED, white)) for s in Sign}
    box = QRectF(40, 30, 20, 20)
    cells = {s: inked(lambda p, s=s: draw_cell(p, box, s, RED, white)) for s in Sign}
    for signs in (discs, cells):
        amount = {s: int(ink.sum()) for s, ink in signs.items()}
        assert amount[Sign.FULL] > amount[Sign.HALF] > amount[Sign.HOLLOW]
        assert amount[Sign.HATCHED] > amount[Sign.HOLLOW]
        upper, lower = signs[Sign.HALF][31:39, 46:54], signs[Sign.HALF][42:46, 46:54]
        assert not upper[3:].any()
        assert lower.all()


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 90.0, [0.0, 30.0, 60.0, 90.0]),
        (0.0, 7200.0, [0.0, 1800.0, 3600.0, 5400.0, 7200.0]),
        (10.0, 10.5, [10.0, 10.1, 10.2, 10.3, 10.4, 10.5]),
    ],
)
def test_ticks_stand_at_round_times(low: float, high: float, expected: list[float]) -> None:
    n = len(expected) - 1
    ticks = time_ticks(Axis(low, high, 0.0, 72.0 * n + 1))
    assert ticks == pytest.approx(expected)


def test_the_longest_recordings_get_ticks_of_whole_hours() -> None:
    ticks = time_ticks(Axis(0.0, 20 * 3600.0, 0.0, 500.0))
    assert all(t % 3600 == 0 for t in ticks)
    assert 2 <= len(ticks) <= 7


def test_a_tick_has_as_many_decimals_as_its_step() -> None:
    assert tick_clock(61.5, 0.5) == "1:01.5"
    assert tick_clock(60.0, 30.0) == "1:00"
    assert tick_clock(0.25, 0.05) == "0:00.25"
