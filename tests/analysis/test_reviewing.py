"""A person's decisions in the place of the program's, and all that follows from them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from amr_viewer.analysis.deciding import decided, match_sweeps
from amr_viewer.analysis.examination import Examination
from amr_viewer.analysis.judgement import judge
from amr_viewer.analysis.reviewing import FOREIGN, finding_keys, reviewed
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Muscle, Role, Side
from amr_viewer.core.decisions import (
    FindingDecision,
    MarkDecision,
    RecordingIdentity,
    SweepDecision,
)
from amr_viewer.core.findings import Verdict
from amr_viewer.core.recording import Mark
from amr_viewer.core.responses import ARRAY_NAMES, REJECTION_WORDS, Rejection, Responses, State
from amr_viewer.core.review import Review
from tests.analysis.builders import (
    DEFAULT,
    Case,
    analysis,
    channel_of,
    examination,
    finding,
    stimuli_of,
)

WHO: dict[str, str] = {"author": "A", "at": "2026-11-25T10:00:00+00:00"}
MENTALIS = "EMG L Mentalis"
ORIS = "EMG L OrbOris"
OCULI = Muscle.ORBICULARIS_OCULI


@pytest.fixture(scope="module")
def clear() -> Analysis:
    return analysis("clear")


@pytest.fixture(scope="module")
def reflex() -> Analysis:
    return analysis("reflex")


def sweeps_of(
    of: Analysis, channel: str, rows: range | list[int], **values: Any
) -> list[SweepDecision]:
    times = of.responses.stimuli.time_s
    return [
        SweepDecision(stimulus_s=float(times[i]), channel=channel, **WHO, **values) for i in rows
    ]


def review_of(of: Analysis, channel: str, rows: range | list[int], **values: Any) -> Review:
    return Review().with_sweeps(sweeps_of(of, channel, rows, **values))


def overrule(of: Analysis, channel: str, verdict: Verdict, comment: str = "") -> Review:
    f = finding(of, channel)
    decision = FindingDecision(
        site=f.site, side=f.side, channel=channel, verdict=verdict, comment=comment, **WHO
    )
    return Review().with_finding(decision, f.verdict)


def column(of: Responses, channel: str) -> int:
    return [c.label for c in of.channels].index(channel)


def same_values(a: Analysis, b: Analysis) -> bool:
    """Whether two analyses say the same, but for what they say of a review."""
    arrays = all(
        np.array_equal(x, y, equal_nan=x.dtype.kind == "f")
        for x, y in ((getattr(a.responses, n), getattr(b.responses, n)) for n in ARRAY_NAMES)
    )
    return arrays and repr(a.findings) == repr(b.findings) and a.headline == b.headline


# ---------------------------------------------------------------------------- the table


def test_states_of_a_person_take_the_place_of_the_program_s(clear: Analysis) -> None:
    r, j = clear.responses, column(clear.responses, MENTALIS)
    decisions = [
        d
        for i, state in enumerate(("absent", "rejected", "unsure", "present"))
        for d in sweeps_of(clear, MENTALIS, [i], state=state)
    ]
    got = decided(r, Review().with_sweeps(decisions))
    assert got.state[:4, j].tolist() == [
        State.ABSENT, State.REJECTED, State.REJECTED, State.PRESENT,
    ]  # fmt: skip
    assert got.rejection[:4, j].tolist() == [
        Rejection.NONE, Rejection.MANUAL, Rejection.UNSURE, Rejection.NONE,
    ]  # fmt: skip
    assert got.manual[:4, j].all()
    assert got.manual.sum() == 4
    assert np.array_equal(got.probability, r.probability, equal_nan=True)
    assert REJECTION_WORDS[Rejection.MANUAL] == "rejected by a person"


def test_markers_that_a_person_did_not_set_stay_the_program_s(clear: Analysis) -> None:
    r, j = clear.responses, column(clear.responses, MENTALIS)
    rows = np.flatnonzero(r.state[:, j] == State.PRESENT)[:3].tolist()
    earlier, late, same = (
        sweeps_of(clear, MENTALIS, [i], state="present", onset_ms=at, by_hand=("onset_ms",))
        for i, at in zip(
            rows,
            (
                float(r.onset_ms[rows[0], j]) - 1.0,
                float(r.end_ms[rows[1], j]) + 1.0,
                float(r.onset_ms[rows[2], j]),
            ),
            strict=True,
        )
    )
    got = decided(r, Review().with_sweeps([*earlier, *late, *same]))
    assert got.by_hand[rows, j].tolist() == [1, 1, 0]
    assert int(got.by_hand.sum()) == 2
    assert got.onset_ms[rows[0], j] == pytest.approx(float(r.onset_ms[rows[0], j]) - 1.0)
    for name in ("peak_ms", "positive_peak_ms", "end_ms"):
        now, was = getattr(got, name), getattr(r, name)
        assert now[rows[0], j] == was[rows[0], j]
        # What lies before an onset of a person is no marker of this response.
        assert np.isnan(now[rows[1], j])
    assert got.amplitude_uv[rows[0], j] == r.amplitude_uv[rows[0], j]


def test_a_sweep_without_a_response_has_no_measurements(clear: Analysis) -> None:
    j = column(clear.responses, MENTALIS)
    got = decided(clear.responses, review_of(clear, MENTALIS, [5], state="absent"))
    for name in ("onset_ms", "peak_ms", "end_ms", "amplitude_uv", "area_uv_ms", "phases", "snr_db"):
        assert np.isfinite(getattr(clear.responses, name)[5, j]), name
        assert np.isnan(getattr(got, name)[5, j]), name
    assert not got.afterdischarge[5, j]


def test_measurements_of_a_person_replace_single_values(clear: Analysis) -> None:
    r, j = clear.responses, column(clear.responses, MENTALIS)
    got = decided(r, review_of(clear, MENTALIS, [5], onset_ms=8.5, amplitude_uv=200.0))
    assert got.onset_ms[5, j] == 8.5
    assert got.amplitude_uv[5, j] == 200.0
    assert got.end_ms[5, j] == r.end_ms[5, j]
    assert got.state[5, j] == State.PRESENT
    assert got.snr_db[5, j] == pytest.approx(20 * np.log10(200.0 / (2 * r.noise_uv[5, j])))
    assert got.manual[5, j]


def test_measurements_alone_make_no_response_of_an_absent_sweep(clear: Analysis) -> None:
    label = "EMG R Mentalis"
    j = column(clear.responses, label)
    got = decided(clear.responses, review_of(clear, label, [2], onset_ms=9.0))
    assert np.isnan(got.onset_ms[2, j])
    assert not got.manual[2, j]


def test_a_rejected_sweep_that_a_person_reads_is_valid_again() -> None:
    responses = examination(Case(k=5, n_valid=10)).responses
    times = responses.stimuli.time_s
    decisions = [
        SweepDecision(
            stimulus_s=float(times[15]), channel="L mentalis", state="present", onset_ms=9.0, **WHO
        ),
        SweepDecision(stimulus_s=float(times[16]), channel="L mentalis", state="absent", **WHO),
    ]
    got = decided(responses, Review().with_sweeps(decisions))
    assert got.state[15:18, 0].tolist() == [State.PRESENT, State.ABSENT, State.REJECTED]
    assert got.rejection[15:17, 0].tolist() == [Rejection.NONE, Rejection.NONE]
    assert got.onset_ms[15, 0] == 9.0


def test_the_direct_response_follows_in_direct_channels(clear: Analysis) -> None:
    label = "EMG L OrbOculi"
    j = column(clear.responses, label)
    got = decided(clear.responses, review_of(clear, label, [0], amplitude_uv=999.0))
    assert got.m_amplitude_uv[0, j] == 999.0
    gone = decided(clear.responses, review_of(clear, label, [0], state="absent"))
    assert np.isnan(gone.m_amplitude_uv[0, j])
    assert np.isnan(gone.m_onset_ms[0, j])


@pytest.mark.parametrize(("shift_s", "found"), [(0.0019, True), (-0.0019, True), (0.0021, False)])
def test_stimuli_are_matched_by_the_nearest_time(
    clear: Analysis, shift_s: float, found: bool
) -> None:
    times = clear.responses.stimuli.time_s
    moved = SweepDecision(
        stimulus_s=float(times[7]) + shift_s, channel=MENTALIS, state="absent", **WHO
    )
    match = match_sweeps(clear.responses, Review().with_sweeps([moved]))
    assert match.rows.tolist() == ([7] if found else [])
    assert len(match.unmatched) == (0 if found else 1)


def test_channels_with_one_label_are_told_apart_by_their_order() -> None:
    given = examination(Case(k=20), Case(k=20)).responses
    channels = (channel_of("EMG", None, None), channel_of("EMG", None, None))
    responses = replace(given, channels=channels)
    review = Review().with_sweeps(
        [SweepDecision(stimulus_s=1.0, channel="EMG", occurrence=1, state="absent", **WHO)]
    )
    assert decided(responses, review).state[0].tolist() == [State.PRESENT, State.ABSENT]


@pytest.mark.parametrize("n", [0, 1])
def test_there_may_be_no_stimuli_or_one(n: int) -> None:
    given = examination(Case(n_valid=n), n=max(n, 1)).responses
    responses = (
        given
        if n
        else replace(
            given,
            stimuli=stimuli_of(np.empty(0)),
            **{f.name: getattr(given, f.name)[:0] for f in fields(given) if f.name in ARRAY_NAMES},
        )
    )
    review = Review().with_sweeps(
        [SweepDecision(stimulus_s=1.0, channel="L mentalis", state="unsure", **WHO)]
    )
    assert len(match_sweeps(responses, review).decisions) == n
    assert int((decided(responses, review).rejection == Rejection.UNSURE).sum()) == n


# ------------------------------------------------------------------------- the analysis


def test_an_empty_review_changes_nothing(clear: Analysis, reflex: Analysis) -> None:
    for automatic in (clear, reflex):
        got = reviewed(automatic, Review())
        assert same_values(got, automatic)
        assert got.warnings == automatic.warnings
        assert got.trends == automatic.trends
        assert got.automatic is automatic


def test_findings_are_judged_again_by_the_same_criteria(clear: Analysis) -> None:
    got = reviewed(clear, review_of(clear, MENTALIS, range(24), state="absent"))
    f = finding(got, MENTALIS)
    assert (f.verdict, f.n_present, f.n_valid) == (Verdict.ABSENT, 0, 24)
    assert (f.source, f.automatic_verdict, f.overruled) == ("manual", Verdict.PRESENT, False)
    assert np.isnan(f.onset_ms)
    other = finding(got, ORIS)
    assert (other.source, other.automatic_verdict) == ("auto", None)
    assert "mentalis" not in got.headline
    assert got.amr == "present"
    assert "review applied: 24 decisions of a person (24 sweeps)" in got.warnings


def test_judging_again_gives_the_numbers_of_judging_once(clear: Analysis) -> None:
    confirmed = reviewed(clear, review_of(clear, MENTALIS, range(24), state="present"))
    before, after = finding(clear, MENTALIS), finding(confirmed, MENTALIS)
    for name in ("n_present", "persistence", "p_value", "onset_ms", "amplitude_low_uv", "reason"):
        assert getattr(after, name) == getattr(before, name), name


def test_the_headline_says_that_it_rests_on_a_person(clear: Analysis) -> None:
    got = reviewed(clear, review_of(clear, MENTALIS, [0, 1, 2], state="absent"))
    assert got.headline.endswith("Rests on decisions of a person: 3 sweeps.")
    contralateral = reviewed(clear, review_of(clear, "EMG R Mentalis", [0], state="unsure"))
    assert contralateral.headline == clear.headline


def test_a_verdict_of_a_person_stands_and_the_program_s_stays_visible(clear: Analysis) -> None:
    got = reviewed(clear, overrule(clear, MENTALIS, Verdict.ABSENT, " an  artefact\n"))
    f = finding(got, MENTALIS)
    assert (f.verdict, f.automatic_verdict, f.source) == (
        Verdict.ABSENT, Verdict.PRESENT, "manual",
    )  # fmt: skip
    assert (f.comment, f.overruled, f.label) == ("an artefact", True, "AMR")
    assert f.reason.startswith("verdict of a person (an artefact); by the criteria present: ")
    assert finding(clear, MENTALIS).reason in f.reason
    assert np.array_equal(got.responses.state, clear.responses.state)
    assert "Rests on decisions of a person: 1 verdict." in got.headline
    assert "mentalis (" not in got.headline


def test_all_absent_by_a_person_is_absent(clear: Analysis) -> None:
    review = overrule(clear, MENTALIS, Verdict.ABSENT)
    f = finding(clear, ORIS)
    review = review.with_finding(
        FindingDecision(site=f.site, side=f.side, channel=ORIS, verdict=Verdict.ABSENT, **WHO),
        f.verdict,
    )
    assert reviewed(clear, review).amr == "absent"


def test_applying_twice_is_applying_once(clear: Analysis) -> None:
    review = review_of(clear, MENTALIS, range(10), state="absent")
    once = reviewed(clear, review)
    twice = reviewed(once, review)
    assert same_values(once, twice)
    assert once.warnings == twice.warnings
    assert same_values(reviewed(twice, Review()), clear)


def test_trends_follow_the_decisions(clear: Analysis) -> None:
    review = review_of(clear, MENTALIS, range(24), state="absent")
    trend = next(t for t in reviewed(clear, review).trends if t.channel == MENTALIS)
    assert int(np.sum(trend.n_present)) == 0
    quick = reviewed(clear, review, trends=False)
    assert quick.trends == clear.trends
    assert finding(quick, MENTALIS).verdict is Verdict.ABSENT


def test_sweeps_of_a_reflex_are_counted_again_as_they_were(reflex: Analysis) -> None:
    got = reviewed(reflex, review_of(reflex, MENTALIS, [0], state="unsure"))
    for f, before in zip(got.findings, reflex.findings, strict=True):
        if f.channel != MENTALIS:
            assert (f.verdict, f.label, f.n_present) == (
                before.verdict, before.label, before.n_present,
            )  # fmt: skip
    j = column(reflex.responses, ORIS)
    assert np.array_equal(got.responses.state[:, j], reflex.responses.state[:, j])
    assert np.array_equal(
        got.responses.probability[:, j], reflex.responses.probability[:, j], equal_nan=True
    )


def test_without_the_other_side_a_reflex_is_an_amr_and_its_sweeps_come_back(
    reflex: Analysis,
) -> None:
    decisions = [
        d
        for channel in ("EMG R OrbOculi", "EMG R Mentalis")
        for d in sweeps_of(reflex, channel, range(24), state="absent")
    ]
    got = reviewed(reflex, Review().with_sweeps(decisions))
    f = finding(got, MENTALIS)
    assert (f.label, f.verdict, f.source) == ("AMR", Verdict.PRESENT, "auto")
    assert f.automatic_verdict is Verdict.INDETERMINATE
    state = got.responses.state[:, column(got.responses, MENTALIS)]
    assert int((state == State.PRESENT).sum()) == f.n_present == 18


def test_a_person_may_call_a_reflex_an_amr(reflex: Analysis) -> None:
    got = reviewed(reflex, overrule(reflex, MENTALIS, Verdict.PRESENT, "R1 excluded"))
    f = finding(got, MENTALIS)
    assert (f.label, f.verdict) == ("AMR", Verdict.PRESENT)
    state = got.responses.state[:, column(got.responses, MENTALIS)]
    assert int((state == State.PRESENT).sum()) == 18
    assert got.amr == "present"


def test_a_person_s_sweep_is_never_taken_back(reflex: Analysis) -> None:
    got = reviewed(reflex, review_of(reflex, MENTALIS, [0, 1], state="present"))
    j = column(got.responses, MENTALIS)
    assert finding(got, MENTALIS).label == "reflex"
    assert got.responses.state[:2, j].tolist() == [State.PRESENT, State.PRESENT]
    assert int((got.responses.state[:, j] == State.PRESENT).sum()) == 2


def test_what_belongs_nowhere_is_told(clear: Analysis) -> None:
    review = Review().with_sweeps(
        [
            SweepDecision(stimulus_s=999.0, channel=MENTALIS, state="absent", **WHO),
            SweepDecision(stimulus_s=1.0, channel="gone", state="absent", **WHO),
        ]
    )
    review = review.with_finding(
        FindingDecision(
            site=Branch.BUCCAL, side=Side.LEFT, channel=MENTALIS, verdict=Verdict.ABSENT, **WHO
        ),
        Verdict.PRESENT,
    )
    got = reviewed(clear, review)
    assert same_values(got, clear)
    told = [w for w in got.warnings if w.startswith("review")]
    assert told == [
        "review: 2 decisions on sweeps not applied: no such stimulus or channel (the first: "
        "999.0000 s, EMG L Mentalis)",
        "review: verdict on EMG L Mentalis not applied: no such finding (left, buccal)",
    ]


def test_a_review_of_another_file_is_not_applied(clear: Analysis) -> None:
    automatic = replace(clear, recording=replace(clear.recording, sha256="aa"))
    review = review_of(clear, MENTALIS, range(24), state="absent").model_copy(
        update={"recording": RecordingIdentity(sha256="bb")}
    )
    got = reviewed(automatic, review)
    assert same_values(got, clear)
    assert got.review is None
    assert FOREIGN in got.warnings


def test_marks_and_patient_are_those_of_the_review(clear: Analysis) -> None:
    marks = (*clear.recording.marks, Mark(9.0, float("nan"), "cough"))
    patient = {"name": "X", "sex": "F"}
    automatic = replace(clear, recording=replace(clear.recording, marks=marks, patient=patient))
    review = (
        Review()
        .with_marks(
            [
                MarkDecision(name=f"file:{len(marks) - 1}", **WHO),
                MarkDecision(name="own", time_s=3.0, text="dura opened", **WHO),
            ]
        )
        .with_field("name", "Doe", "X", **WHO)
        .with_field("spasm", "left", "", **WHO)
    )
    got = reviewed(automatic, review).recording
    assert [m.text for m in got.marks if m.stimulus is None] == ["dura opened"]
    assert sum(m.stimulus is not None for m in got.marks) == 24
    assert got.patient == {"name": "Doe", "sex": "F"}


def test_without_evidence_sweeps_cannot_be_judged_again(clear: Analysis) -> None:
    bare = replace(clear, evidence=())
    with pytest.raises(ValueError, match="evidence of 0"):
        reviewed(bare, review_of(clear, MENTALIS, [0], state="absent"))


def test_keys_name_every_finding_once(clear: Analysis) -> None:
    keys = finding_keys(clear)
    assert len(set(keys)) == len(clear.findings)
    assert keys[2] == (Branch.ZYGOMATIC, Side.LEFT, MENTALIS, 0)


def test_evidence_says_why_sweeps_were_called(clear: Analysis) -> None:
    run = next(e for e in clear.evidence if e.channel == column(clear.responses, MENTALIS))
    state = clear.responses.state[run.stimuli, run.channel]
    assert (run.evidence[state == State.PRESENT] >= run.call_limit).all()
    assert len(run.sham_evidence) == run.n_shams
    assert int((run.sham_evidence >= run.call_limit).sum()) == run.n_shams_called
    assert run.noise_uv == pytest.approx(float(np.median(clear.responses.noise_uv[:, 2])), rel=1e-4)
    direct = next(e for e in clear.evidence if e.channel == 0)
    assert clear.responses.role_at(0, 0) is Role.DIRECT
    assert (len(direct.evidence), len(direct.sham_evidence)) == (0, 0)


def test_thousands_of_decisions_are_applied_at_once() -> None:
    muscles = (Muscle.MENTALIS, Muscle.FRONTALIS, OCULI, Muscle.ORBICULARIS_ORIS)
    cases = [Case(k=9000, n_valid=9990, muscle=m, side=s) for m in muscles for s in Side]
    given = examination(*cases, n=10_000)
    labels = [c.label for c in given.responses.channels]
    rows = np.arange(10_000)
    review = Review(
        sweeps=tuple(
            SweepDecision(stimulus_s=1.0 + i, channel=labels[i % 8], state="absent")
            for i in rows.tolist()
        )
    )
    got = decided(given.responses, review)
    assert (got.state[rows, rows % 8] == State.ABSENT).all()
    assert int(got.manual.sum()) == 10_000
    findings = judge(Examination(got, given.runs), DEFAULT)[1]
    assert sum(f.n_present for f in findings) == 8 * 9000 - 9000
