"""What visits say of a quantity at a place, and what became of it from one visit to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite, nan

from amr_viewer.core.anatomy import Branch, Muscle, Role, Side
from amr_viewer.core.bursts import Electrode, QualityFlag
from amr_viewer.core.findings import Verdict
from amr_viewer.core.trend import BlockState


class Quantity(StrEnum):
    """What is followed over the visits; the value is its name in visits.csv, with the unit."""

    AMR_PERSISTENCE = "amr_persistence"
    AMR_AMPLITUDE = "amr_amplitude_uv"
    AMR_TO_M = "amr_to_m"
    AMR_ONSET = "amr_onset_ms"
    M_AMPLITUDE = "m_amplitude_uv"
    BURSTS = "bursts_per_min"
    LOAD_TIME = "load_percent"
    LOAD_AREA = "load_uv_s_min"


AMR_QUANTITIES = (
    Quantity.AMR_PERSISTENCE, Quantity.AMR_AMPLITUDE, Quantity.AMR_TO_M, Quantity.AMR_ONSET,
)  # fmt: skip
REST_QUANTITIES = (Quantity.BURSTS, Quantity.LOAD_TIME, Quantity.LOAD_AREA)

DIFFERENCES = frozenset({Quantity.AMR_PERSISTENCE, Quantity.AMR_ONSET})
"""Quantities whose change is told as a difference; that of the others is a ratio."""

AMPLITUDES = frozenset(
    {Quantity.AMR_AMPLITUDE, Quantity.AMR_TO_M, Quantity.M_AMPLITUDE, Quantity.LOAD_AREA}
)
"""Quantities that depend on where the electrodes lie."""


SHIFT_OF_M = 0.8
"""M outside 80-125 % of its former size is told of: stimulus, nerve or electrodes may differ.

