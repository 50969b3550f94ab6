"""The side of a stimulus whose marker names only the branch."""

from __future__ import annotations

from dataclasses import replace

from amr_viewer.analysis.sides import settle_sides
from amr_viewer.analysis.stimuli import find_stimuli
from amr_viewer.core.anatomy import Side
from amr_viewer.core.recording import Recording
from amr_viewer.core.stimuli import Stimuli
from tests.analysis.builders import DEFAULT, simulation


def settled(recording: Recording) -> Stimuli:
    """Forget the sides of the markers and settle them."""
    marks = tuple(
        replace(m, stimulus=replace(m.stimulus, side=None)) if m.stimulus else m
        for m in recording.marks
    )
    recording = replace(recording, marks=marks)
    return settle_sides(recording, find_stimuli(recording), DEFAULT)


def test_the_side_that_answers_is_taken() -> None:
    stimuli = settled(simulation("none").recording)
    assert set(stimuli.side) == {Side.LEFT}
    assert any("the side whose direct muscle answers" in w for w in stimuli.warnings)


def test_the_only_side_recorded_is_taken() -> None:
    recording = simulation("none").recording
    channels = tuple(
        replace(c, side=None) if c.side is Side.RIGHT else c for c in recording.channels
    )
    stimuli = settled(replace(recording, channels=channels))
    assert set(stimuli.side) == {Side.LEFT}
    assert any("the only side recorded" in w for w in stimuli.warnings)


def test_where_neither_answers_the_side_stays_unknown() -> None:
    stimuli = settled(simulation("none", m_uv=0.0).recording)
    assert set(stimuli.side) == {None}
    assert any("neither answers clearly" in w for w in stimuli.warnings)


def test_without_sides_it_stays_unknown() -> None:
    recording = simulation("none").recording
    channels = tuple(replace(c, side=None) for c in recording.channels)
    stimuli = settled(replace(recording, channels=channels))
    assert set(stimuli.side) == {None}
    assert any("no channel names a side either" in w for w in stimuli.warnings)


def test_stated_sides_are_not_touched() -> None:
    recording = simulation("none").recording
    found = find_stimuli(recording)
    assert settle_sides(recording, found, DEFAULT).side == found.side
    assert not any("side of" in w for w in settle_sides(recording, found, DEFAULT).warnings)
