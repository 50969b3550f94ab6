"""Blocks and the statistics of many at once agree with those of one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from amr_viewer.analysis import blocks
from amr_viewer.analysis.intervals import chance_of_at_least, clopper_pearson


def sizes(times: np.ndarray, size: int = 10, least: int = 5, pause_s: float = 30.0) -> list[int]:
    return np.diff(blocks.cut_blocks(times, size, least, pause_s)).tolist()


@pytest.mark.parametrize(
    ("n", "expected"),
    [(0, []), (1, [1]), (10, [10]), (15, [15]), (16, [8, 8]), (24, [12, 12]), (30, [10, 10, 10])],
)
def test_stimuli_without_pauses_are_divided_evenly(n: int, expected: list[int]) -> None:
    assert sizes(np.arange(float(n))) == expected


def test_a_pause_ends_a_block() -> None:
    times = np.concatenate([np.arange(15.0) + 120 * run for run in range(4)])
    assert sizes(times) == [15, 15, 15, 15]


def test_slow_stimulation_is_no_pause() -> None:
    assert sizes(np.arange(20.0) * 60.0) == [10, 10]


def test_single_stimuli_between_runs_are_joined() -> None:
    times = np.concatenate([np.arange(10.0), [100.0], np.arange(10.0) + 200, [300.0]])
    assert sizes(times) == [10, 12]


@given(
    st.lists(st.floats(0.3, 400.0), min_size=1, max_size=200),
    st.integers(4, 40),
    st.integers(2, 10),
)
def test_blocks_cover_all_stimuli_and_are_long_enough(
    gaps: list[float], size: int, least: int
) -> None:
    lengths = sizes(np.cumsum(gaps), size, least)
    assert sum(lengths) == len(gaps)
    if len(lengths) > 1:
        assert min(lengths) >= max(least, size / 2)


def test_medians_leave_out_what_is_missing() -> None:
    table = np.array([[3.0, np.nan, 1.0], [np.nan, np.nan, np.nan], [4.0, 1.0, 2.0]])
    np.testing.assert_array_equal(blocks.medians(table), [2.0, np.nan, 2.0])


def test_gathered_fills_short_blocks() -> None:
    table = blocks.gathered(np.array([1.0, 2.0, 3.0]), np.array([0, 2, 3]))
    np.testing.assert_array_equal(table, [[1.0, 2.0], [3.0, np.nan]])


def test_proportions_are_those_of_single_intervals() -> None:
    k, n = np.array([0, 3, 10, 0, 1]), np.array([10, 10, 10, 0, 1])
    low, high = blocks.proportion_interval(k, n)
    for i in range(len(k)):
        np.testing.assert_allclose((low[i], high[i]), clopper_pearson(int(k[i]), int(n[i])))


def test_chances_are_those_of_single_tests() -> None:
    k, n = np.array([0, 1, 3, 10]), np.array([10, 10, 10, 10])
    expected = [chance_of_at_least(int(a), int(b), 0.05) for a, b in zip(k, n, strict=True)]
    np.testing.assert_allclose(blocks.chances(k, n, 0.05), expected)


@pytest.mark.parametrize(("k", "n"), [(0, 10), (3, 10), (9, 15), (10, 10), (2, 7)])
def test_fall_is_fishers_exact_test(k: int, n: int) -> None:
    p = fisher_exact([[k, n - k], [13, 2]], alternative="less").pvalue
    assert blocks.fall(np.array([k]), np.array([n]), 13, 15)[0] == pytest.approx(p)


def test_resampling_is_seeded_and_a_row_depends_on_nothing_else() -> None:
    table = np.random.default_rng(1).normal(100, 10, (4, 12))
    table[2, 5:] = np.nan
    once = blocks.resampled_medians(table, 0)
    np.testing.assert_array_equal(once, blocks.resampled_medians(table, 0))
    np.testing.assert_array_equal(once[2:3], blocks.resampled_medians(table[2:3], 0))
    assert not np.array_equal(once, blocks.resampled_medians(table, 1))


def test_two_values_get_no_interval() -> None:
    low, high = blocks.middle_95(blocks.resampled_medians(np.array([[1.0, 2.0, np.nan]]), 0))
    assert np.isnan([low[0], high[0]]).all()


def test_neighbours_that_are_alike_widen_the_interval() -> None:
    rng = np.random.default_rng(3)
    steps = np.repeat(rng.normal(100, 10, (200, 9)), 3, axis=1)
    shuffled = rng.permuted(steps, axis=1)
    widths = []
    for table in (steps, shuffled):
        low, high = blocks.middle_95(blocks.resampled_medians(table, 0))
        widths.append(np.mean(high - low))
    assert widths[0] > 1.2 * widths[1]
