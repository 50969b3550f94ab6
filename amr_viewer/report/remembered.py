"""Drawings that were made before: where a word of a report changes, its sweeps are not drawn again.

A drawing is known by everything that goes into it, never by the analysis that it belongs to.
"""

from __future__ import annotations

import gc
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, ParamSpec

import numpy as np

MOST_CHARACTERS = 1 << 26
"""Some hundred drawings of sweeps; the ones not asked for longest are forgotten."""

P = ParamSpec("P")

_drawings: OrderedDict[bytes, str] = OrderedDict()
_drawing = threading.RLock()


def remembered(draw: Callable[P, str]) -> Callable[P, str]:
    """Return a function that draws only what it was not asked for lately.

    Its arguments may be numbers, words, arrays, and dataclasses, tuples and mappings of these. One
    drawing is made at a time, because matplotlib's settings hold for all threads.
    """

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> str:
        digest = hashlib.blake2b(draw.__qualname__.encode(), digest_size=16)
        _add(digest, (args, kwargs))
        key = digest.digest()
        with _drawing:
            known = _drawings.get(key)
            if known is None:
                with _swept_at_once():
                    known = draw(*args, **kwargs)
                _drawings[key] = known
                _forget()
            _drawings.move_to_end(key)
            return known

    return drawn


@contextmanager
def _swept_at_once() -> Iterator[None]:
    """Collect what a drawing leaves behind when it is done, before it grows old.

    Figures leave thousands of objects in cycles. Once these are old, collecting them stops every
    thread of the program for 0.1 s; young ones take some milliseconds. A program with a window
    looks for garbage in its own thread and has switched this off: then nothing is done here, since
    a widget that is taken down in another thread than its own brings the program to a halt.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect(1)


def _forget() -> None:
    """Keep the memory within its bounds; the latest drawing stays."""
    size = sum(map(len, _drawings.values()))
    while size > MOST_CHARACTERS and len(_drawings) > 1:
        size -= len(_drawings.popitem(last=False)[1])


def _add(digest: hashlib.blake2b, value: Any) -> None:
    """Add a value, with its type, to what a drawing is known by."""
    digest.update(type(value).__qualname__.encode() + b"\0")
    if isinstance(value, np.ndarray) and value.dtype != object:
        digest.update(f"{value.dtype.str}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).data)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            _add(digest, getattr(value, field.name))
    elif isinstance(value, Mapping):
        _add(digest, tuple(value.items()))
    elif isinstance(value, (tuple, list, np.ndarray)):
        digest.update(f"{len(value)}".encode())
        for item in value:
            _add(digest, item)
    else:
        digest.update(repr(value).encode() + b"\0")
