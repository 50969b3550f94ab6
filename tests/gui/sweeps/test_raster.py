"""Pictures of sweeps: nothing that was recorded may be lost between samples and pixels."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from amr_viewer.gui.sweeps.raster import (
    Columns,
    Density,
    Lines,
    extreme_rows,
    layered,
    line_density,
    opacity,
)

TIMES = np.arange(0.0, 50.0, 0.05)
STEP_UV = 0.01


def ignore() -> None:
    """Nobody cancels."""


def counts_of(values_uv: NDArray[np.float64]) -> NDArray[np.int16]:
    return np.rint(values_uv / STEP_UV).astype(np.int16)


def density_of(
    values_uv: NDArray[np.float64], width: int = 100, height: int = 200, **more: int
) -> Density:
    columns = Columns(TIMES, 0.0, 50.0, width)
    rows = np.arange(len(values_uv))
    lines = Lines(height, height / 2, 1.0, thickness=1.0, **more)
    return line_density(counts_of(values_uv), STEP_UV, rows, columns, lines, ignore)


def test_a_peak_of_one_sample_reaches_its_pixel_whatever_the_width() -> None:
    sweep = np.zeros((1, len(TIMES)))
    sweep[0, 437] = 80.0
    for width in (37, 100, 333, 2000):
        count = density_of(sweep, width).count
        column = int(TIMES[437] / 50.0 * width)
        assert count[175:181, column - 1 : column + 2].any(), width


def test_a_line_is_unbroken_from_column_to_column() -> None:
    sweep = 70 * np.sin(TIMES / 2)[None]
    for width in (60, 400):
        drawn = density_of(sweep, width).count > 0
        tops = drawn.argmax(axis=0)
        bottoms = drawn.shape[0] - 1 - drawn[::-1].argmax(axis=0)
        assert drawn.any(axis=0).all()
        assert (tops[1:] <= bottoms[:-1] + 1).all()
        assert (bottoms[1:] >= tops[:-1] - 1).all()


def test_sweeps_are_counted_where_they_lie() -> None:
    sweeps = np.zeros((700, len(TIMES)))
    sweeps[:300] += 40.0
    count = density_of(sweeps).count
    assert count[139:142].max() == 300
    assert count[99:102].max() == 400
    assert count.sum(axis=0).min() >= 700


def test_time_between_samples_is_joined_by_straight_lines() -> None:
    ramp = (TIMES * 10.0)[None]
    columns = Columns(TIMES, 1.0, 1.1, 20)
    low, high = columns.extremes(counts_of(ramp), STEP_UV)
    edges = 10.0 + np.arange(21) / 20
    assert low[0] == pytest.approx(edges[:-1], abs=0.02)
    assert high[0] == pytest.approx(edges[1:], abs=0.02)


def test_lost_samples_are_not_drawn() -> None:
    counts = counts_of(np.zeros((3, len(TIMES))))
    counts[1, 200:] = -32768
    columns = Columns(TIMES, 0.0, 50.0, 100)
    lines = Lines(50, 25.0, 1.0, thickness=1.0)
    density = line_density(counts, STEP_UV, np.arange(3), columns, lines, ignore)
    assert density.count[:, 5].max() == 3
    assert density.count[:, 90].max() == 2
    assert density.count[:, 90].sum() == 2 * density.count[:, 5].sum() / 3
    assert density.count.min() == 0


def test_traces_that_leave_the_picture_are_told_where() -> None:
    sweeps = np.zeros((2, len(TIMES)))
    sweeps[0, 300] = 150.0
    sweeps[1, 700] = -150.0
    density = density_of(sweeps)
    assert np.flatnonzero(density.below).tolist() == [29, 30]
    assert np.flatnonzero(density.above).tolist() == [69, 70]


def test_dotted_lines_have_gaps() -> None:
    drawn = density_of(np.zeros((1, len(TIMES))), dotted=5).count.any(axis=0)
    assert drawn[:10].tolist() == [True] * 5 + [False] * 5


def test_outside_the_recorded_time_nothing_is_drawn() -> None:
    columns = Columns(TIMES, -10.0, 60.0, 70)
    low, high = columns.extremes(counts_of(np.ones((1, len(TIMES)))), STEP_UV)
    assert np.isnan(low[0, :10]).all()
    assert np.isnan(high[0, 60:]).all()
    assert low[0, 11:59] == pytest.approx(1.0)


@pytest.mark.parametrize(("n", "height"), [(5, 100), (100, 100), (5000, 120)])
def test_the_waterfall_keeps_the_largest_value_of_every_pixel(n: int, height: int) -> None:
    rng = np.random.default_rng(1)
    sweeps = rng.normal(0, 2, (n, len(TIMES)))
    row, sample = n // 3, 421
    sweeps[row, sample] = -120.0
    columns = Columns(TIMES, 0.0, 50.0, 90)
    image = extreme_rows(counts_of(sweeps), STEP_UV, (0, n), columns, height, ignore)
    assert image.shape == (height, 90)
    lines, places = np.nonzero(np.abs(image + 120.0) < 0.1)
    assert set(places) == {int(TIMES[sample] / 50.0 * 90)}
    pixel = row * height / n
    assert lines.min() - 1 <= pixel <= lines.max() + 1


def test_rows_of_the_waterfall_stand_in_order() -> None:
    sweeps = np.repeat(np.arange(4.0)[:, None] * 10, len(TIMES), axis=1)
    columns = Columns(TIMES, 0.0, 50.0, 10)
    image = extreme_rows(counts_of(sweeps), STEP_UV, (1, 4), columns, 9, ignore)
    assert image[:, 5].tolist() == pytest.approx([10] * 3 + [20] * 3 + [30] * 3)


def test_more_lines_are_more_opaque_and_colors_lie_over_each_other() -> None:
    one, many = density_of(np.zeros((1, 1000))), density_of(np.zeros((50, 1000)))
    faint, strong = opacity(one, 0.1, 1).max(), opacity(many, 0.1, 1).max()
    assert faint == pytest.approx(0.1)
    assert strong == pytest.approx(1 - 0.9**50)
    full, half = np.ones((2, 2), np.float32), np.full((2, 2), 0.5, np.float32)
    pixels = layered([(full, (255, 0, 0)), (half, (0, 0, 255))])
    assert pixels[0, 0].tolist() == [128, 0, 128, 255]
