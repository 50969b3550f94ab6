"""Changing a parameter of free-running EMG changes what it says it changes."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

import numpy as np
import pytest

from amr_viewer.analysis.bursts import find_bursts
from amr_viewer.analysis.pattern_decision import cards_of
from amr_viewer.analysis.patterns import describe_patterns, findings_of
from amr_viewer.core.bursts import BURST_ARRAYS, Bursts
from amr_viewer.core.parameters import BurstParameters, Parameters
from amr_viewer.core.patterns import PatternFinding
from tests.analysis.free_changes import FREE_CHANGES, rich
from tests.analysis.free_scenes import FreeScene, stimuli_at

OF_BURSTS = set(BurstParameters.model_fields)
STIMULI = stimuli_at(8.02, 42.05, 60.0, 100.0)


@cache
def usual(scene: FreeScene) -> Bursts:
    """Return the bursts of a scene under the default parameters."""
    return find_bursts(scene.recording(), stimuli_at(), Parameters())


def told(scene: FreeScene, parameters: Parameters) -> list[object]:
    """Return what every rule says of a scene, and the numbers it says it by."""
    face = describe_patterns(usual(scene), scene.recording(), parameters)
    cards = cards_of(face, parameters.patterns, "no_stimuli")
    out: list[object] = [(c.side, c.failed, c.evidence) for c in cards]
    for finding in findings_of(face, "no_stimuli", parameters):
        out += [repr(getattr(finding, f.name)) for f in fields(PatternFinding)]
    return out


@cache
def told_by_default(scene: FreeScene) -> list[object]:
    """Return what is said of a scene under the default parameters."""
    return told(scene, Parameters())


@pytest.mark.parametrize("name", [n for n in FREE_CHANGES if n in OF_BURSTS])
def test_a_parameter_of_bursts_tells(name: str) -> None:
    value, scene = FREE_CHANGES[name]
    recording = scene().recording()
    found = [
        find_bursts(recording, STIMULI, p)
        for p in (Parameters(), Parameters().replaced({f"bursts.{name}": str(value)}))
    ]
    same = [
        np.array_equal(getattr(found[0], n), getattr(found[1], n), equal_nan=True)
        for n in BURST_ARRAYS
    ]
    assert not all(same)


@pytest.mark.parametrize("name", [n for n in FREE_CHANGES if n not in OF_BURSTS])
def test_a_parameter_of_patterns_tells(name: str) -> None:
    value, scene = FREE_CHANGES[name]
    changed = Parameters().replaced({f"patterns.{name}": str(value)})
    assert told_by_default(scene()) != told(scene(), changed)


def test_levels_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="off_sigma 6 is more than on_sigma 5"):
        BurstParameters(off_sigma=6.0)
    assert rich().duration_s > 2.0 * BurstParameters().block_s
