"""From a comparison of visits to everything that its report prints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from math import isfinite
from typing import cast

from amr_viewer._version import __version__
from amr_viewer.core.anatomy import Side
from amr_viewer.core.findings import Verdict
from amr_viewer.core.visit_points import (
    SHIFT_OF_CURRENT,
    SHIFT_OF_M,
    SHIFT_OF_NOISE,
    PointState,
    Quantity,
    Reason,
    Track,
)
from amr_viewer.core.visits import (
    Comparison,
    IdentityState,
    Order,
)
from amr_viewer.report.model import Field, printable
from amr_viewer.report.visits_model import Alert, VisitsDocument
from amr_viewer.report.visits_overview import letters, visit_rows
from amr_viewer.report.visits_panels import is_wide, panels
from amr_viewer.report.visits_rows import (
    direct_tables,
    never_present,
    response_table,
    rest_table,
)
from amr_viewer.report.visits_words import Words, named_short, words_of

BOTULINUM = re.compile(
    r"botul|botox|dysport|xeomin|\bbont\b|\bbtx\b|ботул|ботокс|диспорт|ксеомин", re.IGNORECASE
)
MOST_M = 4
"""Direct responses that are told at the head; all of them are in the table."""


def build_visits(
    comparison: Comparison, *, language: str = "en", printed: date | None = None
) -> VisitsDocument:
    """Compose the report of a comparison.

    Parameters
    ----------
    comparison : Comparison
    language : str
        ``"en"`` or ``"ru"``.
    printed : date, optional
        The date of the report; today if not given.

    Raises
    ------
    ExportError
        The language is not known.
    """
    words = words_of(language)
    day = (printed or date.today()).isoformat()
    visits = comparison.visits
    tables = (
        response_table(comparison, words),
        *direct_tables(comparison, words),
        rest_table(comparison, words),
    )
    n_changes = sum(not c.refused and c.known for t in comparison.tracks for c in t.changes)
    document = VisitsDocument(
        language=language,
        printed=day,
        words=words.own.headings,
        institution=next((v.institution for v in visits if v.institution), ""),
        header=_header(comparison, words),
        alerts=tuple(alerts(comparison, words)),
        answers=tuple(_answers(comparison, words)),
        caution=words["answer_caution"],
        visits=visit_rows(comparison, words),
        visits_note=words["visits_note"],
        panels=panels(comparison, words),
        wide_panels=is_wide(comparison),
        panels_note=words["panels_note"],
        tables=tuple(t for t in tables if t.groups or t.notes),
        course=words.own.course,
        methods=methods(words),
        warnings=tuple(_warnings(comparison, words)),
        provenance=_provenance(comparison, words, day),
        limits=tuple(text.format(n=n_changes) for text in words.own.limits),
        footer=f"AMR Viewer {__version__} · {words.own.headings['aid']}",
        footer_right=_whose(comparison, words),
    )
    return cast(VisitsDocument, printable(document))


def _header(comparison: Comparison, words: Words) -> tuple[Field, ...]:
    """Return whose visits these are, and from when to when."""
    visits = comparison.visits
    days = sorted(v.date for v in visits if v.date)
    fields = [
        Field(words[label], _shared(comparison, key, words))
        for key, label in (("name", "patient"), ("birthdate", "born"), ("sex", "sex"), ("id", "id"))
    ]
    by = "by_date" if comparison.order is Order.DATE else "as_given"
    return (
        *fields,
        Field(words["n_visits"], str(len(visits))),
        Field(words["span"], f"{days[0]} – {days[-1]}" if days else words["not_stated"]),
        Field(words["order"], words[by]),
        Field(words["botulinum"], _botulinum(comparison, words)),
    )


def _botulinum(comparison: Comparison, words: Words) -> str:
    """Return what is known of injections, by visits and by the letters of events."""
    told = [
        f"{words['visit_n'].format(n=i + 1)}: {v.fields['botulinum']}"
        for i, v in enumerate(comparison.visits)
        if v.fields.get("botulinum")
    ]
    injected = [letter for letter, e in letters(comparison) if BOTULINUM.search(e.text)]
    if injected:
        told.append(words["see_events"].format(list=", ".join(injected)))
    return "; ".join(told)


def _shared(comparison: Comparison, key: str, words: Words) -> str:
    """Return what the files say of the patient, or that they differ."""
    if any(name == key for name, _, _ in comparison.identity.differing):
        return words["differs"]
    said = (v.fields.get(key) or v.patient.get(key, "") for v in comparison.visits)
    return next((text for text in said if text), "")


def _whose(comparison: Comparison, words: Words) -> str:
    """Return the name at the foot of the pages."""
    if comparison.identity.state is IdentityState.DIFFERENT:
        return words["identity_title"]
    return _shared(comparison, "name", words)


def alerts(comparison: Comparison, words: Words) -> Iterable[Alert]:
    """Yield what must be seen before anything else is read."""
    identity = comparison.identity
    if identity.state is IdentityState.DIFFERENT:
        names = {key: words[key] for key in ("name", "birthdate")}
        names |= {key: words[f"{key}_field"] for key in ("id", "sex")}
        fields = "; ".join(
            words["field_differs"].format(field=names[key], a=a + 1, b=b + 1)
            for key, a, b in identity.differing
        )
        text = words["identity_text"].format(fields=f"{fields[0].upper()}{fields[1:]}")
        yield Alert("present", words["identity_title"], text)
    elif identity.state is IdentityState.CANNOT_SAY:
        text = words["silent_no_common"]
        if identity.silent:
            text = words["silent_text"].format(list=_visit_list(identity.silent, words))
        yield Alert("late", words["silent_title"], text)
    for a, b in comparison.repeated:
        text = words["repeated_text"].format(a=a + 1, b=b + 1)
        yield Alert("present", words["repeated_title"], text)
    if comparison.order_note:
        text = words[f"order_{comparison.order_note}"]
        yield Alert("late", words["order_title"], text)
    for failure in comparison.failures:
        fault = failure.fault.removeprefix(f"{failure.recording}: ").rstrip(".")
        text = words["failed_text"].format(recording=failure.recording, fault=fault)
        yield Alert("late", words["failed_title"], text)


def _visit_list(visits: Iterable[int], words: Words) -> str:
    """Name visits by their numbers."""
    numbers = [str(i + 1) for i in visits]
    key = "visit_n" if len(numbers) == 1 else "visits_n"
    return words[key].format(n=numbers[0], list=", ".join(numbers))


def _answers(comparison: Comparison, words: Words) -> Iterable[Field]:
    """Yield what was found over the visits, a line for each side."""
    for side in (*Side, None):
        tracks = [t for t in comparison.of(Quantity.AMR_PERSISTENCE) if t.place.side is side]
        if not tracks:
            continue
        name = words["amr_side"].format(side=words.common.sides[side]) if side else ""
        yield Field(name or words["amr_sides"], _amr_over_visits(tracks, comparison, words))
    for track in comparison.of(Quantity.BURSTS):
        place = track.place
        if place.muscle is None and not place.channel and any(p.tells for p in track.points):
            name = words["bursts_side"].format(side=words.common.sides[place.muscle_side or ""])
            values = _row(track, 1.0, words)
            yield Field(name, words["bursts_value"].format(values=values))
    shown = {t.place.side for t in comparison.of(Quantity.AMR_PERSISTENCE) if not never_present(t)}
    direct = [t for t in comparison.of(Quantity.M_AMPLITUDE) if t.place.side in shown]
    for track in direct[:MOST_M]:
        name = words["m_place"].format(place=named_short(track.place, words))
        yield Field(name, words["m_value"].format(values=_row(track, 1e-3, words)))


def _row(track: Track, factor: float, words: Words) -> str:
    """Return the values of a track in order."""
    out = []
    for point in track.points:
        value = factor * point.value
        if point.tells and isfinite(value):
            out.append(f"{value:.0f}" if value >= 20.0 else f"{value:.2g}")
        elif point.state is PointState.NOT_RECORDED:
            out.append("–")
        else:
            out.append(words["state_cannot_say"])
    return " → ".join(out)


def _amr_over_visits(tracks: list[Track], comparison: Comparison, words: Words) -> str:
    """Say for every visit whether a side shows an AMR."""
    parts = []
    for i in range(len(comparison.visits)):
        points = [t.points[i] for t in tracks if t.points[i].state is not PointState.NOT_RECORDED]
        said = [p for p in points if p.reason is Reason.NONE]
        present = [p for p in said if p.verdict is Verdict.PRESENT]
        if present:
            key = "state_present"
        elif not points:
            parts.append("–")
            continue
        else:
            key = "state_absent" if len(said) == len(points) else "state_cannot_say"
        text = words[key]
        if key in {"state_present", "state_absent"}:
            text += f" {len(present)}/{len(points)}"
        ends = dict.fromkeys(p.end_state for p in present if p.end_state)
        text += "".join(words["then_end"].format(state=words[f"end_{e}"]) for e in ends)
        parts.append(text)
    return " → ".join(parts)


def _warnings(comparison: Comparison, words: Words) -> Iterable[str]:
    """Yield the warnings of the recordings, each once with its visits."""
    found: dict[str, list[int]] = {}
    for i, visit in enumerate(comparison.visits):
        for text in visit.warnings:
            found.setdefault(text, []).append(i)
    for text, which in found.items():
        where = _visit_list(which, words)
        yield f"{where[0].upper()}{where[1:]}: {text}"


def methods(words: Words) -> tuple[Field, ...]:
    """Return how the visits were compared."""
    limits = {
        "current": f"{100 * (SHIFT_OF_CURRENT - 1):.0f}",
        "m_low": f"{100 * SHIFT_OF_M:.0f}",
        "m_high": f"{100 / SHIFT_OF_M:.0f}",
        "noise": f"{SHIFT_OF_NOISE:g}",
    }
    return tuple(Field(name, text.format(**limits)) for name, text in words.own.methods)


def _provenance(comparison: Comparison, words: Words, day: str) -> tuple[Field, ...]:
    """Return what the comparison was made from and with."""
    libraries = ", ".join(f"{k} {v}" for k, v in comparison.versions.items())
    protocols: dict[tuple[str, str], list[int]] = {}
    for i, visit in enumerate(comparison.visits):
        protocols.setdefault((visit.protocol, visit.protocol_sha256), []).append(i)
    return (
        Field(words["program"], f"AMR Viewer {__version__}"),
        Field(words["libraries"], libraries or words["not_stated"]),
        *(
            Field(
                words["file_of"].format(n=i + 1),
                f"{visit.recording}, {visit.sha256 or words['not_stated']}",
            )
            for i, visit in enumerate(comparison.visits)
        ),
        *(
            Field(
                words["protocol_of"],
                words["protocol_some"].format(
                    name=name, sha=sha[:12], list=", ".join(str(i + 1) for i in which)
                ),
            )
            for (name, sha), which in protocols.items()
        ),
        Field(words["printed"], day),
    )
