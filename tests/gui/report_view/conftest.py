"""A Report view on a desk, large enough for pages and panel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.report_view import ReportView

PATIENCE_MS = 60_000


@pytest.fixture
def view(desk: Desk, qtbot: QtBot) -> ReportView:
    """The view, shown, with nothing open."""
    made = ReportView(desk)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def settled(desk: Desk, view: ReportView, qtbot: QtBot) -> Callable[[], None]:
    """A function that waits until the pages that are shown are the right ones."""

    def wait() -> None:
        def is_settled() -> bool:
            document, made = desk.session.document, view.composer.made
            if document is None or made is None or desk.session.tasks.running:
                return False
            return made.analysis is document.analysis and not view.column.is_stale

        qtbot.waitUntil(is_settled, timeout=PATIENCE_MS)

    return wait


@pytest.fixture
def report(
    view: ReportView, opened: Callable[..., Desk], settled: Callable[[], None]
) -> ReportView:
    """The view with the pages of a recording."""
    opened("hfs_left_preop")
    settled()
    return view
