"""What a report says, and that it never says more than it may."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import numpy as np
import pytest

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.findings import Verdict
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.protocol import Protocol
from amr_viewer.errors import ExportError
from amr_viewer.report.content import build, wording
from amr_viewer.report.wording import EN
from amr_viewer.report.wording_ru import RU
from tests.report.builders import (
    BOTH_SIDES,
    PRESENT,
    Spec,
    make_analysis,
    make_sweeps,
    study_like_the_drawing,
)

ZL = (Branch.ZYGOMATIC, Side.LEFT)


def texts(value):
    """Every text of a document except the drawings."""
    if isinstance(value, str):
        yield "" if value.startswith("<svg") else value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)


def words_of(document):
    return "\n".join(texts(asdict(document)))


def made(analysis, **options):
    return build(analysis, {}, printed=date(2026, 11, 20), **options)


@pytest.fixture(scope="module")
def study():
    return study_like_the_drawing()


def test_the_headline_is_bold_up_to_its_colon(study):
    headline = made(study).headline
    assert headline.tone == "present"
    assert headline.strong == "Abnormal muscle response present on the left:"
    assert headline.rest.startswith("mentalis and orbicularis oris")


def test_wording_of_a_present_response(study):
    wanted = (
        "Lateral spread as can be seen in left hemifacial spasm; it may also occur after facial "
        "palsy. Clinical correlation is recommended."
    )
    document = made(study)
    assert document.headline.wording == document.meaning == wanted


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "amr", ["present", "absent", "indeterminate", "not_assessable", "no_stimuli"]
)
def test_every_answer_has_words_and_none_is_too_strong(amr, language):
    sites = () if amr == "no_stimuli" else (ZL,)
    document = made(make_analysis(sites, amr=amr, headline=f"{amr} it is"), language=language)
    assert document.headline.tone == amr
    assert document.headline.strong
    assert document.headline.wording
    assert "diagnostic" not in words_of(document).lower()


def test_without_site_and_muscle_it_is_a_late_response():
    late = Spec(0.9, Verdict.PRESENT, "late response", "the branch is not known")
    analysis = make_analysis(
        ((None, None),),
        (("CH1", None, None), ("CH2", None, None)),
        {(None, None, "CH1"): late},
        amr="not_assessable",
        headline="Late response present: CH1",
    )
    document = made(analysis)
    row = document.responses[0]
    assert (row.muscle, row.verdict, row.tone) == ("CH1", "late response: present", "late")
    assert row.amr_to_m == ""
    assert "only where the stimulated branch" in document.headline.wording
    found = {f.label: f.value for f in document.conclusion}
    assert "Present" not in found
    assert found["Other late responses"] == "Unknown branch → CH1 45/50 (late response)"


def test_a_reflex_is_said_to_be_no_lateral_spread():
    specs = {
        (*ZL, f"EMG {s}_Mentalis"): Spec(0.9, Verdict.PRESENT, "reflex", "on both sides")
        for s in "LR"
    }
    analysis = make_analysis((ZL,), BOTH_SIDES, specs, amr="indeterminate", headline="Reflex")
    document = made(analysis)
    assert "reflex (R1/R2) and is not counted as lateral spread" in document.headline.wording
    shown = [(r.muscle, r.verdict) for r in document.responses]
    assert ("Mentalis R", "reflex: present") in shown


def test_rows_hold_the_numbers_with_their_intervals(study):
    rows = made(study).responses
    first, _, absent = rows[:3]
    assert (first.site, first.muscle, first.symbol) == ("Zygomatic L", "Mentalis L", "●")
    assert first.persistence == "48/50 (86–100 %)"
    assert first.onset == "10.4 (10.3–10.5)"
    assert first.amplitude == "180 (169–194)"
    assert first.amr_to_m == "9.5 %"
    assert (absent.symbol, absent.onset, absent.amplitude) == ("○", "", "< 12")


def test_notes_state_m_noise_and_chance(study):
    notes = " ".join(made(study).notes)
    assert "Orbicularis oculi L 1.9 mV 3.1 ms" in notes
    assert "Noise 3.9 µV RMS." in notes
    assert "0.8 % per sweep; p < 10⁻⁹ after correction over 20 pairs" in notes
    assert "Other side: no response in 12 of 12 pairs." in notes


def test_the_matrix_holds_every_pair(study):
    matrix = made(study).matrix
    assert len(matrix.columns) == 8
    assert [c.text for c in matrix.rows[0].cells[:4]] == ["48/50", "47/50", "0/50", "1.9 mV"]
    assert matrix.rows[1].cells[2].symbol == "◐"


def test_what_was_not_tested_is_said():
    document = made(make_analysis((ZL,), BOTH_SIDES[:3]))
    text = next(f.value for f in document.conclusion if f.label == "Not tested")
    assert text == (
        "blink reflex, response to voluntary movement, spontaneous patterns, the right side, "
        "direct response (M) on stimulation of: Zygomatic L."
    )
    assert "No direct response (M) was measured." in document.notes[0]


def test_the_other_side_is_tested_where_it_was_recorded(study):
    text = next(f.value for f in made(study).conclusion if f.label == "Not tested")
    assert text == "blink reflex, response to voluntary movement, spontaneous patterns."


def test_values_set_by_hand_are_counted(study):
    manual = np.zeros(study.responses.manual.shape, bool)
    manual[3:5, 0] = True
    edited = replace(study, responses=replace(study.responses, manual=manual))
    found = {f.label: f.value for f in made(edited).conclusion}
    assert found["By hand"] == "2 sweeps hold values set by hand."


def test_every_parameter_stands_in_the_methods_and_changes_are_marked(study):
    parameters = Parameters().replaced({"window_end_ms": "25"})
    document = made(replace(study, protocol=Protocol(name="own", parameters=parameters)))
    names = [p.name for p in document.parameters]
    # Those of bursts and patterns stand there where such were looked for.
    unused = ("bursts", "patterns")
    used = [d for d in parameters.describe() if d.group not in unused]
    assert names == [f"{d.group}.{d.name}" for d in used]
    changed = [p for p in document.parameters if p.default]
    assert [(p.value, p.default) for p in changed] == [("25 ms", "changed; default 20")]


def test_sections_hold_a_panel_per_channel_and_say_what_is_left_out(study):
    document = build(study, make_sweeps(study, 4000.0))
    first = document.sites[0]
    assert first.title == "Zygomatic stimulation, left, 8 mA, 0.2 ms, 50 stimuli, 1 Hz"
    assert len(first.panels) == 8
    assert first.panels[0].chip == "● AMR present 48/50"
    assert first.panels[3].chip == "M 1.9 mV 3.1 ms"
    assert [s.muscle for s in first.stacks] == ["Mentalis", "Orb. oris", "Frontalis", "Orb. oculi"]
    assert "not drawn: Mentalis R" in first.stack_note
    assert first.events[0] == "A  12.4 s  dura opened"


def test_channels_with_one_label_are_told_apart():
    twins = (("EMG", Muscle.MENTALIS, Side.LEFT), ("EMG", Muscle.FRONTALIS, Side.LEFT))
    analysis = make_analysis((ZL,), twins, {(*ZL, "EMG"): PRESENT})
    document = build(analysis, make_sweeps(analysis, 2000.0))
    assert [p.muscle for p in document.sites[0].panels] == ["Mentalis", "Frontalis"]


def test_no_path_is_printed(study):
    assert "/somewhere" not in words_of(made(study))


def test_control_characters_are_made_visible(study):
    patient = dict(study.recording.patient, name="A\x7fB\x00")
    recording = replace(study.recording, patient=patient)
    document = made(replace(study, recording=recording))
    assert document.header[0].value == "A�B�"


@pytest.mark.parametrize(
    "name",
    [
        "headings", "fields", "branches", "branch_short", "muscles", "muscle_short", "sides",
        "side_letters", "verdicts", "meaning", "asides", "sentences",
    ],
)  # fmt: skip
def test_russian_has_every_word(name):
    english, russian = getattr(EN, name), getattr(RU, name)
    assert set(russian) == set(english)
    for key, text in english.items():
        fields = {part.split("}")[0] for part in text.split("{")[1:]}
        assert fields == {part.split("}")[0] for part in russian[key].split("{")[1:]}, key


def test_russian_sentences_are_all_translated():
    same = {key for key, text in RU.sentences.items() if text == EN.sentences[key]}
    assert same == set()
    assert len(RU.limits) == len(EN.limits)


def test_an_unknown_language_is_refused():
    with pytest.raises(ExportError, match="choose one of en, ru"):
        wording("xx")
