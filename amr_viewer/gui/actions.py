"""What a person can do, as a table: menus, toolbar, palette and shortcuts are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _nothing_in_the_way() -> str:
    """Let an action be possible always."""
    return ""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing that a person can do.

    Attributes
    ----------
    name : str
        Unique, ``"sweeps.present"``; shortcuts are remembered by it.
    text : str
        As in a menu: ``"Response present"``.
    run : callable
    menu : str
        Menu that it stands in, ``"Sweeps"``; a path is parted by ``/``.
    shortcut : str
        Default keys in Qt's portable words, ``"Ctrl+O"``; several are parted by ``"; "``.
    scope : str
        View in which the keys work (``traces, sweeps, trend, report``); empty: everywhere. Keys
        never fire while a text box has the focus.
    icon : str
        Name in qtawesome, ``"mdi6.folder-open-outline"``.
    tip : str
        What it does, one sentence.
    blocked : callable
        Returns why it cannot be done now, empty if it can.
    checked : callable or None
        For switches: whether it is on.
    """

    name: str
    text: str
    run: Callable[[], object]
    menu: str = ""
    shortcut: str = ""
    scope: str = ""
    icon: str = ""
    tip: str = ""
    blocked: Callable[[], str] = _nothing_in_the_way
    checked: Callable[[], bool] | None = None
