"""Every word that a report prints, once per language; here the kinds of words, and English.

The strength of the sentences is fixed by docs/criteria.md 1: "as can be seen in", and that the
response may also occur after facial palsy; nothing stronger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amr_viewer.core.anatomy import Branch, Muscle
from amr_viewer.core.phrases import ENGLISH
from amr_viewer.report import wording_patterns


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language.

    Attributes
    ----------
    headings : mapping
        Headings and column titles, as the templates ask for them by key.
    fields : mapping
        Names in the block of patient and recording, and in the methods.
    branches, branch_short, muscles, muscle_short, sides, side_letters, verdicts, labels : mapping
        Names of the values of `core`; `labels` are those of `Finding.label`.
    headlines : mapping
        By `Analysis.amr`, with ``{where}``; empty: the headline of the analysis itself is printed.
    meaning : mapping
        The line under the headline, by `Analysis.amr` and, for ``present``, by side.
    asides : mapping
        What is added to `meaning` where a finding bears such a label.
    course : mapping
        Of the course over the session.
    patterns : mapping
        Of the section on free-running EMG.
    phrases : tuple of (str, str)
        Regular expressions of what the analysis says there, and what is printed instead.
    log : mapping
        Templates and words of the log of a review, as `core.phrases` has them in English.
    sentences : mapping
        All others.
    limits : tuple of str
    """

    language: str
    headings: Mapping[str, str]
    fields: Mapping[str, str]
    branches: Mapping[str, str]
    branch_short: Mapping[str, str]
    muscles: Mapping[str, str]
    muscle_short: Mapping[str, str]
    sides: Mapping[str, str]
    side_letters: Mapping[str, str]
    verdicts: Mapping[str, str]
    labels: Mapping[str, str]
    headlines: Mapping[str, str]
    meaning: Mapping[str, str]
    asides: Mapping[str, str]
    course: Mapping[str, str]
    patterns: Mapping[str, str]
    phrases: tuple[tuple[str, str], ...]
    log: Mapping[str, str]
    sentences: Mapping[str, str]
    limits: tuple[str, ...]


_MUSCLE_SHORT = {
    "orbicularis_oculi": "Orb. oculi",
    "orbicularis_oris": "Orb. oris",
    "levator_labii": "Lev. labii",
    "depressor_anguli_oris": "Dep. anguli",
    "depressor_labii": "Dep. labii",
}