Twenty percent is also the change of an AMR's threshold that counts; a default of this program.
"""

SHIFT_OF_CURRENT = 1.1
"""Currents further apart than 10 % are told of; stimulators are set in steps of 0.1 to 1 mA."""

SHIFT_OF_NOISE = 2.0
"""Quiet signals further apart than this are told of: what is a burst at one visit may be lost in
the noise of the other. A default of this program."""


class PointState(StrEnum):
    """What a visit says of a quantity.

    `NONE`: looked for under fit conditions and not there; the size of a response that is not there
    is no number, only an upper limit. `CANNOT_SAY`: recorded, but it tells nothing.
    """

    MEASURED = "measured"
    NONE = "none"
    CANNOT_SAY = "cannot_say"
    NOT_RECORDED = "not_recorded"


class Reason(StrEnum):
    """Why a visit cannot say something."""

    NONE = ""
    NO_DIRECT_RESPONSE = "no_direct_response"
    DIRECT_NOT_RECORDED = "direct_not_recorded"
    INDETERMINATE = "indeterminate"
    NOT_ASSESSABLE = "not_assessable"
    LITTLE_REST = "little_rest"
    DURING_OPERATION = "during_operation"
    UNUSABLE_CHANNEL = "unusable_channel"


class Doubt(StrEnum):
    """What limits the comparison of two visits, or forbids it."""

    REPLACED_ELECTRODES = "replaced_electrodes"
    ELECTRODE_TYPE = "electrode_type"
    ELECTRODE_UNKNOWN = "electrode_unknown"
    NO_DIRECT = "no_direct"
    M_CHANGED = "m_changed"
    M_MUSCLE = "m_muscle"
    INTENSITY = "intensity"
    INTENSITY_UNKNOWN = "intensity_unknown"
    PULSE_WIDTH = "pulse_width"
    SAMPLING = "sampling"
    FILTERS = "filters"
    PARAMETERS = "parameters"
    CHANGED_WITHIN = "changed_within"
    DURING_OPERATION = "during_operation"
    MUSCLES = "muscles"
    SHORT_REST = "short_rest"
    SLEEP = "sleep"
    NOISE = "noise"
    QUALITY = "quality"
    LABEL_ONLY = "label_only"


@dataclass(frozen=True, slots=True)
class Caution:
    """One limit of a comparison.

    Attributes
    ----------
    doubt : Doubt
    was, is_ : str
        The conditions of the earlier and of the later visit: numbers with units, flags of quality
        and muscles by their values with commas between; may be empty.
    """

    doubt: Doubt
    was: str = ""
    is_: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was measured: what the visits are matched by.

    Attributes
    ----------
    site, side : Branch, Side or None
        What was stimulated; both None for activity at rest.
    muscle, muscle_side : Muscle, Side or None
        Neither muscle nor channel: all muscles of the side together, at rest.
    role : Role
        `LATERAL` for an AMR, `DIRECT` for an M response, `OTHER` for activity at rest.
    channel : str
        Label, where it alone tells channels apart: unknown muscle, or several of one muscle.
    """

    site: Branch | None
    side: Side | None
    muscle: Muscle | None
    muscle_side: Side | None
    role: Role
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How something was recorded at one visit; None and NaN: unknown.

    Attributes
    ----------
    channel : str
        Label as in the file.
    electrode : Electrode or None
    sampling_hz : float
    filters : str
        As the file writes them.
    intensity_ma, width_ms : float
        Median of the stimuli; NaN also for activity at rest.
    m_uv : float
        Direct response to the same stimuli; NaN also for activity at rest.
    m_muscle : Muscle or None
        The muscle of that direct response.
    minutes, asleep_min : float
        Of signal at rest that was looked at; of it marked as sleep. NaN for responses to stimuli.
    short_rest : bool
        Whether that is less than is asked for.
    noise_uv : float
        Level of the quiet signal; NaN for responses to stimuli.
    muscles : tuple of str
        Where a point stands for a whole side: the muscles recorded there, by their values.
    flags : tuple of QualityFlag
    during_operation : bool
    parameters_hash : str
        Of the parameters that the quantity rests on.
    """

    channel: str = ""
    electrode: Electrode | None = None
    sampling_hz: float = nan
    filters: str = ""
    intensity_ma: float = nan
    width_ms: float = nan
    m_uv: float = nan
    m_muscle: Muscle | None = None
    minutes: float = nan
    asleep_min: float = nan
    short_rest: bool = False
    noise_uv: float = nan
    muscles: tuple[str, ...] = ()
    flags: tuple[QualityFlag, ...] = ()
    during_operation: bool = False
    parameters_hash: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One quantity of one place at one visit.

    Attributes
    ----------
    state : PointState
    value, low, high : float
        With its 95 % interval, in the unit of the quantity. NaN: not measurable. Where the state is
        `NONE` and there is no value, `high` is the largest that would have been missed.
    k, n : int
        Sweeps with a response and valid sweeps; bursts and episodes they fall into.
    verdict : Verdict or None
        Of an AMR.
    reason : Reason
    words : str
        The reason in the words of the recording's own analysis.
    end_state : BlockState or None
        What an AMR was at the end of a recording within which it changed.
    overruled : bool
        Whether the verdict is a person's.
    conditions : Conditions
    """

    state: PointState
    value: float = nan
    low: float = nan
    high: float = nan
    k: int = 0
    n: int = 0
    verdict: Verdict | None = None
    reason: Reason = Reason.NONE
    words: str = ""
    end_state: BlockState | None = None
    overruled: bool = False
    conditions: Conditions = field(default_factory=Conditions)

    @property
    def tells(self) -> bool:
        """Whether the visit says something of the quantity, be it that nothing is there."""
        return self.state in {PointState.MEASURED, PointState.NONE}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a quantity from one visit to a later one.

    Attributes
    ----------
    reference, visit : int
        Positions of the two visits, `reference` the earlier one.
    is_ratio : bool
        A ratio (later / earlier), else a difference (later - earlier).
    value, low, high : float
        With its 95 % interval. Only `high` (`low`): at most (at least) so much, as where a
        response is no longer found. All NaN: nothing can be said.
    refused : Caution or None
        Why the two are not compared.
    cautions : tuple of Caution
        What to keep in mind where they are.
    """

    reference: int
    visit: int
    is_ratio: bool
    value: float = nan
    low: float = nan
    high: float = nan
    refused: Caution | None = None
    cautions: tuple[Caution, ...] = ()

    @property
    def known(self) -> bool:
        """Whether something can be said, be it a limit only."""
        return any(isfinite(v) for v in (self.value, self.low, self.high))

    @property
    def direction(self) -> int:
        """+1 or -1 where the interval leaves out "no change", else 0."""
        same = 1.0 if self.is_ratio else 0.0
        return int(self.low > same) - int(self.high < same)


@dataclass(frozen=True, slots=True)
class Track:
    """One quantity of one place over the visits.

    Attributes
    ----------
    quantity : Quantity
    place : Place
    points : tuple of Point
        One per visit.
    changes : tuple of Change
        Of each visit from the first that can serve as reference, and from the one before it.
    """

    quantity: Quantity
    place: Place
    points: tuple[Point, ...]
    changes: tuple[Change, ...] = ()

    @property
    def reference(self) -> int:
        """The visit that later ones are compared with, the first with a number; -1 if none is."""
        ratio = self.quantity not in DIFFERENCES
        for i, point in enumerate(self.points):
            if point.state is PointState.MEASURED and (point.value > 0.0 or not ratio):
                return i
        return -1

    def change(self, visit: int, reference: int | None = None) -> Change | None:
        """Return the change at a visit, from the reference unless another visit is named."""
        of = self.reference if reference is None else reference
        return next((c for c in self.changes if (c.reference, c.visit) == (of, visit)), None)
