"""Several recordings of one patient in order, and what changed; comparing them is in `analysis`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import nan

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.patterns import PatternFinding
from amr_viewer.core.visit_points import Place, Quantity, Track


class Order(StrEnum):
    """What the visits are ordered by."""

    DATE = "date"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class SiteUsed:
    """A branch that was stimulated at a visit; `intensity_ma` is the median, NaN if unknown."""

    site: Branch | None
    side: Side | None
    n_stimuli: int
    intensity_ma: float = nan


@dataclass(frozen=True, slots=True)
class Visit:
    """One recording of the patient.

    Attributes
    ----------
    label : str
        What the user calls the visit, empty if nothing.
    recording : str
        Name of the file.
    path : str
        Where it was read from; never printed into results.
    start : str or None
        Date and time of the recording, ISO 8601, None when the file does not say.
    patient : mapping of str to str
        What the file says of the patient.
    fields : mapping of str to str
        What a person filled into the head of the recording's report ("botulinum", "spasm").
    duration_s : float
    sites : tuple of SiteUsed
    muscles : tuple of (Muscle or None, Side or None, str)
        Channels of EMG: muscle, side, label.
    amr, headline : str
        As in the `Analysis`.
    pattern : PatternFinding or None
        Of both sides together; None where no free-running EMG was judged.
    no_pattern : str
        Why not, in the words of the analysis.
    rest_s : float
        Seconds at rest that the pattern rests on.
    during_operation : bool
        Whether marks of surgery stand in the recording.
    reviewed : bool
        Whether decisions of a person are in the values.
    sha256 : str
    institution, protocol, protocol_sha256 : str
        Head of the report; name and hash of the protocol that the recording was analyzed under.
    warnings : tuple of str
    """

    label: str
    recording: str
    path: str = field(default="", repr=False)
    start: str | None = None
    patient: Mapping[str, str] = field(default_factory=dict, repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    duration_s: float = 0.0
    sites: tuple[SiteUsed, ...] = ()
    muscles: tuple[tuple[Muscle | None, Side | None, str], ...] = ()
    amr: str = "no_stimuli"
    headline: str = ""
    pattern: PatternFinding | None = None
    no_pattern: str = ""
    rest_s: float = 0.0
    during_operation: bool = False
    reviewed: bool = False
    sha256: str = ""
    institution: str = ""
    protocol: str = ""
    protocol_sha256: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def date(self) -> str:
        """The day of the recording as YYYY-MM-DD, empty if unknown."""
        return (self.start or "")[:10]


class EventPlace(StrEnum):
    """Where an event lies: between two visits, on the day of one, or inside its recording."""

    BETWEEN = "between"
    SAME_DAY = "same_day"
    DURING = "during"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the patient: an operation, an injection.

    Attributes
    ----------
    text : str
    date : str
        YYYY-MM-DD or YYYY-MM, empty if unknown.
    where : EventPlace
    visit : int
        `BETWEEN`: the visit after which it lies, -1 before the first; else the visit itself.
    from_mark : bool
        Whether a mark of the recording says so, else the user.
    """

    text: str
    date: str
    where: EventPlace
    visit: int
    from_mark: bool = False

    @property
    def position(self) -> float:
        """Where it stands on an axis on which visit i stands at i."""
        return self.visit + 0.5 if self.where is EventPlace.BETWEEN else float(self.visit)


class IdentityState(StrEnum):
    """Whether the headers speak of one patient."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT_SAY = "cannot_say"


@dataclass(frozen=True, slots=True)
class Identity:
    """What the headers say about whose recordings these are; holds no name and no number itself.

    Attributes
    ----------
    state : IdentityState
        `SAME` where a name or a number is in every file and nothing differs.
    differing : tuple of (str, int, int)
        Field ("name", "id", "birthdate", "sex") and two visits in which it differs.
    silent : tuple of int
        Visits whose files name nobody.
    """

    state: IdentityState
    differing: tuple[tuple[str, int, int], ...] = ()
    silent: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A recording that could not be compared: the name of its file, and why, with the remedy."""

    recording: str
    fault: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several visits of one patient side by side.

    Attributes
    ----------
    visits : tuple of Visit
        In order.
    tracks : tuple of Track
        By quantity, then place, sides and muscles from the top of the face down.
    events : tuple of Event
        In the order in which they stand between the visits.
    identity : Identity
    order : Order
        What the visits are ordered by.
    order_note : str
        ``no_date | same_time``: why not by date, where that was asked for; empty otherwise.
    failures : tuple of Failure
    repeated : tuple of (int, int)
        Pairs of visits that are one and the same file.
    versions : mapping of str to str
    """

    visits: tuple[Visit, ...]
    tracks: tuple[Track, ...]
    identity: Identity
    events: tuple[Event, ...] = ()
    order: Order = Order.DATE
    order_note: str = ""
    failures: tuple[Failure, ...] = ()
    repeated: tuple[tuple[int, int], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    def of(self, quantity: Quantity) -> tuple[Track, ...]:
        """Return the tracks of one quantity."""
        return tuple(t for t in self.tracks if t.quantity is quantity)

    def track(self, quantity: Quantity, place: Place) -> Track | None:
        """Return the track of one quantity at one place."""
        return next((t for t in self.tracks if (t.quantity, t.place) == (quantity, place)), None)
