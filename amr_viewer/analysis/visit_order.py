"""In which order visits come, whether they are of one patient, and what happened between them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from amr_viewer.core.visits import (
    Event,
    EventPlace,
    Identity,
    IdentityState,
    Order,
    Visit,
)
from amr_viewer.errors import ParameterError

NO_DATES = frozenset({"1985-01-01", "1970-01-01", "1900-01-01"})
"""Days that stand for "not stated": EDF writes 01.01.85 into anonymized files, clocks start at the
others."""

TELLING = ("name", "id", "birthdate", "sex")
"""Fields of a header that say whose recording it is; the first two name a person."""

NAMING = ("name", "id")

MARKS = re.compile(
    r"decompress|teflon|\bmvd\b|botul|botox|dysport|xeomin|\bbont\b|\bbtx\b|inject|"
    r"декомпресс|тефлон|ботул|ботокс|диспорт|ксеомин|инъекц",
    re.IGNORECASE,
)
"""Marks of a recording that tell of a decompression or an injection."""

_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")


@dataclass(frozen=True, slots=True)
class EventNote:
    """An event as the user states it.

    Attributes
    ----------
    when : str
        YYYY-MM-DD, YYYY-MM, or the number of the visit, from 1, after which it came (0: before).
    text : str
    """

    when: str
    text: str


def known_date(visit: Visit) -> str:
    """Return the day of a visit, empty where the file does not truly state one."""
    return "" if visit.date in NO_DATES else visit.date


def ordered(visits: Sequence[Visit], order: Order) -> tuple[tuple[int, ...], Order, str]:
    """Return the order of visits.

    Parameters
    ----------
    visits : sequence of Visit
        As given.
    order : Order
        What is asked for.

    Returns
    -------
    tuple of int
        Indices into `visits`.
    Order
        What they are ordered by in the end.
    str
        ``no_date | same_time`` where dates were asked for and do not say; else empty.
    """
    as_given = tuple(range(len(visits)))
    if order is Order.GIVEN:
        return as_given, Order.GIVEN, ""
    if not all(known_date(v) for v in visits):
        return as_given, Order.GIVEN, "no_date"
    starts = [v.start or "" for v in visits]
    if len(set(starts)) < len(starts):
        return as_given, Order.GIVEN, "same_time"
    return tuple(sorted(as_given, key=lambda i: starts[i])), Order.DATE, ""


def identity_of(visits: Sequence[Visit]) -> Identity:
    """Return whether the headers speak of one patient."""
    known = [_telling(v.patient) for v in visits]
    differing = []
    for name in TELLING:
        said = [(i, who[name]) for i, who in enumerate(known) if name in who]
        other = next(((i, v) for i, v in said if v != said[0][1]), None)
        if other is not None:
            differing.append((name, said[0][0], other[0]))
    silent = tuple(i for i, who in enumerate(known) if not any(n in who for n in NAMING))
    if differing:
        return Identity(IdentityState.DIFFERENT, tuple(differing), silent)
    shared = any(all(name in who for who in known) for name in NAMING)
    return Identity(IdentityState.SAME if shared else IdentityState.CANNOT_SAY, (), silent)


def _telling(patient: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that tell a patient, without regard to case, spaces and punctuation."""
    plain = {n: " ".join(re.findall(r"\w+", patient.get(n, "").casefold())) for n in TELLING}
    if plain["sex"]:
        plain["sex"] = plain["sex"][0]
    return {name: value for name, value in plain.items() if value and value != "x"}


def placed_events(
    visits: Sequence[Visit], notes: Sequence[EventNote], marks: Sequence[Sequence[str]]
) -> tuple[Event, ...]:
    """Place what happened between the visits, or in them, in order.

    Parameters
    ----------
    visits : sequence of Visit
        In their order.
    notes : sequence of EventNote
        As the user states them.
    marks : sequence of sequences of str
        Texts of the marks of each visit.

    Raises
    ------
    ParameterError
        A date is none, or the visits' own dates do not say where it lies.
    """
    events = [_placed(visits, note) for note in notes]
    for i, texts in enumerate(marks):
        told = dict.fromkeys(t for t in texts if MARKS.search(t))
        events += [Event(t, known_date(visits[i]), EventPlace.DURING, i, True) for t in told]
    return tuple(sorted(events, key=lambda e: (e.position, e.date)))


def _placed(visits: Sequence[Visit], note: EventNote) -> Event:
    """Place an event that the user states."""
    when = note.when.strip()
    if not note.text.strip():
        raise ParameterError(f"event {when}: says nothing; write DATE=TEXT")
    check_when(when)
    if _is_number(when):
        if int(when) > len(visits):
            raise ParameterError(
                f"event {when}: there are {len(visits)} visits; name the one it came after"
            )
        return Event(note.text.strip(), "", EventPlace.BETWEEN, int(when) - 1)
    days = [known_date(v) for v in visits]
    if not all(days):
        raise ParameterError(
            f"event {when}: visit {days.index('') + 1} has no date to compare it with; name the "
            "visit that it came after, as in 1=TEXT"
        )
    if days != sorted(days):
        raise ParameterError(
            f"event {when}: the visits are not in order of their dates; name the visit that it "
            "came after, as in 1=TEXT"
        )
    same = [i for i, day in enumerate(days) if day.startswith(when)]
    if same and len(when) < 10:
        raise ParameterError(
            f"event {when}: visit {same[0] + 1} lies in the same month; name the day, or the visit "
            "that it came after, as in 1=TEXT"
        )
    if same:
        return Event(note.text.strip(), when, EventPlace.SAME_DAY, same[0])
    before = sum(day < when for day in days)
    return Event(note.text.strip(), when, EventPlace.BETWEEN, before - 1)


def _is_number(when: str) -> bool:
    """Whether an event is placed by the number of a visit."""
    return when.isdigit() and len(when) < 4


def check_when(when: str) -> None:
    """Refuse what is neither a date nor the number of a visit.

    Raises
    ------
    ParameterError
        It is none.
    """
    if _is_number(when):
        return
    try:
        if not _DAY.fullmatch(when):
            raise ValueError
        date.fromisoformat(when if len(when) == 10 else f"{when}-01")
    except ValueError as error:
        raise ParameterError(
            f"event {when}: no date; write YYYY-MM-DD, YYYY-MM, or the number of the visit that "
            "it came after"
        ) from error
