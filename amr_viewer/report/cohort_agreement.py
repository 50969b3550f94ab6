"""Agreement with the reference and differences of groups, as tables and in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, nan

from amr_viewer.core.agreement import (
    Accuracy,
    GroupDifference,
    GroupMeasure,
    GroupValues,
    LabelAgreement,
    Method,
    Proportion,
    TestStudy,
)
from amr_viewer.core.cohort import Cohort, TableUse
from amr_viewer.report.cohort_figures import DrawnGroup, group_figure
from amr_viewer.report.cohort_model import CohortRow, CohortTable
from amr_viewer.report.cohort_words import (
    Words,
    coefficient,
    counted,
    listed,
    pattern_name,
    ratio,
    signed_number,
)
from amr_viewer.report.model import Drawing
from amr_viewer.report.visits_model import VisitPanel

PANEL_MM, WIDE_MM = 87.0, 178.0
MOST_IN_HALF = 4
CELLS = ("tp", "fp", "fn", "tn")
FACTORS = {"persistence": 100.0, "amr_to_m": 100.0}
DECIMALS = {"onset_ms": 1, "amr_to_m": 1, "bursts_per_min": 1}


def agreement_tables(cohort: Cohort, words: Words) -> Iterator[CohortTable]:
    """Yield how results agree with the reference; nothing without one."""
    if cohort.table is None:
        return
    for study in cohort.studies:
        yield _study(study, cohort.table, words)
    if cohort.labels:
        yield _labels(cohort.labels, words)
    if cohort.sides:
        notes = [
            words[f"side_{name}"].format(column=cohort.table.side, share=counted(share, words))
            for name, share in cohort.sides
        ]
        yield CohortTable(words["sides_title"], (), (), (), tuple(notes))


def _study(study: TestStudy, table: TableUse, words: Words) -> CohortTable:
    """Return a test against the reference under every treatment of inconclusive results."""
    rows = [
        CohortRow((words[name], *(str(getattr(a, name)) for a in study.accuracies)))
        for name in CELLS
    ]
    for i, s in enumerate(study.accuracies[0].statistics):
        cells = (_statistic(a, i, words) for a in study.accuracies)
        rows.append(CohortRow((words.own.statistics[s.name], *cells)))
    columns = (words["statistic"], *(words[a.treatment.value] for a in study.accuracies))
    title = words["study_title"].format(test=words[f"test_{study.test}"], column=table.reference)
    notes = tuple(_study_notes(study, table, words))
    return CohortTable(title, columns, (2.2, 3.0, 3.0, 3.0), tuple(rows), notes)


def _statistic(accuracy: Accuracy, index: int, words: Words) -> str:
    """Return one statistic with its interval."""
    s = accuracy.statistics[index]
    return ratio(s) if s.k < 0 else counted(s, words)


def _study_notes(study: TestStudy, table: TableUse, words: Words) -> Iterator[str]:
    """Yield what a table of two by two leaves out, and how it was made."""
    positive, negative = (listed(v, words) for v in (table.positive, table.negative))
    yield words["study_positive"].format(
        column=table.reference,
        positive=positive or words["none"],
        negative=negative or words["none"],
    )
    told = [
        f"{words.own.outcomes.get(word, '') or pattern_name(word, words)} {a} / {b}"
        for word, a, b in study.inconclusive
    ]
    key = "study_inconclusive" if told else "study_no_inconclusive"
    yield words[key].format(list="; ".join(told))
    if study.n_not_tested:
        key = "study_not_tested" if study.test == "amr" else "study_pattern_not_tested"
        yield words[key].format(n=study.n_not_tested)
    if study.n_no_reference:
        yield words["study_no_reference"].format(n=study.n_no_reference)
    whole = study.accuracies[-1]
    diseased, n = whole.tp + whole.fn, whole.tp + whole.fp + whole.fn + whole.tn
    if n:
        share = f"{diseased}/{n}, {100 * diseased / n:.0f} %"
        yield words["study_prevalence"].format(share=share)
    if study.is_clustered:
        yield words["study_clustered"].format(patients=study.n_patients)
    kinds = (Method.WILSON_CLUSTERED, Method.LOG_CLUSTERED)
    proportions, ratios = kinds if study.is_clustered else (Method.WILSON, Method.LOG)
    yield words["study_intervals"].format(
        proportions=words.own.intervals[proportions], ratios=words.own.intervals[ratios]
    )


def _labels(labels: LabelAgreement, words: Words) -> CohortTable:
    """Return the matrix of patterns."""
    names = [pattern_name(label, words) for label in labels.labels]
    rows = tuple(
        CohortRow((name, *(str(n) if n else "·" for n in line)))
        for name, line in zip(names, labels.matrix, strict=True)
    )
    agreement, kappa, f1 = labels.statistics
    method = next((s.method for s in (kappa, f1) if s.method is not Method.NONE), Method.NONE)
    notes = [
        words["labels_note"].format(
            agreement=counted(agreement, words),
            kappa=coefficient(kappa, words),
            f1=coefficient(f1, words),
            proportions=words.own.intervals[agreement.method],
            method=words.own.intervals[method],
        )
    ]
    if labels.n_no_result or labels.n_no_reference:
        n = agreement.n + labels.n_no_result
        notes.append(
            words["labels_left"].format(
                n=labels.n_no_result,
                m=labels.n_no_reference,
                share=f"{agreement.k}/{n} ({100 * agreement.k / n:.0f} %)",
            )
        )
    weights = (3.0, *(1.0 for _ in names))
    return CohortTable(words["labels_title"], ("", *names), weights, rows, tuple(notes))


def answer_of(study: TestStudy, words: Words) -> str:
    """Return sensitivity and specificity in a line."""
    sensitivity, specificity = study.accuracies[0].statistics[:2]
    return words["answer_study_value"].format(
        sensitivity=counted(sensitivity, words), specificity=counted(specificity, words)
    )


def measure_panels(cohort: Cohort, words: Words) -> Iterator[VisitPanel]:
    """Yield a drawing of every measured quantity by group."""
    wide = len(cohort.groups) > MOST_IN_HALF
    for measure in cohort.measures:
        factor = FACTORS.get(measure.measure, 1.0)
        groups = [g for g in measure.groups if g.group or g.values]
        drawn = tuple(_drawn(g, factor, cohort, words) for g in groups)
        told = "; ".join(_group_words(g, factor, measure, words) for g in groups)
        name = words.own.measures[measure.measure]
        limit = 100.0 if measure.measure == "persistence" else nan
        from_zero = measure.measure != "onset_ms"
        figure = group_figure(drawn, WIDE_MM if wide else PANEL_MM, limit, from_zero)
        alt = words["alt_measure"].format(measure=name, rows=told)
        title, _, unit = name.partition(", ")
        yield VisitPanel(title, unit, Drawing(figure, alt, "wide" if wide else ""))


def _drawn(group: GroupValues, factor: float, cohort: Cohort, words: Words) -> DrawnGroup:
    """Return the points of a group."""
    name = group_name(group.group, cohort, words)
    quartiles = (factor * v for v in (group.median, group.q25, group.q75))
    return DrawnGroup(name, tuple(factor * v for v in group.values), *quartiles)


def group_name(group: str, cohort: Cohort, words: Words) -> str:
    """Return the name of a group; empty where nothing divides the recordings."""
    if not group:
        return words["no_group"] if len(cohort.groups) > 1 else ""
    return group


def _group_words(group: GroupValues, factor: float, measure: GroupMeasure, words: Words) -> str:
    """Return number and median of a group."""
    decimals = DECIMALS.get(measure.measure, 0)
    middle = f"{factor * group.median:.{decimals}f}" if isfinite(group.median) else "–"
    name = group.group or words["all"]
    return words["alt_group"].format(group=name, n=len(group.values), median=middle)


def panels_note(cohort: Cohort, words: Words) -> str:
    """Return how to read the drawings, and what a point stands for."""
    known = cohort.table is not None and bool(cohort.table.patient)
    key = "unit_patient" if known else "unit_recording"
    return words["measures_note"].format(unit=words[key])


def difference_table(cohort: Cohort, words: Words) -> Iterator[CohortTable]:
    """Yield how far groups lie from the first; nothing where there is one group."""
    rows = []
    for measure in cohort.measures:
        found = {g.group: g for g in measure.groups}
        for i, d in enumerate(measure.differences):
            name = words.own.measures[measure.measure] if i == 0 else ""
            a, b = found[d.a], found[d.b]
            rows.append(CohortRow(_difference_cells(name, measure, d, (a, b), cohort, words)))
    if rows:
        stated = sum(not d.refused for m in cohort.measures for d in m.differences)
        note = words["differences_note"].format(n=stated)
        keys = ("measure", "compared", "n_each", "median_each", "difference")
        columns = tuple(words[k] for k in keys)
        yield CohortTable("", columns, (2.6, 3.2, 1.0, 1.6, 3.2), tuple(rows), (note,))


def _difference_cells(
    name: str,
    measure: GroupMeasure,
    d: GroupDifference,
    groups: Sequence[GroupValues],
    cohort: Cohort,
    words: Words,
) -> tuple[str, ...]:
    """Return one comparison."""
    factor = FACTORS.get(measure.measure, 1.0)
    decimals = DECIMALS.get(measure.measure, 0)
    names = [group_name(g, cohort, words) for g in (d.b, d.a)]
    medians = [
        f"{factor * g.median:.{decimals}f}" if isfinite(g.median) else "–" for g in reversed(groups)
    ]
    if d.refused:
        told = words[f"refused_{d.refused}"]
    else:
        value, low, high = (
            signed_number(factor * v, decimals) if isfinite(v) else ""
            for v in (d.value, d.low, d.high)
        )
        told = (
            f"{value} ({low}…{high})" if low else words["too_few_for_interval"].format(value=value)
        )
    return (
        name,
        words["versus"].format(b=names[0], a=names[1]),
        f"{len(groups[1].values)}, {len(groups[0].values)}",
        ", ".join(medians),
        told,
    )


def amr_answer(cohort: Cohort, words: Words) -> str:
    """Return how often an AMR is present, absent, and neither."""
    found = {s.value: s.share.k for s in cohort.verdicts if s.group is None}
    rest = words["answer_rest"].format(none=found["no_stimuli"], failed=found["failed"])
    if cohort.amr is None:
        return rest
    other = found["indeterminate"] + found["not_assessable"]
    return words["answer_amr_value"].format(
        share=counted(cohort.amr, words), absent=found["absent"], other=other, rest=rest
    )


def pattern_answer(share: Proportion | None, words: Words) -> str:
    """Return how often a pattern is one of hemifacial spasm."""
    if share is None:
        return words["answer_no_pattern"]
    return words["answer_pattern_value"].format(share=counted(share, words))
