"""Put a person's decisions on single sweeps into the table; judging anew is left to `reviewing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.anatomy import Role
from amr_viewer.core.decisions import SweepDecision, occurrences
from amr_viewer.core.responses import MARKER_BITS, Rejection, Responses, State
from amr_viewer.core.review import Review

MATCH_S = 2e-3
"""A stimulus this near to the one that was decided on is the same one."""

_MEASURED = (
    "onset_ms", "peak_ms", "positive_peak_ms", "end_ms", "amplitude_uv", "area_uv_ms",
)  # fmt: skip
_CHANGED = (
    *_MEASURED, "state", "rejection", "phases", "snr_db", "afterdischarge", "m_amplitude_uv",
    "m_onset_ms", "manual", "by_hand",
)  # fmt: skip
_CHANNEL = attrgetter("channel", "occurrence")
_VALUES = attrgetter(*_MEASURED)
SAME_MS = 1e-3
"""A marker that lies so near to the program's own is the program's."""

_CODES = {None: -1, "absent": 0, "present": 1, "rejected": 2, "unsure": 3}
_STATES = np.array([State.ABSENT, State.PRESENT, State.REJECTED, State.REJECTED], dtype=np.int8)
_REJECTIONS = np.array(
    [Rejection.NONE, Rejection.NONE, Rejection.MANUAL, Rejection.UNSURE], dtype=np.int8
)


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Which sweeps of a table the decisions of a review belong to.

    Attributes
    ----------
    rows, columns : ndarray of int, shape (n_decisions,)
        Stimulus and channel.
    decisions : tuple of SweepDecision
        Those that belong to a sweep, the later one last.
    unmatched : tuple of SweepDecision
        Those whose stimulus or channel is not there.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    decisions: tuple[SweepDecision, ...]
    unmatched: tuple[SweepDecision, ...]


def match_sweeps(responses: Responses, review: Review) -> Matched:
    """Find the sweeps that a review decides on.

    Stimuli are matched by the nearest time within `MATCH_S`, channels by label and place among
    namesakes.

    Parameters
    ----------
    responses : Responses
    review : Review

    Returns
    -------
    Matched
    """
    decisions, times = review.sweeps, responses.stimuli.time_s
    labels = [c.label for c in responses.channels]
    place = {key: j for j, key in enumerate(zip(labels, occurrences(labels), strict=True))}
    columns = np.array([place.get(key, -1) for key in map(_CHANNEL, decisions)], dtype=np.intp)
    at = np.array([d.stimulus_s for d in decisions], dtype=np.float64)
    if not len(decisions) or not len(times):
        nothing = np.empty(0, dtype=np.intp)
        return Matched(nothing, nothing, (), decisions)
    after = np.clip(np.searchsorted(times, at), 1, max(len(times) - 1, 1))
    before = after - 1
    after = np.minimum(after, len(times) - 1)
    rows = np.where(np.abs(times[after] - at) < np.abs(times[before] - at), after, before)
    found = (np.abs(times[rows] - at) <= MATCH_S) & (columns >= 0)
    if found.all():
        return Matched(rows, columns, decisions, ())
    return Matched(
        rows[found],
        columns[found],
        tuple(d for d, there in zip(decisions, found, strict=True) if there),
        tuple(d for d, there in zip(decisions, found, strict=True) if not there),
    )


def decided(responses: Responses, review: Review) -> Responses:
    """Return the table with a person's states and measurements in the place of the program's.

    A sweep that is not present any more loses its measurements; one that the program had rejected
    and that a person calls present or absent is valid again. Probabilities stay the program's, and
    so do markers that a person did not set, unless they lie beyond one that a person did: before
    the onset, or after the end.

    Parameters
    ----------
    responses : Responses
        The program's.
    review : Review
        Decisions on sweeps that are not there are left out; `match_sweeps` names them.

    Returns
    -------
    Responses
    """
    match = match_sweeps(responses, review)
    if not match.decisions:
        return responses
    at = match.rows * len(responses.channels) + match.columns
    new = {name: getattr(responses, name).flatten() for name in _CHANGED}
    said = np.array([_CODES[d.state] for d in match.decisions], dtype=np.int8)
    judged = said >= 0
    measured = np.isfinite(new["onset_ms"][at]) | np.isfinite(new["amplitude_uv"][at])
    carries = (said == _CODES["present"]) | (~judged & measured)
    new["state"][at] = np.where(judged, _STATES[said], new["state"][at])
    new["rejection"][at] = np.where(judged, _REJECTIONS[said], new["rejection"][at])
    new["manual"][at] = judged | measured
    values = np.array(list(map(_VALUES, match.decisions)), dtype=np.float32)
    before = {name: new[name][at] for name in MARKER_BITS}
    for name, own in zip(_MEASURED, values.T, strict=True):
        new[name][at] = np.where(carries, np.where(np.isnan(own), new[name][at], own), np.nan)
    new["by_hand"][at] = _by_hand(match.decisions, before, new, at) * carries
    _drop_contradicted(new, before, at)
    new["phases"][at] = np.where(carries, new["phases"][at], np.nan)
    new["afterdischarge"][at] &= carries
    direct = responses.role.ravel()[at] == tuple(Role).index(Role.DIRECT)
    noise = np.where(direct, np.nan, responses.noise_uv.ravel()[at])
    with np.errstate(divide="ignore"):
        new["snr_db"][at] = 20.0 * np.log10(new["amplitude_uv"][at] / (2.0 * noise))
    for name, source in (("m_amplitude_uv", "amplitude_uv"), ("m_onset_ms", "onset_ms")):
        new[name][at] = np.where(direct, new[source][at], new[name][at])
    shape = responses.state.shape
    return replace(responses, **{name: array.reshape(shape) for name, array in new.items()})


def _by_hand(
    decisions: tuple[SweepDecision, ...],
    before: Mapping[str, NDArray[np.float32]],
    new: Mapping[str, NDArray[np.float32]],
    at: NDArray[np.intp],
) -> NDArray[np.uint8]:
    """Return which markers a person set, (n_decisions,)."""
    bits = np.array([sum(MARKER_BITS[m] for m in d.by_hand) for d in decisions], dtype=np.uint8)
    for name, bit in MARKER_BITS.items():
        same = np.abs(new[name][at] - before[name]) < SAME_MS
        bits[same] &= np.uint8(255 - bit)
    return bits


def _drop_contradicted(
    new: Mapping[str, NDArray[Any]],
    before: Mapping[str, NDArray[np.float32]],
    at: NDArray[np.intp],
) -> None:
    """Take markers of the program away that lie on the wrong side of one that a person set."""
    bits, now = new["by_hand"][at], {name: new[name][at] for name in MARKER_BITS}
    for name, sign in (("onset_ms", 1), ("end_ms", -1)):
        for other in (m for m in MARKER_BITS if m != name):
            with np.errstate(invalid="ignore"):
                wrong = sign * (now[other] - now[name]) < 0
            own, others = (bits & MARKER_BITS[m] > 0 for m in (name, other))
            drop_other = wrong & own & ~others & (now[other] == before[other])
            drop_this = wrong & others & ~own & (now[name] == before[name])
            new[other][at[drop_other]] = np.nan
            new[name][at[drop_this]] = np.nan