EN = Wording(
    language="en",
    headings={
        **wording_patterns.HEADINGS,
        "title": "Lateral spread study",
        "subtitle": "Abnormal muscle response after stimulation of facial nerve branches",
        "page": "page {page} of {pages}",
        "responses": "Responses",
        "stimulated": "Stimulated",
        "muscle": "Muscle",
        "verdict": "Verdict",
        "persistence": "Persistence (95 % CI)",
        "onset": "Onset, ms",
        "amplitude": "Amplitude, µV",
        "amr_to_m": "AMR/M",
        "no_rows": "No pair of stimulated branch and muscle could be judged.",
        "overview": "All channels",
        "course": "Course over the session",
        "change": "Change",
        "between": "Between",
        "before": "Before",
        "after": "After",
        "marks": "Marks in this time",
        "conclusion": "Conclusion",
        "physician": "Physician",
        "date": "Date",
        "stacked": "Stacked sweeps",
        "sweeps": "Superimposed sweeps",
        "edited": "Edited by hand",
        "what": "What",
        "was": "Was",
        "now": "Is",
        "who": "Who",
        "when": "When (UTC)",
        "details": "What each verdict rests on",
        "valid": "Valid/given",
        "p_value": "p",
        "jitter": "Jitter, ms",
        "duration": "Duration, ms",
        "phases": "Phases",
        "noise": "Noise, µV",
        "reason": "Verdict and reason",
        "methods": "Methods",
        "channels": "Channels as understood",
        "label": "Label in the file",
        "side": "Side",
        "sampling": "Sampling",
        "unit": "Unit",
        "filters": "Filters stated",
        "parameters": "Parameters",
        "parameter": "Parameter",
        "value": "Value",
        "source": "Source",
        "changed": "changed; default {default}",
        "warnings": "Warnings",
        "no_warnings": "None.",
        "provenance": "Versions and hashes",
        "limits": "Limits",
        "aid": "an aid to the physician, not a diagnosis",
        "right": "R",
        "left": "L",
        "legend_present": "present",
        "legend_late": "late response",
        "legend_absent": "absent",
        "legend_unsure": "cannot say",
        "legend_direct": "direct (M)",
        "legend_site": "stimulated",
    },
    fields={
        "patient": "Patient",
        "id": "ID",
        "born": "Born",
        "sex": "Sex",
        "study": "Recorded",
        "recording": "Recording",
        "format": "Format",
        "device": "Equipment",
        "stimuli": "Stimuli",
        "duration": "Duration",
        "spasm": "Side of spasm",
        "palsy": "Facial palsy",
        "botulinum": "Botulinum",
        "examiner": "Examiner",
        "referred": "Referred by",
        "protocol": "Protocol",
        "stimulation": "Stimulation",
        "placing": "Stimuli found by",
        "search": "Search window",
        "criterion": "Criterion",
        "polarity": "Drawing",
        "program": "Program",
        "libraries": "Libraries",
        "recording_hash": "Recording, SHA-256",
        "protocol_hash": "Protocol, SHA-256",
        "size": "Size",
        "printed": "Report made",
        "left_out": "Sections left out",
    },
    branches={b.value: b.value.capitalize() for b in Branch} | {"": "Unknown branch"},
    branch_short={
        "temporal": "TEMP", "zygomatic": "ZYG", "buccal": "BUC", "mandibular": "MAN",
        "cervical": "CERV", "trunk": "TRUNK", "supraorbital": "SUPRA",
    },
    muscles={m.value: m.title.capitalize() for m in Muscle},
    muscle_short={m.value: m.title.capitalize() for m in Muscle} | _MUSCLE_SHORT,
    sides={"left": "left", "right": "right", "both": "both", "": "side not known"},
    side_letters={"left": "L", "right": "R", "": ""},
    verdicts={
        "present": "present",
        "absent": "absent",
        "indeterminate": "cannot say",
        "not_assessable": "not assessable",
    },
    labels={"AMR": "AMR", "M response": "M", "response on the other side": "other side"},
    headlines={},
    meaning={
        "left": (
            "Lateral spread as can be seen in left hemifacial spasm; it may also occur after "
            "facial palsy. Clinical correlation is recommended."
        ),
        "right": (
            "Lateral spread as can be seen in right hemifacial spasm; it may also occur after "
            "facial palsy. Clinical correlation is recommended."
        ),
        "present": (
            "Lateral spread as can be seen in hemifacial spasm; it may also occur after facial "
            "palsy. Clinical correlation is recommended."
        ),
        "absent": (
            "No lateral spread was found in the muscles recorded. This alone does not exclude "
            "hemifacial spasm. Clinical correlation is recommended."
        ),
        "indeterminate": (
            "The evidence neither meets the criteria of a response nor excludes one; the reasons "
            "stand beside each muscle. Clinical correlation is recommended."
        ),
        "not_assessable": (
            "This recording can neither show nor exclude lateral spread; the reasons stand beside "
            "each muscle."
        ),
        "no_stimuli": "Without stimuli nothing can be said of lateral spread.",
    },
    asides={
        "late response": (
            "A late response is called abnormal muscle response only where the stimulated branch "
            "and the muscle are known."
        ),
        "reflex": (
            "A response on both sides is compatible with a reflex (R1/R2) and is not counted as "
            "lateral spread."
        ),
    },
    course={
        "present": "present",
        "reduced": "reduced",
        "absent": "absent",
        "cannot_say": "cannot say",
        "persistence": "Persistence, %",
        "amplitude": "Amplitude, µV",
        "min": "min",
        "s": "s",
        "note": (
            "Blocks of about {n} stimuli, ended by pauses, with 95 % intervals. ● present, ▼ "
            "reduced (below {percent} % of the baseline), ○ absent (of no size: drawn at zero), × "
            "cannot say; dotted: M in percent of its baseline; letters: marks. Absent takes "
            "enough valid sweeps and a preserved direct response."
        ),
        "at_end": "at the end",
        "at_end_row": "At the end",
        "baseline": "baseline: block {block}, {count}, {uv} µV",
        "baseline_own": "baseline by hand: block {block}, {count}, {uv} µV",
        "no_baseline": "no baseline: no percentages",
        "m_end": "M at the end {percent} % of its baseline",
        "alt": "Course of {muscle}: {states}",
        "no_changes": "No change of state was found.",
        "more": "{n} further changes are in trend.csv.",
        "vanished": "vanished",
        "fell": "reduced",
        "recovered": "recovered",
        "appeared": "appeared",
        "reappeared": "reappeared",
        "back_reduced": "reappeared, reduced",
    },
    patterns=wording_patterns.PATTERNS,
    phrases=wording_patterns.PHRASES,
    log=ENGLISH,
    sentences={
        "site_title": "{site} stimulation, {side}",
        "n_stimuli": "{n} stimuli",
        "panel_note": (
            "negative up; thick: median of the sweeps with a response, else of all; shaded: "
            "search window; gray: stimulus artefact"
        ),
        "drawn": "at most {n} sweeps drawn per muscle, evenly chosen",
        "alt_panel": "Sweeps of {muscle}: {verdict}",
        "alt_stack": "Stacked sweeps of {muscle}",
        "alt_face": "Face with the stimulated branches and the muscles: {text}",
        "stack_note": (
            "In order of time from top to bottom, negative up; in color: sweeps with a response; "
            "dotted: rejected"
        ),
        "some_rows": "{k} of {n} sweeps drawn, evenly chosen",
        "left_out": "not drawn: {muscles}",
        "onset": "onset",
        "end": "end",
        "ms": "ms",
        "uv": "µV",
        "mv": "mV",
        "ma": "mA",
        "hz": "Hz",
        "seen_from": "seen from {uv} µV",
        "direct": "Direct responses (M): {list}.",
        "direct_missing": "No direct response (M) was measured.",
        "noise": "Noise {noise} µV RMS.",
        "sham": "Chance rate measured on sham windows of this recording: {rate} per sweep",
        "p_present": "p {p} after correction over {n} pairs",
        "p_none": "smallest p {p} after correction over {n} pairs",
        "below": "In an absent row the amplitude is what would have been seen.",
        "contralateral": "Other side: no response in {k} of {n} pairs.",
        "rejected": "{n} rejected",
        "manual": "{n} sweeps hold values set by hand.",
        "by_hand": "By hand",
        "overruled": "{verdict}, by hand",
        "rests": "Rests on decisions of a person (sweeps: {sweeps}, verdicts: {verdicts}).",
        "written": "Sentence above written by a person; the program's: {text}",
        "joined": "{what} and {n} more",
        "older_edits": "Older changes are listed in analysis.json.",
        "present_row": "Present",
        "late_row": "Other late responses",
        "absent_row": "Absent",
        "indeterminate_row": "Cannot say",
        "not_assessable_row": "Not assessable",
        "not_tested_row": "Not tested",
        "blink": "blink reflex",
        "voluntary": "response to voluntary movement",
        "spontaneous": "spontaneous patterns",
        "other_side": "the {side} side",
        "no_direct": "direct response (M) on stimulation of: {sites}",
        "afterdischarge": "After-discharge in {percent} of the responses.",
        "window": "{low} to {high} ms after the stimulus",
        "criterion": (
            "persistence tested against the rate on sham windows (exact test, Holm correction), "
            "present below p = {alpha}; intervals: Clopper-Pearson for persistence, bootstrap of "
            "the median for onset and amplitude"
        ),
        "polarity": "negative deflections up; amplitude peak to peak",
        "source_annotation": "annotations",
        "source_trigger": "trigger channel",
        "source_artefact": "the stimulus artefact itself",
        "unknown": "not stated",
        "unknown_muscle": "muscle not known",
        "sweep": "sweep",
    },
    limits=(
        "The program reports responses; what they mean is for the physician to say, who knows the "
        "history and has examined the patient.",
        "Abnormal muscle response, facial F-wave and the early blink reflex share latencies of 8 "
        "to 12 ms. The name rests on which branch was stimulated and which muscle answered; a "
        "trigeminal reflex is excluded only as far as the other side was recorded.",
        "The response is found in hemifacial spasm and after facial palsy with synkinesis.",
        "Absent means: if there is a response of the size stated, it comes in no more sweeps than "
        "the upper end of the interval says. Neuromuscular block, botulinum toxin, volatile "
        "anesthetics, a weak stimulus or a displaced electrode can hide a response.",
        "There is no accepted norm of persistence, latency or size; the criteria are those listed "
        "under Parameters.",
    ),
)  # fmt: skip
"""English."""
