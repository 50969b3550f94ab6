"""Points are told with their findings; envelopes tell shared drive from effort and from copies."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.muscle_envelopes import cleaned, together
from amr_viewer.analysis.sampled_envelopes import HZ, Sampled
from amr_viewer.analysis.scorecard import Card, graded
from amr_viewer.core.patterns import Conclusion
from tests.analysis.free_scenes import L, clonic, patterns_of

NAN = float("nan")
N = 30_000


def fluctuating(seed: int) -> np.ndarray:
    """Return an envelope that rises and falls within a tenth of a second, at random."""
    rng = np.random.default_rng(seed)
    coarse = np.exp(rng.standard_normal(N // 25))
    return np.interp(np.arange(N), np.arange(N // 25) * 25, coarse).astype(np.float32)


def side_by_side(*envelopes: np.ndarray) -> Sampled:
    """Return envelopes of channels 0, 1, ..."""
    return Sampled(np.arange(N) / HZ, np.zeros(N, dtype=np.intp), dict(enumerate(envelopes)))


def test_points_go_from_refuting_to_supporting() -> None:
    assert [graded(v, 0.2, 0.8) for v in (0.0, 0.2, 0.5, 0.65, 2.0)] == [-1, -1, 0, 0.5, 1]
    assert [graded(v, 300.0, 100.0) for v in (400.0, 200.0, 50.0)] == [-1, 0, 1]
    assert np.isnan(graded(NAN, 0.0, 1.0))


def test_what_was_not_measured_weighs_nothing() -> None:
    card = Card(Conclusion.MYOKYMIA)
    card.weigh("rate", NAN, "discharges at 0 Hz")
    card.need("side", None, "one side recorded")
    assert (card.score, card.evidence, card.holds) == (0.0, [], True)
    card.weigh("regular", 2.5, "even")
    card.weigh("asynchronous", -1.0, "together")
    assert card.score == pytest.approx(1.5)
    assert [(e.weight, e.points) for e in card.evidence] == [(1, 2.5), (-1, -1.0)]


def test_envelopes_of_one_drive_go_together_with_their_lag() -> None:
    drive = fluctuating(1)
    mask = np.ones(N, dtype=np.bool_)
    late = together(side_by_side(drive, np.roll(drive, 3)), 0, 1, mask)
    assert late.r > 0.9
    assert late.lag_ms == pytest.approx(6.0)
    assert together(side_by_side(drive, fluctuating(2)), 0, 1, mask).r < 0.2
    assert together(side_by_side(drive, np.roll(drive, 25)), 0, 1, mask).r < 0.7


def test_a_small_constant_part_is_a_copy_and_is_taken_off() -> None:
    one, two = fluctuating(1), fluctuating(2)
    mask = np.ones(N, dtype=np.bool_)
    assert together(side_by_side(one, 0.3 * one), 0, 1, mask).copy
    assert not together(side_by_side(one, 0.9 * one), 0, 1, mask).copy
    third = np.hypot(0.05 * two, 0.35 * one)
    fourth = np.hypot(0.05 * fluctuating(3), 0.35 * one)
    held = side_by_side(one, third, fourth)
    clean = cleaned(held, (0, 1, 2), mask)
    assert together(held, 1, 2, mask).r > 0.9
    assert together(held, 1, 2, mask, clean).r < 0.5


def test_the_points_of_the_evidence_are_those_that_decided() -> None:
    whole = patterns_of(clonic(L))[0]
    assert sum(e.points for e in whole.evidence) > 5.0
    assert all(np.sign(e.points) in {0, e.weight} for e in whole.evidence if abs(e.points) >= 0.25)
    assert not any("nan" in e.words or "_" in e.words for e in whole.evidence)
