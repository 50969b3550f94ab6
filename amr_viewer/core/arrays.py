"""Read-only arrays, which is what values are made of."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray


def freeze(array: NDArray[Any]) -> NDArray[Any]:
    """Make an array read-only, in place, and return it."""
    array.setflags(write=False)
    return array
