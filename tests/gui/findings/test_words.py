"""What the right dock says of findings, before anything is drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.responses import Rejection, State
from amr_viewer.gui.document import Document, Stage
from amr_viewer.gui.findings.face_values import spots, stimulated, unplaced
from amr_viewer.gui.findings.headline import said_of, warnings_of
from amr_viewer.gui.findings.inspector import why_no_finding
from amr_viewer.gui.findings.numbers_table import as_tsv, finding_rows, sweep_rows, why_lines
from amr_viewer.gui.findings.svg_path import painter_path
from amr_viewer.gui.findings.words import blocks, cell, spoken
from tests.report.builders import (
    BOTH_SIDES,
    CANNOT_SAY,
    PRESENT,
    Spec,
    make_analysis,
    study_like_the_drawing,
)

ZYG_L = (Branch.ZYGOMATIC, Side.LEFT)
MAN_L = (Branch.MANDIBULAR, Side.LEFT)
ZYG_R = (Branch.ZYGOMATIC, Side.RIGHT)


@pytest.fixture(scope="module")
def study() -> Analysis:
    return study_like_the_drawing()


def find(analysis: Analysis, site: object, label: str) -> Finding:
    return next(
        f for f in analysis.findings if (f.site, f.side) == site and f.channel == f"EMG {label}"
    )


def test_the_matrix_has_a_block_per_side_with_its_own_sites_first(study: Analysis) -> None:
    left, right = blocks(study)
    assert (left.side, right.side) == (Side.LEFT, Side.RIGHT)
    assert left.muscles == ("Mentalis", "Orb. oris", "Frontalis", "Orb. oculi")
    assert left.site_names == ("Zyg L", "Man L", "Zyg R")
    assert right.site_names == ("Zyg R", "Zyg L", "Man L")
    assert (left.tone, right.tone) == ("present", "absent")
    assert left.muscle_tips[0] == "Mentalis, left (“EMG L_Mentalis” in the file)"


def test_a_cell_says_word_count_and_onset(study: Analysis) -> None:
    found = cell(study, find(study, ZYG_L, "L_Mentalis"))
    assert (found.tone, found.word, found.count, found.lines) == (
        "present", "present", "48/50", ("10.4 ms",),
    )  # fmt: skip
    direct = cell(study, find(study, ZYG_L, "L_OrbOculi"))
    assert (direct.tone, direct.word, direct.count, direct.lines) == ("direct", "M", "1.9 mV", ())
    absent = cell(study, find(study, ZYG_L, "L_Frontalis"))
    assert (absent.tone, absent.word, absent.count, absent.lines) == (
        "absent",
        "absent",
        "0/50",
        (),
    )
    unsure = cell(study, find(study, MAN_L, "L_Frontalis"))
    assert (unsure.tone, unsure.word, unsure.count) == ("unsure", "cannot say", "3/50")


def test_a_cell_that_a_person_overruled_keeps_the_automatic_verdict(study: Analysis) -> None:
    mine = replace(
        find(study, ZYG_L, "L_Mentalis"),
        verdict=Verdict.ABSENT,
        automatic_verdict=Verdict.PRESENT,
        source="manual",
        overruled=True,
        comment="artefact of a swallow",
    )
    found = cell(study, mine)
    assert found.is_manual
    assert (found.word, found.lines) == ("absent", ("auto: present",))
    assert "automatic: present" in spoken(mine)
    assert dict(finding_rows(study, mine))["Verdict"] == "absent, by hand (automatic: present)"


def test_the_program_s_verdict_is_not_repeated_where_a_person_only_changed_sweeps(
    study: Analysis,
) -> None:
    found = find(study, ZYG_L, "L_Mentalis")
    fewer = replace(found, automatic_verdict=Verdict.PRESENT, source="manual")
    assert dict(finding_rows(study, fewer))["Verdict"] == "present"
    turned = replace(fewer, verdict=Verdict.INDETERMINATE)
    assert dict(finding_rows(study, turned))["Verdict"] == "cannot say (automatic: present)"


def test_unknown_branches_muscles_and_sides_are_called_so() -> None:
    analysis = make_analysis(
        ((None, None),),
        (("EMG 1", None, None), ("EMG L_Mentalis", Muscle.MENTALIS, Side.LEFT)),
        {(None, None, "EMG L_Mentalis"): Spec(1.0, Verdict.PRESENT, "late response")},
    )
    left, unknown = blocks(analysis)
    assert left.site_names == ("Branch ? (side ?)",)
    assert "Unknown branch" in left.site_tips[0]
    assert unknown.side is None
    assert unknown.muscles == ("EMG 1",)
    assert "muscle not known" in unknown.muscle_tips[0]
    assert left.cells[0][0].word == "late response"
    assert [f.channel for f in unplaced(analysis, None)] == ["EMG 1"]
    assert stimulated(analysis, None) == ()


def test_the_face_shows_a_site_or_the_strongest_answer_of_all(study: Analysis) -> None:
    def tones(site: object) -> dict[tuple[Muscle, Side], str]:
        return {(s.muscle, s.side): s.tone for s in spots(study, site)}

    assert tones(ZYG_L)[Muscle.MENTALIS, Side.LEFT] == "present"
    assert tones(MAN_L)[Muscle.MENTALIS, Side.LEFT] == "direct"
    assert tones(MAN_L)[Muscle.FRONTALIS, Side.LEFT] == "unsure"
    assert tones(None)[Muscle.MENTALIS, Side.LEFT] == "present"
    assert tones(None)[Muscle.ORBICULARIS_OCULI, Side.LEFT] == "present"
    assert tones(None)[Muscle.MENTALIS, Side.RIGHT] == "absent"
    assert len(tones(None)) == len(BOTH_SIDES)
    assert [(s.name, s.current) for s in stimulated(study, ZYG_L)] == [("ZYG", "8 mA")]
    assert len(stimulated(study, None)) == 3
    assert spots(None, None) == ()


def test_numbers_carry_units_and_intervals(study: Analysis) -> None:
    rows = dict(finding_rows(study, find(study, ZYG_L, "L_Mentalis")))
    assert rows["Persistence"] == "48/50 · 96 % (86–100)"
    assert rows["Onset"] == "10.4 (10.3–10.5) ms"
    assert rows["Jitter"] == "0.30 ms"
    assert rows["Amplitude"] == "180 (169–194) µV"
    assert rows["Duration"] == "6.2 ms"
    assert rows["Phases"] == "4"
    assert rows["AMR / M"] == "9.5 %"
    assert rows["M amplitude"] == "1.9 mV"
    assert rows["Noise"] == "3.9 µV RMS"
    assert rows["SNR"] == "27 dB"
    assert rows["Sham rate"] == "0.8 % of 4000 windows"
    assert rows["p, corrected"] == "< 10⁻⁹"
    assert rows["After-discharge"] == "in 0 of 48 responses"
    assert rows["Detectable from"] == "12 µV"
    direct = dict(finding_rows(study, find(study, ZYG_L, "L_OrbOculi")))
    assert "p, corrected" not in direct
    assert direct["M onset"] == "3.1 ms"


def test_rejected_sweeps_are_counted_with_their_reasons(study: Analysis) -> None:
    finding = find(study, ZYG_L, "L_Mentalis")
    state, rejection = study.responses.state.copy(), study.responses.rejection.copy()
    for stimulus, why in ((0, Rejection.NOISE), (1, Rejection.NOISE), (2, Rejection.OVERLAP)):
        state[stimulus, finding.channel_index] = State.REJECTED
        rejection[stimulus, finding.channel_index] = why
    responses = replace(study.responses, state=state, rejection=rejection)
    analysis, fewer = replace(study, responses=responses), replace(finding, n_valid=47)
    assert dict(finding_rows(analysis, fewer))["Sweeps"] == (
        "47 of 50 valid; 2 baseline too noisy; 1 next stimulus falls into the search window"
    )
    sweep = dict(sweep_rows(analysis, fewer, 2))
    assert sweep["State"] == "rejected"
    assert sweep["Rejected because"] == "next stimulus falls into the search window"


def test_a_sweep_tells_its_own_numbers(study: Analysis) -> None:
    finding = find(study, ZYG_L, "L_Mentalis")
    c = finding.channel_index
    present = int((study.responses.state[:50, c] == State.PRESENT).argmax())
    rows = dict(sweep_rows(study, finding, present))
    assert rows["State"] == "response present"
    assert rows["Onset"] == f"{study.responses.onset_ms[present, c]:.2f} ms"
    assert rows["Probability"] == "99.9 %"
    assert rows["Source"] == "automatic"
    assert rows["Stimulus at"].endswith(", 8 mA")
    assert sweep_rows(study, finding, 149) == ()
    assert sweep_rows(study, finding, None) == ()


def test_numbers_are_copied_as_lines_of_name_and_value(study: Analysis) -> None:
    finding = find(study, ZYG_L, "L_Mentalis")
    lines = as_tsv(study, finding, 0).splitlines()
    assert lines[0] == "Finding\tMentalis L on Zygomatic L"
    assert lines[1] == "Verdict\tpresent"
    assert f"Reason\t{finding.reason}" in lines
    assert "Sweep 1 of 50\t" in lines
    assert all(line.count("\t") == 1 for line in lines)


def test_why_tells_the_sham_windows_and_the_limit(study: Analysis) -> None:
    present = " ".join(why_lines(study, find(study, ZYG_L, "L_Mentalis")))
    assert "32 of 4000 sham windows" in present
    assert "p < 10⁻⁹" in present
    absent = " ".join(why_lines(study, find(study, ZYG_L, "L_Frontalis")))
    assert "A response from 12 µV would have been seen." in absent
    assumed = replace(find(study, ZYG_L, "L_Mentalis"), n_sham=0, sham_rate=0.05)
    assert "no room for sham windows; 5.0 % by chance was assumed" in why_lines(study, assumed)[0]


def test_every_stage_has_its_words(study: Analysis) -> None:
    assert "open the sample" in said_of(None)[1]
    reading = Document(1, Path("a.edf"))
    assert "Reading…" in said_of(reading)[1]
    assert "Analyzing…" in said_of(replace(reading, stage=Stage.ANALYZING))[1]
    failed = replace(reading, stage=Stage.FAILED, fault="a.edf: <no> header; export it again")
    assert said_of(failed) == (
        "present", "<b>Not analyzed.</b> &lt;no&gt; header", "Export it again",
    )  # fmt: skip
    stopped = replace(failed, fault="the analysis was stopped; F5 starts it again")
    assert said_of(stopped)[1] == "<b>Not analyzed.</b> The analysis was stopped"
    review = replace(failed, fault="a.edf.amr.json: the review is damaged; move it away")
    assert "a.edf.amr.json: the review" in said_of(review)[1]
    ready = replace(reading, stage=Stage.READY, analysis=study, notes=("a note",))
    tone, sentence, meaning = said_of(ready)
    assert tone == "present"
    assert sentence.startswith("<b>Abnormal muscle response present on the left:</b> mentalis")
    assert "as can be seen in left hemifacial spasm" in meaning
    assert "Analyzing again" in said_of(replace(ready, stage=Stage.ANALYZING))[1]
    assert warnings_of(ready) == ("a note", *study.warnings)
    assert warnings_of(None) == ()


def test_why_there_is_no_finding_is_said(study: Analysis) -> None:
    assert why_no_finding(None) == "Findings are shown here once a recording is open."
    nothing = replace(study, findings=())
    document = Document(1, Path("a.edf"), stage=Stage.READY, analysis=nothing)
    assert why_no_finding(document) == "No EMG channel of this recording could be analyzed."


def test_paths_of_the_report_are_drawn_as_they_are_written() -> None:
    path = painter_path("M10,20 L30,20 Q40,20 40,30 C40,50 -20.5,50 10,20 Z")
    box = path.boundingRect()
    assert (box.right(), box.top()) == (40.0, 20.0)
    assert path.elementCount() >= 8
    with pytest.raises(ValueError, match="only M, L, C, Q and Z"):
        painter_path("M0,0 h5")


def test_a_study_with_an_undecided_pair_says_so() -> None:
    analysis = make_analysis(specs={(*ZYG_L, "EMG L_Mentalis"): CANNOT_SAY})
    (left,) = blocks(analysis)
    assert left.tone == "unsure"
    assert PRESENT.verdict is Verdict.PRESENT
