"""Garbage is looked for in the GUI thread, and not before there is some."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from amr_viewer.gui.garbage import THRESHOLDS, GarbageCollector


class Knot:
    """An object that only a look for garbage takes down."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GarbageCollector]:
    owner = QObject()
    made = GarbageCollector(owner)
    yield made
    made.end()
    gc.disable()
    owner.deleteLater()


def test_it_takes_the_place_of_the_interpreters_own(collector: GarbageCollector) -> None:
    assert not gc.isenabled()
    collector.end()
    assert gc.isenabled()


def test_it_looks_once_enough_was_made(collector: GarbageCollector) -> None:
    gc.collect()
    knot = weakref.ref(Knot())
    collector.look()
    assert knot() is not None
    kept = [[] for _ in range(THRESHOLDS[0] + 1)]
    collector.look()
    assert kept
    assert knot() is None
