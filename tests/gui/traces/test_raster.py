"""Pixels of a trace: nothing is lost, edges are smooth, gaps stay open."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from amr_viewer.gui.traces.raster import (
    PARTS,
    joined,
    line_columns,
    painted,
    runs,
    shade,
    thickened,
)

RED, BLUE = 0xFFFF0000, 0xFF0000FF


def alpha(
    top: list[float], bottom: list[float], height: int, **more: object
) -> NDArray[np.float64]:
    """How opaque each pixel is, from 0 to 1, shape (height, width)."""
    strips = painted(
        np.array(top, np.float32),
        np.array(bottom, np.float32),
        (0, height),
        [shade(RED), shade(BLUE)],
        **more,  # type: ignore[arg-type]
    )
    picture = np.zeros((height, len(top)))
    for strip in strips:
        rows = slice(strip.first_row, strip.first_row + len(strip.pixels))
        assert not picture[rows].any()
        picture[rows] = (strip.pixels >> 24) / 255
    return picture


def test_a_full_pixel_is_opaque_and_has_the_color() -> None:
    (strip,) = painted(
        np.array([2.0], np.float32), np.array([4.0], np.float32), (0, 9), [shade(0xFF2060C0)]
    )
    assert (strip.first_row, strip.pixels.shape) == (2, (2, 1))
    pixel = int(strip.pixels[0, 0])
    assert pixel >> 24 == 255
    parts = [(pixel >> shift) & 255 for shift in (16, 8, 0)]
    assert parts == pytest.approx([0x20, 0x60, 0xC0], abs=PARTS / 2)


def test_parts_of_pixels_are_partly_opaque() -> None:
    column = alpha([1.4], [3.2], 5)[:, 0]
    assert column == pytest.approx([0.0, 0.6, 1.0, 0.2, 0.0], abs=0.5 / PARTS + 1e-6)


def test_columns_without_samples_stay_clear() -> None:
    picture = alpha([1.0, np.nan, 1.0], [3.0, np.nan, 3.0], 4)
    assert picture.sum(0).tolist() == [2.0, 0.0, 2.0]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 200, width=32), st.floats(1, 200, width=32)),
        min_size=1,
        max_size=40,
    )
)
def test_each_column_is_covered_as_far_as_it_reaches(columns: list[tuple[float, float]]) -> None:
    top = [a for a, _ in columns]
    bottom = [min(a + length, 200.0) for a, length in columns]
    covered = alpha(top, bottom, 200).sum(0)
    wanted = np.maximum(np.array(bottom, np.float32) - np.minimum(np.float32(199), top), 0)
    assert covered == pytest.approx(wanted, abs=1.5 / PARTS)


def test_what_leaves_its_reach_runs_along_the_edge() -> None:
    picture = alpha([-50.0, 300.0], [-40.0, 310.0], 20)
    assert picture[0].tolist() == [1.0, 0.0]
    assert picture[19].tolist() == [0.0, 1.0]


def test_columns_of_another_color() -> None:
    tint = np.array([0, 1], np.uint8)
    (strip,) = painted(
        np.array([0.0, 0.0], np.float32),
        np.array([1.0, 1.0], np.float32),
        (0, 1),
        [shade(RED), shade(BLUE)],
        tint,
    )
    assert [hex(int(p)) for p in strip.pixels[0]] == ["0xffff0000", "0xff0000ff"]


def test_columns_that_are_apart_are_joined_but_not_across_gaps() -> None:
    top = np.array([0, 10, 30, 5], np.float32)
    bottom = np.array([2, 20, 40, 6], np.float32)
    cut = np.array([False, False, False, True])
    a, b = joined(top, bottom, cut)
    assert a.tolist() == [0, 2, 20, 5]
    assert b.tolist() == [2, 20, 40, 6]
    a, b = joined(top[::-1], bottom[::-1], np.zeros(4, bool))
    assert a.tolist() == [5, 6, 10, 0]
    assert b.tolist() == [6, 40, 30, 10]


def test_a_line_fills_the_columns_that_it_passes() -> None:
    top, bottom = line_columns(np.array([0.5, 2.5]), np.array([0.0, 20.0]), 4)
    assert np.array_equal(top, [0.0, 5.0, 15.0, np.nan], equal_nan=True)
    assert np.array_equal(bottom, [5.0, 15.0, 20.0, np.nan], equal_nan=True)


def test_a_line_keeps_peaks_within_a_column_and_breaks_at_nan() -> None:
    x = np.array([0.0, 0.5, 1.0, 2.0, 3.5])
    y = np.array([0.0, 9.0, 0.0, np.nan, 4.0])
    top, bottom = line_columns(x, y, 4)
    assert (top[0], bottom[0]) == (0.0, 9.0)
    assert np.isnan(top[2])
    assert (top[3], bottom[3]) == (4.0, 4.0)


def test_steep_lines_are_thickened_more_than_flat_ones() -> None:
    top, bottom = np.array([5.0, 5.0], np.float32), np.array([5.0, 7.0], np.float32)
    a, b = thickened(top, bottom, 2.0, is_line=True)
    assert (b - a).tolist() == pytest.approx([2.0, 2.0 + 2 * 5**0.5])
    a, b = thickened(top, bottom, 2.0, is_line=False)
    assert (b - a).tolist() == [2.0, 4.0]


def test_runs() -> None:
    assert runs(np.zeros(3, bool)) == ()
    assert runs(np.array([True, True, False, True])) == ((0, 2), (3, 4))
