"""Pixels of a trace: nothing is lost, edges are smooth, gaps stay open."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from amr_viewer.gui.traces.raster import (
    PARTS,
    Brush,
    Columns,
    joined,
    line_columns,
    runs,
    thickened,
)

RED, BLUE, BLACK, WHITE = 0xFFFF0000, 0xFF0000FF, 0xFF000000, 0xFFFFFFFF


def painted(
    *traces: tuple[list[float], list[float]],
    height: int,
    palette: tuple[int, ...] = (WHITE,),
    tint: list[int] | None = None,
    ground: int = BLACK,
    reach: tuple[int, int] | None = None,
) -> NDArray[np.uint32]:
    """Paint traces (tops, bottoms) one over the other, each with the next color."""
    picture = np.full((height, len(traces[0][0])), ground, np.uint32)
    tints = None if tint is None else np.array(tint, np.uint8)
    brush = Brush(picture)
    for k, (top, bottom) in enumerate(traces):
        rows = np.array(top, np.float32), np.array(bottom, np.float32)
        colors = palette[k:] if tint is None else palette
        brush.paint(Columns(*rows, reach or (0, height), colors, tints))
    return picture


def alpha(top: list[float], bottom: list[float], height: int) -> NDArray[np.float64]:
    """How far each pixel is covered, from 0 to 1, shape (height, width): white on black."""
    picture = painted((top, bottom), height=height)
    green = (picture >> 8) & 255
    assert np.array_equal(picture, BLACK | green << 16 | green << 8 | green)
    return np.asarray(green / 255)


def test_a_full_pixel_has_the_color() -> None:
    picture = painted(([2.0], [4.0]), height=6, palette=(0xFF2060C0,))[:, 0]
    assert [hex(p) for p in picture.tolist()] == [
        *["0xff000000"] * 2,
        *["0xff2060c0"] * 2,
        *["0xff000000"] * 2,
    ]


def test_parts_of_pixels_are_partly_covered() -> None:
    column = alpha([1.4], [3.2], 5)[:, 0]
    assert column == pytest.approx([0.0, 0.6, 1.0, 0.2, 0.0], abs=1 / PARTS)
    within_one_pixel = alpha([1.25], [1.75], 3)[:, 0]
    assert within_one_pixel == pytest.approx([0.0, 0.5, 0.0], abs=1 / PARTS)


def test_an_edge_is_mixed_with_what_lies_under_it() -> None:
    picture = painted(([0.0], [1.5]), height=3, palette=(0xFF4080C0,), ground=0xFF80A0E0)
    assert picture[:, 0].tolist() == [0xFF4080C0, 0xFF6090D0, 0xFF80A0E0]


def test_a_later_trace_lies_over_the_former_ones() -> None:
    over = painted(([0.0], [4.0]), ([2.0], [3.5]), height=5, palette=(RED, BLUE))[:, 0]
    assert [hex(p) for p in over.tolist()] == [
        *["0xffff0000"] * 2,
        "0xff0000ff",
        "0xff7f007f",
        "0xff000000",
    ]


def test_bands_of_rows_join_without_a_seam() -> None:
    """Some columns are tall, most are short, a few reach far: all kinds of bands."""
    rng = np.random.default_rng(3)
    top, bottom = 200 - rng.integers(1, 60, 90), 260 + rng.integers(1, 60, 90)
    top[[7, 30]], bottom[[30, 55]] = [3, 90], [399, 350]
    top[80:], bottom[80:] = 100, 120
    rows = np.arange(400)[:, None]
    picture = alpha(top.tolist(), bottom.tolist(), 400)
    assert np.array_equal(picture == 1, (rows >= top) & (rows < bottom))
    assert set(np.unique(picture)) == {0.0, 1.0}


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
    lane = painted(([-50.0, 300.0], [-40.0, 310.0]), height=20, reach=(5, 9)) == WHITE
    assert np.argwhere(lane).tolist() == [[5, 0], [8, 1]]


def test_columns_of_another_color() -> None:
    top, bottom = [0.0, 0.0, 0.5], [1.0, 1.0, 2.0]
    picture = painted((top, bottom), height=2, palette=(RED, BLUE), tint=[0, 1, 1])
    assert [hex(p) for p in picture[0].tolist()] == ["0xffff0000", "0xff0000ff", "0xff00007f"]
    assert [hex(p) for p in picture[1].tolist()] == ["0xff000000", "0xff000000", "0xff0000ff"]


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
