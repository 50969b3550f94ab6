"""One word and one sentence for a recording."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amr_viewer.analysis.conclusion import conclude
from amr_viewer.analysis.judgement import judge
from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.findings import Finding
from amr_viewer.simulate import make
from amr_viewer.workflow import analyze
from tests.analysis.builders import COMPACT, DEFAULT, Case, Site, examination

L, R = Side.LEFT, Side.RIGHT
LEFT, RIGHT = (Branch.ZYGOMATIC, L), (Branch.ZYGOMATIC, R)


def findings(*cases: Case, site: Site = LEFT, n: int = 20) -> tuple[Finding, ...]:
    return judge(examination(*cases, site=site, n=n), DEFAULT)[1]


def test_no_stimuli() -> None:
    assert conclude((), 0) == (
        "no_stimuli",
        "No stimuli were found: lateral spread was not tested.",
    )


def test_present_names_muscle_branch_side_and_numbers() -> None:
    amr, headline = conclude(findings(Case(k=18)), 20)
    assert amr == "present"
    assert headline == (
        "Abnormal muscle response present on the left: mentalis (18/20, 10.0 ms, 100 µV) on "
        "zygomatic stimulation."
    )


def test_present_on_one_side_and_absent_on_the_other() -> None:
    both = (*findings(Case(k=18)), *findings(Case(side=R), site=RIGHT))
    amr, headline = conclude(both, 40)
    assert amr == "present"
    assert headline.endswith("Not found on the right.")


def test_side_left_open_is_not_called_negative() -> None:
    both = (*findings(Case(k=18)), *findings(Case(side=R), site=RIGHT, n=5))
    assert "Not found" not in conclude(both, 25)[1]


def test_one_present_muscle_decides() -> None:
    some = findings(Case(), Case(k=20, muscle=Muscle.FRONTALIS), Case(muscle=Muscle.PLATYSMA))
    assert conclude(some, 20)[0] == "present"


def test_absent_needs_every_muscle_to_be_absent() -> None:
    amr, headline = conclude(findings(Case(), Case(muscle=Muscle.FRONTALIS)), 20)
    assert amr == "absent"
    assert headline.startswith("No abnormal muscle response found")
    assert "mentalis and frontalis" in headline
    amr, headline = conclude(findings(Case(), Case(n_valid=10, muscle=Muscle.FRONTALIS)), 20)
    assert amr == "indeterminate"
    assert "frontalis" in headline
    assert "mentalis" not in headline


def test_muscle_without_valid_sweeps_does_not_prevent_absent() -> None:
    assert conclude(findings(Case(), Case(n_valid=0, muscle=Muscle.FRONTALIS)), 20)[0] == "absent"


def test_reflex_is_indeterminate() -> None:
    amr, headline = conclude(findings(Case(k=20), Case(k=20, side=R)), 20)
    assert amr == "indeterminate"
    assert "cannot be told apart from a reflex" in headline


def test_late_response_without_identity() -> None:
    amr, headline = conclude(findings(Case(k=20), site=(None, L)), 20)
    assert amr == "not_assessable"
    assert headline.startswith("Late response in L mentalis;")


@pytest.mark.parametrize("site", [LEFT, (None, None)])
def test_nothing_to_judge_is_not_assessable(site: Site) -> None:
    muscle = Muscle.ORBICULARIS_OCULI if site == LEFT else Muscle.MENTALIS
    amr, headline = conclude(findings(Case(muscle=muscle), site=site), 20)
    assert amr == "not_assessable"
    assert headline.startswith("Lateral spread could not be assessed")


def test_no_headline_diagnoses() -> None:
    cases = [(Case(k=k, n_valid=n),) for k, n in ((20, 20), (0, 20), (0, 5), (0, 0))]
    for case in cases:
        headline = conclude(findings(*case), 20)[1]
        assert "diagnos" not in headline
        assert "nan" not in headline


def test_unknown_numbers_are_not_printed_as_nan() -> None:
    unmeasured = tuple(
        replace(f, onset_ms=float("nan"), amplitude_uv=float("nan")) for f in findings(Case(k=20))
    )
    assert "nan" not in conclude(unmeasured, 20)[1]


def test_the_headline_tells_of_a_response_that_is_gone_at_the_end() -> None:
    made = make("vanishing", 3, **{**COMPACT, "n_stimuli": 80})
    analysis = analyze(made.recording, made.protocol)
    assert analysis.amr == "present"
    assert "At the end of the recording absent in " in analysis.headline
    steady = make("clear", 3, **{**COMPACT, "n_stimuli": 80})
    assert "At the end" not in analyze(steady.recording, steady.protocol).headline
