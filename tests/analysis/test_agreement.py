"""Agreement with a reference: published and hand-computed numbers, extremes, patients."""

from __future__ import annotations

from math import inf, isnan, nan, sqrt

import numpy as np
import pytest
from scipy import stats

from amr_viewer.analysis.agreement import (
    accuracy,
    confusion,
    effective_size,
    kappa,
    label_statistics,
    likelihood_ratio,
    macro_f1,
    proportion,
)
from amr_viewer.analysis.group_shift import group_values, shift
from amr_viewer.core.agreement import Method, Treatment


def flags(k: int, n: int) -> np.ndarray:
    """Return k hits among n."""
    return np.arange(n) < k


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        # Newcombe RG. Stat Med 1998;17:857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(k: int, n: int, low: float, high: float) -> None:
    p = proportion(flags(k, n))
    assert (p.k, p.n, p.method) == (k, n, Method.WILSON)
    assert (round(p.low, 4), round(p.high, 4)) == (low, high)


@pytest.mark.parametrize(("k", "n"), [(0, 7), (3, 7), (7, 7), (30, 85)])
def test_wilson_as_scipy(k: int, n: int) -> None:
    expected = stats.binomtest(k, n).proportion_ci(method="wilson")
    p = proportion(flags(k, n))
    assert (p.low, p.high) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_nothing_of_nothing() -> None:
    p = proportion(flags(0, 0))
    assert isnan(p.value)
    assert isnan(p.low)
    assert p.method is Method.NONE


def test_different_patients_change_nothing() -> None:
    assert proportion(flags(9, 10), np.arange(10)) == proportion(flags(9, 10))


def test_recordings_that_repeat_their_patient_count_once() -> None:
    hits = np.repeat(flags(6, 10), 4)
    patients = np.repeat(np.arange(10), 4)
    p = proportion(hits, patients)
    # Fully alike within a patient: design effect 4 * 10 / 9, so 40 recordings are worth 9.
    assert effective_size(hits, patients) == 9
    assert (p.k, p.n, p.n_patients, p.method) == (24, 40, 10, Method.WILSON_CLUSTERED)
    alone = stats.binomtest(24, 40).proportion_ci(method="wilson")
    assert p.low < alone.low
    assert p.high > alone.high


def test_where_all_agree_patients_are_counted() -> None:
    patients = np.repeat(np.arange(5), 4)
    p = proportion(flags(20, 20), patients)
    assert p.low == pytest.approx(stats.binomtest(5, 5).proportion_ci(method="wilson").low, 1e-5)


def test_a_negative_resemblance_is_not_rewarded() -> None:
    hits = np.tile([True, False], 10)
    assert effective_size(hits, np.repeat(np.arange(10), 2)) == 20


def test_coverage_of_the_interval_by_patient() -> None:
    rng = np.random.default_rng(1)
    patients = np.repeat(np.arange(30), 5)
    inside = alone = 0
    for _ in range(400):
        rate = rng.beta(1.4, 0.6, 30)
        hits = rng.random(150) < np.repeat(rate, 5)
        wide, narrow = proportion(hits, patients), proportion(hits)
        inside += wide.low <= 0.7 <= wide.high
        alone += narrow.low <= 0.7 <= narrow.high
    assert inside / 400 >= 0.92
    assert alone / 400 < 0.85


