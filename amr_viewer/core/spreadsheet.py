"""Text that a spreadsheet takes for text; writing and reading tables is left to others."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"


def neutral(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula; `restored` takes it back.

    Examples
    --------
    >>> neutral("=1+1"), neutral("it's")
    ("'=1+1", "it's")
    """
    return GUARD + text if text.lstrip(GUARD).startswith(FORMULA_STARTS) else text


def restored(text: str) -> str:
    """Return the text that was made neutral.

    Examples
    --------
    >>> restored("'=1+1"), restored("'quoted'")
    ('=1+1', "'quoted'")
    """
    guarded = text.startswith(GUARD) and text.lstrip(GUARD).startswith(FORMULA_STARTS)
    return text[1:] if guarded else text
