"""Steps and words of the scales: 1-2-5 per division, with the unit that reads best."""

from __future__ import annotations

from amr_viewer.gui.plot.scale import next_step, nice_step

DIVISIONS = 10
"""Divisions of time across a page, when it begins at a step."""

LONG_S = (30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 3600.0, 7200.0, 18_000.0, 36_000.0)
"""Above 20 s people count in minutes and hours."""

LAST_DECIMAL_S = 20.0
LEAST_DIVISION_S = 1e-4


def time_step(seconds: float) -> float:
    """Return the least step of time that is not below a time.

    Examples
    --------
    >>> time_step(0.3), time_step(25.0), time_step(61.0)
    (0.5, 30.0, 120.0)
    """
    if seconds <= LAST_DECIMAL_S:
        return nice_step(seconds)
    return next((s for s in LONG_S if s >= seconds * (1 - 1e-9)), LONG_S[-1])


def stepped_span(span_s: float, direction: int) -> float:
    """Return the span of a page one step of time longer (1) or shorter (-1).

    Examples
    --------
    >>> stepped_span(10.0, 1), stepped_span(10.0, -1), stepped_span(200.0, 1)
    (20.0, 5.0, 300.0)
    """
    division = span_s / DIVISIONS
    if direction > 0:
        return DIVISIONS * time_step(division * 1.001)
    shorter = [s for s in LONG_S if s < division * (1 - 1e-9)]
    if division > LAST_DECIMAL_S * 1.001:
        return DIVISIONS * (shorter[-1] if shorter else LAST_DECIMAL_S)
    return DIVISIONS * max(next_step(division, -1), LEAST_DIVISION_S)


def time_words(seconds: float) -> str:
    """Return a division of time in words.

    Examples
    --------
    >>> time_words(0.05), time_words(2.0), time_words(300.0), time_words(3600.0)
    ('50 ms', '2 s', '5 min', '1 h')
    """
    if seconds < 1 - 1e-9:
        return f"{seconds * 1e3:g} ms"
    if seconds < 60:
        return f"{seconds:g} s"
    if seconds < 3600:
        return f"{seconds / 60:g} min"
    return f"{seconds / 3600:g} h"


def unit_words(unit: str | None) -> str:
    """Return a unit as it is printed; empty if unknown."""
    return {"uV": "µV", None: ""}.get(unit, unit or "")


def value_words(value: float, unit: str | None, digits: int = 3) -> str:
    """Return a value with its unit and a true minus sign.

    Examples
    --------
    >>> value_words(-38.24, "uV"), value_words(2000.0, "uV"), value_words(36.6, "degC")
    ('−38.2 µV', '2 mV', '36.6 degC')
    """
    if unit == "uV" and abs(value) >= 1000:
        value, word = value / 1000, "mV"
    else:
        word = unit_words(unit)
    text = f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}"
    return f"{text.replace('-', '−')} {word}".rstrip()


def gain_words(gain: float, unit: str | None) -> str:
    """Return a sensitivity in words.

    Examples
    --------
    >>> gain_words(50.0, "uV"), gain_words(5000.0, "uV"), gain_words(0.2, None)
    ('50 µV/div', '5 mV/div', '0.2/div')
    """
    return f"{value_words(gain, unit)}/div"
