"""No text is cut, and all of it stands out, in both themes and at small and large sizes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from amr_viewer.gui.desk import Desk, make_desk
from amr_viewer.gui.protocol.assignment_dialog import AssignmentDialog
from amr_viewer.gui.protocol.cells import extent_words
from amr_viewer.gui.protocol.choices import CHANNEL_COLUMNS, MARKER_COLUMNS
from amr_viewer.gui.protocol.parameters_dialog import ParametersDialog
from amr_viewer.gui.theme import THEMES, Theme, apply_theme, contrast

SIZES = (QSize(1240, 664), QSize(2480, 1360))


@pytest.fixture(params=sorted(THEMES))
def themed(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Desk]:
    before = qapp.styleSheet(), qapp.palette()
    theme: Theme = THEMES[request.param]
    apply_theme(qapp, theme)
    desk = make_desk(theme)
    yield desk
    desk.session.end()
    desk.session.deleteLater()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])


def cut_texts(dialog: QDialog) -> list[str]:
    """Texts of labels, buttons and boxes that have less room than they need."""
    cut = []
    for widget in dialog.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QPushButton | QComboBox):
            continue
        text = widget.currentText() if isinstance(widget, QComboBox) else widget.text()
        needed = widget.fontMetrics().horizontalAdvance(text.replace("&", ""))
        if isinstance(widget, QLabel) and widget.wordWrap():
            is_cut = widget.height() < widget.heightForWidth(widget.width())
        else:
            is_cut = widget.width() < needed
        inside = widget.parentWidget().rect().contains(widget.geometry())
        if text and (is_cut or not inside):
            cut.append(text)
    return cut


@pytest.mark.parametrize(
    ("extent", "unit", "words"),
    [
        (93.7, "uV", "±93.7 µV"),
        (1110.0, "uV", "±1.11 mV"),
        (5e6, "uV", "±5 V"),
        (0.0, "uV", "±0 µV"),
        (37.0, "degC", "±37 degC"),
        (float("nan"), "uV", ""),
    ],
)
def test_the_extent_of_a_signal_has_the_unit_that_reads_best(extent: float, unit: str, words: str):
    assert extent_words(extent, unit) == words


@pytest.mark.parametrize("size", SIZES, ids=["1280x720", "2560x1440"])
def test_nothing_is_cut(themed: Desk, qtbot: QtBot, sample_signals: Path, size: QSize):
    themed.session.open([sample_signals / "ttl_stimuli.edf"])
    qtbot.waitUntil(lambda: themed.session.document.recording is not None, timeout=60_000)
    themed.session.cancel()
    assignment = AssignmentDialog(themed)
    qtbot.addWidget(assignment)
    with qtbot.waitSignal(assignment.ready, timeout=60_000):
        assignment.show()
    parameters = ParametersDialog(themed)
    qtbot.addWidget(parameters)
    parameters.show()
    for dialog in (assignment, parameters):
        dialog.resize(size.boundedTo(size))
        qtbot.waitUntil(lambda d=dialog: d.size() == size)
        QApplication.processEvents()
        assert cut_texts(dialog) == []
        assert _colors(dialog) > 20
    header = assignment.channels.table.horizontalHeader()
    for place, column in enumerate(CHANNEL_COLUMNS):
        assert header.sectionSize(place) >= header.fontMetrics().horizontalAdvance(column.title)


def _colors(widget: QWidget) -> int:
    """How many colors a widget shows; a blank one has few."""
    image = widget.grab().toImage()
    points = ((x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 3))
    return len({image.pixel(x, y) for x, y in points})


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_open_cells_stand_out(theme: Theme):
    for tone in ("late", "unsure"):
        assert contrast(*theme.tone(tone)) >= 4.5
    for ground in (theme.surface, theme.ground, theme.selected):
        assert contrast(theme.text, ground) >= 4.5
        assert contrast(theme.accent, ground) >= 4.5
    assert contrast(theme.muted, theme.surface) >= 4.5


def test_every_choice_fits_into_its_column(qtbot: QtBot):
    label = QLabel()
    qtbot.addWidget(label)
    for column in (*CHANNEL_COLUMNS, *MARKER_COLUMNS):
        for choice in column.choices:
            if choice.value is not None and choice.value != "none":
                assert label.fontMetrics().horizontalAdvance(f"{choice.text} ?") <= column.width, (
                    choice
                )


def test_everything_can_be_reached_by_keyboard(desk: Desk, qtbot: QtBot):
    dialog = ParametersDialog(desk)
    qtbot.addWidget(dialog)
    dialog.show()
    seen = set()
    widget: QWidget = dialog.search
    while widget not in seen:
        seen.add(widget)
        widget = widget.nextInFocusChain()
    fields = [w for w in dialog.findChildren(QWidget) if isinstance(w, QLineEdit | QComboBox)]
    assert fields
    for field in fields:
        assert field in seen
        assert field.focusPolicy() & Qt.FocusPolicy.TabFocus
