"""The whole way from a tree of results, and a table of the user's, to one report over a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from amr_viewer.analysis import cohort_counts as counts
from amr_viewer.cohort.joining import Joined, join
from amr_viewer.cohort.reference import NEGATIVE, meanings, side_of
from amr_viewer.cohort.results import read_results
from amr_viewer.cohort.table import UserTable, read_table
from amr_viewer.core.cohort import Cohort, CohortRecording, Remark, RemarkKind, TableUse
from amr_viewer.errors import ParameterError, ReadError

PATIENT_NAMES = (
    "patient", "patient_id", "patient id", "subject", "subject_id", "participant_id", "пациент",
)  # fmt: skip
MOST_GROUPS = 20


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of the user's table that mean something; None: not stated."""

    key: str | None = None
    patient: str | None = None
    group: str | None = None
    reference: str | None = None
    side: str | None = None
    positive: tuple[str, ...] = ()


def read_cohort(
    results: Path | str,
    table: Path | str | None = None,
    *,
    key: str | None = None,
    patient: str | None = None,
    group: str | None = None,
    reference: str | None = None,
    side: str | None = None,
    positive: Sequence[str] = (),
) -> Cohort:
    """Read a batch of results, join the user's table, and count.

    Parameters
    ----------
    results : Path or str
        Folder written by ``amr-viewer analyze`` or ``amr-viewer batch``.
    table : Path or str, optional
        CSV with a line of column names, one row per recording.
    key : str, optional
        Its column that names the recording; found by itself if not stated.
    patient : str, optional
        Says whose recording it is; ``patient`` and the like if not stated.
    group, reference, side : str, optional
        What divides the recordings; what is known of the disease, and of its side.
    positive : sequence of str
        Values of the reference that mean disease; yes and no, 1 and 0, names of patterns are
        understood without.

    Raises
    ------
    ReadError
        There are no results, or the table cannot be used or joined.
    ParameterError
        Columns are stated without a table, or ``positive`` without a reference.

    Examples
    --------
    >>> from amr_viewer.cohort import read_cohort, write_cohort_report  # doctest: +SKIP
    >>> cohort = read_cohort("results", "patients.csv", reference="hfs")  # doctest: +SKIP
    >>> write_cohort_report(cohort, "cohort.pdf")  # doctest: +SKIP
    """
    how = _Columns(key, patient, group, reference, side, tuple(positive))
    root = Path(results).resolve()
    if table is None and how != _Columns():
        raise ParameterError("columns were stated without a table; give it with --table")
    if how.positive and how.reference is None:
        raise ParameterError("--positive names values of the reference; give its column too")
    recordings, remarks = read_results(root)
    use = None
    if table is not None:
        recordings, use, joining = _joined(recordings, read_table(table), how)
        remarks += joining
    remarks += tuple(_independence(recordings, use))
    return _counted(Cohort(root.name, recordings, use, _groups(recordings), remarks))


def _joined(
    recordings: Sequence[CohortRecording], table: UserTable, how: _Columns
) -> tuple[tuple[CohortRecording, ...], TableUse, tuple[Remark, ...]]:
    """Give every recording its row of the table."""
    joined = join(table, [r.name for r in recordings], how.key)
    places = {
        "patient": _patient_column(table, how.patient),
        **{
            name: None if column is None else table.index(column, f"--{name}")
            for name, column in (
                ("group", how.group), ("reference", how.reference), ("side", how.side)
            )
        },
    }  # fmt: skip
    reference = places["reference"]
    means: dict[str, bool | None] = {}
    if reference is not None:
        cells = [table.rows[row][reference] for row in joined.row_of.values()]
        means = meanings(cells, table.columns[reference], how.positive, table.name)
    whole = tuple(_with_row(r, table, joined, places, means) for r in recordings)
    use = TableUse(
        table.name,
        table.encoding,
        table.delimiter,
        len(table.rows),
        len(joined.row_of),
        table.columns,
        table.columns[joined.key],
        **{name: "" if i is None else table.columns[i] for name, i in places.items()},
        positive=tuple(v for v, meaning in means.items() if meaning),
        negative=tuple(v for v, meaning in means.items() if meaning is False),
    )
    return whole, use, tuple(_join_remarks(whole, joined, use))


def _patient_column(table: UserTable, stated: str | None) -> int | None:
    """Return the column that says whose recording it is."""
    if stated is not None:
        return table.index(stated, "--patient")
    spelled = [name.casefold() for name in table.columns]
    return next((spelled.index(name) for name in PATIENT_NAMES if name in spelled), None)


