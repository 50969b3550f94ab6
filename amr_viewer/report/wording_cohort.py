"""The words of a report over a batch, in English; Russian is in `wording_cohort_ru`.

It counts what recordings show; "as can be seen in" is as strong as it gets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amr_viewer.core.pattern_words import SEEN_IN
from amr_viewer.report.wording_cohort_remarks import LIMITS, METHODS, REMARKS


@dataclass(frozen=True, slots=True)
class CohortWording:
    """The words of one language.

    Attributes
    ----------
    headings : mapping
        As the templates ask for them by key.
    sentences : mapping
        Sentences and short words.
    outcomes, patterns, statistics, measures, intervals : mapping
        Names of the values of `core.cohort` and `core.agreement`.
    remarks : mapping
        By `RemarkKind`: title and text, with ``{n}``, ``{list}`` and what else a kind needs.
    methods : tuple of (str, str)
    limits : tuple of str
    """

    headings: Mapping[str, str]
    sentences: Mapping[str, str]
    outcomes: Mapping[str, str]
    patterns: Mapping[str, str]
    statistics: Mapping[str, str]
    measures: Mapping[str, str]
    intervals: Mapping[str, str]
    remarks: Mapping[str, tuple[str, str]]
    methods: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]


EN = CohortWording(
    headings={
        "title": "Report over a batch",
        "subtitle": "Lateral spread and free-running EMG, recording by recording and together",
        "page": "page {page} of {pages}",
        "recordings": "All recordings",
        "tiles": "Each recording in small",
        "groups": "Measured values",
        "agreement": "Agreement with the reference",
        "rests_on": "What the counts rest on",
        "failures": "Recordings that failed",
        "warnings": "Warnings of the recordings, by kind",
        "no_warnings": "None.",
        "methods": "How it was counted",
        "limits": "Limits",
        "provenance": "Versions and hashes",
        "aid": "an aid to research and to the physician, not a diagnosis",
    },
    sentences={
        "language": "en",
        "folder": "Results",
        "n_recordings": "Recordings",
        "n_patients": "Patients",
        "not_known": "not known",
        "versions": "Program",
        "protocols": "Protocols",
        "table": "Table",
        "table_value": "{name}, joined by {key}",
        "table_none": "none",
        "groups": "Groups",
        "groups_value": "{column} ({n})",
        "reference": "Reference",
        "reference_value": "{column}: {positive} = disease",
        "none": "none",
        "and_more": "{list} and {n} more",
        "no_group": "(no group)",
        "all": "All recordings",
        "answer_amr": "AMR",
        "answer_amr_value": (
            "present in {share} of those stimulated; absent {absent}, neither {other}; {rest}"
        ),
        "answer_rest": "no stimuli {none}, failed {failed}",
        "answer_pattern": "Free-running EMG",
        "answer_pattern_value": (
            "pattern as can be seen in hemifacial spasm in {share} of those searched"
        ),
        "answer_no_pattern": "in no recording was a pattern looked for",
        "answer_study": "{test} against {column}",
        "answer_study_value": (
            "sensitivity {sensitivity}, specificity {specificity}; inconclusive left out"
        ),
        "caution": (
            "Counts of what recordings show, not diagnoses. An abnormal muscle response is also "
            "found after facial palsy. Intervals: 95 %."
        ),
        "verdicts_title": "Abnormal muscle response",
        "verdict": "Verdict",
        "count": "n",
        "share": "% (95 % CI)",
        "verdicts_note": "Of all {n} recordings. Intervals: {interval}.",
        "by_group_title": "AMR present, by group, of those stimulated",
        "group": "Group",
        "patterns_title": "Free-running EMG, as can be seen in",
        "pattern": "Pattern",
        "sides": "L / R / both",
        "confidences": "high / moderate / low",
        "patterns_note": (
            "Of the {n} recordings in which a pattern was looked for; {without} others hold no "
            "free-running EMG long enough, or failed. Intervals: {interval}."
        ),
        "patterns_none": "In none of the recordings was a pattern looked for.",
        "of_counts": "{k}/{n} ({percent}\u00a0%, {low}–{high}\u00a0%)",
        "recording": "Recording",
        "duration": "Time, min",
        "stimuli": "Stimuli",
        "where": "Where",
        "persistence": "Persist., %",
        "onset": "Onset, ms",
        "amplitude": "Ampl., µV",
        "side": "Side",
        "left": "left",
        "right": "right",
        "both": "both",
        "confidence": "Confidence",
        "n_warnings": "Warn.",
        "agrees": "{text} ({amr} / {pattern})",
        "reference_agrees": "Reference (AMR / EMG)",
        "high": "high",
        "moderate": "moderate",
        "low": "low",
        "recordings_note": (
            "Where: the muscles with an AMR, the most persistent first; persistence, onset and "
            "amplitude are those of the first. ✓ agrees with the reference, ✗ does not, – says "
            "neither or was not tested."
        ),
        "recordings_note_plain": (
            "Where: the muscles with an AMR, the most persistent first; persistence, onset and "
            "amplitude are those of the first."
        ),
        "tiles_note": (
            "Persistence of the response, 0 to 100 %, with its 95 % interval (Clopper-Pearson), "
            "for each stimulated branch and lateral muscle; below, or alone, bursts at rest per "
            "minute of either side, 60 filling the line. ● present, ○ absent, ◐ cannot say, ⊘ not "
            "assessable."
        ),
        "tiles_more": "Recordings in the table only: {n}.",
        "tile_more": "+{n} more",
        "tile_alt": "{name}: {verdict}; {rows}",
        "tile_nothing": "nothing to draw",
        "per_min": "/min",
        "failure": "Fault",
        "warning": "Kind (numbers and labels as …)",
        "warning_count": "Recordings",
        "study_title": "{test} against {column}",
        "test_amr": "AMR present",
        "test_pattern": "Pattern as can be seen in hemifacial spasm",
        "excluded": "Inconclusive left out",
        "negative": "Inconclusive as negative",
        "worst_case": "Worst case",
        "statistic": "Statistic",
        "tp": "Found, with disease",
        "fp": "Found, without disease",
        "fn": "Not found, with disease",
        "tn": "Not found, without disease",
        "study_inconclusive": "Inconclusive, with / without disease: {list}.",
        "study_no_inconclusive": "No result was inconclusive.",
        "study_not_tested": (
            "Not tested and nowhere counted, as nothing was looked for: {n}. If stimuli were given "
            "but not found by the program, these are inconclusive too."
        ),
        "study_pattern_not_tested": (
            "Not searched and nowhere counted, as the recording holds no free-running EMG long "
            "enough: {n}."
        ),
        "study_no_reference": "Without a reference and nowhere counted: {n}.",
        "study_positive": "Disease means {column}: {positive}; no disease: {negative}.",
        "study_prevalence": (
            "PPV and NPV hold for this share of diseased recordings only ({share}); where disease "
            "is rarer, PPV is lower and NPV higher."
        ),
        "study_clustered": (
            "{patients} patients; recordings of one patient are not independent, and the intervals "
            "are widened for it."
        ),
        "study_intervals": "Intervals: {proportions}; likelihood ratios: {ratios}.",
        "labels_title": "Pattern by pattern; rows: reference, columns: program",
        "labels_note": (
            "Agreement {agreement}; Cohen's kappa {kappa}; macro F1 over the patterns of the "
            "reference {f1}. Intervals: {proportions}; kappa and F1: {method}."
        ),
        "labels_left": (
            "Not in the matrix: with a reference, but no pattern of the program, {n}; without a "
            "reference, {m}. Counted as disagreement, the former make agreement {share}."
        ),
        "no_interval": "no interval, as all resamples give the same",
        "sides_title": "Side",
        "side_amr": "Side of the AMR is that of column {column}: {share}.",
        "side_pattern": (
            "Side of a pattern as can be seen in hemifacial spasm is that of column {column}: "
            "{share}."
        ),
        "alt_measure": "{measure}: {rows}",
        "alt_group": "{group}: n {n}, median {median}",
        "measure": "Measure",
        "compared": "Compared",
        "difference": "Difference (95 % CI)",
        "n_each": "n",
        "median_each": "Medians",
        "versus": "{b} − {a}",
        "refused_few": "fewer than 3 values",
        "refused_shared": "not compared: patients stand in both groups",
        "too_few_for_interval": "{value} (too few for an interval)",
        "measures_note": (
            "Each point is {unit}; line and box: median and quartiles, from three values on. "
            "Onset, amplitude, persistence and AMR/M: of the most persistent muscle, where an AMR "
            "is present; bursts: both sides, where a pattern was looked for."
        ),
        "unit_recording": "a recording",
        "unit_patient": "a patient (the median of the recordings, where there are several)",
        "differences_note": (
            "Difference: Hodges-Lehmann shift to the first group. {n} comparisons, intervals not "
            "widened for their number: of 20 such intervals, one misses by chance. No p values are "
            "given."
        ),
        "program": "Program of this report",
        "protocol_of": "Protocol",
        "protocol_value": "{name} (SHA-256 {sha}…): recordings {n}",
        "version_of": "Results by",
        "version_value": "AMR Viewer {version}: recordings {n}",
        "table_of": "Table",
        "table_of_value": "{name}: {rows} rows, {encoding}, divided by {delimiter}",
        "printed": "Printed",
        "tab": "tabs",
    },
    outcomes={
        "present": "present",
        "absent": "absent",
        "indeterminate": "cannot say",
        "not_assessable": "not assessable",
        "no_stimuli": "no stimuli",
        "failed": "failed",
    },
    patterns={
        "no_activity": "no involuntary activity",
        **{c.value: words for c, words in SEEN_IN.items()},
        "indeterminate": "indeterminate",
        "insufficient": "too little to say",
    },
    statistics={
        "sensitivity": "Sensitivity",
        "specificity": "Specificity",
        "ppv": "PPV",
        "npv": "NPV",
        "lr_positive": "LR+",
        "lr_negative": "LR−",
    },
    measures={
        "onset_ms": "AMR onset, ms",
        "amplitude_uv": "AMR amplitude, µV",
        "persistence": "AMR persistence, %",
        "amr_to_m": "AMR/M, %",
        "bursts_per_min": "Bursts at rest, per min",
    },
    intervals={
        "wilson": "Wilson",
        "wilson_clustered": "Wilson with the design effect of patients (Rao and Scott)",
        "log": "of the logarithm (Simel)",
        "log_clustered": "of the logarithm (Simel), with the design effect of patients",
        "bootstrap_recordings": "bootstrap over recordings",
        "bootstrap_patients": "bootstrap over patients",
        "moses_exact": "exact (Moses)",
        "moses_normal": "Moses, normal approximation",
        "none": "none",
    },
    remarks=REMARKS,
    methods=METHODS,
    limits=LIMITS,
)  # fmt: skip
