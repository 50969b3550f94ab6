"""Numbers as a reader expects them: sensible decimals, intervals, powers of ten."""

from __future__ import annotations

from math import floor, isfinite, log10

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def fixed(value: float, decimals: int) -> str:
    """Return a number with a fixed count of decimals; empty where it is not known.

    Examples
    --------
    >>> fixed(10.44, 1), fixed(float("nan"), 1)
    ('10.4', '')
    """
    return f"{value:.{decimals}f}" if isfinite(value) else ""


def interval(value: float, low: float, high: float, decimals: int) -> str:
    """Return a value with its interval.

    Examples
    --------
    >>> interval(10.4, 10.3, 10.52, 1)
    '10.4 (10.3–10.5)'
    """
    if not isfinite(value):
        return ""
    if not (isfinite(low) and isfinite(high)):
        return fixed(value, decimals)
    return f"{fixed(value, decimals)} ({fixed(low, decimals)}–{fixed(high, decimals)})"


def microvolts(value: float, low: float, high: float) -> str:
    """Return an amplitude with its interval; one decimal below 10 uV, none above."""
    return interval(value, low, high, 1 if abs(value) < 10 else 0)


def millivolts(value_uv: float) -> str:
    """Return a size in uV as mV with two digits.

    Examples
    --------
    >>> millivolts(1873.0), millivolts(240.0)
    ('1.9', '0.24')
    """
    return fixed(value_uv / 1e3, 2 if abs(value_uv) < 1e3 else 1)


def persistence(n_present: int, n_valid: int, low: float, high: float) -> str:
    """Return how many of the valid sweeps answer, with the interval in percent.

    Examples
    --------
    >>> persistence(48, 50, 0.8629, 0.9951)
    '48/50 (86–100 %)'
    """
    count = f"{n_present}/{n_valid}"
    if not (isfinite(low) and isfinite(high)):
        return count
    return f"{count} ({100 * low:.0f}–{100 * high:.0f} %)"


def percent(fraction: float, decimals: int = 1) -> str:
    """Return a fraction in percent."""
    return f"{100 * fraction:.{decimals}f} %" if isfinite(fraction) else ""


def p_value(p: float) -> str:
    """Return a p-value with its sign of relation.

    Examples
    --------
    >>> p_value(4e-11), p_value(3.2e-5), p_value(0.0312), p_value(1.0)
    ('< 10⁻⁹', '= 3·10⁻⁵', '= 0.031', '= 1')
    """
    if not isfinite(p):
        return ""
    if p < 1e-9:
        return "< 10⁻⁹"
    if p < 1e-3:
        exponent = floor(log10(p))
        digit = round(p / 10.0**exponent)
        exponent, digit = (exponent + 1, 1) if digit == 10 else (exponent, digit)
        return f"= {digit}·10{str(exponent).translate(_RAISED)}"
    return f"= {p:.2g}"


def span(low: float, high: float) -> str:
    """Return a range, or one number where both ends are equal.

    Examples
    --------
    >>> span(8.0, 8.0), span(4.0, 8.5)
    ('8', '4–8.5')
    """
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


def size(n_bytes: int) -> str:
    """Return a size of a file."""
    if n_bytes < 1_000_000:
        return f"{n_bytes / 1e3:.1f} kB"
    return f"{n_bytes / 1e6:.1f} MB"
