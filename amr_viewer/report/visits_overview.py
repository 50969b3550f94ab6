"""The visits at a glance, and what happened between them."""

from __future__ import annotations

from datetime import date

from amr_viewer.core.findings import Verdict
from amr_viewer.core.visits import (
    Comparison,
    Event,
    EventPlace,
    Visit,
)
from amr_viewer.report.names import SYMBOLS
from amr_viewer.report.visits_model import VisitRow
from amr_viewer.report.visits_words import TONES, Words

AMR_VERDICTS = {
    "present": Verdict.PRESENT,
    "absent": Verdict.ABSENT,
    "indeterminate": Verdict.INDETERMINATE,
}
MONTH_DAYS, YEAR_DAYS = 30.44, 365.25
MONTHS_FROM_DAYS, YEARS_FROM_DAYS = 60, 720


def letters(comparison: Comparison) -> tuple[tuple[str, Event], ...]:
    """Return the events with the letters that stand for them in the drawings."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return tuple(
        (alphabet[i] if i < len(alphabet) else str(i + 1), event)
        for i, event in enumerate(comparison.events)
    )


def visit_rows(comparison: Comparison, words: Words) -> tuple[VisitRow, ...]:
    """Return every visit, and what happened, in order."""
    events = list(letters(comparison))
    rows: list[VisitRow] = []
    for i, visit in enumerate(comparison.visits):
        rows += [_event_row(pair, comparison, words) for pair in events if pair[1].position < i]
        events = [pair for pair in events if pair[1].position >= i]
        rows.append(_visit_row(i, visit, comparison, words))
    return (*rows, *(_event_row(pair, comparison, words) for pair in events))


def _event_row(lettered: tuple[str, Event], comparison: Comparison, words: Words) -> VisitRow:
    """Return the line of an event."""
    letter, event = lettered
    text = words["letter"].format(
        letter=letter, when=event.date or event_place(event, comparison, words), text=event.text
    )
    if event.where is not EventPlace.BETWEEN:
        text += f" ({event_place(event, comparison, words)})"
    return VisitRow(event=text)


def event_place(event: Event, comparison: Comparison, words: Words) -> str:
    """Say where an event stands."""
    n = event.visit + 1
    if event.where is EventPlace.DURING:
        return words["event_during"].format(n=n)
    if event.where is EventPlace.SAME_DAY:
        return words["event_day"].format(n=n)
    if n == 0:
        return words["event_before"]
    if n == len(comparison.visits):
        return words["event_after"].format(n=n)
    return words["event_between"].format(a=n, b=n + 1)


def _visit_row(index: int, visit: Visit, comparison: Comparison, words: Words) -> VisitRow:
    """Return the line of a visit."""
    verdict = AMR_VERDICTS.get(visit.amr, Verdict.NOT_ASSESSABLE)
    tested = visit.amr != "no_stimuli"
    first = visit.pattern
    patterns = words.common.patterns
    pattern = patterns[f"is_{first.conclusion}"] if first else words["no_pattern"]
    if first and first.pattern_side and first.confidence:
        pattern += f", {patterns[f'place_{first.pattern_side}']}"
    return VisitRow(
        number=str(index + 1),
        date=visit.date or words["unknown_date"],
        gap=gap(comparison.visits[0], visit, words) if index else "",
        label=visit.label,
        recording=visit.recording,
        recorded=_recorded(visit, words),
        amr=words.common.verdicts[verdict] if tested else words["no_amr"],
        tone=TONES[verdict] if tested else "direct",
        symbol=SYMBOLS[verdict],
        pattern=pattern,
        confidence=patterns[f"sure_{first.confidence}"] if first and first.confidence else "",
    )


def gap(first: Visit, visit: Visit, words: Words) -> str:
    """Return the time since the first visit, empty where a date is missing or earlier."""
    try:
        days = (date.fromisoformat(visit.date) - date.fromisoformat(first.date)).days
    except ValueError:
        return ""
    if days < 0:
        return ""
    if days < MONTHS_FROM_DAYS:
        return words["gap_days"].format(n=days)
    if days < YEARS_FROM_DAYS:
        return words["gap_months"].format(n=f"{days / MONTH_DAYS:.0f}")
    return words["gap_years"].format(n=f"{days / YEAR_DAYS:.1f}")


def _recorded(visit: Visit, words: Words) -> str:
    """Say what was stimulated and recorded."""
    parts = []
    for current in dict.fromkeys(f"{s.intensity_ma:g}" for s in visit.sites):
        same = [s for s in visit.sites if f"{s.intensity_ma:g}" == current]
        names = ", ".join(f"{_short_site(s.site, s.side, words)} {s.n_stimuli}×" for s in same)
        parts.append(names + (words["at_ma"].format(ma=current) if current != "nan" else ""))
    parts.append(words["channels"].format(n=len(visit.muscles)))
    if visit.pattern:
        parts.append(words["rest_min"].format(n=f"{visit.rest_s / 60.0:.1f}"))
    else:
        parts.append(words["no_rest"])
    if visit.during_operation:
        parts.append(words["operation"])
    if visit.reviewed:
        parts.append(words["reviewed"])
    return "; ".join(parts)


def _short_site(site: object, side: object, words: Words) -> str:
    """Name a branch in short: ``ZYG L``."""
    name = words.common.branch_short.get(str(site), words.common.branches[""])
    return f"{name} {words.common.side_letters[str(side or '')]}".strip()
