"""Numbers, changes and names of a comparison of visits as a reader expects them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from amr_viewer.core.anatomy import Muscle
from amr_viewer.core.bursts import Electrode
from amr_viewer.core.findings import Verdict
from amr_viewer.core.visit_points import (
    Caution,
    Change,
    Doubt,
    Place,
    Point,
    PointState,
)
from amr_viewer.report import numbers
from amr_viewer.report.content import wording
from amr_viewer.report.names import site_name
from amr_viewer.report.wording import Wording
from amr_viewer.report.wording_visits import EN, VisitsWording
from amr_viewer.report.wording_visits_ru import RU

WORDS = {"en": EN, "ru": RU}
LEAST_PERCENT, MOST_PERCENT = 0.1, 999.0
"""Ratios beyond these are told as such: their digits mean nothing."""

TONES = {
    Verdict.PRESENT: "present",
    Verdict.ABSENT: "absent",
    Verdict.INDETERMINATE: "unsure",
    Verdict.NOT_ASSESSABLE: "unsure",
}

ARROWS = {-1: " ▼", 0: "", 1: " ▲"}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a language: those of every report, and those of a comparison."""

    own: VisitsWording
    common: Wording

    def __getitem__(self, key: str) -> str:
        """Return one of the sentences of a comparison."""
        return self.own.sentences[key]


def words_of(language: str) -> Words:
    """Return the words of a language.

    Raises
    ------
    ExportError
        There are none.
    """
    common = wording(language)
    return Words(WORDS[language], common)


def signed(value: float, decimals: int, words: Words) -> str:
    """Return a number with its sign, a true minus before a negative one."""
    text = f"{abs(value):.{decimals}f}"
    if float(text) == 0.0:
        return text
    return ("+" if value > 0.0 else words["minus"]) + text


def difference(change: Change, factor: float, decimals: int, words: Words) -> str:
    """Return a difference with its interval: ``−50 (−73 to −18)``."""
    if not isfinite(change.value):
        return ""
    text = signed(factor * change.value, decimals, words)
    if not (isfinite(change.low) and isfinite(change.high)):
        return text
    low, high = (signed(factor * v, decimals, words) for v in (change.low, change.high))
    return f"{text} ({low}{words['to']}{high})"


def ratio(change: Change, words: Words, sign: str = "") -> str:
    """Return a ratio in percent with its interval, or the limit that is left: ``80 (56–108)``.

    `sign` stands behind the ratio itself.
    """
    value, low, high = (percent(v) for v in (change.value, change.low, change.high))
    if not value:
        if high:
            return words["below"].format(x=high) + sign
        return words["above"].format(x=low) + sign if low else ""
    if not (low and high):
        return value + sign
    if low.startswith("<"):
        return f"{value}{sign} ({words['below'].format(x=high)})"
    between = "–" if high[0].isdigit() else words["to"]
    return f"{value}{sign} ({low}{between}{high})"


def percent(fraction: float) -> str:
    """Return a fraction in percent: one decimal below ten, at most three digits.

    Examples
    --------
    >>> percent(0.0312), percent(0.8), percent(25.0), percent(float("nan"))
    ('3.1', '80', '>999', '')
    """
    if not isfinite(fraction):
        return ""
    value = 100.0 * fraction
    if value > MOST_PERCENT:
        return f">{MOST_PERCENT:.0f}"
    if 0.0 < value < LEAST_PERCENT:
        return f"<{LEAST_PERCENT:g}"
    return f"{value:.1f}" if 0.0 < value < 9.95 else f"{value:.0f}"


def measured(point: Point, factor: float = 1.0) -> str:
    """Return a number with its interval, decimals by its size."""
    value, low, high = (factor * v for v in (point.value, point.low, point.high))
    if not isfinite(value):
        return ""
    decimals = 2 if abs(value) < 1.0 else 1 if abs(value) < 30.0 else 0
    if value == 0.0:
        return f"0 (0–{high:.1f})" if isfinite(high) else "0"
    return numbers.interval(value, low, high, decimals)


def millivolts(point: Point) -> str:
    """Return a direct response in mV with its interval."""
    return numbers.interval(1e-3 * point.value, 1e-3 * point.low, 1e-3 * point.high, 2)


def amplitude(point: Point, words: Words) -> str:
    """Return an amplitude in uV with its interval, or what would have been seen."""
    if point.state is PointState.NONE:
        return words["below"].format(x=f"{point.high:.0f}") if isfinite(point.high) else ""
    return numbers.microvolts(point.value, point.low, point.high)


def part_of_m(point: Point, words: Words) -> str:
    """Return AMR/M in percent, or its limit."""
    if point.state is PointState.NONE:
        return words["below"].format(x=percent(point.high)) if isfinite(point.high) else ""
    return percent(point.value)


def muscle_at(place: Place, words: Words, *, short: bool = True) -> str:
    """Name the muscle of a place with the letter of its side; unknown: the channel's label."""
    if place.muscle is None:
        return place.channel
    names = words.common.muscle_short if short else words.common.muscles
    name = f"{names[place.muscle]} {words.common.side_letters[place.muscle_side or '']}".strip()
    return f"{name} ({place.channel})" if place.channel else name


def place_name(place: Place, words: Words) -> str:
    """Name a place: ``Mentalis L, stimulated: Zygomatic L``; at rest its muscle or its side."""
    if place.site is None and place.side is None and place.muscle is None and not place.channel:
        side = words.common.sides[place.muscle_side or ""]
        return words["all_muscles"].format(side=side)
    muscle = muscle_at(place, words)
    if place.site is None and place.side is None:
        return muscle
    site = site_name((place.site, place.side), words.common)
    return words["place"].format(muscle=muscle, site=site)


def named_short(place: Place, words: Words) -> str:
    """Name a pair of muscle and branch in short: ``Mentalis L (Zygomatic L)``."""
    site = site_name((place.site, place.side), words.common)
    return f"{muscle_at(place, words)} ({site})"


def condition_words(caution: Caution, words: Words) -> str:
    """Return what differed: ``8 mA → 10 mA``; empty where the limit says it all."""
    if not (caution.was or caution.is_):
        return ""
    was, is_ = (_condition(caution.doubt, text, words) for text in (caution.was, caution.is_))
    return f"{was or words['not_stated']} → {is_ or words['not_stated']}"


def caution_words(caution: Caution, words: Words) -> str:
    """Return a limit of a comparison in words, with what differed."""
    detail = condition_words(caution, words)
    text = words.own.doubts[caution.doubt]
    return f"{text}: {detail}" if detail else text


def _condition(doubt: Doubt, text: str, words: Words) -> str:
    """Return a condition in the language of the report."""
    common, parts = words.common, [part for part in text.split(",") if part]
    if doubt is Doubt.ELECTRODE_TYPE and text in set(Electrode):
        return common.patterns[text]
    if doubt in {Doubt.MUSCLES, Doubt.M_MUSCLE}:
        return ", ".join(common.muscle_short.get(p, p) for p in parts if p in set(Muscle))
    if doubt is Doubt.QUALITY:
        return ", ".join(common.patterns[f"flag_{p}"] for p in parts)
    if doubt is Doubt.DURING_OPERATION:
        return words[text.lower()]
    for unit in ("mA", "ms", "Hz", "mV", "uV", "min"):
        if text.endswith(f" {unit}"):
            named = common.patterns["min"] if unit == "min" else common.sentences[unit.lower()]
            return f"{text.removesuffix(unit)}{named}"
    return text
