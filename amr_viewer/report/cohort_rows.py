"""The long tables of a report over a batch: all recordings, the failed ones, kinds of warnings."""

from __future__ import annotations

import re
from math import isfinite
from pathlib import PurePosixPath

from amr_viewer.core.cohort import Cohort, CohortRecording, Outcome
from amr_viewer.core.patterns import HFS, Conclusion
from amr_viewer.report.cohort_model import CohortRow, CohortTable
from amr_viewer.report.cohort_words import SYMBOLS, TONES, Words, pattern_name, place_name

MOST_PLACES = 3
RIGHT, WRONG, NEITHER = "✓", "✗", "–"
_LABELS = re.compile(r"^(channels?|free-running EMG,) [^:]*?:")
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|\'[^\']*\'')
_BRACKETS = re.compile(r" ?\([^()]*\)")
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")
_LIST = re.compile(r"…(?:(?:, | and |; )…)+")
_UNSURE = frozenset({Conclusion.INDETERMINATE.value, Conclusion.INSUFFICIENT.value})
_HFS = frozenset(c.value for c in HFS)


def recordings_table(cohort: Cohort, words: Words) -> CohortTable:
    """Return one row for every recording, by group."""
    with_group = len(cohort.groups) > 1
    with_reference = cohort.table is not None and bool(cohort.table.reference)
    names = ["recording", *(["group"] if with_group else []), "duration", "stimuli", "verdict"]
    names += ["where", "persistence", "onset", "amplitude", "pattern", "side", "confidence"]
    names += ["n_warnings", *(["reference"] if with_reference else [])]
    weights = {
        "recording": 4.6, "group": 2.6, "duration": 1.3, "stimuli": 1.7, "verdict": 2.4,
        "where": 5.0, "persistence": 1.7, "onset": 1.5, "amplitude": 1.5, "pattern": 3.8,
        "side": 1.6, "confidence": 2.1, "n_warnings": 1.2, "reference": 2.4,
    }  # fmt: skip
    order = {g: i for i, g in enumerate(cohort.groups)}
    rows = []
    for recording in sorted(cohort.recordings, key=lambda r: (order[r.group], r.name)):
        cells = _cells(recording, words)
        tone, symbol = TONES[recording.outcome], SYMBOLS[recording.outcome]
        rows.append(CohortRow(tuple(cells[n] for n in names), tone, symbol))
    note = words["recordings_note" if with_reference else "recordings_note_plain"]
    return CohortTable(
        "",
        tuple(words["reference_agrees" if n == "reference" else n] for n in names),
        tuple(weights[n] for n in names),
        tuple(rows),
        (note,),
        names.index("verdict"),
    )


def _cells(recording: CohortRecording, words: Words) -> dict[str, str]:
    """Return the cells of a recording by their columns."""
    r = recording
    failed = r.outcome is Outcome.FAILED
    return {
        "recording": r.name,
        "group": r.group,
        "duration": _fixed(r.duration_s / 60.0, 1),
        "stimuli": "" if failed else str(r.n_stimuli),
        "verdict": words.own.outcomes[r.outcome],
        "where": _where(r, words),
        "persistence": _fixed(100.0 * r.persistence, 0),
        "onset": _fixed(r.onset_ms, 1),
        "amplitude": _fixed(r.amplitude_uv, 0),
        "pattern": pattern_name(r.pattern, words) if r.pattern else "",
        "side": words[r.pattern_side] if r.pattern_side else "",
        "confidence": words[r.confidence] if r.confidence else "",
        "n_warnings": "" if failed else str(len(r.warnings)),
        "reference": _reference(r, words),
    }


def _fixed(value: float, decimals: int) -> str:
    """Return a number; empty where there is none."""
    return f"{value:.{decimals}f}" if isfinite(value) else ""


def _where(recording: CohortRecording, words: Words) -> str:
    """Name the muscles with an AMR, the most persistent first."""
    found = [m for m in recording.muscles if m.label == "AMR" and m.verdict == "present"]
    found.sort(key=lambda m: -m.persistence)
    names = [place_name(m, words) for m in found[:MOST_PLACES]]
    if len(found) > MOST_PLACES:
        names.append(words["tile_more"].format(n=len(found) - MOST_PLACES))
    return "; ".join(names)


def _reference(recording: CohortRecording, words: Words) -> str:
    """Return what the reference says, and whether verdict and pattern agree."""
    if not recording.reference_text:
        return ""
    if recording.reference is None:
        return recording.reference_text
    marks = (_agrees(found_by(recording, t), recording.reference) for t in ("amr", "pattern"))
    amr, pattern = marks
    return words["agrees"].format(text=recording.reference_text, amr=amr, pattern=pattern)


def found_by(recording: CohortRecording, test: str) -> bool | None:
    """Return whether an AMR, or a pattern of hemifacial spasm, was found; None: neither."""
    if test == "amr":
        return {Outcome.PRESENT: True, Outcome.ABSENT: False}.get(recording.outcome)
    if not recording.pattern or recording.pattern in _UNSURE:
        return None
    return recording.pattern in _HFS


def _agrees(result: bool | None, reference: bool) -> str:
    """Return the sign of agreement."""
    return NEITHER if result is None else RIGHT if result == reference else WRONG


def failures_table(cohort: Cohort, words: Words) -> CohortTable:
    """Return the recordings that failed, and why."""
    rows = tuple(
        CohortRow((r.name, r.error.removeprefix(f"{PurePosixPath(r.name).name}: ")))
        for r in cohort.recordings
        if r.outcome is Outcome.FAILED
    )
    return CohortTable("", (words["recording"], words["failure"]), (2.0, 5.0), rows)


def warnings_table(cohort: Cohort, words: Words) -> CohortTable:
    """Return the kinds of warnings, and in how many recordings each was given."""
    counts: dict[str, int] = {}
    for recording in cohort.recordings:
        for kind in dict.fromkeys(map(warning_kind, recording.warnings)):
            counts[kind] = counts.get(kind, 0) + 1
    rows = tuple(
        CohortRow((kind, str(n))) for kind, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    )
    return CohortTable("", (words["warning"], words["warning_count"]), (9.0, 1.2), rows)


def warning_kind(text: str) -> str:
    """Return a warning without its numbers, labels and details.

    Examples
    --------
    >>> warning_kind("80 stimulus markers moved to the edge (median -0.27 ms)")
    '… stimulus markers moved to the edge'
    >>> warning_kind("channel A, B: sampled at 2000 Hz only")
    'channel …: sampled at … Hz only'
    """
    kind = _LABELS.sub(lambda found: f"{found[1].rstrip(',')} …:", text)
    kind = _BRACKETS.sub("", kind)
    kind = _NUMBER.sub("…", _QUOTED.sub("…", kind))
    return _LIST.sub("…", kind)
