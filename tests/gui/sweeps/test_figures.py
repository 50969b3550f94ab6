"""Figures as they are copied: vectors, black on white, with every word."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication, QPainter
from pytestqt.qtbot import QtBot

from amr_viewer.gui.desk import Desk
from amr_viewer.gui.figure_copy import PNG_SCALE, SVG_TYPE, copy_figure, figure_image
from amr_viewer.gui.sweeps import SweepsView
from amr_viewer.gui.theme import DARK
from tests.gui.sweeps.builders import N_SWEEPS, Hands
from tests.gui.sweeps.conftest import settle

SVG = "{http://www.w3.org/2000/svg}"
Show = Callable[..., SweepsView]


def cross(painter: QPainter) -> None:
    painter.setPen(QColor("black"))
    painter.drawLine(0, 0, 40, 20)


def copied_svg() -> ET.Element:
    data = QGuiApplication.clipboard().mimeData().data(SVG_TYPE)
    return ET.fromstring(bytes(data.data()))


def test_svg_is_copied_with_pixels_beside_it(qtbot: QtBot) -> None:
    copy_figure(cross, QSize(40, 20), "svg")
    root = copied_svg()
    assert root.get("viewBox") == "0 0 40 20"
    assert root.find(f".//{SVG}polyline") is not None or root.find(f".//{SVG}path") is not None
    assert QGuiApplication.clipboard().mimeData().hasImage()


def test_png_is_copied_sharp_and_white(qtbot: QtBot) -> None:
    copy_figure(cross, QSize(40, 20), "png")
    data = QGuiApplication.clipboard().mimeData()
    assert not data.hasFormat(SVG_TYPE)
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (40 * PNG_SCALE, 20 * PNG_SCALE)
    assert image.pixelColor(100, 3) == QColor("white")
    assert image.pixelColor(60, 30).lightness() < 120
    assert figure_image(cross, QSize(4, 4)).width() == 4 * PNG_SCALE


def test_a_muscle_is_copied_line_by_line_with_its_words(
    shown: Show, desk: Desk, qtbot: QtBot
) -> None:
    view = shown()
    desk.appearance.use(DARK)
    settle(view, qtbot)
    Hands(view)("copy_svg")
    root = copied_svg()
    texts = " ".join("".join(t.itertext()) for t in root.iter(f"{SVG}text"))
    for word in ("Mentalis", "left, lateral", "AMR present 6/12", "onset 10.", "µV", "ms"):
        assert word in texts
    lines = [e for e in root.iter(f"{SVG}polyline") if len(e.get("points", "").split()) > 300]
    assert len(lines) == N_SWEEPS + 1  # and the median
    assert not list(root.iter(f"{SVG}image"))
    assert "#ffffff" in ET.tostring(root, "unicode").lower()


def test_all_muscles_are_copied_in_their_places(shown: Show, qtbot: QtBot) -> None:
    view = shown()
    Hands(view)("copy_all_png")
    image = QGuiApplication.clipboard().image()
    cards = view.board.cards
    columns = len({c.x() for c in cards})
    widest = max(c.canvas.width() for c in cards)
    assert image.width() == columns * widest * PNG_SCALE
    Hands(view)("copy_all_svg")
    texts = " ".join("".join(t.itertext()) for t in copied_svg().iter(f"{SVG}text"))
    for word in ("Mentalis", "Orbicularis oris", "Frontalis", "Orbicularis oculi", "M 1.9 mV"):
        assert word in texts


def test_the_waterfall_is_copied_as_an_image_with_vector_scales(shown: Show, qtbot: QtBot) -> None:
    view = shown()
    Hands(view)("waterfall")
    settle(view, qtbot)
    Hands(view)("copy_svg")
    root = copied_svg()
    assert list(root.iter(f"{SVG}image"))
    texts = " ".join("".join(t.itertext()) for t in root.iter(f"{SVG}text"))
    assert "−" in texts
