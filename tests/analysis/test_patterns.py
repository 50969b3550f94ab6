"""Each pattern is named for what it is, with its side, its evidence, and no more than that."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.bursts import find_bursts
from amr_viewer.analysis.patterns import classify_patterns
from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.bursts import no_bursts
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.patterns import HFS, Conclusion, Confidence
from amr_viewer.core.recording import Mark
from tests.analysis.free_scenes import (
    FACE,
    FR,
    ME,
    OO,
    OR,
    FreeScene,
    L,
    R,
    clonic,
    patterns_of,
    stimuli_at,
)

NAN = float("nan")


def test_clonic_spasm_is_named_with_its_side() -> None:
    whole, left, right = patterns_of(clonic())
    assert whole.conclusion is Conclusion.HFS_CLONIC
    assert whole.pattern_side == "left"
    assert (left.conclusion, right.conclusion) == (whole.conclusion, Conclusion.NO_ACTIVITY)
    assert whole.synchrony_index.value > 0.8
    assert whole.synchrony_index.low > 0.5
    assert abs(whole.lag_ms.median) < 3.0
    assert whole.lateralization.value > 0.95
    assert np.isnan(whole.rate_hz.median)
    assert any(e.rule == "synchrony" for e in whole.evidence_for())
    assert "abnormal muscle response" in whole.missing
    assert whole.summary.endswith("Correlate clinically.")


def test_the_amr_raises_confidence_and_its_absence_lowers_it() -> None:
    by_amr = {amr: patterns_of(clonic(), amr)[0].confidence for amr in ("present", "absent")}
    assert by_amr == {"present": Confidence.MODERATE, "absent": Confidence.LOW}


def test_mirrored_sides_give_the_other_side() -> None:
    assert patterns_of(clonic(R))[0].pattern_side == "right"
    assert patterns_of(clonic(R))[0].lateralization.value < -0.95


def test_tonic_spasm() -> None:
    scene = FreeScene()
    for start in np.cumsum(scene.rng.uniform(4.0, 16.0, 16)):
        n = int(scene.rng.uniform(1.0, 3.5) * scene.sampling_hz)
        slow = scene.rng.standard_normal(n // 120 + 3)
        course = np.interp(np.arange(n) / 120.0, np.arange(len(slow)), slow)
        for k, muscle in enumerate((OO, OR, ME)):
            scene.shaped((L, muscle), float(start) + 0.001 * k, 60.0 * np.exp(0.5 * course))
    whole = patterns_of(scene)[0]
    assert whole.conclusion is Conclusion.HFS_TONIC
    assert whole.pattern_side == "left"


def test_frontalis_with_the_eye_is_the_other_babinski_sign() -> None:
    whole = patterns_of(clonic(L, (FR, OO, ME)))[0]
    assert whole.other_babinski.value > 0.9
    assert whole.other_babinski.n > 50
    assert any(e.rule == "other Babinski sign" and e.weight > 0 for e in whole.evidence)
    assert patterns_of(clonic())[0].other_babinski.value < 0.1


def test_blepharospasm_is_bilateral_and_no_spasm_of_one_side() -> None:
    scene = FreeScene()
    t = 3.0
    while t < 180.0:
        for _ in range(8):
            for side in (L, R):
                scene.burst((side, OO), t + float(scene.rng.normal(0, 0.002)), 0.13)
            t += 0.34 + float(scene.rng.normal(0, 0.05))
        t += float(scene.rng.uniform(2.0, 8.0))
    whole = patterns_of(scene)[0]
    assert (whole.conclusion, whole.pattern_side) == (Conclusion.BLEPHAROSPASM, "both")


def test_independent_regular_groups_are_myokymia() -> None:
    scene = FreeScene()
    for muscle, period in ((OO, 2.3), (OR, 3.1), (ME, 2.7)):
        for start in np.arange(1.0 + period / 3, 185.0, period):
            scene.burst((R, muscle), float(start + scene.rng.normal(0, 0.1)), 0.4)
    whole = patterns_of(scene)[0]
    assert (whole.conclusion, whole.pattern_side) == (Conclusion.MYOKYMIA, "right")


def test_short_rhythmic_jerks_are_cortical_and_ask_for_an_eeg() -> None:
    scene = FreeScene()
    for start in np.arange(2.0, 186.0, 0.4):
        at = float(start + scene.rng.normal(0, 0.012))
        for k, muscle in enumerate((OR, ME)):
            scene.burst((L, muscle), at + 0.002 * k, 0.035)
    whole = patterns_of(scene)[0]
    assert (whole.conclusion, whole.pattern_side) == (Conclusion.CORTICAL, "left")
    assert whole.missing[0] == "EEG"
    assert whole.rhythm.index > 0.4
    assert whole.rhythm.peak_hz == pytest.approx(2.5, rel=0.1)


def test_single_discharges_at_random_are_fasciculation() -> None:
    scene = FreeScene()
    for muscle in (OO, ME):
        for start in np.cumsum(scene.rng.exponential(1.2, 140)):
            if start < 185.0:
                scene.burst((L, muscle), float(start) + 1.0, 0.008, 120.0)
    whole = patterns_of(scene)[0]
    assert (whole.conclusion, whole.pattern_side) == (Conclusion.FASCICULATION, "left")


def test_falling_trains_of_one_muscle_each_are_neuromyotonia() -> None:
    scene = FreeScene()
    for muscle in (OO, OR):
        for start in np.cumsum(scene.rng.uniform(6.0, 14.0, 13)):
            n = int(scene.rng.uniform(1.5, 3.0) * scene.sampling_hz)
            scene.shaped((L, muscle), float(start), np.linspace(120.0, 50.0, n))
    whole = patterns_of(scene)[0]
    assert (whole.conclusion, whole.pattern_side) == (Conclusion.NEUROMYOTONIA, "left")


def test_masseter_without_the_face_is_hemimasticatory() -> None:
    masseter = (L, Muscle.MASSETER)
    spasm, scene = clonic(L, (OO,)), FreeScene((*FACE, masseter, (R, Muscle.MASSETER)))
    scene.data[len(FACE)] = spasm.data[FACE.index((L, OO))]
    whole = patterns_of(scene)[0]
    assert (whole.conclusion, whole.pattern_side) == (Conclusion.HEMIMASTICATORY, "left")


def blinking(with_mentalis: bool) -> FreeScene:
    """Return blinks of both eyes, which the mentalis of the right side may join."""
    scene = FreeScene()
    for start in np.cumsum(scene.rng.uniform(2.0, 6.0, 45)):
        for side in (L, R):
            scene.burst((side, OO), float(start), 0.1)
        if with_mentalis:
            scene.burst((R, ME), float(start) + 0.006, 0.1)
    return scene


def test_a_muscle_that_joins_each_blink_is_synkinesis() -> None:
    whole = patterns_of(blinking(True))[0]
    assert (whole.conclusion, whole.pattern_side) == (Conclusion.SYNKINESIS, "right")
    assert whole.blink_contingency.value > 0.9
    assert whole.blink_contingency.low > 0.8


def test_blinks_alone_are_no_activity() -> None:
    whole = patterns_of(blinking(False))[0]
    assert whole.conclusion is Conclusion.NO_ACTIVITY
    assert whole.n_set_aside >= 80
    assert "does not exclude" in whole.summary


def test_rest_is_no_activity() -> None:
    assert patterns_of(FreeScene())[0].conclusion is Conclusion.NO_ACTIVITY


@pytest.mark.parametrize("marked", [True, False])
def test_a_voluntary_contraction_is_no_spasm(marked: bool) -> None:
    scene = FreeScene()
    for cue in np.arange(5.0, 180.0, 7.0):
        if marked:
            scene.marks.append(Mark(float(cue), NAN, "smile"))
        n = int(scene.rng.uniform(1.0, 2.5) * scene.sampling_hz)
        course = 60.0 * np.minimum(
            1.0, 3.0 * np.minimum(np.linspace(0, 1, n), np.linspace(1, 0, n))
        )
        start = float(cue) + float(scene.rng.uniform(0.2, 0.5))
        for where in FACE:
            scene.shaped(where, start + float(scene.rng.uniform(0.0, 0.09)), course)
    whole = patterns_of(scene)[0]
    assert (whole.conclusion, whole.pattern_side) == (Conclusion.VOLUNTARY, "both")


def test_a_short_recording_says_nothing() -> None:
    scene = clonic()
    short = FreeScene(duration_s=40.0)
    short.data = scene.data[:, : short.data.shape[1]]
    whole = patterns_of(short)[0]
    assert whole.conclusion is Conclusion.INSUFFICIENT
    assert whole.confidence is None


def test_few_bursts_say_nothing() -> None:
    scene = FreeScene()
    for start in (20.0, 55.0, 90.0, 130.0, 170.0):
        scene.burst((L, OO), start, 0.1)
        scene.burst((L, ME), start, 0.1)
    assert patterns_of(scene)[0].conclusion is Conclusion.INSUFFICIENT


def test_marks_of_an_operation_give_trains_instead_of_a_pattern() -> None:
    scene = clonic()
    scene.marks += [Mark(10.0, NAN, "dura opened"), Mark(90.0, NAN, "Teflon placed")]
    whole = patterns_of(scene)[0]
    assert whole.conclusion is Conclusion.INDETERMINATE
    assert "during an operation" in whole.summary


def test_episodes_asleep_are_counted_where_the_state_is_marked() -> None:
    scene = clonic()
    scene.marks.append(Mark(100.0, NAN, "asleep"))
    persistence = patterns_of(scene)[0].sleep_persistence
    assert persistence.n > 5
    assert persistence.low < 1.0 < persistence.high


def test_a_needle_shows_the_rate_of_spasm() -> None:
    where = ((L, OO), (L, OR))
    scene = FreeScene(where, 190.0, 20_000.0)
    for start in np.cumsum(scene.rng.lognormal(np.log(1.5), 0.8, 90)):
        times = float(start) + np.cumsum(scene.rng.normal(1 / 250.0, 0.0003, 14))
        if times[-1] < 188.0:
            for k, muscle in enumerate((OO, OR)):
                scene.discharges((L, muscle), times + 0.002 * k, 250.0)
    whole = patterns_of(scene)[0]
    assert whole.conclusion in HFS
    assert whole.rate_hz.median == pytest.approx(250.0, rel=0.05)
    assert whole.confidence is Confidence.LOW
    assert "muscles of the other side" in whole.missing


def test_nothing_is_said_where_no_bursts_were_looked_for() -> None:
    recording = FreeScene(duration_s=5.0).recording()
    assert classify_patterns(no_bursts("sweeps"), recording, "present", Parameters()) == ()


def test_permuted_channels_and_twice_the_gain_change_no_answer() -> None:
    scene = clonic()
    first = patterns_of(scene)[0]
    order = np.random.default_rng(3).permutation(len(FACE))
    turned = FreeScene(tuple(FACE[i] for i in order))
    turned.data = 2.0 * scene.data[order]
    again = patterns_of(turned)[0]
    assert again.conclusion is first.conclusion
    assert again.pattern_side == first.pattern_side
    assert again.n_bursts == first.n_bursts
    assert again.lateralization.value == pytest.approx(first.lateralization.value)
    assert again.load_uv_s_min == pytest.approx(2.0 * first.load_uv_s_min, rel=1e-3)


def test_parameters_decide() -> None:
    recording = clonic().recording()
    strict = Parameters().replaced({"patterns.min_clonic": "5000"})
    bursts = find_bursts(recording, stimuli_at(), strict)
    assert classify_patterns(bursts, recording, "no_stimuli", strict)[0].conclusion not in HFS
    assert {f.side for f in classify_patterns(bursts, recording, "no_stimuli", strict)} == {
        None,
        Side.LEFT,
        Side.RIGHT,
    }
