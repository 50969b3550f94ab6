"""States of blocks are honest: what vanishes, falls or comes back is seen, what failed is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from amr_viewer.analysis.trend import find_trends
from amr_viewer.core.anatomy import Role
from amr_viewer.core.trend import BlockState
from tests.analysis.builders import changed
from tests.analysis.courses import (
    MENTALIS,
    OCULI,
    OTHER_SIDE,
    ZYGOMATIC_LEFT,
    Stretch,
    course_of,
    judged,
    responses_of,
    scaled,
    trends_of,
)

P, R, A, C = BlockState.PRESENT, BlockState.REDUCED, BlockState.ABSENT, BlockState.CANNOT_SAY
FULL, NONE = Stretch(10), Stretch(0)


def test_a_response_that_vanishes_is_absent_from_then_on() -> None:
    trend = course_of([FULL, FULL, NONE, NONE, NONE])
    assert trend.state == (P, P, A, A, A)
    assert trend.changes() == ((1, 2),)
    assert "0 of 20 with its neighbours" in trend.reason[2]


def test_a_response_that_comes_back_is_present_again() -> None:
    trend = course_of([FULL, NONE, NONE, FULL, NONE, NONE])
    assert trend.state == (P, A, A, P, A, A)
    assert trend.changes() == ((0, 1), (2, 3), (3, 4))


def test_a_single_silent_block_of_ten_cannot_be_absent() -> None:
    trend = course_of([FULL, NONE, FULL])
    assert trend.state == (P, C, P)
    assert "excludes only persistence above 26 %" in trend.reason[1]


def test_a_long_silent_block_is_absent_by_itself() -> None:
    long = replace(NONE, n=20)
    trend = course_of([replace(long, k=20), long], changed(block_size=20))
    assert trend.state == (P, A)


def test_a_chance_call_in_thirty_is_an_absence_and_three_in_ten_are_not() -> None:
    assert course_of([FULL, NONE, Stretch(1), NONE]).state == (P, A, A, A)
    trend = course_of([FULL, FULL, NONE, NONE, Stretch(2), NONE, NONE])
    assert trend.state[4] is C
    assert "neither a response nor chance" in trend.reason[4]


def test_amplitude_below_half_is_reduced_and_just_above_is_not() -> None:
    trend = course_of([FULL, Stretch(10, uv=70.0), Stretch(10, uv=140.0)])
    assert trend.state == (P, R, P)
    assert trend.amplitude_percent[1] == pytest.approx(35.0, abs=6.0)
    assert trend.amplitude_percent_high[1] < 50.0
    assert trend.amplitude_percent_high[2] > 50.0


def test_near_half_with_an_interval_that_holds_it_stays_present() -> None:
    trend = course_of([FULL, Stretch(10, uv=98.0)])
    assert trend.amplitude_percent[1] < 52.0
    assert trend.amplitude_percent_high[1] > 50.0
    assert trend.state == (P, P)


def test_persistence_that_falls_markedly_is_reduced() -> None:
    trend = course_of([Stretch(20, n=20), Stretch(8, n=20)], changed(block_size=20))
    assert trend.state == (P, R)
    assert "persistence below 50 %" in trend.reason[1]


def test_failed_stimuli_are_never_an_absence() -> None:
    failed = Stretch(0, failed=10)
    trend = course_of([FULL, failed, failed, failed, FULL])
    assert trend.state == (P, C, C, C, P)
    assert trend.changes() == ()
    assert "direct response missing" in trend.reason[1]
    assert np.isnan(trend.persistence[1])


def test_too_few_valid_sweeps_say_nothing() -> None:
    trend = course_of([FULL, Stretch(0, failed=6), NONE, NONE])
    assert trend.state == (P, C, A, A)
    assert "4 of 10 sweeps valid, 5 needed" in trend.reason[1]


def test_a_direct_response_that_fades_below_half_says_nothing() -> None:
    weak = Stretch(0, m_uv=800.0)
    trend = course_of([FULL, FULL, weak, weak, weak])
    assert trend.state == (P, P, C, C, C)
    assert "direct response at 40 % of the baseline" in trend.reason[2]


def test_no_direct_response_at_all_verifies_no_absence() -> None:
    assert A not in course_of([Stretch(0, m_uv=np.nan)] * 4).state


def test_noise_that_hides_the_response_of_the_baseline_is_no_absence() -> None:
    loud = Stretch(0, noise_uv=14.0)
    small = Stretch(10, uv=50.0)
    trend = course_of([small, small, loud, loud, loud])
    assert trend.state == (P, P, C, C, C)
    assert "noise hides responses below 63 uV" in trend.reason[2]


def test_a_reflex_has_no_course() -> None:
    both = Stretch(10, other_side=10)
    trends = trends_of([both] * 4, n_channels=3)
    assert set(trends[MENTALIS].state) == {C}
    assert "reflex" in trends[MENTALIS].reason[0]
    assert set(trends[OTHER_SIDE].state) == {P}


def test_a_short_recording_is_one_block_and_says_no_more_than_it_holds() -> None:
    assert course_of([Stretch(7, n=7)]).state == (P,)
    assert course_of([Stretch(0, n=7)]).state == (C,)
    assert course_of([Stretch(0, n=2)]).state == (C,)


def test_absent_has_no_size_and_no_latency() -> None:
    trend = course_of([FULL, Stretch(1), NONE, NONE])
    assert trend.state[1] is A
    assert trend.n_present[1] == 1
    for name in ("amplitude_uv", "amplitude_percent", "onset_ms", "onset_shift_ms", "amr_to_m"):
        assert np.isnan(getattr(trend, name)[1])
    assert trend.m_amplitude_uv[1] == 2000.0


def test_sizes_and_latencies_are_set_against_the_baseline() -> None:
    trend = course_of([FULL, Stretch(10, uv=160.0, onset_ms=10.8, m_uv=1600.0)])
    assert trend.baseline_block == 0
    assert trend.amplitude_percent[0] == 100.0
    assert trend.onset_shift_ms.tolist() == pytest.approx([0.0, 0.8], abs=1e-5)
    ratio = trend.amplitude_uv / trend.m_amplitude_uv
    np.testing.assert_allclose(trend.amr_to_m, ratio)
    low, high = trend.amplitude_percent_low[1], trend.amplitude_percent_high[1]
    assert low < trend.amplitude_percent[1] < high


def test_the_baseline_is_the_first_block_with_a_response() -> None:
    assert course_of([NONE, NONE, FULL, FULL]).baseline_block == 2


def test_a_chosen_baseline_is_used_or_there_is_none() -> None:
    blocks = [FULL, Stretch(10, uv=400.0), NONE, NONE]
    doubled = course_of(blocks, changed(baseline_block=1))
    assert doubled.baseline_block == 1
    assert doubled.amplitude_percent[0] == pytest.approx(50.0, abs=6.0)
    for absent in (2, 99):
        trend = course_of(blocks, changed(baseline_block=absent))
        assert trend.baseline_block == -1
        assert np.isnan(trend.amplitude_percent).all()


def test_a_branch_can_have_a_baseline_of_its_own() -> None:
    blocks = [FULL, Stretch(10, uv=400.0), NONE, NONE]
    responses, findings = judged(responses_of(blocks, 2))
    times = responses.stimuli.time_s
    usual = find_trends(responses, findings, changed())[MENTALIS]
    own = find_trends(responses, findings, changed(), {ZYGOMATIC_LEFT: float(times[13])})[MENTALIS]
    other = find_trends(responses, findings, changed(), {(None, None): float(times[13])})[MENTALIS]
    assert (usual.baseline_block, other.baseline_block, own.baseline_block) == (0, 0, 1)
    assert (usual.baseline_is_own, other.baseline_is_own, own.baseline_is_own) == (
        False, False, True,
    )  # fmt: skip
    assert own.amplitude_percent[0] == pytest.approx(50.0, abs=6.0)
    assert own.amplitude_uv.tolist() == pytest.approx(usual.amplitude_uv.tolist(), nan_ok=True)


def test_direct_channels_follow_m_and_carry_no_state() -> None:
    trend = trends_of([FULL, Stretch(10, m_uv=1500.0)])[OCULI]
    assert trend.role is Role.DIRECT
    assert trend.m_amplitude_uv.tolist() == [2000.0, 1500.0]
    assert trend.amplitude_percent.tolist() == [100.0, 75.0]
    assert trend.state == (C, C)
    assert np.isnan(trend.amr_to_m).all()


def test_a_block_knows_its_stimuli() -> None:
    trend = course_of([FULL, replace(FULL, n=12, pause_s=60.0)])
    assert trend.first_stimulus.tolist() == [0, 10]
    assert trend.last_stimulus.tolist() == [9, 21]
    assert trend.start_s.tolist() == [1.0, 71.0]
    assert trend.n_stimuli.tolist() == [10, 12]


def test_many_blocks_are_corrected_for_their_number() -> None:
    three = Stretch(3)
    assert course_of([three, NONE]).state[0] is P
    many = course_of([three, *[NONE] * 99])
    assert many.state[0] is C


def test_twice_the_gain_doubles_sizes_and_leaves_the_rest() -> None:
    responses, findings = judged(
        responses_of([FULL, Stretch(10, uv=80.0), Stretch(5), NONE, NONE, NONE])
    )
    loud, loud_findings = judged(scaled(responses, 2.0))
    p = changed()
    once, twice = find_trends(responses, findings, p)[0], find_trends(loud, loud_findings, p)[0]
    np.testing.assert_allclose(twice.amplitude_uv, 2.0 * once.amplitude_uv)
    np.testing.assert_allclose(twice.amplitude_high_uv, 2.0 * once.amplitude_high_uv)
    for name in ("amplitude_percent", "amplitude_percent_low", "amr_to_m", "persistence"):
        np.testing.assert_allclose(getattr(twice, name), getattr(once, name))
    assert twice.state == once.state


def test_channels_in_another_order_give_the_same_courses() -> None:
    responses, findings = judged(responses_of([FULL, NONE, NONE, Stretch(6)], 3))
    backwards = find_trends(responses, findings[::-1], changed())
    for a, b in zip(find_trends(responses, findings, changed()), backwards[::-1], strict=True):
        assert a.channel == b.channel
        assert a.state == b.state
        np.testing.assert_array_equal(a.amplitude_percent_low, b.amplitude_percent_low)


def test_without_stimuli_there_is_no_course() -> None:
    responses, findings = judged(responses_of([FULL]))
    bare = tuple(replace(f, stimulus_indices=()) for f in findings)
    assert find_trends(responses, bare, changed()) == ()
    assert find_trends(responses, (), changed()) == ()


def test_false_states_are_rare_where_nothing_changes() -> None:
    rng = np.random.default_rng(8)
    seen = [
        course_of([Stretch(int(k)) for k in rng.binomial(10, 0.01, 30)]).state for _ in range(60)
    ]
    calls = sum(P in s or R in s for s in seen)
    assert calls <= 3
    assert np.mean([[x is A for x in s] for s in seen]) > 0.9
