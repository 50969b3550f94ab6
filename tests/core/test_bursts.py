"""Bursts keep their shape, their order and their honesty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from amr_viewer.core.bursts import BurstChannel, Electrode, SetAside, no_bursts
from amr_viewer.core.pattern_tables import BURST_COLUMNS, PATTERN_COLUMNS, burst_rows, pattern_row
from amr_viewer.core.patterns import Conclusion, PatternFinding
from tests.analysis.free_scenes import OO, FreeScene, L, bursts_of, clonic, patterns_of


def test_arrays_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"start_s has shape \(2,\), expected \(0,\)"):
        replace(no_bursts(), start_s=np.zeros(2))


def test_shapes_that_are_left_out_are_not_measurable() -> None:
    scene = FreeScene(((L, OO),), 30.0)
    scene.burst((L, OO), 10.0, 0.5)
    found = bursts_of(scene)
    bare = replace(found, slope_per_s=np.empty(0))
    assert np.isfinite(found.slope_per_s).all()
    assert np.isnan(bare.slope_per_s).tolist() == [True] * len(found)
    with pytest.raises(ValueError, match="read-only"):
        bare.start_s[0] = 1.0


def test_levels_are_those_of_the_block() -> None:
    two = np.array([1.0, 2.0])
    channel = BurstChannel(
        3, "x", None, None, Electrode.SURFACE, block_start_s=np.array([0.0, 60.0]),
        baseline_uv=two, on_uv=5.0 * two, off_uv=2.5 * two,
    )  # fmt: skip
    assert channel.levels_at(59.0) == (5.0, 2.5)
    assert channel.levels_at(61.0) == (10.0, 5.0)
    assert channel.name == "x"


def test_rows_hold_the_columns_of_the_tables() -> None:
    scene = FreeScene(((L, OO),), 40.0)
    scene.burst((L, OO), 5.0, 0.1)
    scene.burst((L, OO), 20.01, 0.1)
    bursts = bursts_of(scene, 20.0)
    (row,) = burst_rows(bursts)
    (aside,) = burst_rows(bursts, counted=False)
    assert tuple(row) == tuple(aside) == BURST_COLUMNS
    assert row["kind"] == aside["kind"] == "clonic"
    assert row["set_aside"] == ""
    assert aside["set_aside"] == "follows a stimulus"
    assert np.isnan(aside["salvo"])
    assert row["rate_reliable"] == ""


def test_a_pattern_is_one_row_per_side_and_one_for_both() -> None:
    rows = [pattern_row(p) for p in patterns_of(clonic())]
    assert [row["side"] for row in rows] == ["both", "left", "right"]
    assert all(set(row) == set(PATTERN_COLUMNS) for row in rows)
    assert rows[0]["conclusion"] == "hfs_clonic"
    assert rows[0]["lateralization_low"] <= rows[0]["lateralization"]


def test_a_finding_without_numbers_holds_none() -> None:
    row = pattern_row(PatternFinding(None, Conclusion.INSUFFICIENT))
    assert row["confidence"] == ""
    assert np.isnan(row["synchrony_index"])
    assert SetAside.NONE == 0
