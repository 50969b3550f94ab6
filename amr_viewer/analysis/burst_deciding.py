"""Put a person's decisions into the list of bursts; measuring is left to `burst_signal`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.burst_groups import grouped
from amr_viewer.core.bursts import BURST_ARRAYS, SHAPE_ARRAYS, BurstKind, Bursts, SetAside
from amr_viewer.core.decisions import BurstDecision, occurrences
from amr_viewer.core.parameters import BurstParameters

COVERED = 0.5
"""A burst of which decisions cover this part is the one that was decided on: limits move a little
under other parameters, and most of it must not be counted twice."""

SAME_MS = 1.0
"""Limits that differ by less, one bin of the envelope, are the same."""

_KINDS = {
    "clonic": BurstKind.CLONIC, "tonic": BurstKind.TONIC, "other": BurstKind.OTHER,
}  # fmt: skip
_COPIED = tuple(n for n in (*BURST_ARRAYS, *SHAPE_ARRAYS) if n not in {"salvo", "episode"})


@dataclass(frozen=True, slots=True, eq=False)
class MatchedBursts:
    """Which bursts decisions take the place of.

    Attributes
    ----------
    replaced : ndarray of bool, shape (n_bursts,)
        Bursts of the program that decisions cover.
    decisions : tuple of BurstDecision
        Those that change anything.
    channels : tuple of int
        Their channels, indices into ``Recording.channels``.
    rows : tuple of ndarray of int
        For each decision the bursts that it takes the place of.
    unmatched : tuple of BurstDecision
        Those whose channel is not there, or that say "no burst" where there is none.
    """

    replaced: NDArray[np.bool_]
    decisions: tuple[BurstDecision, ...]
    channels: tuple[int, ...]
    rows: tuple[NDArray[np.intp], ...]
    unmatched: tuple[BurstDecision, ...]


def match_bursts(bursts: Bursts, decisions: Iterable[BurstDecision]) -> MatchedBursts:
    """Find the bursts that a person decided on.

    A decision takes the place of the bursts of its channel of which it covers half or more, alone
    or together with others: the parts of one that was split.

    Parameters
    ----------
    bursts : Bursts
        The program's.
    decisions : iterable of BurstDecision

    Returns
    -------
    MatchedBursts
    """
    places = channel_places(bursts)
    wanted = [(d, places.get((d.channel, d.occurrence), -1)) for d in decisions]
    covered = np.zeros(len(bursts))
    start, end = bursts.start_s, bursts.end_s
    touched = _touched(bursts, wanted)
    for (d, _), rows in zip(wanted, touched, strict=True):
        first, last = np.maximum(start[rows], d.start_s), np.minimum(end[rows], d.end_s)
        covered[rows] += (last - first) / np.maximum(end[rows] - start[rows], 1e-9)
    replaced = covered >= COVERED
    kept, channels, owned, unmatched = [], [], [], []
    for (d, channel), rows in zip(wanted, touched, strict=True):
        own = rows[replaced[rows]]
        if channel < 0 or (d.kind == "none" and not len(own)):
            unmatched.append(d)
            continue
        kept.append(d)
        channels.append(channel)
        owned.append(own)
    return MatchedBursts(replaced, tuple(kept), tuple(channels), tuple(owned), tuple(unmatched))


def channel_places(bursts: Bursts) -> dict[tuple[str, int], int]:
    """Return the index of each channel by its label and its place among namesakes."""
    labels = [c.label for c in bursts.channels]
    names = zip(labels, occurrences(labels), strict=True)
    return dict(zip(names, (c.index for c in bursts.channels), strict=True))


def _touched(bursts: Bursts, wanted: list[tuple[BurstDecision, int]]) -> list[NDArray[np.intp]]:
    """Return for each decision the bursts of its channel that it overlaps."""
    lanes, end_s = {}, bursts.end_s
    for channel in {c for _, c in wanted}:
        rows = np.flatnonzero(bursts.channel == channel)
        latest = np.maximum.accumulate(end_s[rows]) if len(rows) else np.empty(0)
        lanes[channel] = rows, bursts.start_s[rows], latest
    out = []
    for d, channel in wanted:
        rows, starts, latest = lanes[channel]
        first = int(np.searchsorted(latest, d.start_s, side="right"))
        found = rows[first : int(np.searchsorted(starts, d.end_s, side="left"))]
        out.append(found[end_s[found] > d.start_s])
    return out


def decided_bursts(
    bursts: Bursts, decisions: Iterable[BurstDecision], parameters: BurstParameters
) -> Bursts:
    """Return the bursts as a person left them; what was changed by hand is `manual`.

    What a person calls no burst stays in the list, set aside. Of a burst with other limits than the
    program's only peak and area are known; one with the same limits keeps all its values.

    Parameters
    ----------
    bursts : Bursts
        The program's.
    decisions : iterable of BurstDecision
    parameters : BurstParameters
        Salvos and episodes are counted again by them.

    Returns
    -------
    Bursts
        The same value where nothing was decided, or no bursts were looked for.
    """
    decisions = tuple(decisions)
    if bursts.not_assessed or not decisions:
        return bursts
    match = match_bursts(bursts, decisions)
    if not match.decisions:
        return bursts
    columns: dict[str, Any] = {n: getattr(bursts, n).copy() for n in _COPIED}
    stays = ~match.replaced
    for d, rows in zip(match.decisions, match.rows, strict=True):
        if d.kind == "none":
            stays[rows] = True
            columns["set_aside"][rows] = SetAside.DECIDED
            columns["manual"][rows] = True
    added = [
        _made(bursts, d, channel, rows)
        for d, channel, rows in zip(match.decisions, match.channels, match.rows, strict=True)
        if d.kind != "none"
    ]
    for name in _COPIED:
        own = np.array([a[name] for a in added], dtype=columns[name].dtype)
        columns[name] = np.concatenate([columns[name][stays], own])
    return _in_order(bursts, columns, parameters)


def _made(bursts: Bursts, d: BurstDecision, channel: int, rows: NDArray[np.intp]) -> dict[str, Any]:
    """Return the values of a burst that a person made, or named."""
    is_same = len(rows) == 1 and (
        abs(bursts.start_s[rows[0]] - d.start_s) < 1e-3 * SAME_MS
        and abs(bursts.duration_ms[rows[0]] - d.duration_ms) < SAME_MS
    )
    if is_same:
        values = {n: getattr(bursts, n)[rows[0]] for n in _COPIED}
    else:
        values = dict.fromkeys(_COPIED, np.nan) | {
            "channel": channel, "start_s": d.start_s, "duration_ms": d.duration_ms,
            "rate_reliable": False,
        }  # fmt: skip
        if len(rows):
            values["peak_uv"] = float(bursts.peak_uv[rows].max())
            values["area_uv_s"] = float(bursts.area_uv_s[rows].sum())
        if d.peak_uv is not None:
            values["peak_uv"] = d.peak_uv
        if d.area_uv_s is not None:
            values["area_uv_s"] = d.area_uv_s
    return values | {"kind": _KINDS[d.kind], "set_aside": SetAside.NONE, "manual": True}


def _in_order(bursts: Bursts, columns: dict[str, Any], p: BurstParameters) -> Bursts:
    """Return the bursts in order of time, salvos and episodes counted again."""
    order = np.lexsort((columns["channel"], columns["start_s"]))
    columns = {n: a[order] for n, a in columns.items()}
    end = columns["start_s"] + 1e-3 * columns["duration_ms"]
    counted = columns["set_aside"] == SetAside.NONE
    salvo, episode = grouped(columns["start_s"], end, columns["channel"], counted, p)
    return replace(bursts, salvo=salvo, episode=episode, **columns)