def _with_row(
    recording: CohortRecording,
    table: UserTable,
    joined: Joined,
    places: dict[str, int | None],
    means: dict[str, bool | None],
) -> CohortRecording:
    """Return a recording with its row."""
    if recording.name not in joined.row_of:
        return recording
    row = table.rows[joined.row_of[recording.name]]
    cells = {name: "" if i is None else row[i] for name, i in places.items()}
    side = places["side"]
    return replace(
        recording,
        columns=MappingProxyType(dict(zip(table.columns, row, strict=True))),
        patient=cells["patient"],
        group=cells["group"],
        reference_text=cells["reference"],
        reference=means.get(cells["reference"]),
        reference_side=""
        if side is None
        else side_of(cells["side"], table.columns[side], table.name),
    )


def _join_remarks(
    recordings: Sequence[CohortRecording], joined: Joined, use: TableUse
) -> Iterator[Remark]:
    """Yield what the table does not say of the recordings, or of others."""
    with_row = [r for r in recordings if r.columns]
    without = tuple(r.name for r in recordings if not r.columns)
    empty = [
        (RemarkKind.ROWS_LEFT, joined.left),
        (RemarkKind.NO_ROW, without),
        (RemarkKind.GROUP_EMPTY, [r.name for r in with_row if use.group and not r.group]),
        (
            RemarkKind.REFERENCE_EMPTY,
            [r.name for r in with_row if use.reference and r.reference is None],
        ),
        (RemarkKind.PATIENT_EMPTY, [r.name for r in with_row if use.patient and not r.patient]),
    ]
    for kind, names in empty:
        if names:
            yield Remark(kind, len(names), tuple(names))
    known = [r for r in recordings if r.reference is not None]
    if use.reference and len({r.reference for r in known}) < 2:
        yield Remark(RemarkKind.ONE_CLASS, len(known))
    yield from _conflicts(known)
    if known:
        yield Remark(RemarkKind.SAME_PARAMETERS)


def _conflicts(known: Sequence[CohortRecording]) -> Iterator[Remark]:
    """Yield the recordings of patients whose reference is not the same in all of them."""
    said: dict[str, set[bool | None]] = {}
    for recording in known:
        if recording.patient:
            said.setdefault(recording.patient, set()).add(recording.reference)
    patients = {patient for patient, references in said.items() if len(references) > 1}
    if patients:
        names = tuple(r.name for r in known if r.patient in patients)
        yield Remark(RemarkKind.CONFLICT, len(patients), names)


def _independence(recordings: Sequence[CohortRecording], use: TableUse | None) -> Iterator[Remark]:
    """Yield whether recordings stand for patients."""
    if use is None or not use.patient:
        yield Remark(RemarkKind.PATIENT_UNKNOWN, len(recordings))
        return
    visits = Counter(r.patient for r in recordings if r.patient)
    repeated = [n for n in visits.values() if n > 1]
    if repeated:
        yield Remark(RemarkKind.REPEATED, len(repeated), (str(sum(repeated)), str(len(visits))))


def _groups(recordings: Sequence[CohortRecording]) -> tuple[str, ...]:
    """Return the groups in order: one called control or the like first, one without a name last."""

    def place(group: str) -> tuple[bool, bool, str, str]:
        plain = group.casefold()
        return not group, plain not in NEGATIVE, plain, group

    return tuple(sorted({r.group for r in recordings}, key=place))


def _counted(cohort: Cohort) -> Cohort:
    """Return a batch with everything that is counted over it."""
    recordings, groups = cohort.recordings, cohort.groups
    if cohort.table and len(groups) > MOST_GROUPS:
        raise ReadError(
            f"{cohort.table.name}: column {cohort.table.group} has {len(groups)} values, more than "
            f"{MOST_GROUPS} groups; give --group a column that divides the recordings"
        )
    return replace(
        cohort,
        verdicts=counts.verdict_shares(recordings, groups),
        patterns=counts.pattern_shares(recordings),
        amr=counts.amr_share(recordings),
        hfs=counts.hfs_share(recordings),
        studies=counts.reference_studies(recordings),
        labels=counts.label_agreement(recordings),
        sides=counts.side_agreement(recordings),
        measures=counts.group_measures(recordings, groups),
    )


def write_cohort_report(
    cohort: Cohort, path: Path | str, *, language: str = "en", printed: date | None = None
) -> tuple[Path, Path]:
    """Write the report of a batch; return where cohort.csv and agreement.csv stand beside it.

    Parameters
    ----------
    cohort : Cohort
    path : Path or str
        Ends in ``.pdf`` or ``.html``.
    language : str
        ``"en"`` or ``"ru"``.
    printed : date, optional
        The date of the report; today if not given.

    Raises
    ------
    ExportError
        Suffix or language are not known, or a file cannot be written or would replace another.
    """
    from amr_viewer.report.cohort_document import write_cohort

    return write_cohort(cohort, Path(path), language=language, printed=printed)
