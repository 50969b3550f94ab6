"""A Sweeps view on a recording made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from amr_viewer import workflow
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.epochs import Epochs
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.sweeps import SweepsView
from tests.gui.sweeps.builders import made_sweeps, put_on, small_study


@pytest.fixture(autouse=True)
def made_by_hand(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Let sweeps come from the builder; the list tells what was read."""
    read: list[tuple[Any, ...]] = []

    def site_sweeps(
        analysis: Analysis, site: Any, side: Any, channels: Any = None,
        before_ms: float = 10.0, after_ms: float = 60.0, progress: Any = None,
    ) -> Epochs:  # fmt: skip
        read.append((site, side, tuple(channels)))
        return made_sweeps(
            analysis, (site, side), list(channels), before_ms=before_ms, after_ms=after_ms
        )

    monkeypatch.setattr(workflow, "site_sweeps", site_sweeps)
    return read


@pytest.fixture
def shown(desk: Desk, qtbot: QtBot) -> Callable[..., SweepsView]:
    """A function that shows an analysis in a Sweeps view and waits for its pictures."""

    def show(analysis: Analysis | None = None, size: tuple[int, int] = (1000, 760)) -> SweepsView:
        view = SweepsView(desk)
        qtbot.addWidget(view)
        view.resize(*size)
        desk.session.set_view("sweeps")
        view.show()
        put_on(desk, analysis or small_study())
        settle(view, qtbot)
        return view

    return show


def settle(view: SweepsView, qtbot: QtBot) -> None:
    """Wait until nothing runs and every picture is up to date."""

    def done() -> bool:
        return not view.desk.session.tasks.running and view.board.is_current

    qtbot.waitUntil(done, timeout=30_000)
