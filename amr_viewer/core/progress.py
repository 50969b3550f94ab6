"""How long work says how far it is, and learns that it is no longer wanted."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called with the fraction done (0 to 1) and what is being done; raises `Cancelled` to stop."""


def silent(fraction: float, message: str) -> None:
    """Take no notice."""
