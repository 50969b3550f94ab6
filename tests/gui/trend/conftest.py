"""A Trend view on the sample of an operation."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from amr_viewer.gui.trend import TrendView
from tests.gui.trend.hands import Opened, shown


@pytest.fixture
def view(opened: Opened, qtbot: QtBot) -> TrendView:
    """The view on the operation, drawn."""
    return shown(opened("operation"), qtbot)
