"""How a label or a marker falls into words, and each word into the concept that it spells.

Laboratories write ``R OOc``, ``L_OrbOculi``, ``LOOC``, ``OrisL`` or ``мышца рта прав.``: a text is
cut at everything but letters; what is no known spelling is cut into known ones (``looc`` is
``l ooc``), at its capitals and changes of alphabet, or is forgiven one wrong letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.io import vocabulary

NUMBER = "number"
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_ELISION = re.compile(r"\b[ld]['’]", re.IGNORECASE)
_DOUBLE_O = re.compile(r"\bo(?:\.\s?| )o\b\.?(?!\s?[a-z]\.)", re.IGNORECASE)
_INITIALS = re.compile(r"\b(?:[a-z]\.\s?){2,3}(?![a-z])", re.IGNORECASE)
_PARTS = re.compile(
    r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+"
    r"|[А-Я]+(?=[А-Я][а-я])|[А-Я]?[а-я]+|[А-Я]+"
)
_CAPITAL_SIDE = re.compile(r"(?<=[a-z])(?=[LR](?![A-Za-z]))")
_LOOKALIKES = str.maketrans("авекмнорстух", "abekmhopctyx")
"""Cyrillic letters that look Latin: ``ООс`` typed with a Russian keyboard."""

_IDEOGRAPHS = "\u2e80"
"""From here on, one letter is a word."""

_MIN_FORGIVEN = 7
_SIDES = {"left": Side.LEFT, "right": Side.RIGHT}


class Word(NamedTuple):
    """A word of a text: concept (None: unknown), itself in lower case, whether a dot follows."""

    concept: str | None
    text: str
    dotted: bool = False


def plain(text: str) -> str:
    """Write a text without accents and typographic variants, its capitals kept.

    Examples
    --------
    >>> plain("Réf. №\u00a05")
    'Ref. No 5'
    """
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


class Lexicon:
    """Spellings and the concepts that they stand for.

    Parameters
    ----------
    tables : sequence of mapping
        From concept to spellings as `vocabulary` writes them; a later table has the last word.
    compounds : sequence of mapping
        The tables whose words also appear joined without a space.
    """

    def __init__(
        self,
        tables: Sequence[Mapping[str, str]],
        compounds: Sequence[Mapping[str, str]],
    ) -> None:
        self._exact: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        for table in tables:
            for concept, spellings in table.items():
                for word in plain(spellings).casefold().split():
                    self._add(word, concept)
        joinable = {concept for table in compounds for concept in table}
        self._pieces = {
            word: concept
            for word, concept in self._exact.items()
            if concept in joinable and (len(word) > 1 or word in "lr" or word >= _IDEOGRAPHS)
            if not (len(word) == 2 and concept in vocabulary.NERVES)
        }
        self._forgiven = [
            (word, concept)
            for word, concept in self._pieces.items()
            if len(word) >= _MIN_FORGIVEN - 1
        ]

    def _add(self, word: str, concept: str) -> None:
        """Add one spelling: a word, a stem with ``*``, or an abbreviation with ``|``."""
        if word.endswith("*"):
            self._stems[word[:-1]] = concept
            return
        least, _, rest = word.partition("|")
        for end in range(len(rest) + 1):
            self._exact[least + rest[:end]] = concept

    def words(self, text: str) -> tuple[Word, ...]:
        """Return the words of a text, which `plain` has been through."""
        text = _CAPITAL_SIDE.sub(" ", text)  # "OcuL" is no "ocul"
        text = _INITIALS.sub(self._join, _DOUBLE_O.sub("oo", _ELISION.sub(" ", text)))
        found: list[Word] = []
        for match in _TOKEN.finditer(text):
            dotted = text[match.end() : match.end() + 1] == "."
            if match[0].isdigit():
                found.append(Word(NUMBER, match[0], dotted))
                continue
            resolved = list(self._resolve(match[0]))
            found += [*resolved[:-1], resolved[-1]._replace(dotted=dotted)]
        return tuple(found)

    def _join(self, match: re.Match[str]) -> str:
        """Join initials (``D.A.O.``) that are a known word."""
        joined = re.sub(r"\W", "", match[0])
        return f"{joined} " if joined.casefold() in self._pieces else match[0]

    def _resolve(self, token: str) -> Iterator[Word]:
        """Yield the words that one run of letters is made of."""
        folded = token.casefold()
        for candidate in (folded, folded.translate(_LOOKALIKES)):
            concept = self._concept(candidate)
            pieces = [candidate] if concept else self._segments(candidate)
            if pieces:
                yield from (Word(self._concept(p), p) for p in pieces)
                return
        parts = _PARTS.findall(token)
        if len(parts) > 1 and "".join(parts) == token:
            for part in parts:
                yield from self._resolve(part)
            return
        yield Word(self._forgive(folded), folded)

    def _concept(self, word: str) -> str | None:
        """Return the concept of a spelling; of several stems the longest counts."""
        if word in self._exact:
            return self._exact[word]
        if any(letter.isascii() for letter in word):
            return None  # stems are Russian: in "лобнаяL" the L is a word of its own
        stems = (word[:end] for end in range(len(word), 1, -1))
        return next((self._stems[s] for s in stems if s in self._stems), None)

    def _segments(self, word: str) -> list[str]:
        """Cut a run of letters into known words with at most one side, the fewest that do."""
        ways = list(self._ways(word))
        return min(ways, key=self._cost, default=[])

    def _cost(self, way: list[str]) -> tuple[int, int]:
        """Rank a way to cut: few words, sides not counted, then few pieces."""
        return sum(self._pieces[p] not in _SIDES for p in way), len(way)

    def _ways(self, word: str, sides: int = 0) -> Iterator[list[str]]:
        """Yield all ways to cut a run of letters into known words with at most one side."""
        for end in range(1, len(word) + 1):
            concept = self._pieces.get(word[:end])
            if concept is None:
                continue
            now = sides + (concept in _SIDES)
            if now > 1:
                continue
            if end == len(word):
                yield [word]
                continue
            yield from ([word[:end], *rest] for rest in self._ways(word[end:], now))

    def _forgive(self, word: str) -> str | None:
        """Return the concept of the one long spelling that differs in one letter, or None."""
        if len(word) < _MIN_FORGIVEN:
            return None
        near = {concept for known, concept in self._forgiven if one_slip_apart(word, known)}
        return near.pop() if len(near) == 1 else None


def one_slip_apart(a: str, b: str) -> bool:
    """Whether two words differ by one letter: another one, one more, one less, or two swapped.

    Examples
    --------
    >>> one_slip_apart("mentalsi", "mentalis"), one_slip_apart("menatlsi", "mentalis")
    (True, False)
    """
    if len(a) < len(b):
        a, b = b, a
    if len(a) - len(b) > 1 or a == b:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(b))
    if len(a) > len(b):
        return a[start + 1 :] == b[start:]
    swapped = a[start + 1 : start + 2] + a[start : start + 1] + a[start + 2 :]
    return a[start + 1 :] == b[start + 1 :] or swapped == b[start:]


def in_a_row(parts: Sequence[str], most: int = 6) -> str:
    """Write words in a row for a message, cut where it gets long.

    Examples
    --------
    >>> in_a_row(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    more = len(parts) - most
    return ", ".join(parts[:most]) + (f" and {more} more" if more > 0 else "")


def sides_of(found: Iterable[Word]) -> set[Side]:
    """Return the sides that words name; a dotted ``R.`` beside ``li`` is a ramus, no side."""
    sides = [(w, _SIDES[w.concept]) for w in found if w.concept in _SIDES]
    spelled = {side for word, side in sides if len(word.text) > 1}
    ramus = [s for w, s in sides if w.text == "r" and w.dotted and spelled == {Side.LEFT}]
    return {s for _, s in sides} - set(ramus)


def muscle_of(concepts: Sequence[str | None]) -> tuple[Muscle | None, bool]:
    """Return the one muscle that concepts make, None for none or several, and if any is named."""
    left = {c for c in concepts if c is not None}
    muscles: set[Muscle | None] = {None} if "body" in left else set()
    for pattern, muscle in vocabulary.MUSCLE_PATTERNS:
        parts = set(pattern.split())
        if parts <= left:
            left -= parts
            muscles.add(muscle)
    if "depressor" in left:
        muscles.add(None)
    return (next(iter(muscles)) if len(muscles) == 1 else None), bool(muscles)


CHANNEL_LEXICON = Lexicon(
    (
        vocabulary.SIDES,
        vocabulary.PARTS,
        vocabulary.NERVES,
        vocabulary.MUSCLES,
        vocabulary.STIMULUS,
        vocabulary.CHANNEL_WORDS,
    ),
    (
        vocabulary.SIDES,
        vocabulary.PARTS,
        vocabulary.MUSCLES,
        vocabulary.STIMULUS,
        {"emg": ""},
    ),
)
MARKER_LEXICON = Lexicon(
    (
        vocabulary.SIDES,
        vocabulary.PARTS,
        vocabulary.MUSCLES,
        vocabulary.NERVES,
        vocabulary.STIMULUS,
        vocabulary.MARKER_WORDS,
    ),
    (
        vocabulary.SIDES,
        vocabulary.PARTS,
        vocabulary.MUSCLES,
        vocabulary.NERVES,
        vocabulary.STIMULUS,
    ),
)
