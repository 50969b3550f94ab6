"""Measures of accuracy, on plain arrays; an empty input gives NaN, never 0."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]


def area_under_curve(positive: Values, negative: Values) -> float:
    """Return the chance that a positive scores above a negative; ties count half.

    Examples
    --------
    >>> area_under_curve(np.array([0.9, 0.5]), np.array([0.1, 0.5]))
    0.875
    """
    if not len(positive) or not len(negative):
        return float("nan")
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    up_to = np.searchsorted(ordered, positive, side="right")
    return float(np.mean(below + up_to) / (2.0 * len(ordered)))


def sensitivity_at(positive: Values, negative: Values, false_rate: float) -> float:
    """Return the part of positives above the lowest threshold that calls few enough negatives.

    A score is called where it lies above the threshold; at most `false_rate` of the negatives do.

    Examples
    --------
    >>> sensitivity_at(np.array([0.4, 0.8]), np.array([0.1, 0.2, 0.3, 0.5]), 0.25)
    1.0
    """
    if not len(positive) or not len(negative):
        return float("nan")
    falling = np.sort(negative)[::-1]
    allowed = int(np.floor(false_rate * len(falling) + 1e-9))
    if allowed >= len(falling):
        return 1.0
    return float(np.mean(positive > falling[allowed]))


def brier_score(probability: Values, truth: Mask) -> float:
    """Return the mean squared difference of a probability from what was true.

    Examples
    --------
    >>> brier_score(np.array([1.0, 0.5]), np.array([True, False]))
    0.125
    """
    return mean((probability - truth) ** 2)


def calibration_error(probability: Values, truth: Mask, n_bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width.

    References
    ----------
    .. [1] Naeini MP et al. Obtaining well calibrated probabilities using Bayesian binning. AAAI
       2015.

    Examples
    --------
    >>> calibration_error(np.array([0.75, 0.75]), np.array([True, False]))
    0.25
    """
    if not len(probability):
        return float("nan")
    place = np.minimum((np.asarray(probability) * n_bins).astype(np.intp), n_bins - 1)
    said = np.bincount(place, weights=probability, minlength=n_bins)
    was = np.bincount(place, weights=truth, minlength=n_bins)
    return float(np.abs(said - was).sum() / len(probability))


def mean(values: NDArray[Any]) -> float:
    """Return the mean, NaN of nothing."""
    return float(np.mean(values)) if len(values) else float("nan")


def median(values: Values) -> float:
    """Return the median, NaN of nothing."""
    return float(np.median(values)) if len(values) else float("nan")


def quantile(values: Values, part: float) -> float:
    """Return a quantile, NaN of nothing."""
    return float(np.quantile(values, part)) if len(values) else float("nan")
