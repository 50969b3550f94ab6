"""From a batch to everything that its report prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import cast

from amr_viewer._version import __version__
from amr_viewer.core.cohort import Cohort, Outcome, RemarkKind
from amr_viewer.report.cohort_agreement import (
    agreement_tables,
    amr_answer,
    answer_of,
    difference_table,
    measure_panels,
    panels_note,
    pattern_answer,
)
from amr_viewer.report.cohort_model import CohortDocument
from amr_viewer.report.cohort_rows import failures_table, recordings_table, warnings_table
from amr_viewer.report.cohort_shares import alerts, count_tables, rests_on
from amr_viewer.report.cohort_tiles import tile_groups
from amr_viewer.report.cohort_words import Words, listed, words_of
from amr_viewer.report.model import Field, printable


def build_cohort(
    cohort: Cohort, *, language: str = "en", printed: date | None = None
) -> CohortDocument:
    """Compose the report over a batch.

    Parameters
    ----------
    cohort : Cohort
    language : str
        ``"en"`` or ``"ru"``.
    printed : date, optional
        The date of the report; today if not given.

    Raises
    ------
    ExportError
        The language is not known.
    """
    words = words_of(language)
    day = (printed or date.today()).isoformat()
    tiles, n_left = tile_groups(cohort, words)
    tile_notes = [words["tiles_note"]] + ([words["tiles_more"].format(n=n_left)] if n_left else [])
    panels = tuple(measure_panels(cohort, words))
    failures, warnings = failures_table(cohort, words), warnings_table(cohort, words)
    document = CohortDocument(
        language=language,
        printed=day,
        words=words.own.headings,
        header=tuple(_header(cohort, words)),
        alerts=tuple(alerts(cohort, words)),
        answers=tuple(_answers(cohort, words)),
        caution=words["caution"],
        counts=count_tables(cohort, words),
        rests_on=tuple(rests_on(cohort, words)),
        agreement=tuple(agreement_tables(cohort, words)),
        panels=panels,
        panels_note=panels_note(cohort, words) if panels else "",
        differences=tuple(difference_table(cohort, words)),
        tiles=tiles,
        tiles_notes=tuple(tile_notes) if tiles else (),
        recordings=recordings_table(cohort, words),
        failures=(failures,) if failures.rows else (),
        warnings=(warnings,) if warnings.rows else (),
        methods=tuple(Field(*method) for method in words.own.methods),
        limits=words.own.limits,
        provenance=tuple(_provenance(cohort, words, day)),
        footer=f"AMR Viewer {__version__} · {words.own.headings['aid']}",
        footer_right=cohort.name,
    )
    return cast(CohortDocument, printable(document))


def _header(cohort: Cohort, words: Words) -> Iterator[Field]:
    """Yield what the batch is."""
    analyzed = [r for r in cohort.recordings if r.version]
    versions = sorted({r.version for r in analyzed})
    protocols = sorted({r.protocol for r in analyzed})
    n_protocols = len({r.protocol_sha256 for r in analyzed})
    unknown = cohort.remark(RemarkKind.PATIENT_UNKNOWN) is not None
    patients = {r.patient or f"\0{r.name}" for r in cohort.recordings}
    yield Field(words["folder"], cohort.name)
    yield Field(words["n_recordings"], str(len(cohort.recordings)))
    yield Field(words["n_patients"], words["not_known"] if unknown else str(len(patients)))
    yield Field(words["versions"], listed(versions, words) or "–")
    more = f" ({n_protocols})" if n_protocols > 1 else ""
    yield Field(words["protocols"], (listed(protocols, words) or "–") + more)
    use = cohort.table
    if use is None:
        yield Field(words["table"], words["table_none"])
        return
    yield Field(words["table"], words["table_value"].format(name=use.name, key=use.key))
    if use.group:
        n = len([g for g in cohort.groups if g])
        yield Field(words["groups"], words["groups_value"].format(column=use.group, n=n))
    if use.reference:
        positive = listed(use.positive, words, 3) or words["none"]
        value = words["reference_value"].format(column=use.reference, positive=positive)
        yield Field(words["reference"], value)


def _answers(cohort: Cohort, words: Words) -> Iterator[Field]:
    """Yield what was found, in a line each."""
    yield Field(words["answer_amr"], amr_answer(cohort, words))
    yield Field(words["answer_pattern"], pattern_answer(cohort.hfs, words))
    for study in cohort.studies:
        if cohort.table:
            label = words["answer_study"].format(
                test=words[f"test_{study.test}"], column=cohort.table.reference
            )
            yield Field(label, answer_of(study, words))


def _provenance(cohort: Cohort, words: Words, day: str) -> Iterator[Field]:
    """Yield what the report was made from and with."""
    analyzed = [r for r in cohort.recordings if r.outcome is not Outcome.FAILED]
    yield Field(words["program"], f"AMR Viewer {__version__}")
    for version, n in sorted(Counter(r.version for r in analyzed).items()):
        yield Field(words["version_of"], words["version_value"].format(version=version, n=n))
    protocols = Counter((r.protocol, r.protocol_sha256) for r in analyzed)
    for (name, sha), n in sorted(protocols.items()):
        value = words["protocol_value"].format(name=name, sha=sha[:12], n=n)
        yield Field(words["protocol_of"], value)
    use = cohort.table
    if use is not None:
        delimiter = words["tab"] if use.delimiter == "\t" else use.delimiter
        value = words["table_of_value"].format(
            name=use.name, rows=use.n_rows, encoding=use.encoding, delimiter=delimiter
        )
        yield Field(words["table_of"], value)
    yield Field(words["printed"], day)
