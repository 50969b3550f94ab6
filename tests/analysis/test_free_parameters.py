"""Changing a parameter of free-running EMG changes what it says it changes."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

import numpy as np
import pytest

from amr_viewer.analysis import pattern_rules as rules
from amr_viewer.analysis.bursts import find_bursts
from amr_viewer.analysis.patterns import classify_patterns, describe_patterns
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
    bursts, recording = usual(scene), scene.recording()
    face = describe_patterns(bursts, recording, parameters)
    p = parameters.patterns
    main = max(face.sides.values(), key=lambda f: f.n)
    candidates = [
        *(rules.synkinesis(face, side, p) for side in face.sides),
        rules.cued(face, p),
        rules.spasm(face, main, p, "no_stimuli"),
        *(
            rule(face, main, p)
            for rule in (
                rules.fasciculation, rules.blepharospasm, rules.cortical, rules.myokymia,
                rules.neuromyotonia, rules.voluntary,
            )
        ),
    ]  # fmt: skip
    out: list[object] = [(c.side, c.evidence) for c in candidates]
    for finding in classify_patterns(bursts, recording, "no_stimuli", parameters):
        out += [repr(getattr(finding, f.name)) for f in fields(PatternFinding)]
    return out


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
    assert told(scene(), Parameters()) != told(scene(), changed)


def test_levels_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="off_sigma 6 is more than on_sigma 5"):
        BurstParameters(off_sigma=6.0)
    assert rich().duration_s > 2.0 * BurstParameters().block_s
