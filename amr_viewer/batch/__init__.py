"""Folders of recordings: found, analyzed several at once on Dask, summed up in one table.

The names below are loaded when they are first used; Dask only when a batch begins.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amr_viewer.batch.engine import analyze_folder
    from amr_viewer.batch.faults import BatchError
    from amr_viewer.batch.planning import plan_folder
    from amr_viewer.batch.steering import Steering

__all__ = ["BatchError", "Steering", "analyze_folder", "plan_folder"]

_HOMES = {
    "BatchError": "faults",
    "Steering": "steering",
    "analyze_folder": "engine",
    "plan_folder": "planning",
}


def __getattr__(name: str) -> Any:
    """Load a name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