def two_by_two(tp: int, fp: int, fn: int, tn: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a test and the disease."""
    test = np.repeat([True, True, False, False], [tp, fp, fn, tn])
    disease = np.repeat([True, False, True, False], [tp, fp, fn, tn])
    return test, disease


def test_two_by_two_by_hand() -> None:
    # Altman DG, Bland JM. BMJ 1994;308:1552: liver scan, 231 + 32 / 27 + 54.
    a = accuracy(*two_by_two(231, 32, 27, 54), Treatment.EXCLUDED)
    s = {x.name: x for x in a.statistics}
    assert (a.tp, a.fp, a.fn, a.tn) == (231, 32, 27, 54)
    assert round(s["sensitivity"].value, 2) == 0.90
    assert round(s["specificity"].value, 2) == 0.63
    assert round(s["ppv"].value, 2) == 0.88
    assert round(s["npv"].value, 2) == 0.67
    assert (s["ppv"].k, s["ppv"].n) == (231, 263)
    assert s["lr_positive"].value == pytest.approx((231 / 258) / (32 / 86))
    assert s["lr_negative"].value == pytest.approx((27 / 258) / (54 / 86))


def test_likelihood_ratio_interval_by_hand() -> None:
    s = likelihood_ratio("lr_positive", (9, 10), (2, 10), (10, 10))
    half = 1.959964 * sqrt(1 / 9 - 1 / 10 + 1 / 2 - 1 / 10)
    assert (s.low, s.high) == pytest.approx((4.5 * np.exp(-half), 4.5 * np.exp(half)))


@pytest.mark.parametrize(
    ("with_disease", "without", "value"),
    [((10, 10), (0, 10), inf), ((0, 10), (5, 10), 0.0), ((10, 10), (10, 10), 1.0)],
)
def test_likelihood_ratio_with_empty_cells(
    with_disease: tuple[int, int], without: tuple[int, int], value: float
) -> None:
    s = likelihood_ratio("x", with_disease, without, (10, 10))
    assert s.value == value
    assert s.low <= value <= s.high
    assert s.low < s.high


@pytest.mark.parametrize(
    ("with_disease", "without"), [((0, 0), (1, 3)), ((1, 3), (0, 0)), ((0, 4), (0, 4))]
)
def test_no_likelihood_ratio(with_disease: tuple[int, int], without: tuple[int, int]) -> None:
    sizes = (with_disease[1], without[1])
    s = likelihood_ratio("x", with_disease, without, sizes)
    assert isnan(s.value)
    assert s.method is Method.NONE


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (5, 0, 0, 0), (0, 0, 0, 5), (0, 5, 5, 0)])
def test_extremes_give_no_wrong_number(counts: tuple[int, int, int, int]) -> None:
    for s in accuracy(*two_by_two(*counts), Treatment.EXCLUDED).statistics:
        if s.method is Method.NONE:
            assert isnan(s.value)
        else:
            assert s.low <= s.value <= s.high


def test_patients_widen_likelihood_ratios() -> None:
    test, disease = two_by_two(16, 4, 4, 16)
    alone = accuracy(test, disease, Treatment.EXCLUDED)
    patients = np.repeat(np.arange(10), 4)
    wide = accuracy(test, disease, Treatment.EXCLUDED, patients)
    assert wide.statistics[4].value == alone.statistics[4].value
    assert wide.statistics[4].low < alone.statistics[4].low
    assert wide.statistics[4].method is Method.LOG_CLUSTERED


def test_kappa_and_f1_by_hand() -> None:
    # Cohen 1960, table 2: agreement 0.70 where 0.41 is chance, kappa 0.492.
    matrix = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert np.trace(matrix) / matrix.sum() == pytest.approx(0.70)
    assert round(kappa(matrix), 3) == 0.492
    matrix = np.array([[8, 2, 0], [1, 9, 0], [0, 0, 0]])
    # The third label is in neither: F1 16/19 and 18/21 are averaged.
    assert macro_f1(matrix) == pytest.approx((16 / 19 + 18 / 21) / 2)


def test_a_label_that_only_the_program_uses_lowers_f1() -> None:
    matrix = np.array([[8, 0, 2], [0, 10, 0], [0, 0, 0]])
    assert macro_f1(matrix) == pytest.approx((16 / 18 + 1.0) / 2)


def test_kappa_of_one_label_is_unknown() -> None:
    assert isnan(kappa(np.array([[7]])))
    assert isnan(kappa(np.zeros((2, 2), dtype=int)))


def test_label_statistics_are_seeded_and_bracket_the_value() -> None:
    reference = np.repeat([0, 1, 2], 10)
    found = reference.copy()
    found[[0, 11, 12, 25]] = [1, 0, 2, 0]
    once, twice = (label_statistics(reference, found, 3) for _ in range(2))
    assert once == twice
    for s in once:
        assert s.low < s.value < s.high
    assert confusion(reference, found, 3).sum() == 30
    clustered = label_statistics(reference, found, 3, np.repeat(np.arange(6), 5))
    assert clustered[1].method is Method.BOOTSTRAP_CLUSTERED


def test_perfect_agreement_has_no_bootstrap_interval() -> None:
    labels = np.repeat([0, 1], 5)
    agreement, *others = label_statistics(labels, labels, 2)
    assert agreement.low < 1.0
    for s in others:
        assert s.value == 1.0
        assert isnan(s.low)
        assert s.method is Method.NONE


X = np.array([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46])
Y = np.array([1.15, 0.88, 0.90, 0.74, 1.21])


def test_shift_as_published() -> None:
    # Hollander and Wolfe 1999, examples 4.3 and 4.4 (permeability of the chorioamnion).
    d = shift(group_values("term", X), group_values("early", Y))
    assert round(d.value, 3) == -0.305
    assert (round(d.low, 2), round(d.high, 2)) == (-0.76, 0.15)
    assert d.method is Method.MOSES_EXACT


@pytest.mark.parametrize("sizes", [(4, 4), (5, 9), (12, 12), (20, 31)])
def test_shift_and_rank_test_agree(sizes: tuple[int, int]) -> None:
    rng = np.random.default_rng(sum(sizes))
    a, b = rng.normal(size=sizes[0]), rng.normal(0.7, size=sizes[1])
    d = shift(group_values("a", a), group_values("b", b))
    for end, step in ((d.low, 1e-9), (d.high, -1e-9)):
        inside = stats.mannwhitneyu(b - end - step, a, method="exact").pvalue
        outside = stats.mannwhitneyu(b - end + step, a, method="exact").pvalue
        assert inside > 0.05 - 1e-12
        assert outside <= 0.05 + 1e-12


def test_large_groups_use_the_normal_approximation() -> None:
    rng = np.random.default_rng(3)
    a, b = group_values("a", rng.normal(size=51)), group_values("b", rng.normal(1, 1, 60))
    d = shift(a, b)
    assert d.method is Method.MOSES_NORMAL
    assert d.low < d.value < d.high


def test_few_values() -> None:
    few, three = group_values("a", X[:2]), group_values("b", Y[:3])
    assert isnan(few.median)
    assert shift(few, three).refused == "few"
    d = shift(group_values("a", X[:3]), three)
    assert (d.refused, d.method) == ("", Method.NONE)
    assert np.isfinite(d.value)
    assert isnan(d.low)
    assert group_values("n", np.array([nan, 1.0])).values == (1.0,)
