"""Marks as rows of a table: times as people write them, a search, and what may be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from amr_viewer.core.recording import Mark
from amr_viewer.gui.plot.scale import clock

Named = tuple[str, Mark, bool]
"""Name, mark, whether a person made or changed it; as `Document.marks` gives them."""

FROM_FILE, FROM_PERSON, STIMULUS = "file", "person", "stimulus"
ALL_CHANNELS = "all"


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One mark; `origin` is ``file``, ``person`` or ``stimulus`` (which cannot be changed)."""

    name: str
    mark: Mark
    origin: str

    @property
    def is_editable(self) -> bool:
        """Whether a person may change the mark."""
        return self.origin != STIMULUS

    @property
    def duration(self) -> str:
        """The duration as it stands in the table, empty for a moment."""
        length = self.mark.duration_s
        return f"{length:.3f}" if isfinite(length) and length > 0 else ""


def origin_of(named: Named) -> str:
    """Return where a mark comes from."""
    if named[1].stimulus is not None:
        return STIMULUS
    return FROM_PERSON if named[2] else FROM_FILE


def chosen_marks(marks: Sequence[Named], words: str, *, stimuli: bool) -> list[Named]:
    """Return the marks that hold all words of a search; stimuli only where they are wanted.

    A word is looked for in text and channel, one with a colon in the time.
    """
    wanted = words.casefold().split()
    shown = [m for m in marks if stimuli or m[1].stimulus is None]
    texts = [word for word in wanted if ":" not in word]
    times = [word for word in wanted if ":" in word]
    if texts:
        shown = [m for m in shown if _holds(m[1], texts)]
    if times:
        shown = [m for m in shown if all(w in time_text(m[1].time_s) for w in times)]
    return shown


def _holds(mark: Mark, words: Sequence[str]) -> bool:
    """Whether text or channel of a mark hold all words."""
    searched = f"{mark.text}\n{mark.channel or ''}".casefold()
    return all(word in searched for word in words)


def time_text(seconds: float) -> str:
    """Return a time as it stands in the table."""
    return clock(seconds, 3)


def parse_time(text: str) -> float | None:
    """Return the seconds that a person wrote, None where it is no time.

    Examples
    --------
    >>> parse_time("2:41.318"), parse_time("161,318"), parse_time("1:02:05"), parse_time("soon")
    (161.318, 161.318, 3725.0, None)
    """
    plain = text.strip().replace(",", ".").replace("−", "-").removesuffix("s").strip()
    sign = -1.0 if plain.startswith("-") else 1.0
    parts = plain.removeprefix("-").split(":")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        return None
    if len(values) > 3 or any(not 0 <= v < 1e9 for v in values) or any(v >= 60 for v in values[1:]):
        return None
    total = 0.0
    for value in values:
        total = 60.0 * total + value
    return sign * round(total, 6)
