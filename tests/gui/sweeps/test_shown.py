"""What the Sweeps view shows: cards, verdicts, pictures, why, and what to do without any."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from amr_viewer.core.responses import State
from amr_viewer.errors import ReadError
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document, Stage
from amr_viewer.gui.sweeps import SweepsView, loading
from amr_viewer.gui.theme import DARK
from tests.gui.sweeps.builders import (
    FRONTALIS,
    MANDIBULAR,
    MENTALIS,
    OCULI,
    ZYGOMATIC,
    Hands,
    made_sweeps,
    put_on,
    small_study,
)
from tests.gui.sweeps.conftest import settle
from tests.gui.sweeps.hands import (
    Show,
    canvas_of,
    count_like,
    rows_with,
)

# ---------------------------------------------------------------------- what is shown


def test_every_muscle_of_the_site_has_a_card_with_its_verdict(shown: Show) -> None:
    view = shown()
    heads = [(c.name.names[0], c.name.role, c.chip.text) for c in view.board.cards]
    assert heads[:3] == [
        ("Mentalis", "left, lateral", "AMR present 6/12"),
        ("Orbicularis oris", "left, lateral", "absent 0/12"),
        ("Frontalis", "left, lateral", "absent 0/12"),
    ]
    assert heads[3][0] == "Orbicularis oculi"
    assert heads[3][1].startswith("left, direct · ")
    assert heads[3][1].endswith("mV/div")
    assert heads[3][2] == "M 1.9 mV"
    assert "Abnormal muscle response present on the left:" in view.headline.answer.text()
    assert view.bar.band.text() == "Band 6.5–20 ms: where an AMR is looked for"


def test_sweeps_are_painted_in_the_color_of_the_muscle(shown: Show, desk: Desk) -> None:
    view = shown()
    canvas = canvas_of(view, MENTALIS)
    image = canvas.grab().toImage()
    assert count_like(image, desk.theme.muscle(canvas.panel.finding.muscle), 120) > 300
    silent = canvas_of(view, FRONTALIS)
    color = desk.theme.muscle(silent.panel.finding.muscle)
    assert silent._picture is not None
    assert count_like(silent._picture.image, color) == 0


def test_no_word_is_cut_on_a_small_screen(shown: Show) -> None:
    view = shown(size=(770, 600))
    for card in view.board.cards:
        name, _, _ = card.name.shown()
        assert card.name.fontMetrics().horizontalAdvance(name) < card.name.width()
        assert "…" not in card.line.shown()
        assert card.chip.width() >= card.chip.sizeHint().width()
    bar = view.bar
    assert bar.band.fontMetrics().horizontalAdvance(bar.band.text()) <= bar.band.width()
    assert view.minimumSizeHint().width() <= 770


@pytest.mark.parametrize("stage", [Stage.READING, Stage.ANALYZING, Stage.FAILED])
def test_without_an_analysis_the_view_says_what_to_wait_for(
    desk: Desk, qtbot: QtBot, stage: Stage
) -> None:
    from pathlib import Path

    desk.session.set_view("sweeps")
    view = SweepsView(desk)
    qtbot.addWidget(view)
    assert view.message.text() == "Drop a recording here, or open one, to see its sweeps."
    desk.session.documents = (Document(1, Path("a.edf"), stage, fault="it is empty"),)
    desk.session.show(1)
    expected = "it is empty" if stage is Stage.FAILED else "when the analysis is done"
    assert expected in view.message.text()
    assert all(spec.blocked() for spec in view.actions())


def test_sweeps_that_cannot_be_read_are_told_of(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amr_viewer import workflow

    def broken(*_args: Any, **_more: Any) -> None:
        raise ReadError("study.edf: the file is gone")

    monkeypatch.setattr(workflow, "site_sweeps", broken)
    desk.session.set_view("sweeps")
    view = SweepsView(desk)
    qtbot.addWidget(view)
    view.show()
    put_on(desk, small_study())
    qtbot.waitUntil(lambda: "the file is gone" in view.model.note)
    assert view.model.sweeps is None
    assert view.board.cards[0].canvas.scene().note.startswith("The sweeps cannot be read")


def test_the_other_side_lies_beside_each_muscle(shown: Show, qtbot: QtBot) -> None:
    view = shown()
    hands = Hands(view)
    hands("other_side")
    settle(view, qtbot)
    assert len(view.board.cards) == 8
    for here, there in zip(view.board.cards[::2], view.board.cards[1::2], strict=True):
        assert here.y() == there.y()
        assert here.panel.finding.muscle is there.panel.finding.muscle
    hands("other_side")
    assert len(view.board.cards) == 4


def test_a_selected_muscle_of_the_other_side_is_never_hidden(shown: Show, desk: Desk) -> None:
    view = shown()
    desk.session.select(channel=MENTALIS + 4)
    assert view.model.look.other_side
    assert view.model.panel is not None
    assert view.model.panel.channel == MENTALIS + 4
    Hands(view)("other_side")
    assert desk.session.document is not None
    assert desk.session.document.selection.channel == MENTALIS


def test_sweeps_of_the_last_sites_are_kept(
    shown: Show, qtbot: QtBot, made_by_hand: list[Any]
) -> None:
    view = shown()
    hands = Hands(view)
    read = len(made_by_hand)
    hands("next_site")
    settle(view, qtbot)
    assert view.model.site == MANDIBULAR
    assert len(made_by_hand) == 2 * read
    hands("previous_site")
    settle(view, qtbot)
    assert view.model.site == ZYGOMATIC
    assert len(made_by_hand) == 2 * read
    before = view.model.sweeps
    hands("next", "reject")
    settle(view, qtbot)
    assert view.model.sweeps is before


def test_another_analysis_of_the_recording_brings_its_own_sweeps(
    shown: Show, desk: Desk, qtbot: QtBot, made_by_hand: list[Any]
) -> None:
    view = shown()
    read, before = len(made_by_hand), view.model.sweeps
    again = small_study(20)
    desk.session.change(1, automatic=again, analysis=again)
    desk.session.documents_changed.emit()
    desk.session.analysis_changed.emit()
    settle(view, qtbot)
    assert len(made_by_hand) > read
    assert view.model.sweeps is not None
    assert view.model.sweeps is not before
    assert len(view.model.sweeps) == 20


def test_few_sites_are_kept_and_those_of_closed_recordings_dropped(
    shown: Show, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = shown()
    assert view.model.sweeps is not None
    monkeypatch.setattr(loading, "KEPT_BYTES", int(view.model.sweeps.n_bytes * 1.5))
    Hands(view)("next_site")
    settle(view, qtbot)
    assert view.model.store.n_bytes == view.model.sweeps.n_bytes
    desk.session.close(1)
    assert view.model.store.n_bytes == 0
    assert view.message.text().startswith("Drop a recording")


def test_another_recording_is_shown_with_its_own_muscles(
    shown: Show, desk: Desk, qtbot: QtBot
) -> None:
    view = shown()
    Hands(view)("next")
    put_on(desk, small_study(30))
    settle(view, qtbot)
    assert view.model.row is None
    assert len(view.model.stimuli) == 30
    assert view.board.cards[0].chip.text == "AMR present 15/30"
    desk.session.show(1)
    settle(view, qtbot)
    assert view.model.row == 0
    assert view.board.cards[0].chip.text == "AMR present 6/12"


# ---------------------------------------------------------------------- why


def test_why_shows_the_sham_distribution(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown(size=(1000, 900))
    canvas = canvas_of(view, MENTALIS)
    assert canvas.scene().frame.why is None
    Hands(view)("why")
    settle(view, qtbot)
    scene = canvas.scene()
    assert scene.frame.why is not None
    area = scene.frame.why.toRect()
    image = canvas.grab().toImage().copy(area)
    e = canvas.panel.evidence
    assert e is not None
    assert count_like(image, desk.theme.sweep_gray, 200) > 100
    assert count_like(image, desk.theme.muscle(canvas.panel.finding.muscle), 250) > 50
    direct = canvas_of(view, OCULI).scene().frame
    assert direct.plot.height() > scene.frame.plot.height()


def test_noise_band_lies_around_zero(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown()
    canvas = canvas_of(view, FRONTALIS)
    plain = count_like(canvas.grab().toImage(), desk.theme.window_band, 120)
    Hands(view)("noise")
    settle(view, qtbot)
    qtbot.waitUntil(
        lambda: count_like(canvas.grab().toImage(), desk.theme.window_band, 120) > plain + 100
    )


# ---------------------------------------------------------------------- appearance and actions


def test_every_action_is_unique_explained_and_can_be_done(shown: Show, qtbot: QtBot) -> None:
    view = shown()
    specs = view.actions()
    keys = [k for s in specs for k in s.shortcut.split("; ") if k]
    assert len(set(keys)) == len(keys)
    assert len({s.name for s in specs}) == len(specs)
    for spec in specs:
        assert spec.scope == "sweeps"
        assert spec.tip
        view.model.select_row(5)
        assert not spec.blocked(), spec.name
        spec.run()
    settle(view, qtbot)


def test_dark_is_dark(shown: Show, desk: Desk, qtbot: QtBot) -> None:
    view = shown()
    desk.appearance.use(DARK)
    settle(view, qtbot)
    image = canvas_of(view, MENTALIS).grab().toImage()
    assert count_like(image, DARK.surface, 30) > image.width() * image.height() / 3
    assert count_like(image, DARK.muscle(canvas_of(view, MENTALIS).panel.finding.muscle), 150) > 100


def test_a_real_recording_is_shown(opened: Any, qtbot: QtBot, monkeypatch: Any) -> None:
    monkeypatch.undo()
    desk = opened("hfs_left_preop")
    desk.session.set_view("sweeps")
    view = SweepsView(desk)
    qtbot.addWidget(view)
    view.resize(1000, 700)
    view.show()
    settle(view, qtbot)
    assert [c.chip.text for c in view.board.cards] == [
        "AMR present 17/20",
        "AMR present 20/20",
        "M 1.6 mV",
    ]
    row = rows_with(view, 1, State.ABSENT)[0]
    desk.session.select(channel=1)
    view.model.select_row(row)
    Hands(view)("present")
    qtbot.waitUntil(lambda: view.board.cards[0].chip.text == "AMR present 18/20")


def test_made_sweeps_look_as_they_should() -> None:
    analysis = small_study()
    epochs = made_sweeps(analysis, ZYGOMATIC, [MENTALIS])
    present = analysis.responses.state[epochs.stimuli, MENTALIS] == State.PRESENT
    inside = (epochs.times_ms > 9) & (epochs.times_ms < 18)
    assert np.ptp(epochs.data_uv[present, 0][:, inside], axis=1).min() > 100
    assert np.ptp(epochs.data_uv[~present, 0][:, inside], axis=1).max() < 40
