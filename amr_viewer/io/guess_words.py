"""Guesses at words that no lexicon knows: misspelled or abbreviated beyond what is forgiven.

What comes out is a guess for a person to confirm and never applied by itself.
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

from amr_viewer.io.words import CHANNEL_LEXICON, MARKER_LEXICON, Lexicon, plain

NEAR = 0.72
"""Least similarity (Ratcliff and Obershelp) of a word that was meant."""

CHANNEL_WORDS = (
    "frontalis", "corrugator", "procerus", "orbicularis", "oculi", "oris", "nasalis", "levator",
    "labii", "zygomaticus", "buccinator", "mentalis", "depressor", "anguli", "platysma", "masseter",
    "temporalis", "left", "right",
)  # fmt: skip
MARKER_WORDS = (
    "temporal", "zygomatic", "buccal", "mandibular", "marginal", "cervical", "trunk",
    "supraorbital", "stimulus", "stimulation", "trigger", "left", "right",
)  # fmt: skip
"""What a word may have meant: full names only, so that an abbreviation is near one of them."""

_WORD = re.compile(r"[^\W\d_]+")
_MIN_LETTERS = 4
_MIN_ABBREVIATION = 3


def corrected_channel(label: str) -> tuple[str, str]:
    """Return a label with the words that were probably meant, and what was changed.

    Examples
    --------
    >>> corrected_channel("L Mtls")
    ('L mentalis', '"Mtls" like "mentalis"')
    """
    return _corrected(label, CHANNEL_LEXICON, CHANNEL_WORDS)


def corrected_marker(text: str) -> tuple[str, str]:
    """Return the text of a marker with the words that were probably meant, and what was changed."""
    return _corrected(text, MARKER_LEXICON, MARKER_WORDS)


def _corrected(text: str, lexicon: Lexicon, words: tuple[str, ...]) -> tuple[str, str]:
    """Replace what a lexicon does not know by the nearest word that it does."""
    made = text = plain(text)
    changes = []
    for match in _WORD.finditer(text):
        if all(w.concept is not None for w in lexicon.words(match[0])):
            continue
        meant = _nearest(match[0].casefold(), words)
        if meant:
            made = made.replace(match[0], meant, 1)
            changes.append(f'"{match[0]}" like "{meant}"')
    return made, ", ".join(changes)


@lru_cache(maxsize=4096)
def _nearest(word: str, words: tuple[str, ...]) -> str:
    """Return the word that was probably meant, empty if none or several were."""
    if len(word) >= _MIN_LETTERS:
        # A short word may be the misspelled beginning of a long one: "fornt".
        beginnings = {w[: len(word)]: w for w in words if len(w) > len(word)}
        for candidates in (dict(zip(words, words, strict=True)), beginnings):
            near = difflib.get_close_matches(word, candidates, 1, NEAR)
            if near:
                return candidates[near[0]]
    if len(word) < _MIN_ABBREVIATION:
        return ""
    longer = [w for w in words if w[0] == word[0] and len(w) > len(word) + 1 and _within(word, w)]
    return longer[0] if len({w[:_MIN_LETTERS] for w in longer}) == 1 else ""


def _within(letters: str, word: str) -> bool:
    """Whether letters stand in a word in this order."""
    rest = iter(word)
    return all(letter in rest for letter in letters)
