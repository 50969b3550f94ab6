"""Marks as a person left them, in order of time, as rows and as columns; deciding is `review`'s."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.arrays import freeze
from amr_viewer.core.recording import Mark

if TYPE_CHECKING:
    from amr_viewer.core.decisions import MarkDecision

ShownMark = tuple[str, Mark, bool]
"""Name, mark, whether a person made or changed it."""

ShownMarks = tuple[ShownMark, ...]
OF_FILE = "file:"


@dataclass(frozen=True, slots=True, eq=False)
class MarkColumns:
    """Marks that are no stimuli, in order of time.

    Attributes
    ----------
    starts_s, stops_s : ndarray of float64, shape (n,)
        Equal where a mark has no duration.
    names, texts : tuple of str
        Texts without line breaks or double spaces.
    channels : tuple of str or None
        Label of the channel that a mark belongs to, None for all.
    """

    starts_s: NDArray[np.float64]
    stops_s: NDArray[np.float64]
    names: tuple[str, ...]
    texts: tuple[str, ...]
    channels: tuple[str | None, ...]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        freeze(self.starts_s)
        freeze(self.stops_s)

    def within(self, start_s: float, stop_s: float) -> NDArray[np.intp]:
        """Return the marks that touch a window."""
        return np.flatnonzero((self.stops_s >= start_s) & (self.starts_s <= stop_s))


def columns_of(shown: ShownMarks) -> MarkColumns:
    """Return marks as columns, those of stimuli left out."""
    rows = [(name, m) for name, m, _ in shown if m.stimulus is None]
    starts_s = np.array([m.time_s for _, m in rows], np.float64)
    lengths_s = np.array([m.duration_s for _, m in rows], np.float64)
    return MarkColumns(
        starts_s,
        starts_s + np.where(lengths_s > 0, lengths_s, 0.0),
        tuple([name for name, _ in rows]),
        tuple(_lines([m.text for _, m in rows])),
        tuple([m.channel for _, m in rows]),
    )


def _lines(texts: list[str]) -> list[str]:
    """Return texts as single lines; all are looked at together, for most need no change."""
    whole = "\0".join(texts)
    is_plain = not any(space in whole for space in ("\n", "\r", "\t", "  "))
    return texts if is_plain else [" ".join(text.split()) for text in texts]


def shown_marks(marks: tuple[Mark, ...], decisions: Iterable[MarkDecision]) -> ShownMarks:
    """Put decisions in the place of the marks of a file."""
    decided = {d.name: d for d in decisions}
    out: list[ShownMark] = []
    for k, mark in enumerate(marks):
        name = f"{OF_FILE}{k}"
        decision = decided.pop(name, None)
        if decision is None or mark.stimulus is not None:
            out.append((name, mark, False))
        elif decision.text is not None:
            out.append((name, _as_mark(decision), True))
    out += [(d.name, _as_mark(d), True) for d in decided.values() if d.text is not None]
    return tuple(sorted(out, key=_time))


def shown_again(
    shown: ShownMarks,
    marks: tuple[Mark, ...],
    decided: Mapping[str, MarkDecision],
    changed: Collection[str],
) -> ShownMarks:
    """Return what `shown_marks` would after a few decisions, without looking at every mark.

    Parameters
    ----------
    shown : tuple
        What it returned before them.
    marks : tuple of Mark
    decided : mapping of str to MarkDecision
        All decisions by name, in their order.
    changed : collection of str
        Names of the marks that differ.
    """
    out = [entry for entry in shown if entry[0] not in changed]
    for name in changed:
        entry = _entry(name, decided.get(name), marks)
        if entry is None:
            continue
        first = bisect_left(out, entry[1].time_s, key=_time)
        stop = bisect_right(out, entry[1].time_s, lo=first, key=_time)
        if first < stop:
            # Of one moment: those of the file come first, in its order.
            order = {n: i for i, n in enumerate(decided)}
            own = _rank(name, len(marks), order)
            same = (i for i in range(first, stop) if _rank(out[i][0], len(marks), order) > own)
            stop = next(same, stop)
        out.insert(stop, entry)
    return tuple(out)


def mark_of_file(name: str, marks: tuple[Mark, ...]) -> Mark | None:
    """Return the mark of a file that a name means, None if it means none."""
    number = name.removeprefix(OF_FILE)
    is_one = number != name and number.isdecimal() and f"{int(number)}" == number
    return marks[int(number)] if is_one and int(number) < len(marks) else None


def _entry(name: str, decision: MarkDecision | None, marks: tuple[Mark, ...]) -> ShownMark | None:
    """Return how a mark is shown, None if it is not."""
    mark = mark_of_file(name, marks)
    if mark is not None and (decision is None or mark.stimulus is not None):
        return name, mark, False
    if decision is None or decision.text is None:
        return None
    return name, _as_mark(decision), True


def _rank(name: str, n_of_file: int, order: Mapping[str, int]) -> tuple[int, int]:
    """Return what orders marks of one moment."""
    number = name.removeprefix(OF_FILE)
    if number != name and number.isdecimal() and int(number) < n_of_file:
        return 0, int(number)
    return 1, order.get(name, 0)


def _time(entry: ShownMark) -> float:
    """Return when a mark is."""
    return entry[1].time_s


def _as_mark(decision: MarkDecision) -> Mark:
    """Return the mark that a person wants."""
    return Mark(decision.time_s, decision.duration_s, decision.text or "", decision.channel)
