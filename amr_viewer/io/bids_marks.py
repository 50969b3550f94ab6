"""Marks that stand in a recording and in the table beside it, each of them once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from amr_viewer.core.recording import Mark, StimulusLabel
from amr_viewer.io.marker_labels import read_marker

EXACT_S = 1.5e-3
"""Tables give times to the millisecond."""

SAME_S = 20e-3
"""A table may come from a clock with slow ticks: stimuli so near are one, unless they are named
differently; the first to be left over is a pulse of its own."""


def joined_marks(
    own: Sequence[Mark], listed: Sequence[Mark], table: str, warnings: list[str]
) -> tuple[Mark, ...]:
    """Return the marks of a recording and of a table, none of them twice.

    A listed mark is one of the recording's own if both have the same text or are stimuli, and lie
    within `SAME_S`. The own one keeps its time and takes over what the table says of the stimulus.

    Parameters
    ----------
    own, listed : sequence of Mark
        In order of time.
    table : str
        Name of the table, for the warnings.
    warnings : list of str
        Takes how many marks stand in both, and how many are named differently.

    Returns
    -------
    tuple of Mark
        In order of time.
    """
    marks = list(own)
    is_taken = [False] * len(marks)
    added = []
    n_contradicting = first = 0
    for mark in listed:
        while first < len(own) and own[first].time_s < mark.time_s - SAME_S:
            first += 1
        place = _twin(own, is_taken, first, mark)
        if place is None:
            added.append(mark)
            continue
        is_taken[place] = True
        n_contradicting += _contradict(own[place], mark)
        marks[place] = replace(own[place], stimulus=_completed(own[place], mark))
    if any(is_taken):
        warnings.append(
            f"{table}: {sum(is_taken)} of its {len(listed)} events stand in the recording too and "
            "count once"
        )
    if n_contradicting:
        warnings.append(
            f"{table}: {n_contradicting} stimuli have another site, side or current than in the "
            "recording; the table counts"
        )
    return tuple(sorted([*marks, *added], key=lambda m: m.time_s))


def _twin(own: Sequence[Mark], is_taken: Sequence[bool], first: int, listed: Mark) -> int | None:
    """Return the nearest free mark that means the same as a listed one."""
    near = []
    for place in range(first, len(own)):
        distance_s = abs(own[place].time_s - listed.time_s)
        if own[place].time_s > listed.time_s + SAME_S:
            break
        if not is_taken[place] and _means_the_same(own[place], listed, distance_s):
            near.append((distance_s, place))
    return min(near)[1] if near else None


def _means_the_same(own: Mark, listed: Mark, distance_s: float) -> bool:
    """Whether two marks are one."""
    if own.text.strip().casefold() == listed.text.strip().casefold():
        return True
    if not (_is_stimulus(own) and _is_stimulus(listed)):
        return False
    return distance_s <= EXACT_S or not _contradict(own, listed)


def _is_stimulus(mark: Mark) -> bool:
    """Whether a mark is a stimulus by what is known or by its text."""
    return mark.stimulus is not None or read_marker(mark.text).is_stimulus


def _label(mark: Mark) -> StimulusLabel:
    """Return all that is said of a stimulus."""
    return _filled(mark.stimulus or StimulusLabel(), read_marker(mark.text).label)


def _contradict(own: Mark, listed: Mark) -> bool:
    """Whether two stimuli are named differently."""
    if not (_is_stimulus(own) and _is_stimulus(listed)):
        return False
    a, b = _label(own), _label(listed)
    pairs = ((a.site, b.site), (a.side, b.side), (a.intensity_ma, b.intensity_ma))
    return any(x is not None and y is not None and x != y for x, y in pairs)


def _completed(own: Mark, listed: Mark) -> StimulusLabel | None:
    """Return the stimulus of a mark that stands in both."""
    if not _is_stimulus(listed):
        return own.stimulus
    label = _filled(_label(listed), own.stimulus or StimulusLabel())
    # What the recording's own text says as well is left to the reading of texts.
    return own.stimulus if label == StimulusLabel() else label


def _filled(first: StimulusLabel, second: StimulusLabel) -> StimulusLabel:
    """Return a label with what it does not say taken from another."""
    return StimulusLabel(
        site=second.site if first.site is None else first.site,
        side=second.side if first.side is None else first.side,
        intensity_ma=second.intensity_ma if first.intensity_ma is None else first.intensity_ma,
        width_ms=second.width_ms if first.width_ms is None else first.width_ms,
    )
