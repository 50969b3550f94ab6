"""The muscle and side that the words of a BIDS table name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.io.bids_text import Row
from amr_viewer.io.words import CHANNEL_LEXICON, muscle_of, plain, sides_of

MUSCLE_COLUMNS = ("target_muscle", "muscle")
NAME_COLUMNS = ("signal_electrode",)
"""Names that people give, read as a channel's label is."""

SIDE_COLUMNS = ("side", "muscle_side", "laterality", "hemisphere")
PROSE_COLUMNS = ("placement", "placement_description", "group", "description")
"""Sentences: only a side that is written out is taken from them, never a muscle."""

SIDES = frozenset({"left", "right"})

_PARTS = re.compile(r"[,;/&+]|\band\b|\bund\b", re.IGNORECASE)
_LEAST_LETTERS = 4
_SIDE_LETTERS = {"l": Side.LEFT, "r": Side.RIGHT}


@dataclass(frozen=True, slots=True)
class NamedMuscle:
    """What a text says of a muscle.

    Attributes
    ----------
    muscle : Muscle or None
        The one facial muscle named.
    is_understood : bool
        Whether the text names any muscle that is known, of the face or not.
    is_one_of_several : bool
        Whether it names others beside `muscle`.
    """

    muscle: Muscle | None
    is_understood: bool
    is_one_of_several: bool = False


def named_muscle(text: str) -> NamedMuscle:
    """Read the muscles that a text names.

    Examples
    --------
    >>> named_muscle("levator anguli oris, zygomaticus major").muscle.value
    'zygomaticus'
    >>> named_muscle("tongue")
    NamedMuscle(muscle=None, is_understood=True, is_one_of_several=False)
    """
    parts = [CHANNEL_LEXICON.words(p) for p in _PARTS.split(plain(text))]
    parts = [words for words in parts if any(w.concept not in SIDES for w in words)]
    read = [muscle_of([w.concept for w in words]) for words in parts]
    facial = {muscle for muscle, _ in read if muscle is not None}
    if len(facial) == 1:
        return NamedMuscle(next(iter(facial)), True, any(m is None for m, _ in read))
    return NamedMuscle(None, any(named for _, named in read))


def muscle_in(row: Row) -> tuple[str, NamedMuscle]:
    """Return what names the muscle of a channel, and the muscle; an empty text if nothing does."""
    text = row.text(*MUSCLE_COLUMNS)
    if text:
        return text, named_muscle(text)
    name = row.text(*NAME_COLUMNS)
    found = named_muscle(name)
    return (name, found) if found.is_understood else ("", NamedMuscle(None, False))


def side_in(row: Row) -> Side | None:
    """Return the side of a channel; None where nothing names one, or both are named."""
    for column in SIDE_COLUMNS:
        word = row.text(column)
        sides = {_SIDE_LETTERS[word.casefold()]} if word.casefold() in _SIDE_LETTERS else None
        found = sides or sides_of(CHANNEL_LEXICON.words(plain(word)))
        if len(found) == 1:
            return next(iter(found))
    for column in (*MUSCLE_COLUMNS, *NAME_COLUMNS):
        found = sides_of(CHANNEL_LEXICON.words(plain(row.text(column))))
        if len(found) == 1 and (column in MUSCLE_COLUMNS or muscle_in(row)[1].is_understood):
            return next(iter(found))
    return _written_out(row)


def _written_out(row: Row) -> Side | None:
    """Return the side that a sentence names in a whole word."""
    for column in PROSE_COLUMNS:
        words = CHANNEL_LEXICON.words(plain(row.text(column)))
        found = sides_of([w for w in words if len(w.text) >= _LEAST_LETTERS])
        if len(found) == 1:
            return next(iter(found))
    return None
