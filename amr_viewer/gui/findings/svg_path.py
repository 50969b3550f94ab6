"""Paths as the report writes them (the `d` of an SVG path) for Qt's painter."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

_WORD = re.compile(r"[MLCQZ]|-?\d+(?:\.\d+)?")
_POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0}


def painter_path(d: str) -> QPainterPath:
    """Return a path of absolute moves, lines and curves.

    Raises
    ------
    ValueError
        A letter is none of M, L, C, Q and Z.
    """
    if set(re.findall(r"[A-Za-z]", d)) - set(_POINTS):
        raise ValueError(f"{d!r}: only M, L, C, Q and Z are drawn")
    path, words, letter = QPainterPath(), _WORD.findall(d), ""
    while words:
        if words[0] in _POINTS:
            letter = words.pop(0)
        n = 2 * _POINTS[letter]
        values, words = [float(w) for w in words[:n]], words[n:]
        points = [QPointF(x, y) for x, y in zip(values[::2], values[1::2], strict=True)]
        if letter == "M":
            path.moveTo(*points)
        elif letter == "L":
            path.lineTo(*points)
        elif letter == "Q":
            path.quadTo(*points)
        elif letter == "C":
            path.cubicTo(*points)
        else:
            path.closeSubpath()
    return path
