"""The section on free-running EMG: what is drawn, what is written, and what is never claimed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Side
from amr_viewer.core.bursts import (
    BurstChannel,
    BurstKind,
    Bursts,
    Electrode,
    QualityFlag,
    SetAside,
    no_bursts,
)
from amr_viewer.core.patterns import (
    Conclusion,
    Confidence,
    Estimate,
    Evidence,
    MuscleActivity,
    PatternFinding,
    Rhythm,
    Spread,
    Synchrony,
)
from amr_viewer.report.content import automatic_texts, build
from amr_viewer.report.document import write_report
from amr_viewer.report.model import PatternSection
from amr_viewer.report.pattern_figures import ASIDE, Raster, RasterRow, busiest, raster_figure
from amr_viewer.report.patterns import pattern_section, phrase
from amr_viewer.report.wording import EN
from amr_viewer.report.wording_ru import RU
from tests.report.builders import BOTH_SIDES, make_analysis

SVG = "{http://www.w3.org/2000/svg}"
FORBIDDEN = (
    r"diagnostic of", r"\bconfirm", r"\bexcludes\b", r"pathognomonic", r"\bproves?\b",
    r"подтвержда", r"(?<!не )исключает", r"патогномонич", r"доказыва",
)  # fmt: skip
EVIDENCE = (
    Evidence(
        "synchrony", "synchrony index 0.83 (0.70 to 0.91), correlation of envelopes 0.76", 1, 3.0
    ),
    Evidence("one side", "lateralization 0.97 (0.94 to 0.99), of area 0.99", 1, 2.0),
    Evidence("quality", "the signal of active channels is flagged", -1),
    Evidence("lag", "lag between muscles 14.2 ms", -1, -0.5),
    Evidence("limits", "synkinesis after facial palsy and secondary spasm are not excluded", 0),
)  # fmt: skip


def made_bursts(electrode: Electrode = Electrode.SURFACE) -> Bursts:
    """Forty clonic and four tonic bursts of each left muscle, eight blinks set aside."""
    starts, kinds, aside, lengths = [], [], [], []
    for k in range(40):
        starts.append(5.0 + 4.0 * (k // 4) + 0.12 * (k % 4))
        kinds.append(BurstKind.CLONIC)
        aside.append(SetAside.NONE)
        lengths.append(62.0)
    for k in range(4):
        starts.append(60.0 + 30.0 * k)
        kinds.append(BurstKind.TONIC)
        aside.append(SetAside.NONE)
        lengths.append(1200.0)
    for k in range(8):
        starts.append(2.0 + 20.0 * k)
        kinds.append(BurstKind.CLONIC)
        aside.append(SetAside.BLINK)
        lengths.append(110.0)
    one = np.argsort(starts, kind="stable")
    n = 4 * len(one)
    return Bursts(
        channels=tuple(
            BurstChannel(
                i, label, muscle, side, electrode, analyzed_s=200.0,
                flags=(QualityFlag.MAINS,) if i < 2 else (),
            )
            for i, (label, muscle, side) in enumerate(BOTH_SIDES)
        ),
        channel=np.tile(np.arange(4), len(one)),
        start_s=np.repeat(np.array(starts)[one], 4),
        duration_ms=np.repeat(np.array(lengths)[one], 4),
        peak_uv=np.full(n, 80.0),
        area_uv_s=np.full(n, 4.0),
        kind=np.repeat(np.array(kinds, np.int8)[one], 4),
        salvo=np.zeros(n, np.intp),
        episode=np.zeros(n, np.intp),
        n_discharges=np.full(n, np.nan),
        rate_hz=np.full(n, np.nan),
        rate_reliable=np.zeros(n, np.bool_),
        set_aside=np.repeat(np.array(aside, np.int8)[one], 4),
        manual=np.zeros(n, np.bool_),
        duration_s=200.0,
    )  # fmt: skip


def made_muscles() -> tuple[MuscleActivity, ...]:
    """Four busy muscles on the left, four silent ones on the right."""
    return tuple(
        MuscleActivity(
            i, label, muscle, side, 44, 40, 4, 0, 10, 14, 8, Estimate(13.2, 9.6, 17.7, 44),
            Spread(62.0, 40.0, 88.0, 44), 3.6, 52.8,
        )
        if side is Side.LEFT
        else MuscleActivity(i, label, muscle, side, bursts_per_min=Estimate(0.0, 0.0, 1.1, 0))
        for i, (label, muscle, side) in enumerate(BOTH_SIDES)
    )  # fmt: skip


def made_finding(side: Side | None, **changes: Any) -> PatternFinding:
    muscles = tuple(m for m in made_muscles() if side in {None, m.side})
    pairs = tuple(
        Synchrony(a, b, Estimate(0.83 - 0.1 * (b - a - 1), 0.7, 0.91, 44), 0.02,
                  Spread(1.8, -0.4, 2.5, 40), crosstalk=(a, b) == (0, 1))
        for a in range(4) for b in range(a + 1, 4)
    )  # fmt: skip
    plain = PatternFinding(
        side=side,
        conclusion=Conclusion.HFS_CLONIC_TONIC,
        confidence=Confidence.MODERATE,
        runner_up=Conclusion.SYNKINESIS,
        pattern_side="left",
        evidence=EVIDENCE,
        missing=("sleep", "masseter (hemimasticatory spasm)"),
        assessed_s=198.0,
        muscles=muscles,
        n_bursts=176,
        n_salvos=10,
        n_episodes=14,
        n_clonic_tonic=3,
        episodes_per_min=Estimate(4.2, 2.3, 7.0, 14),
        clonic_duration_ms=Spread(62.0, 40.0, 88.0, 160),
        tonic_duration_ms=Spread(1200.0, 900.0, 1600.0, 16),
        load_percent=3.6,
        load_uv_s_min=52.8,
        synchrony=pairs,
        synchrony_index=Estimate(0.83, 0.7, 0.91, 44),
        lag_ms=Spread(1.8, -0.4, 2.5, 40),
        lateralization=Estimate(0.97, 0.94, 0.99, 176),
        lateralization_area=0.99,
        rhythm=Rhythm(Estimate(0.81, 0.6, 1.0, 13), Estimate(0.7, 0.5, 0.9, 12), index=0.0),
        other_babinski=Estimate(0.7, 0.55, 0.82, 40) if side is not Side.RIGHT else Estimate(),
    )
    return replace(plain, **changes)


def made_study(electrode: Electrode = Electrode.SURFACE, **changes: Any) -> Analysis:
    """An analysis with a pattern on the left."""
    plain = make_analysis(channels=BOTH_SIDES, n_per_site=200)
    found = tuple(made_finding(side, **changes) for side in (None, Side.LEFT, Side.RIGHT))
    return replace(plain, bursts=made_bursts(electrode), patterns=found)


@pytest.fixture(scope="module")
def study() -> Analysis:
    return made_study()


def said(section: PatternSection) -> str:
    """Every word of a section."""
    fields = [f"{f.label}: {f.value}" for f in (*section.measures, *section.closing)]
    lists = (*section.supporting, *section.opposing, *section.told, *section.limits)
    alone = (section.remark, section.answer, section.chip, section.sentence, section.caution)
    return "\n".join([*alone, *fields, *lists])


def words_in(svg: str) -> list[str]:
    return [t.text or "" for t in ElementTree.fromstring(svg).iter(SVG + "text")]


def test_the_answer_comes_with_its_confidence_in_a_word_and_its_numbers(study: Analysis) -> None:
    section = pattern_section(study, EN)
    assert section.answer == "Hemifacial-spasm pattern, clonic-tonic: left"
    assert section.chip == "confidence: moderate"
    assert section.tone == "present"
    assert section.sentence == (
        "Free-running EMG of 3.3 min, surface electrodes: 40 clonic bursts (median 62 ms) and 4 "
        "tonic bursts (median 1200 ms) in the busiest muscle (Mentalis L); Orb. oris L – Frontalis "
        "L: synchrony index 0.83, median lag 1.8 ms."
    )
    assert "do not exclude post-paralytic synkinesis" in section.caution


def test_a_pair_that_may_be_crosstalk_does_not_stand_for_the_pattern(study: Analysis) -> None:
    section = pattern_section(study, EN)
    lines = {f.label: f.value for f in section.closing}
    assert lines["Crosstalk suspected"] == "Mentalis L – Orb. oris L"
    assert "Mentalis L – Orb. oris L" not in section.sentence


def test_every_muscle_has_its_line_from_the_brow_down(study: Analysis) -> None:
    rows = pattern_section(study, EN).rows
    face = ["Frontalis", "Orb. oculi", "Orb. oris", "Mentalis"]
    assert [r.muscle for r in rows] == face * 2
    assert [r.side for r in rows] == ["left", "", "", "", "right", "", "", ""]
    first, silent = rows[0], rows[4]
    assert (first.per_min, first.clonic, first.tonic) == ("13.2 (9.6–17.7)", "40", "4")
    assert (first.duration, first.load, first.area) == ("62 [40–88]", "3.6", "53")
    assert (silent.per_min, silent.duration, silent.load) == ("0.0 (0.0–1.1)", "–", "–")


def test_what_was_measured_is_said_with_intervals(study: Analysis) -> None:
    lines = {f.label: f.value for f in pattern_section(study, EN).measures}
    assert lines["Synchrony"].endswith(
        "index 0.83 (0.70–0.91) within 10 ms, 44 onsets; lag 1.8 [−0.4 … 2.5] ms (median [IQR])"
    )
    assert lines["Lateralization"].startswith("0.97 (0.94–0.99) of bursts, 0.99 of their area")
    assert lines["Rhythm"].startswith("episodes irregular: CV 0.81 (0.60–1.00)")
    assert lines["Other Babinski sign"] == "left: 0.70 (0.55–0.82), n 40, present"
    assert lines["Rate within bursts"] == "not measurable with surface electrodes"
    assert lines["AMR, same recording"] == "present"
    assert lines["Set aside"] == "blinks of both eyes 32"


def test_rates_are_said_of_needles_only() -> None:
    needle = made_study(
        Electrode.NEEDLE, rate_hz=Spread(240.0, 200.0, 280.0, 30), rate_reliable=0.9
    )
    lines = {f.label: f.value for f in pattern_section(needle, EN).measures}
    assert lines["Rate within bursts"].startswith("240 [200–280] Hz (median [IQR]), n 30; two")
    surface = made_study(rate_hz=Spread(240.0, 200.0, 280.0, 30), rate_reliable=0.9)
    assert "240" not in said(pattern_section(surface, EN))


def test_evidence_stands_on_its_side(study: Analysis) -> None:
    section = pattern_section(study, EN)
    assert section.supporting == (
        "synchrony index 0.83 (0.70 to 0.91), correlation of envelopes 0.76 [+3.0]",
        "lateralization 0.97 (0.94 to 0.99), of area 0.99 [+2.0]",
    )
    assert section.opposing == (
        "the signal of active channels is flagged",
        "lag between muscles 14.2 ms [−0.5]",
    )
    assert section.told == (EVIDENCE[-1].words,)
    lines = {f.label: f.value for f in section.closing}
    assert lines["Next possibility"] == "Synkinesis-type pattern"
    assert lines["Not tested"] == "sleep; masseter (hemimasticatory spasm)"
    assert lines["Signal quality"].endswith("much of the quiet signal: Orb. oris L, Mentalis L")


def test_limits_name_the_thresholds_that_are_defaults(study: Analysis) -> None:
    limits = pattern_section(study, EN).limits
    assert limits[0].startswith("Defaults of this program")
    assert "clonic up to 250 ms, tonic from 500 ms" in limits[0]
    assert any("cannot resolve discharge rates of 250–400 Hz" in x for x in limits)
    assert any("short recording does not exclude" in x for x in limits)


@pytest.mark.parametrize("conclusion", list(Conclusion))
def test_no_wording_is_stronger_than_the_evidence(conclusion: Conclusion) -> None:
    for words in (EN, RU):
        section = pattern_section(made_study(conclusion=conclusion), words)
        assert section.answer
        assert section.caution
        for pattern in FORBIDDEN:
            assert not re.search(pattern, said(section), re.IGNORECASE), pattern


def test_russian_has_a_word_for_everything(study: Analysis) -> None:
    assert set(RU.patterns) == set(EN.patterns)
    assert set(RU.headings) == set(EN.headings)
    for key, text in EN.patterns.items():
        holes = re.findall(r"{\w+}", text)
        assert sorted(re.findall(r"{\w+}", RU.patterns[key])) == sorted(holes), key
    section = pattern_section(study, RU)
    assert section.answer == "Паттерн гемифациального спазма, клонико-тонический: слева"
    assert section.chip == "уверенность: умеренная"
    assert section.supporting[0] == (
        "индекс синхронности 0.83 (0.70 … 0.91), корреляция огибающих 0.76 [+3.0]"
    )
    assert not re.search(r"\b(of|the|and|bursts|with)\b", said(section))


def test_a_pattern_within_a_phrase_is_named_in_russian() -> None:
    text = "next is hemifacial-spasm pattern, clonic-tonic: 4.1 points against 6.5"
    assert phrase(text, RU) == (
        "далее: паттерн гемифациального спазма, клонико-тонический, баллов 4.1 против 6.5"
    )


def test_without_free_running_emg_there_is_no_section() -> None:
    plain = make_analysis()
    assert pattern_section(plain, EN) == PatternSection("")
    assert "spontaneous patterns" in build(plain, {}).conclusion[-1].value


def test_too_little_is_said_in_one_line(study: Analysis) -> None:
    reason = "no continuous EMG of 10 s or more"
    none = replace(study, bursts=no_bursts(reason), patterns=())
    assert pattern_section(none, EN) == PatternSection(f"No pattern is stated: {reason}.")
    few = made_study(conclusion=Conclusion.INSUFFICIENT, confidence=None)
    short = replace(few, bursts=replace(few.bursts, duration_s=40.0))
    section = pattern_section(short, EN)
    assert section.remark.startswith("No pattern is stated: 40 s of free-running EMG, 60 s are")
    assert section.raster is None
    assert pattern_section(few, EN).raster is not None


def test_the_conclusion_names_the_pattern_and_no_longer_calls_it_untested(study: Analysis) -> None:
    lines = {f.label: f.value for f in build(study, {}).conclusion}
    assert lines["Free-running EMG"] == (
        "Hemifacial-spasm pattern, clonic-tonic: left (confidence: moderate)"
    )
    assert "spontaneous patterns" not in lines["Not tested"]


def test_without_stimuli_the_pattern_is_the_answer(study: Analysis) -> None:
    alone = replace(study, amr="no_stimuli", headline="No stimuli were found: not tested.")
    headline = build(alone, {}).headline
    assert headline.strong == "Free-running EMG:"
    assert headline.rest == "hemifacial-spasm pattern, clonic-tonic: left (confidence: moderate)."
    assert automatic_texts(alone)["findings"].startswith("Free-running EMG: hemifacial-spasm")
    assert build(study, {}).headline.strong.startswith("Abnormal muscle response")


def test_the_raster_names_muscles_kinds_and_rates(study: Analysis) -> None:
    raster = pattern_section(study, EN).raster
    assert raster is not None
    shown = words_in(raster.figure)
    assert {"clonic", "tonic", "set aside", "min", "s", "13.2"} <= set(shown)
    assert shown.count("Mentalis L") == 2
    assert "other" not in shown
    assert raster.alt.startswith("Bursts of 8 channels over 3.3 min: 40 clonic bursts")


def test_the_matrix_shows_index_lag_and_suspected_crosstalk(study: Analysis) -> None:
    matrix = pattern_section(study, EN).matrix
    assert matrix is not None
    shown = words_in(matrix.figure)
    assert "0.83 ×" in shown
    assert shown.count("0.83") == 2
    # The table runs from the brow down, the file from the chin up: every lag changes its sign.
    assert shown.count("−1.8") + shown.count("1.8") == 6
    assert (
        matrix.alt
        == "Synchrony of pairs of muscles; highest: Mentalis L – Orb. oris L 0.83 (0.70–0.91)"
    )


def test_many_bursts_make_a_small_drawing() -> None:
    rng = np.random.default_rng(3)
    start = np.sort(rng.uniform(0.0, 21600.0, 40000))
    kind = rng.choice([ASIDE, 0, 1, 2], len(start))
    row = RasterRow("Mentalis L", "left", "111", start, start + 0.06, kind)
    kinds = {1: "clonic", 2: "tonic", 0: "other", ASIDE: "set aside"}
    detail = busiest(start, (0.0, 21600.0), 6.0)
    drawing = Raster((row,) * 8, (0.0, 21600.0), detail, ("min", "s", "/min"), kinds)
    assert len(raster_figure(drawing, 182.0)) < 1_500_000


def test_both_kinds_of_report_print_the_section(study: Analysis, tmp_path: Path) -> None:
    write_report(study, {}, tmp_path / "r.html")
    html = (tmp_path / "r.html").read_text("utf-8")
    assert "<h2>Free-running EMG</h2>" in html
    assert "Hemifacial-spasm pattern, clonic-tonic: left" in html
    assert "not measurable with surface electrodes" in html
    assert "Limits of this section" in html
    for language in ("en", "ru"):
        write_report(study, {}, tmp_path / "r.pdf", language=language)
        assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
