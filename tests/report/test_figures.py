"""Drawings: small, valid, true to the sweeps."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.responses import State
from amr_viewer.report.canvas import envelope, evenly, nice_above
from amr_viewer.report.facemap import MUSCLE_PLACES, TONES, StimulatedBranch, face_map
from amr_viewer.report.figures import Sweeps, stacked, superimposed
from amr_viewer.report.wording import EN

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def sweeps():
    rng = np.random.default_rng(3)
    times = np.arange(-5.0, 40.0, 0.05)
    data = rng.normal(0, 4, (200, len(times)))
    data[::2] += 90 * np.sin((times - 10) * 2.4) * ((times > 10) & (times < 15))
    state = np.where(np.arange(200) % 2 == 0, State.PRESENT, State.ABSENT).astype(np.int8)
    return Sweeps(
        times, data.astype(np.float32), state, np.arange(1, 201), "#cc79a7", (6.5, 20.0), 2.4,
        (("onset", "onset", 10.1), ("N", "N", 11.0), ("P", "P", 12.2), ("end", "end", 15.0)),
    )  # fmt: skip


def words(svg):
    return [t.text for t in ElementTree.fromstring(svg).iter(SVG + "text")]


def test_superimposed_sweeps_are_small_and_carry_values_and_scale(sweeps):
    svg = superimposed(sweeps, 85.0, 41.0, 60)
    assert len(svg) < 300_000
    assert {"onset 10.1", "N 11.0", "P 12.2", "end 15.0", "µV", "ms", "−150", "150"} <= set(
        words(svg)
    )
    assert svg == superimposed(sweeps, 85.0, 41.0, 60)


def test_negative_is_up(sweeps):
    labels = {
        t.text: float(t.get("y"))
        for t in ElementTree.fromstring(superimposed(sweeps, 85.0, 41.0, 5)).iter(SVG + "text")
    }
    assert labels["−150"] < labels["0"] < labels["150"]


def test_the_direct_muscle_is_drawn_in_millivolts(sweeps):
    direct = replace(
        sweeps, data_uv=sweeps.data_uv * 20, direct=True, markers=(), units=("мкВ", "мВ", "мс")
    )
    assert {"мВ", "мс"} <= set(words(superimposed(direct, 85.0, 41.0, 5)))


def test_sweeps_outside_the_recording_do_not_break_a_drawing(sweeps):
    data = sweeps.data_uv.copy()
    data[:3] = np.nan
    data[5, -200:] = np.nan
    rejected = replace(sweeps, data_uv=data)
    assert "onset 10.1" in words(superimposed(rejected, 54.6, 33.0, 30))
    nothing = replace(sweeps, state=np.full(200, State.REJECTED, np.int8), markers=())
    assert "µV" in words(superimposed(nothing, 54.6, 33.0, 30))


def test_stacked_sweeps_show_at_most_their_rows_and_the_events(sweeps):
    svg = stacked(sweeps, 43.5, 84.0, ((12, "A"), (150, "B")), 60)
    assert len(svg) < 300_000
    assert {"A", "B", "1", "200"} <= set(words(svg))


def test_evenly_keeps_the_ends():
    assert list(evenly(np.arange(9), 3)) == [0, 4, 8]
    assert list(evenly(np.arange(2), 3)) == [0, 1]


def test_an_envelope_hides_no_peak():
    values = np.zeros(1000, np.float32)
    values[777] = 5.0
    times, thin = envelope(np.arange(1000.0), values, 50)
    assert thin.max() == 5.0
    assert len(times) == len(thin) == 100
    assert abs(times[thin.argmax()] - 777) <= 20


@pytest.mark.parametrize(("value", "above"), [(37, 50), (0.9, 1), (2.0, 2), (100.1, 150)])
def test_axes_end_on_round_numbers(value, above):
    assert nice_above(value) == pytest.approx(above)


def test_the_patients_left_is_on_the_right_of_the_picture():
    svg = face_map(
        [StimulatedBranch(Branch.ZYGOMATIC, Side.LEFT, "ZYG", "8 mA")],
        {(Muscle.MENTALIS, Side.LEFT): "present", (Muscle.FRONTALIS, Side.RIGHT): "absent"},
        EN.headings,
    )
    root = ElementTree.fromstring(svg)
    discs = {c.get("stroke"): float(c.get("cx")) for c in root.iter(SVG + "circle")
             if c.get("r") == "9.5"}  # fmt: skip
    assert discs[TONES["present"]] > 190 > discs[TONES["absent"]]
    assert {"ZYG", "8 mA"} <= {t.text for t in root.iter(SVG + "tspan")}


def test_every_muscle_and_branch_has_a_place():
    muscles = {(m, s): t for m in Muscle for s, t in zip(Side, ("present", "unsure"), strict=True)}
    branches = [StimulatedBranch(b, s, b.value, "<8>") for b in Branch for s in Side]
    svg = face_map(branches, muscles, EN.headings)
    assert set(MUSCLE_PLACES) == set(Muscle)
    assert len(re.findall(r'r="9.5"', svg)) == 2 * len(Muscle)
    assert ElementTree.fromstring(svg).get("viewBox")
