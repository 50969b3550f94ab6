"""Numbers that compare recordings with a reference, or groups, and their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import nan


class Method(StrEnum):
    """How an interval was made."""

    WILSON = "wilson"
    WILSON_CLUSTERED = "wilson_clustered"
    LOG = "log"
    LOG_CLUSTERED = "log_clustered"
    BOOTSTRAP = "bootstrap_recordings"
    BOOTSTRAP_CLUSTERED = "bootstrap_patients"
    MOSES_EXACT = "moses_exact"
    MOSES_NORMAL = "moses_normal"
    NONE = "none"


class Treatment(StrEnum):
    """What becomes of recordings whose result says neither yes nor no."""

    EXCLUDED = "excluded"
    NEGATIVE = "negative"
    WORST = "worst_case"


@dataclass(frozen=True, slots=True)
class Proportion:
    """`k` of `n` with a 95 % interval; NaN where there are none.

    Attributes
    ----------
    k, n : int
    low, high : float
    method : Method
    n_patients : int
        Patients that the `n` come from; `n` where each stands for itself.
    """

    k: int
    n: int
    low: float = nan
    high: float = nan
    method: Method = Method.NONE
    n_patients: int = 0

    @property
    def value(self) -> float:
        """The proportion itself; NaN without trials."""
        return self.k / self.n if self.n else nan


@dataclass(frozen=True, slots=True)
class Statistic:
    """A number with its 95 % interval; `k` of `n` where it is a proportion, -1 where it is none."""

    name: str
    value: float
    low: float = nan
    high: float = nan
    method: Method = Method.NONE
    k: int = -1
    n: int = -1


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A table of two by two under one treatment of inconclusive results.

    Attributes
    ----------
    treatment : Treatment
    tp, fp, fn, tn : int
    statistics : tuple of Statistic
        sensitivity, specificity, ppv, npv, lr_positive, lr_negative.
    """

    treatment: Treatment
    tp: int
    fp: int
    fn: int
    tn: int
    statistics: tuple[Statistic, ...]


@dataclass(frozen=True, slots=True)
class TestStudy:
    """How a result of the program agrees with the reference.

    Attributes
    ----------
    test : str
        ``amr`` or ``pattern``.
    accuracies : tuple of Accuracy
        One for each treatment.
    inconclusive : tuple of (str, int, int)
        Result, how often with the disease and without.
    n_not_tested : int
        Recordings with a reference in which this was not looked for.
    n_no_reference : int
        Recordings without a reference.
    n_patients : int
    is_clustered : bool
        Whether patients have several recordings, which the intervals take into account.
    """

    __test__ = False

    test: str
    accuracies: tuple[Accuracy, ...]
    inconclusive: tuple[tuple[str, int, int], ...]
    n_not_tested: int
    n_no_reference: int
    n_patients: int
    is_clustered: bool


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """Patterns of the program against those of the reference.

    Attributes
    ----------
    labels : tuple of str
        Of the reference and the program together, in the order of the matrix.
    matrix : tuple of tuple of int
        Rows: reference; columns: program.
    statistics : tuple of Statistic
        agreement, kappa, macro_f1.
    n_no_result : int
        With a reference, without a pattern of the program: not in the matrix.
    n_no_reference : int
    """

    labels: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    statistics: tuple[Statistic, ...]
    n_no_result: int
    n_no_reference: int


@dataclass(frozen=True, slots=True)
class GroupValues:
    """The values of one group, one per patient where patients are known, in order of size."""

    group: str
    values: tuple[float, ...]
    median: float
    q25: float
    q75: float


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """The shift from group `a` to group `b` (Hodges-Lehmann) with its interval.

    Attributes
    ----------
    a, b : str
    value, low, high : float
    method : Method
        `Method.NONE`: no interval of 95 % exists for so few, or none may be stated.
    refused : str
        Why nothing is stated: ``few`` or ``shared`` (patients stand in both groups).
    """

    a: str
    b: str
    value: float = nan
    low: float = nan
    high: float = nan
    method: Method = Method.NONE
    refused: str = ""


@dataclass(frozen=True, slots=True)
class GroupMeasure:
    """A measured quantity over the groups.

    Attributes
    ----------
    measure : str
        ``onset_ms, amplitude_uv, persistence, amr_to_m, bursts_per_min``.
    groups : tuple of GroupValues
    differences : tuple of GroupDifference
        Of every further group to the first.
    n_merged : int
        Recordings that were merged into one value of their patient.
    """

    measure: str
    groups: tuple[GroupValues, ...]
    differences: tuple[GroupDifference, ...]
    n_merged: int = 0
