"""What is counted over a batch: results, agreement with a reference, values by group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.agreement import accuracy, confusion, label_statistics, proportion
from amr_viewer.analysis.group_shift import group_values, shift
from amr_viewer.core.agreement import (
    GroupDifference,
    GroupMeasure,
    GroupValues,
    LabelAgreement,
    Proportion,
    TestStudy,
    Treatment,
)
from amr_viewer.core.cohort import STIMULATED, CohortRecording, Outcome, Share
from amr_viewer.core.patterns import HFS, Conclusion

MEASURES = ("onset_ms", "amplitude_uv", "persistence", "amr_to_m", "bursts_per_min")
HFS_PATTERNS = frozenset(c.value for c in HFS)
NO_PATTERN = frozenset({Conclusion.INDETERMINATE.value, Conclusion.INSUFFICIENT.value})
Recordings = Sequence[CohortRecording]


def patient_codes(recordings: Recordings) -> NDArray[np.intp]:
    """Return whose each recording is; those without a patient stand for themselves."""
    names = [f"p{r.patient}" if r.patient else f"r{i}" for i, r in enumerate(recordings)]
    places = {name: i for i, name in enumerate(dict.fromkeys(names))}
    return np.array([places[name] for name in names], dtype=np.intp)


def verdict_shares(recordings: Recordings, groups: Sequence[str]) -> tuple[Share, ...]:
    """Return how often each verdict occurs, then an AMR in each group, of those stimulated."""
    shares = [
        Share(o.value, _share(recordings, [r.outcome is o for r in recordings])) for o in Outcome
    ]
    for group in groups if len(groups) > 1 else ():
        members = [r for r in recordings if r.group == group and r.outcome in STIMULATED]
        hits = [r.outcome is Outcome.PRESENT for r in members]
        shares.append(Share(Outcome.PRESENT.value, _share(members, hits), group))
    return tuple(shares)


def pattern_shares(recordings: Recordings) -> tuple[Share, ...]:
    """Return how often each pattern occurs that does, among recordings searched for one."""
    searched = [r for r in recordings if r.pattern]
    order = [c.value for c in Conclusion]
    found = sorted({r.pattern for r in searched}, key=lambda p: _place(p, order))
    return tuple(Share(p, _share(searched, [r.pattern == p for r in searched])) for p in found)


def amr_share(recordings: Recordings) -> Proportion | None:
    """Return how often an AMR is present where there were stimuli; None where there were none."""
    found = [r for r in recordings if r.outcome in STIMULATED]
    return _share(found, [r.outcome is Outcome.PRESENT for r in found]) if found else None


def hfs_share(recordings: Recordings) -> Proportion | None:
    """Return how many patterns are of hemifacial spasm; None where no recording was searched."""
    searched = [r for r in recordings if r.pattern]
    return _share(searched, [r.pattern in HFS_PATTERNS for r in searched]) if searched else None


def _place(word: str, order: Sequence[str]) -> tuple[int, str]:
    """Return where a word stands in an order; unknown ones behind."""
    return (order.index(word) if word in order else len(order), word)


def _share(recordings: Recordings, hits: Sequence[bool]) -> Proportion:
    """Return a proportion of recordings."""
    return proportion(np.array(hits, dtype=bool), patient_codes(recordings))


def _amr_result(recording: CohortRecording) -> tuple[bool | None, str]:
    """Return whether an AMR is present (None: cannot say) and the word for it; empty: no test."""
    if recording.outcome is Outcome.NO_STIMULI:
        return None, ""
    known = {Outcome.PRESENT: True, Outcome.ABSENT: False}
    return known.get(recording.outcome), recording.outcome.value


def _pattern_result(recording: CohortRecording) -> tuple[bool | None, str]:
    """Return whether the pattern is one of hemifacial spasm, as `_amr_result` does."""
    if recording.outcome is Outcome.FAILED:
        return None, Outcome.FAILED.value
    if not recording.pattern or recording.pattern in NO_PATTERN:
        return None, recording.pattern
    return recording.pattern in HFS_PATTERNS, recording.pattern


_TESTS: dict[str, Callable[[CohortRecording], tuple[bool | None, str]]] = {
    "amr": _amr_result,
    "pattern": _pattern_result,
}


def reference_studies(recordings: Recordings) -> tuple[TestStudy, ...]:
    """Return how AMR verdicts and patterns agree with the reference; none without a reference."""
    known = [r for r in recordings if r.reference is not None]
    if not known:
        return ()
    studies = (_study(test, known, len(recordings) - len(known)) for test in _TESTS)
    return tuple(s for s in studies if s is not None)


def _study(test: str, known: Recordings, n_no_reference: int) -> TestStudy | None:
    """Compare one test with the reference; None where it was never made."""
    results = [_TESTS[test](r) for r in known]
    used = [i for i, (_, word) in enumerate(results) if word]
    if not any(results[i][1] != Outcome.FAILED for i in used):
        return None
    patients = patient_codes([known[i] for i in used])
    disease = np.array([known[i].reference is True for i in used], dtype=bool)
    found = [results[i][0] for i in used]
    sure = np.array([f is not None for f in found], dtype=bool)
    yes = np.array([f is True for f in found], dtype=bool)
    accuracies = (
        accuracy(yes[sure], disease[sure], Treatment.EXCLUDED, patients[sure]),
        accuracy(yes, disease, Treatment.NEGATIVE, patients),
        accuracy(np.where(sure, yes, ~disease), disease, Treatment.WORST, patients),
    )
    words = [results[i][1] for i in used]
    inconclusive = [
        (
            word,
            sum(w == word and bool(d) for w, d in zip(words, disease, strict=True)),
            sum(w == word and not d for w, d in zip(words, disease, strict=True)),
        )
        for word in dict.fromkeys(w for w, s in zip(words, sure, strict=True) if not s)
    ]
    n_patients = len(np.unique(patients))
    return TestStudy(
        test, accuracies, tuple(inconclusive), len(known) - len(used), n_no_reference,
        n_patients, n_patients < len(used),
    )  # fmt: skip


def label_agreement(recordings: Recordings) -> LabelAgreement | None:
    """Compare patterns with those that the reference names; None where it names something else."""
    names = {c.value for c in Conclusion}
    spoken = [(r, r.reference_text.strip().casefold()) for r in recordings]
    told = [(r, t) for r, t in spoken if t in names or r.reference is not None]
    if not told or any(text not in names for _, text in told):
        return None
    pairs = [(r, text) for r, text in told if r.pattern]
    if not pairs:
        return None
    present = {text for _, text in pairs} | {r.pattern for r, _ in pairs}
    labels = sorted(present, key=lambda p: _place(p, [c.value for c in Conclusion]))
    reference = np.array([labels.index(text) for _, text in pairs], dtype=np.intp)
    found = np.array([labels.index(r.pattern) for r, _ in pairs], dtype=np.intp)
    patients = patient_codes([r for r, _ in pairs])
    matrix = confusion(reference, found, len(labels))
    return LabelAgreement(
        tuple(labels),
        tuple(tuple(map(int, row)) for row in matrix),
        label_statistics(reference, found, len(labels), patients),
        len(told) - len(pairs),
        len(recordings) - len(told),
    )


def side_agreement(recordings: Recordings) -> tuple[tuple[str, Proportion], ...]:
    """Return how often the side of an AMR, and of a pattern of hemifacial spasm, is the stated one.

    Recordings without a stated side, or in which the program names none, are left out.
    """
    tests: Iterable[tuple[str, Callable[[CohortRecording], str]]] = (
        ("amr", lambda r: r.amr_side),
        ("pattern", lambda r: r.pattern_side if r.pattern in HFS_PATTERNS else ""),
    )
    out = []
    for name, side in tests:
        told = [r for r in recordings if r.reference_side and side(r)]
        if told:
            out.append((name, _share(told, [side(r) == r.reference_side for r in told])))
    return tuple(out)


def group_measures(recordings: Recordings, groups: Sequence[str]) -> tuple[GroupMeasure, ...]:
    """Return every measured quantity by group, one value per patient, and how far groups differ."""
    found = (_measure(name, recordings, groups) for name in MEASURES)
    return tuple(m for m in found if any(g.values for g in m.groups))


def _measure(name: str, recordings: Recordings, groups: Sequence[str]) -> GroupMeasure:
    """Return one quantity by group."""
    codes = patient_codes(recordings)
    values: dict[tuple[str, int], list[float]] = {}
    for recording, code in zip(recordings, codes, strict=True):
        value = getattr(recording, name)
        if isfinite(value):
            values.setdefault((recording.group, int(code)), []).append(value)
    merged = {where: float(np.median(v)) for where, v in values.items()}
    whose = {g: {code for group, code in merged if group == g} for g in groups}
    rows = tuple(
        group_values(g, np.array([v for (group, _), v in merged.items() if group == g], float))
        for g in groups
    )
    n_merged = sum(len(v) for v in values.values() if len(v) > 1)
    return GroupMeasure(name, rows, tuple(_differences(rows, whose)), n_merged)


def _differences(
    rows: Sequence[GroupValues], whose: dict[str, set[int]]
) -> Iterator[GroupDifference]:
    """Yield how far every further group lies from the first; not where they share patients."""
    first = rows[0]
    for other in rows[1:]:
        if not other.group or not other.values or not first.values:
            continue
        if whose[first.group] & whose[other.group]:
            yield GroupDifference(first.group, other.group, refused="shared")
        else:
            yield shift(first, other)
