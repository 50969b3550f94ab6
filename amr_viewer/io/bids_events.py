"""Marks from the table of events of a BIDS data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, nan
from typing import Any, TypeVar

from amr_viewer.core.recording import Mark, Recording, StimulusLabel
from amr_viewer.io.bids_text import Row, Table, is_are, known, of_lines
from amr_viewer.io.marker_labels import read_marker

TEXT_COLUMNS = ("trial_type", "description", "event", "annotation", "stim_file", "value")
"""Columns that say what an event is; the first that says something is the text of its mark."""

SITE_COLUMNS = (
    "site", "stim_site", "stimulus_site", "branch", "nerve", "electrical_stimulation_site",
)  # fmt: skip
SIDE_COLUMNS = ("side", "stim_side", "stimulus_side", "electrical_stimulation_side")
CURRENT_COLUMNS = (
    "intensity_ma", "current_ma", "amplitude_ma", "stim_current_ma",
    "electrical_stimulation_current",
)  # fmt: skip
WIDTH_COLUMNS = ("width_ms", "pulse_width_ms", "electrical_stimulation_pulsewidth")
_MILLI = {"ma": 1.0, "a": 1e3, "ua": 1e-3, "µa": 1e-3, "ms": 1.0, "s": 1e3, "us": 1e-3, "µs": 1e-3}
"""Milliampere or milliseconds per unit."""

NAMELESS = "event"
"""Text of a mark of which the table says nothing."""

FURTHEST_S = 1e9
MOST_AMOUNT = 200.0
"""Neither a current in mA nor a width in ms is larger."""

Known = TypeVar("Known")


def event_marks(
    table: Table,
    fields: Mapping[str, Any],
    recording: Recording,
    warnings: list[str],
) -> tuple[Mark, ...]:
    """Return the marks that a table of events stands for, in order of time.

    A mark is a stimulus where its text, or what the JSON file says of that text, names one;
    columns for site, side, current and width of the pulse then tell more.

    Parameters
    ----------
    table : Table
    fields : mapping of str to Any
        The JSON file that describes the columns.
    recording : Recording
        As its reader made it.
    warnings : list of str
        Takes the lines that are left out, and times that contradict each other.
    """
    levels = _levels(fields)
    units = _milli_per_unit(fields)
    labels = {c.label for c in recording.channels}
    rate_hz = max((c.sampling_hz for c in recording.channels), default=nan)
    if len(recording.segments) > 1:
        rate_hz = nan  # a sample's number tells no time across gaps
    marks, timeless, shifted, unitless = [], [], [], set[str]()
    for row in table.rows:
        time_s, contradicts = _time(row, rate_hz)
        if time_s is None:
            timeless.append(row.line)
            continue
        if contradicts:
            shifted.append(row.line)
        column, text = _text(row)
        label = _stimulus(row, text, levels.get((column, text), ""), units, unitless)
        channel = row.text("channel")
        mark = Mark(time_s, _length_s(row), text, channel if channel in labels else None, label)
        marks.append(mark)
    if timeless:
        warnings.append(
            f"{table.name}: {of_lines(timeless)} no onset in seconds and {is_are(timeless)} left "
            "out: marks and stimuli may be missing"
        )
    if shifted:
        warnings.append(
            f"{table.name}: {of_lines(shifted)} a sample that contradicts the onset; the onset "
            "counts"
        )
    warnings += [
        f"{table.name}: column {name} has no unit and is left aside; give Units in its JSON file"
        for name in sorted(unitless)
    ]
    return tuple(sorted(marks, key=lambda m: m.time_s))


def _levels(fields: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return what the JSON file says of the values of columns."""
    found = {}
    for column in TEXT_COLUMNS:
        about = fields.get(column)
        levels = about.get("Levels") if isinstance(about, dict) else None
        for value, words in (levels if isinstance(levels, dict) else {}).items():
            if isinstance(words, dict):
                words = words.get("Description")
            if isinstance(words, str):
                found[column, str(value)] = words
    return found


def _milli_per_unit(fields: Mapping[str, Any]) -> dict[str, float]:
    """Return the factor of each column of currents and widths whose unit is known."""
    factors = {}
    for column in (*CURRENT_COLUMNS, *WIDTH_COLUMNS):
        about = fields.get(column)
        unit = about.get("Units") if isinstance(about, dict) else None
        word = unit if isinstance(unit, str) else column.rsplit("_", 1)[-1]
        factor = _MILLI.get(word.strip().casefold().replace("μ", "µ"))
        if factor is not None:
            factors[column] = factor
    return factors


def _time(row: Row, rate_hz: float) -> tuple[float | None, bool]:
    """Return when an event is, None if no one says, and whether its sample says otherwise."""
    onset_s, sample = row.number("onset"), row.number("sample")
    if onset_s is not None and not abs(onset_s) < FURTHEST_S:
        return None, False
    if sample is None or not isfinite(rate_hz):
        return onset_s, False
    if onset_s is None:
        return None if known(row.cells["onset"]) else sample / rate_hz, False
    # Programs count samples from 0 or from 1, and round times to the millisecond.
    return onset_s, abs(sample / rate_hz - onset_s) > 1.5 / rate_hz + 1e-3


def _length_s(row: Row) -> float:
    """Return how long an event lasts, NaN where the table does not say."""
    length_s = row.number("duration")
    return length_s if length_s is not None and length_s >= 0 else nan


def _text(row: Row) -> tuple[str, str]:
    """Return what an event is called, and the column that calls it so."""
    found = ((column, row.text(column)) for column in TEXT_COLUMNS)
    return next(((column, text) for column, text in found if text), ("", NAMELESS))


def _stimulus(
    row: Row, text: str, described: str, units: Mapping[str, float], unitless: set[str]
) -> StimulusLabel | None:
    """Return what columns and the JSON file add to what the text of a stimulus says.

    None: the event is no stimulus, or its text says all there is.
    """
    by_text, by_words = read_marker(text), read_marker(described)
    if not (by_text.is_stimulus or (by_words.is_stimulus and not by_text.is_remark)):
        return None
    known_text, words = by_text.label, by_words.label
    site = read_marker(f"stim {row.text(*SITE_COLUMNS)}").label.site
    side = read_marker(f"stim {row.text(*SIDE_COLUMNS, *SITE_COLUMNS)}").label.side
    current = _amount(row, CURRENT_COLUMNS, units, unitless)
    width = _amount(row, WIDTH_COLUMNS, units, unitless)
    label = StimulusLabel(
        _first(site, None if known_text.site else words.site),
        _first(side, None if known_text.side else words.side),
        _first(current, words.intensity_ma if known_text.intensity_ma is None else None),
        _first(width, words.width_ms if known_text.width_ms is None else None),
    )
    return None if by_text.is_stimulus and label == StimulusLabel() else label


def _first(a: Known | None, b: Known | None) -> Known | None:
    """Return the first of two values that is known."""
    return b if a is None else a


def _amount(
    row: Row, columns: Sequence[str], units: Mapping[str, float], unitless: set[str]
) -> float | None:
    """Return a current or a width in thousandths; one without a unit is none."""
    for column in columns:
        value = row.number(column)
        if value is None:
            continue
        if column not in units:
            unitless.add(column)
            continue
        amount = value * units[column]
        return round(amount, 9) if 0 <= amount <= MOST_AMOUNT else None
    return None
