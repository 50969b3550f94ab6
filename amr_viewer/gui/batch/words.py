"""Sizes, times and cells of the table in words."""

from __future__ import annotations

from amr_viewer.core.batch import Action
from amr_viewer.core.pattern_words import PLAIN, SEEN_IN
from amr_viewer.core.patterns import CONCLUSION_WORDS, Conclusion
from amr_viewer.gui.batch.rows import BatchRow, RowState

SIDES = {"left": "L", "right": "R", "both": "both sides"}
MOST_WARNINGS = 2
"""So many are told of below the table; the tip of the row has them all."""


def size_words(size_bytes: int) -> str:
    """Return a size as people say it.

    Examples
    --------
    >>> size_words(900), size_words(1_234_000), size_words(12_300_000_000)
    ('900 B', '1.2 MB', '12 GB')
    """
    size = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def time_words(seconds: float) -> str:
    """Return a time that has passed.

    Examples
    --------
    >>> time_words(7.2), time_words(200), time_words(8000)
    ('7 s', '3 min 20 s', '2 h 13 min')
    """
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def left_words(seconds: float | None) -> str:
    """Return the time that is left, rounded to what can be known; empty if it cannot.

    Examples
    --------
    >>> left_words(20), left_words(700), left_words(8000), left_words(None)
    ('less than a minute left', 'about 12 min left', 'about 2 h 15 min left', '')
    """
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute left"
    if minutes < 60:
        step = 1 if minutes <= 20 else 5
        minutes = step * round(minutes / step)
    if minutes < 60:
        return f"about {minutes} min left"
    minutes = 15 * round(minutes / 15)
    rest = f" {minutes % 60} min" if minutes % 60 else ""
    return f"about {minutes // 60} h{rest} left"


def count_words(n: int, what: str = "recording") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> count_words(1), count_words(1200)
    ('1 recording', '1,200 recordings')
    """
    return f"{n:,} {what}" + ("" if n == 1 else "s")


def state_words(row: BatchRow) -> str:
    """Return the state of a row; after a check, what is to be done."""
    if row.state is RowState.WAITING and row.action is not None:
        return {Action.ANALYZE: "to analyze", Action.KEEP: "to keep"}[row.action]
    return str(row.state)


def pattern_words(row: BatchRow) -> str:
    """Return pattern, side and confidence; empty where nothing is known."""
    value = row.value("pattern")
    if value is None:
        return ""
    try:
        conclusion = Conclusion(str(value))
    except ValueError:
        return str(value)
    words = CONCLUSION_WORDS[conclusion] if conclusion in PLAIN else SEEN_IN[conclusion]
    side = SIDES.get(str(row.value("pattern_side")), "")
    confidence = row.value("pattern_confidence")
    text = ", ".join(str(p) for p in (words, side) if p)
    return f"{text} ({confidence})" if confidence else text


def where_words(row: BatchRow) -> str:
    """Return where the response was found: the most persistent place, and how many more."""
    places = str(row.value("amr_where") or "").split("; ")
    more = f" +{len(places) - 1}" if len(places) > 1 else ""
    words = (SIDES.get(word, word) for word in places[0].split())
    return " ".join(words) + more


def number_words(value: float | None, digits: int = 0, *, factor: float = 1.0) -> str:
    """Return a number, empty where it could not be measured."""
    return "" if value is None else f"{value * factor:.{digits}f}"


def remark_words(row: BatchRow) -> str:
    """Return what is to be said of a row: its fault, why it is done, its first warning."""
    if row.state is RowState.FAILED:
        return row.error.removeprefix(f"{row.path.name}: ")
    if row.state in (RowState.WAITING, RowState.RUNNING):
        return row.reason
    return row.warnings[0] if row.warnings else ""


def detail_words(row: BatchRow, most: int = MOST_WARNINGS) -> str:
    """Return what is known of a row in words, with so many of its warnings at most."""
    if row.state is RowState.FAILED:
        return f"{row.name}: {row.error.removeprefix(f'{row.path.name}: ')}"
    if row.state in (RowState.WAITING, RowState.RUNNING):
        why = f" ({row.reason})" if row.reason else ""
        return f"{row.name}: {state_words(row)}{why}. {size_words(row.size_bytes)}"
    kept = " (kept from an earlier run)" if row.state is RowState.KEPT else ""
    text = f"{row.name}: {row.answer or 'no answer'}{kept}"
    more = len(row.warnings) - most
    rest = [f"and {count_words(more, 'more warning')}"] if more > 0 else []
    return "\n".join([text, *row.warnings[:most], *rest])
