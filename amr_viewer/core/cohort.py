"""A batch of recordings read back from its results, joined with a table of the user's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import nan
from types import MappingProxyType

from amr_viewer.core.agreement import GroupMeasure, LabelAgreement, Proportion, TestStudy


class Outcome(StrEnum):
    """What became of the search for an abnormal muscle response in a recording."""

    PRESENT = "present"
    ABSENT = "absent"
    INDETERMINATE = "indeterminate"
    NOT_ASSESSABLE = "not_assessable"
    NO_STIMULI = "no_stimuli"
    FAILED = "failed"


STIMULATED = frozenset(
    {Outcome.PRESENT, Outcome.ABSENT, Outcome.INDETERMINATE, Outcome.NOT_ASSESSABLE}
)
"""What can be the outcome where stimuli were found."""


class RemarkKind(StrEnum):
    """What limits what can be said of a batch; the words are the report's."""

    NO_SUMMARY = "no_summary"
    NO_FOLDER = "no_folder"
    NOT_IN_SUMMARY = "not_in_summary"
    DIFFERS = "differs"
    FAILED_WITH_FOLDER = "failed_with_folder"
    VERSIONS = "versions"
    PROTOCOLS = "protocols"
    SAME_SIGNAL = "same_signal"
    REVIEWED = "reviewed"
    FREE_RUNNING = "free_running"
    ROWS_LEFT = "rows_left"
    NO_ROW = "no_row"
    GROUP_EMPTY = "group_empty"
    REFERENCE_EMPTY = "reference_empty"
    PATIENT_UNKNOWN = "patient_unknown"
    PATIENT_EMPTY = "patient_empty"
    REPEATED = "repeated"
    CONFLICT = "conflict"
    ONE_CLASS = "one_class"
    SAME_PARAMETERS = "same_parameters"


@dataclass(frozen=True, slots=True)
class Remark:
    """One limit of a batch: how many recordings or rows it concerns, and which.

    Attributes
    ----------
    kind : RemarkKind
    n : int
    names : tuple of str
        Recordings, keys of rows, versions or values, in order.
    """

    kind: RemarkKind
    n: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MuscleResult:
    """One stimulated branch and channel, as its result folder states it; NaN: not measurable."""

    site: str
    side: str
    channel: str
    muscle: str
    muscle_side: str
    role: str
    label: str
    verdict: str
    n_present: int
    n_valid: int
    persistence: float
    persistence_low: float
    persistence_high: float
    amr_to_m: float


@dataclass(frozen=True, slots=True)
class SideActivity:
    """Bursts at rest of one side, per minute with their 95 % interval."""

    side: str
    per_min: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CohortRecording:
    """One recording of a batch; NaN: not measurable, empty: not known or not looked for.

    Attributes
    ----------
    name : str
        Path of the recording below the results, with ``/``.
    outcome : Outcome
    error : str
        Why it failed.
    duration_s : float
    n_stimuli : int
    where : str
        The muscles with an abnormal muscle response, as in summary.csv.
    amr_side : str
        ``left | right | both`` where there is one and the side is known.
    persistence, onset_ms, amplitude_uv, amr_to_m : float
        Of the muscle named first.
    pattern, pattern_side, confidence, runner_up : str
        As in summary.csv; `pattern` is empty where none was looked for.
    bursts_per_min : float
        Of both sides together.
    muscles : tuple of MuscleResult
    sides : tuple of SideActivity
    warnings : tuple of str
    version, protocol, protocol_sha256, sha256 : str
        Program version, name and hash of the protocol, hash of the recording.
    is_reviewed : bool
        Whether decisions of a person are in the result.
    free_running : bool or None
        Whether free-running EMG was searched; None: the result does not say.
    columns : mapping of str to str
        The row of the user's table; empty if there is none.
    patient, group, reference_text, reference_side : str
        From that row.
    reference : bool or None
        Whether `reference_text` means disease; None: it does not say.
    """

    name: str
    outcome: Outcome
    error: str = ""
    duration_s: float = nan
    n_stimuli: int = 0
    where: str = ""
    amr_side: str = ""
    persistence: float = nan
    onset_ms: float = nan
    amplitude_uv: float = nan
    amr_to_m: float = nan
    pattern: str = ""
    pattern_side: str = ""
    confidence: str = ""
    runner_up: str = ""
    bursts_per_min: float = nan
    muscles: tuple[MuscleResult, ...] = ()
    sides: tuple[SideActivity, ...] = ()
    warnings: tuple[str, ...] = ()
    version: str = ""
    protocol: str = ""
    protocol_sha256: str = ""
    sha256: str = ""
    is_reviewed: bool = False
    free_running: bool | None = None
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    patient: str = ""
    group: str = ""
    reference_text: str = ""
    reference_side: str = ""
    reference: bool | None = None


@dataclass(frozen=True, slots=True)
class TableUse:
    """How the user's table was understood.

    Attributes
    ----------
    name : str
        Name of the file.
    encoding, delimiter : str
    n_rows, n_joined : int
    columns : tuple of str
        All of them, as spelled in the table.
    key, patient, group, reference, side : str
        The columns that were used; empty: none.
    positive, negative : tuple of str
        Values of the reference that mean disease and no disease.
    """

    name: str
    encoding: str
    delimiter: str
    n_rows: int
    n_joined: int
    columns: tuple[str, ...]
    key: str
    patient: str = ""
    group: str = ""
    reference: str = ""
    side: str = ""
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """How many recordings had one result, all together or in one group."""

    value: str
    share: Proportion
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Cohort:
    """A batch of recordings and all that is counted over it.

    Attributes
    ----------
    name : str
        Name of the folder of results, without its place.
    recordings : tuple of CohortRecording
        In order of their names.
    table : TableUse or None
    groups : tuple of str
        In order; one empty name where nothing divides the recordings.
    remarks : tuple of Remark
    verdicts, patterns : tuple of Share
        Over all recordings, then AMR present by group, of those stimulated; over the recordings
        searched for a pattern.
    amr : Proportion or None
        AMR present among the recordings that were stimulated; None where none was.
    hfs : Proportion or None
        Patterns of hemifacial spasm among those searched; None where none was.
    studies : tuple of TestStudy
        Verdict and pattern against the reference; empty without one.
    labels : LabelAgreement or None
        Where the reference names patterns.
    sides : tuple of (str, Proportion)
        How often the side agrees, by ``amr`` and ``pattern``.
    measures : tuple of GroupMeasure
    """

    name: str
    recordings: tuple[CohortRecording, ...]
    table: TableUse | None = None
    groups: tuple[str, ...] = ("",)
    remarks: tuple[Remark, ...] = ()
    verdicts: tuple[Share, ...] = ()
    patterns: tuple[Share, ...] = ()
    amr: Proportion | None = None
    hfs: Proportion | None = None
    studies: tuple[TestStudy, ...] = ()
    labels: LabelAgreement | None = None
    sides: tuple[tuple[str, Proportion], ...] = ()
    measures: tuple[GroupMeasure, ...] = ()

    def remark(self, kind: RemarkKind) -> Remark | None:
        """Return the remark of a kind, if it was made."""
        return next((r for r in self.remarks if r.kind is kind), None)
