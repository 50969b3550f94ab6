"""What hands do with a Trend view: show it, wait for it, run its actions, find its cells."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF
from pytestqt.qtbot import QtBot

from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.trend import TrendView
from amr_viewer.gui.trend.ribbon import cells

Opened = Callable[..., Desk]
PATIENCE_MS = 60_000


def shown(desk: Desk, qtbot: QtBot) -> TrendView:
    """The view on a desk, drawn."""
    view = TrendView(desk)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    qtbot.waitExposed(view)
    settle(view, qtbot)
    return view


def settle(view: TrendView, qtbot: QtBot) -> None:
    """Wait until what was asked for is drawn."""
    tasks = view._desk.session.tasks
    qtbot.waitUntil(lambda: not tasks.running, timeout=PATIENCE_MS)


def action(view: TrendView, name: str) -> ActionSpec:
    return next(a for a in view.actions() if a.name == f"trend.{name}")


def do(view: TrendView, name: str) -> None:
    spec = action(view, name)
    assert spec.blocked() == ""
    spec.run()


def cell_of(view: TrendView, lane: int, block: int) -> QPoint:
    """The middle of a cell in the drawing."""
    places, picture = view.chart.places, view.chart.picture
    assert places is not None
    assert picture is not None
    course = view.chart.look.courses(picture)[lane]
    x = cells(course, places.x)[block].mean()
    return QPointF(x, places.lanes[lane].bottom() - 8).toPoint()
