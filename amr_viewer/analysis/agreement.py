"""Agreement of results with a reference: proportions, tables of two by two, labels; by patient.

Recordings of one patient resemble each other. Where `patients` repeat, proportions rest on an
effective number of recordings: their number divided by the design effect of Rao and Scott, which is
at least 1. Where all agree it cannot be estimated; the number of patients then takes its place.

References
----------
.. [1] Wilson EB. J Am Stat Assoc 1927;22:209-212.
.. [2] Rao JNK, Scott AJ. Biometrics 1992;48:577-585.
.. [3] Simel DL, Samsa GP, Matchar DB. J Clin Epidemiol 1991;44:763-770.
.. [4] Cohen J. Educ Psychol Meas 1960;20:37-46.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, inf, isfinite, log, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.intervals import wilson
from amr_viewer.core.agreement import Accuracy, Method, Proportion, Statistic, Treatment

Z95 = 1.959964
RESAMPLES = 2000
Flags = NDArray[np.bool_]
Codes = NDArray[np.intp]


def proportion(hits: Flags, patients: Codes | None = None) -> Proportion:
    """Return how many hits there are, with Wilson's interval, by patient where these repeat.

    Parameters
    ----------
    hits : ndarray of bool, shape (n,)
    patients : ndarray of int, shape (n,), optional
        Whose each is; all different if not given.

    Examples
    --------
    >>> p = proportion(np.arange(20) < 18)
    >>> p.k, p.n, round(p.low, 3), round(p.high, 3)
    (18, 20, 0.699, 0.972)
    """
    k, n = int(hits.sum()), len(hits)
    if not n:
        return Proportion(0, 0)
    n_patients = n if patients is None else len(np.unique(patients))
    part, size = k / n, effective_size(hits, patients)
    method = Method.WILSON if n_patients == n else Method.WILSON_CLUSTERED
    low, high = wilson(part * size, size)
    # Rounding must not leave the proportion outside of its interval.
    ends = 0.0 if k == 0 else low, 1.0 if k == n else high
    return Proportion(k, n, *ends, method, n_patients)


def effective_size(hits: Flags, patients: Codes | None) -> int:
    """Return how many independent recordings these are worth: all, or fewer where patients repeat.

    At least 1 where there are any.
    """
    n = len(hits)
    if patients is None or not n:
        return n
    _, codes = np.unique(patients, return_inverse=True)
    n_patients = int(codes.max()) + 1
    if n_patients == n:
        return n
    part = float(hits.mean())
    if part in {0.0, 1.0} or n_patients < 2:
        return n_patients
    residual = np.bincount(codes, hits - part)
    variance = n_patients / (n_patients - 1) * float(residual @ residual) / n**2
    design = max(1.0, variance / (part * (1.0 - part) / n))
    return max(1, int(n / design + 1e-9))


def accuracy(
    test: Flags, disease: Flags, treatment: Treatment, patients: Codes | None = None
) -> Accuracy:
    """Return the table of two by two of a test against a reference, and what follows from it.

    Parameters
    ----------
    test, disease : ndarray of bool, shape (n,)
    treatment : Treatment
        How `test` was made.
    patients : ndarray of int, shape (n,), optional
    """

    def share(name: str, hits: Flags, among: Flags) -> Statistic:
        p = proportion(hits[among], None if patients is None else patients[among])
        return Statistic(name, p.value, p.low, p.high, p.method, p.k, p.n)

    tp, fp = int((test & disease).sum()), int((test & ~disease).sum())
    fn, tn = int((~test & disease).sum()), int((~test & ~disease).sum())
    sizes = tuple(
        effective_size(test[d], None if patients is None else patients[d])
        for d in (disease, ~disease)
    )
    is_clustered = patients is not None and len(np.unique(patients)) < len(patients)
    method = Method.LOG_CLUSTERED if is_clustered else Method.LOG
    statistics = (
        share("sensitivity", test, disease),
        share("specificity", ~test, ~disease),
        share("ppv", disease, test),
        share("npv", ~disease, ~test),
        likelihood_ratio("lr_positive", (tp, tp + fn), (fp, fp + tn), sizes, method),
        likelihood_ratio("lr_negative", (fn, tp + fn), (tn, fp + tn), sizes, method),
    )
    return Accuracy(treatment, tp, fp, fn, tn, statistics)


def likelihood_ratio(
    name: str,
    with_disease: tuple[int, int],
    without: tuple[int, int],
    sizes: tuple[int, ...],
    method: Method = Method.LOG,
) -> Statistic:
    """Return a ratio of two proportions with the interval of its logarithm [3]_.

    Where a cell is 0, half a recording is added to each cell for the interval; a ratio that is 0 or
    infinite keeps that as its end.

    Parameters
    ----------
    name : str
    with_disease, without : tuple of (int, int)
        Hits and recordings.
    sizes : tuple of int
        Effective number of recordings with and without.
    method : Method
        What the interval is called.

    Examples
    --------
    >>> s = likelihood_ratio("lr_positive", (9, 10), (2, 10), (10, 10))
    >>> round(s.value, 2), round(s.low, 2), round(s.high, 2)
    (4.5, 1.28, 15.81)
    """
    (k1, n1), (k0, n0) = with_disease, without
    if not (n1 and n0) or k1 == k0 == 0:
        return Statistic(name, nan)
    value = inf if k0 == 0 else (k1 / n1) / (k0 / n0)
    add = 0.5 if 0 in (k1, n1 - k1, k0, n0 - k0) else 0.0
    a, b = k1 * sizes[0] / n1 + add, k0 * sizes[1] / n0 + add
    m1, m0 = sizes[0] + 2 * add, sizes[1] + 2 * add
    middle = log((a / m1) / (b / m0))
    half = Z95 * sqrt(1 / a - 1 / m1 + 1 / b - 1 / m0)
    low = 0.0 if k1 == 0 else exp(middle - half)
    high = inf if k0 == 0 else exp(middle + half)
    return Statistic(name, value, min(low, value), max(high, value), method)


def label_statistics(
    reference: Codes, found: Codes, n_labels: int, patients: Codes | None = None
) -> tuple[Statistic, ...]:
    """Return agreement, kappa and macro F1 of labels, with intervals.

    F1 is averaged over the labels that the reference holds. Kappa and F1 are resampled by patient;
    where every resample gives one and the same number, no interval is stated.

    Parameters
    ----------
    reference, found : ndarray of int, shape (n,)
        Codes below `n_labels`.
    n_labels : int
    patients : ndarray of int, shape (n,), optional
    """
    p = proportion(reference == found, patients)
    whose = np.arange(len(found)) if patients is None else patients
    cells = reference * n_labels + found
    resampled = _resampled_matrices(cells, whose, n_labels)
    is_clustered = len(np.unique(whose)) < len(whose)
    method = Method.BOOTSTRAP_CLUSTERED if is_clustered else Method.BOOTSTRAP
    out = [Statistic("agreement", p.value, p.low, p.high, p.method, p.k, p.n)]
    matrix = confusion(reference, found, n_labels)
    statistics: Sequence[tuple[str, Callable[[NDArray[np.intp]], float]]] = (
        ("kappa", kappa),
        ("macro_f1", macro_f1),
    )
    for name, statistic in statistics:
        draws = np.array([statistic(m) for m in resampled])
        draws = draws[np.isfinite(draws)]
        low = high = nan
        if len(draws) and np.ptp(draws) > 0:
            low, high = np.quantile(draws, [0.025, 0.975])
        how = method if isfinite(low) else Method.NONE
        out.append(Statistic(name, statistic(matrix), float(low), float(high), how))
    return tuple(out)


def confusion(reference: Codes, found: Codes, n_labels: int) -> NDArray[np.intp]:
    """Return how often each pair occurs, shape (n_labels, n_labels); rows: reference."""
    cells = reference * n_labels + found
    return np.bincount(cells, minlength=n_labels**2).reshape(n_labels, n_labels)


def _resampled_matrices(cells: Codes, patients: Codes, n_labels: int) -> NDArray[np.intp]:
    """Draw patients with replacement; the seed is fixed, so that a report stays the same."""
    _, codes = np.unique(patients, return_inverse=True)
    n_patients = int(codes.max(initial=-1)) + 1
    counts = np.zeros((n_patients, n_labels**2), dtype=np.intp)
    np.add.at(counts, (codes, cells), 1)
    rng = np.random.default_rng(0)
    times = rng.multinomial(n_patients, [1 / n_patients] * n_patients, RESAMPLES)
    return (times @ counts).reshape(RESAMPLES, n_labels, n_labels)


def kappa(matrix: NDArray[np.intp]) -> float:
    """Return Cohen's kappa [4]_; NaN where chance alone agrees always.

    Examples
    --------
    >>> round(kappa(np.array([[20, 5], [10, 15]])), 3)
    0.4
    """
    n = matrix.sum()
    if not n:
        return nan
    observed = np.trace(matrix) / n
    expected = float(matrix.sum(axis=0) @ matrix.sum(axis=1)) / n**2
    return nan if expected >= 1.0 else float((observed - expected) / (1.0 - expected))


def macro_f1(matrix: NDArray[np.intp]) -> float:
    """Return the mean F1 over the labels that the reference holds; NaN where it is empty."""
    held = matrix.sum(axis=1) > 0
    if not held.any():
        return nan
    both = matrix.sum(axis=0) + matrix.sum(axis=1)
    return float(np.mean(2.0 * np.diag(matrix)[held] / both[held]))
