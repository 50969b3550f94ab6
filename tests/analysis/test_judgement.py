"""What judgement sets beside each finding; the criteria themselves are in test_criteria."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.judgement import judge
from amr_viewer.core.anatomy import Muscle, Role, Side
from amr_viewer.core.findings import Verdict
from amr_viewer.core.responses import Rejection, State
from tests.analysis.builders import DEFAULT, Case, changed, examination

OCULI = Muscle.ORBICULARIS_OCULI


def test_findings_keep_the_order_of_the_channels() -> None:
    cases = [Case(muscle=m) for m in (Muscle.FRONTALIS, Muscle.MENTALIS, OCULI)]
    findings = judge(examination(*cases), DEFAULT)[1]
    assert [f.channel for f in findings] == [c.label for c in cases]
    assert [f.role for f in findings] == [Role.LATERAL, Role.LATERAL, Role.DIRECT]


def test_numbers_of_a_finding_are_those_of_its_present_sweeps() -> None:
    found = judge(examination(Case(k=15, onset_ms=10.5, amplitude_uv=80.0)), DEFAULT)[1][0]
    assert (found.onset_ms, found.amplitude_uv) == (10.5, 80.0)
    assert (found.onset_low_ms, found.onset_high_ms) == (10.5, 10.5)
    assert (found.jitter_ms, found.duration_ms, found.phases) == (0.0, 5.0, 3.0)
    assert found.stimulus_indices == tuple(range(20))


def test_numbers_are_unknown_where_nothing_is_present() -> None:
    found = judge(examination(Case()), DEFAULT)[1][0]
    for name in ("onset_ms", "amplitude_uv", "jitter_ms", "duration_ms", "phases", "amr_to_m"):
        assert np.isnan(getattr(found, name))
    assert found.persistence == 0.0


def test_ratio_to_the_direct_response() -> None:
    cases = Case(k=20, amplitude_uv=100.0), Case(k=20, muscle=OCULI, amplitude_uv=2000.0)
    lateral, direct = judge(examination(*cases), DEFAULT)[1]
    assert lateral.amr_to_m == pytest.approx(0.05)
    assert lateral.m_amplitude_uv == direct.m_amplitude_uv == 2000.0
    assert np.isnan(direct.amr_to_m)


def test_without_a_direct_response_there_is_no_ratio() -> None:
    lateral, direct = judge(examination(Case(k=20), Case(muscle=OCULI)), DEFAULT)[1]
    assert np.isnan(lateral.amr_to_m)
    assert "cannot be verified" in direct.reason


def test_channel_that_is_off_is_not_assessable() -> None:
    found = judge(examination(Case(off="channel is flat", n_valid=0)), DEFAULT)[1][0]
    assert (found.verdict, found.reason) == (Verdict.NOT_ASSESSABLE, "channel is flat")


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Rejection.SATURATION, "amplifier saturated"),
        (Rejection.OVERLAP, "next stimulus falls into"),
        (Rejection.INCOMPLETE, "runs into a gap"),
    ],
)
def test_commonest_reason_is_named_where_nothing_is_valid(why: Rejection, words: str) -> None:
    found = judge(examination(Case(n_valid=0, why_rejected=why)), DEFAULT)[1][0]
    assert words in found.reason


def test_sham_rate_is_reported() -> None:
    found = judge(examination(Case(shams=(3, 600))), DEFAULT)[1][0]
    assert (found.sham_rate, found.n_sham) == (0.005, 600)


def test_one_sweep_alone_is_never_present() -> None:
    found = judge(examination(Case(k=1, n_valid=1, shams=(0, 10**6))), DEFAULT)[1][0]
    assert found.p_value < 0.01
    assert found.verdict is not Verdict.PRESENT


def test_direct_channels_are_not_counted_in_the_correction() -> None:
    alone = judge(examination(Case(k=3)), DEFAULT)[1][0]
    beside = judge(examination(Case(k=3), Case(k=20, muscle=OCULI)), DEFAULT)[1][0]
    assert beside.p_value == alone.p_value


def test_reflex_needs_the_same_muscle_where_it_was_recorded() -> None:
    other = Case(k=20, muscle=OCULI, side=Side.RIGHT)
    both = examination(Case(k=20), other, Case(k=0, side=Side.RIGHT))
    assert judge(both, DEFAULT)[1][0].label == "AMR"
    assert judge(examination(Case(k=20), other), DEFAULT)[1][0].label == "reflex"


def test_reflex_fraction_is_a_parameter() -> None:
    cases = Case(k=20), Case(k=20, side=Side.RIGHT, amplitude_uv=40.0)
    assert judge(examination(*cases), DEFAULT)[1][0].label == "reflex"
    assert judge(examination(*cases), changed(reflex_fraction=0.5))[1][0].label == "AMR"


def test_judging_changes_no_sweep_but_those_of_reflexes() -> None:
    given = examination(Case(k=20), Case(k=5, muscle=Muscle.FRONTALIS))
    responses = judge(given, DEFAULT)[0]
    np.testing.assert_array_equal(responses.state, given.responses.state)
    reflex = examination(Case(k=20), Case(k=20, side=Side.RIGHT), Case(k=5, muscle=OCULI))
    responses = judge(reflex, DEFAULT)[0]
    assert (responses.state[:, 0] == State.ABSENT).all()
    np.testing.assert_array_equal(responses.state[:, 1:], reflex.responses.state[:, 1:])
