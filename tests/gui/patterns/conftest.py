"""The Patterns view on a desk with a recording whose bursts are made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from amr_viewer.core.bursts import Bursts
from amr_viewer.core.patterns import PatternFinding
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.patterns import PatternsView
from tests.gui.patterns.builders import make_bursts, make_patterns


@pytest.fixture
def shown(
    remembered_analyses: None, opened: Callable[..., Desk], qtbot: QtBot
) -> Callable[..., PatternsView]:
    """A function that shows bursts, usually those of `builders`, of a recording of 31 s."""

    def show(
        bursts: Bursts | None = None, patterns: tuple[PatternFinding, ...] | None = None
    ) -> PatternsView:
        desk = opened()
        document = desk.session.document
        assert document is not None
        assert document.analysis is not None
        told = replace(
            document.analysis,
            bursts=make_bursts(200, 30.0) if bursts is None else bursts,
            patterns=make_patterns() if patterns is None else patterns,
        )
        desk.session.set_analysis(document.key, told)
        view = PatternsView(desk)
        qtbot.addWidget(view)
        view.resize(1600, 900)
        view.show()
        qtbot.waitExposed(view)
        QApplication.processEvents()
        return view

    return show
