"""Numbers as people type them: with a point or with a comma."""

from __future__ import annotations

import re
from typing import Any

_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
_MINUS = str.maketrans({"\u2212": "-", "\u00a0": "", "\u202f": "", " ": ""})


def parse_number(text: str) -> float | None:
    """Return the number that a person typed, None if it is none.

    Examples
    --------
    >>> parse_number("1,5"), parse_number(" 20 "), parse_number("1.000,5")
    (1.5, 20.0, None)
    """
    plain = text.translate(_MINUS)
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None


def number_text(value: Any) -> str:
    """Write a number as a form shows it.

    Examples
    --------
    >>> number_text(20.0), number_text(0.05), number_text(1e-9), number_text(20000.0)
    ('20', '0.05', '1e-09', '20000')
    """
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)
