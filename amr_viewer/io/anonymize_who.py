"""Whom and what a recording names, so that none of it gets into a de-identified file or its name.

What is searched for comes from the header of the file, from what a person wrote into the review,
from the place of the file and from the name of the user. The values themselves are never printed:
a message names the kind of value only.
"""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.recording import Recording
from amr_viewer.io import edf_fields
from amr_viewer.io.anonymize_words import fold, is_ordinary
from amr_viewer.io.edf_header import is_edf


def _words(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


PATIENT = frozenset({"name", "number", "birth date", "remark on the patient"})
"""Kinds of value that identify the patient."""

PERSONAL = PATIENT | {"date of the recording", "hospital", "technician", "equipment", "examiner"}
"""Kinds of value that identify the patient or the study."""

FILE = "name of the file"
PLACES = frozenset({"folder", "user name", FILE})
"""Kinds of value that tell where the file was."""

_KIND_OF_FACT = {
    "name": "name", "id": "number", "birthdate": "birth date", "comment": "remark on the patient",
    "examiner": "examiner", "referred": "examiner", "institution": "hospital",
    "device": "equipment",
}  # fmt: skip
_PLACEHOLDERS = _words(
    "x xx xxx anonymous anonym anonymized anonymised anon unknown none na nn nil null"
)
_FILE_WORDS = _words(
    """emg eeg edf bdf edfplus bdfplus anonymous anonym anonymized anonymised anon recording record
    rec export exported annotated annotation annotations findings results data file test study case
    patient subject sub sample visit session run pre post intraop preop postop left right
    raw original copy final new old hfs amr lsr ionm"""
)
"""Words that make no name of a file a name of a person."""

_LONG = 3
"""Shorter words are searched for in remarks only, where a false alarm costs nothing."""

_INSIDE = 4
"""From this length on a name is also found within a longer word of a file's name."""

_SENTENCE = 4
"""A patient field of more words is a text, whose ordinary words name nobody."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IDEOGRAPHS = "\u2e80"
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_LATIN = tuple(
    dict(zip(_RUSSIAN, latin.split(" "), strict=True))
    for latin in (
        "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch  y  e iu ia",
        "a b v g d e zh z i i k l m n o p r s t u f h c ch sh sch  y  e yu ya",
        "a b v g d e zh z y y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya",
    )
)
"""Some of the ways in which Russian names are written in Latin letters."""


@dataclass(frozen=True, slots=True)
class Who:
    """What identifies a recording.

    Attributes
    ----------
    words : mapping of str to frozenset of str
        Folded word -> the kinds of value that it belongs to.
    phrases : mapping of str to str
        Several folded words with spaces between and around them -> the kind.
    dates : mapping of str to str
        Spelling of a date -> the kind.
    days : pattern
        Any of `dates`, no digit beside it.
    """

    words: dict[str, frozenset[str]]
    phrases: dict[str, str]
    dates: dict[str, str]
    days: re.Pattern[str]

    def kind_in(
        self,
        text: str,
        kinds: Set[str] = PERSONAL | PLACES,
        *,
        least: int = _LONG,
        spare_ordinary: bool = False,
    ) -> str:
        """Return the kind of the first value of some kinds that a text holds, empty if none.

        Words count whole, from `least` letters on. With `spare_ordinary` those do not count that
        would stand there whoever the patient is (``frontalis``, where Frontalis is the surname).
        """
        tokens = fold(text)
        for token in tokens:
            named = sorted(self.words.get(token, frozenset()) & kinds)
            if named and _counts(token, least) and not (spare_ordinary and is_ordinary(token)):
                return named[0]
        line = f" {' '.join(tokens)} "
        for word, of in self.words.items() if max(line) >= _IDEOGRAPHS else ():
            if word >= _IDEOGRAPHS and of & kinds and word in line:
                return sorted(of & kinds)[0]
        for phrase, kind in self.phrases.items():
            spared = spare_ordinary and all(is_ordinary(w) for w in phrase.split())
            if kind in kinds and phrase in line and not spared:
                return kind
        found = (self.dates[day] for day in self.days.findall(text.casefold()))
        return next((kind for kind in found if kind in kinds), "")


def who_is(analysis: Analysis) -> Who:
    """Return what identifies the recording of an analysis.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    Who
    """
    words: dict[str, set[str]] = {}
    phrases: dict[str, str] = {}
    dates: dict[str, str] = {}
    for kind, value in _values(analysis):
        day = _day(value)
        if day is not None:
            dates |= dict.fromkeys(spellings(day), kind)
            continue
        tokens = list(fold(value))
        if _PLACEHOLDERS.issuperset(tokens):
            continue
        if kind in PATIENT and len(tokens) > _SENTENCE:
            tokens = [t for t in tokens if not is_ordinary(t)]
        if kind in PLACES:
            tokens = [t for t in tokens if not t.isdigit() or len(t) > _LONG]
            tokens = [t for t in tokens if t not in _FILE_WORDS]
        for token in tokens:
            for spelled in {token, *_in_latin(token)}:
                words.setdefault(spelled, set()).add(kind)
        if len(tokens) > 1 and kind in PERSONAL:
            phrases.setdefault(f" {' '.join(tokens)} ", kind)
            for joined in ("".join(tokens), "".join(reversed(tokens))):
                words.setdefault(joined, set()).add(kind)
    days = re.compile(rf"(?<!\d)(?:{'|'.join(map(re.escape, dates)) or '(?!)'})(?!\d)")
    return Who({w: frozenset(k) for w, k in words.items()}, phrases, dates, days)


def fault_of_name(who: Who, recording: Recording, stem: str) -> str:
    """Return what the name of an export would tell of the patient, empty if nothing.

    Parameters
    ----------
    who : Who
    recording : Recording
        As read.
    stem : str
        The name without its suffix.
    """
    kinds = PATIENT | {"date of the recording"}
    parts = {p for token in fold(stem) for p in (token, *_PARTS.findall(token))} - _FILE_WORDS
    for part in sorted(parts):
        named = sorted(who.words.get(part, frozenset()) & kinds)
        if named and _counts(part, _LONG):
            return _part_of(named[0])
    letters = "".join(fold(stem))
    for word, of in who.words.items():
        inside = len(word) >= _INSIDE and word.isalpha() and word not in _FILE_WORDS
        if inside and of & kinds and word in letters:
            return _part_of(sorted(of & kinds)[0])
    for day in who.days.findall(stem.casefold()):
        return f"the {who.dates[day]}"
    source = recording.name.removesuffix(Path(recording.name).suffix)
    own = {p for token in fold(source) for p in (token, *_PARTS.findall(token))} - _FILE_WORDS
    telling = {p for p in own & parts if len(p) >= (2 if p.isdigit() else _LONG)}
    if telling or fold(source) == fold(stem):
        return "a part of the name of the recording"
    return ""


def _part_of(kind: str) -> str:
    """Say that a part of a value was found."""
    whose = "patient's " if kind in {"name", "number"} else ""
    return f"a part of the {whose}{kind}"


def spellings(day: date) -> frozenset[str]:
    """Return the usual spellings of a date, in lower case.

    Examples
    --------
    >>> {"12.03.1960", "1960-03-12", "600312", "12-mar-1960"} <= spellings(date(1960, 3, 12))
    True
    """
    long, short = f"{day.year:04d}", f"{day.year % 100:02d}"
    found = set()
    for d, m in ((f"{day.day:02d}", f"{day.month:02d}"), (str(day.day), str(day.month))):
        for sign in ".-/_ ":
            for year in (long, short):
                found |= {sign.join(x) for x in ((d, m, year), (m, d, year), (year, m, d))}
            name = _MONTHS[day.month - 1]
            found |= {sign.join((d, name, long)), sign.join((d, name, short))}
    d, m = f"{day.day:02d}", f"{day.month:02d}"
    for year in (long, short):
        found |= {d + m + year, m + d + year, year + m + d}
    return frozenset(found)


def _values(analysis: Analysis) -> Iterator[tuple[str, str]]:
    """Yield everything that may identify, with its kind."""
    recording, review = analysis.recording, analysis.review
    written = dict(review.fields) if review else {}
    for facts in (recording.patient, written):
        for key, value in facts.items():
            if key in _KIND_OF_FACT:
                yield _KIND_OF_FACT[key], value
    for entry in review.log if review else ():
        yield "examiner", entry.author
    yield "hospital", analysis.protocol.institution or ""
    yield "date of the recording", (recording.start or "")[:10]
    yield "equipment", recording.equipment or ""
    yield "user name", _user()
    if recording.path:
        path = Path(recording.path)
        yield from _header_values(path)
        yield FILE, path.stem
        yield from (("folder", part) for part in path.absolute().parent.parts[1:])


def _header_values(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what the fields of an EDF header say beside what the program keeps of them."""
    try:
        with path.open("rb") as file:
            head = file.read(256)
    except OSError:
        return
    if not is_edf(head):
        return
    parts = edf_fields.text(head[88:168]).split()
    if parts[:1] == ["Startdate"]:
        yield from zip(("hospital", "technician"), parts[2:4], strict=False)
    else:
        yield "remark on the patient", " ".join(parts)
    who = edf_fields.text(head[8:88]).split()
    if len(who) > 2 and who[1] in {"F", "M", "X"}:
        yield "birth date", who[2]


def _user() -> str:
    """Return the name under which the program runs, empty where the system has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def _day(value: str) -> date | None:
    """Return the date that a value is, None if it is none."""
    try:
        return date.fromisoformat(value.partition("T")[0])
    except ValueError:
        pass
    found = re.fullmatch(r"(\d{1,2})[-. ]([A-Za-z]{3})[-. ](\d{4})", value)
    if found is None or found[2].casefold() not in _MONTHS:
        return None
    try:
        return date(int(found[3]), _MONTHS.index(found[2].casefold()) + 1, int(found[1]))
    except ValueError:
        return None


def _in_latin(word: str) -> Iterable[str]:
    """Return a word of Russian letters as it may stand in Latin ones."""
    if not any("а" <= c <= "я" for c in word):
        return ()
    return {"".join(table.get(c, c) for c in word) for table in _LATIN}


def _counts(word: str, least: int) -> bool:
    """Whether a word is long enough to name somebody; an ideograph is a word of its own."""
    return len(word) >= (_LONG if word.isdigit() else least) or word >= _IDEOGRAPHS
