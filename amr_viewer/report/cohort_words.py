"""Numbers and names of a report over a batch as a reader expects them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isinf

from amr_viewer.core.agreement import Method, Proportion, Statistic
from amr_viewer.core.cohort import MuscleResult, Outcome
from amr_viewer.report.content import wording
from amr_viewer.report.wording import Wording
from amr_viewer.report.wording_cohort import EN, CohortWording
from amr_viewer.report.wording_cohort_ru import RU

WORDS = {"en": EN, "ru": RU}
SYMBOLS = {
    Outcome.PRESENT: "●",
    Outcome.ABSENT: "○",
    Outcome.INDETERMINATE: "◐",
    Outcome.NOT_ASSESSABLE: "⊘",
    Outcome.NO_STIMULI: "–",
    Outcome.FAILED: "✗",
}
TONES = {
    Outcome.PRESENT: "present",
    Outcome.ABSENT: "absent",
    Outcome.INDETERMINATE: "unsure",
    Outcome.NOT_ASSESSABLE: "unsure",
    Outcome.NO_STIMULI: "none",
    Outcome.FAILED: "late",
}
LISTED = 6


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a language: those of every report, and those over a batch."""

    own: CohortWording
    common: Wording

    def __getitem__(self, key: str) -> str:
        """Return one of the sentences of a batch."""
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


def listed(names: Sequence[str], words: Words, most: int = LISTED) -> str:
    """List some names and say how many more there are."""
    shown = ", ".join(names[:most])
    more = len(names) - most
    return words["and_more"].format(list=shown, n=more) if more > 0 else shown


def percents(p: Proportion) -> str:
    """Return a proportion with its interval: ``35 (26–46)``; empty without trials.

    Examples
    --------
    >>> percents(Proportion(30, 85, 0.2597, 0.4589))
    '35 (26–46)'
    """
    if not p.n:
        return ""
    return f"{100 * p.value:.0f} ({100 * p.low:.0f}–{100 * p.high:.0f})"


def counted(p: Proportion | Statistic, words: Words) -> str:
    """Return a proportion with its counts: ``30/85 (35 %, 26–46 %)``; a dash without trials."""
    if p.n <= 0:
        return "–"
    low, high = (f"{100 * v:.0f}" for v in (p.low, p.high))
    return words["of_counts"].format(
        k=p.k, n=p.n, percent=f"{100 * p.value:.0f}", low=low, high=high
    )


def ratio(s: Statistic) -> str:
    """Return a ratio with its interval, two digits that count: ``4.5 (1.3–16)``."""
    if not isfinite(s.value) and not isinf(s.value):
        return "–"
    return f"{two_digits(s.value)} ({two_digits(s.low)}–{two_digits(s.high)})"


def two_digits(value: float) -> str:
    """Return a number with two digits that count.

    Examples
    --------
    >>> [two_digits(v) for v in (15.81, 1.284, 0.0312, float("inf"), 123.4)]
    ['16', '1.3', '0.031', '∞', '123']
    """
    if isinf(value):
        return "∞"
    if value >= 9.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 0.995 else f"{value:.2g}"


def signed_number(value: float, decimals: int) -> str:
    """Return a number with its sign, a true minus before a negative one."""
    text = f"{abs(value):.{decimals}f}"
    if float(text) == 0.0:
        return text
    return ("+" if value > 0 else "−") + text


def coefficient(s: Statistic, words: Words) -> str:
    """Return a number between -1 and 1 with its interval."""
    if not isfinite(s.value):
        return "–"
    value = f"{s.value:.2f}".replace("-", "−")
    if s.method is Method.NONE:
        return f"{value} ({words['no_interval']})"
    low, high = (f"{v:.2f}".replace("-", "−") for v in (s.low, s.high))
    return f"{value} ({low}–{high})" if "−" not in low + high else f"{value} ({low}…{high})"


def muscle_name(result: MuscleResult, words: Words) -> str:
    """Name the muscle of a result shortly, with the letter of its side."""
    if not result.muscle:
        return result.channel
    name = words.common.muscle_short.get(result.muscle, result.muscle)
    return f"{name} {words.common.side_letters.get(result.muscle_side, '')}".strip()


def place_name(result: MuscleResult, words: Words) -> str:
    """Name a result: muscle, and the branch that was stimulated, its side where it is another."""
    site = words.common.branch_short.get(result.site, result.site)
    same = result.muscle and result.side == result.muscle_side
    letter = "" if same else words.common.side_letters.get(result.side, "")
    where = f"{site} {letter}".strip()
    return (
        f"{muscle_name(result, words)}\u00a0←\u00a0{where}" if where else muscle_name(result, words)
    )


def pattern_name(pattern: str, words: Words) -> str:
    """Return what a pattern is as can be seen in; unknown ones as they are."""
    return words.own.patterns.get(pattern, pattern)
