"""The sentences of a report: headline, notes below the table, conclusion."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import numpy as np

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Role
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.report import numbers
from amr_viewer.report.audit import rests
from amr_viewer.report.model import Field, Headline
from amr_viewer.report.names import (
    AMR,
    FOUND,
    count,
    is_amr,
    label,
    muscle_name,
    site_name,
    verdict_words,
)
from amr_viewer.report.pattern_measures import assessed
from amr_viewer.report.rows import by_site, direct_size
from amr_viewer.report.wording import Wording


def headline(analysis: Analysis, words: Wording) -> Headline:
    """Return the answer: up to its colon in bold, and below it what it may mean."""
    text = words.headlines.get(analysis.amr, "").format(where=_listed(analysis, words, is_amr))
    text = f"{text} {rests(analysis, words)}".strip() if text else analysis.headline
    strong, rest = answer_and_rest(text)
    means = meaning(analysis, words)
    if own := own_text(analysis, "findings"):
        note = words.sentences["written"].format(text=text)
        return Headline(analysis.amr, "", own, f"{means} {note}")
    return Headline(analysis.amr, strong, rest, means)


def answer_and_rest(text: str) -> tuple[str, str]:
    """Part a headline after its colon, or before what stands in parentheses.

    Examples
    --------
    >>> answer_and_rest("Response present on the left: mentalis (20/20).")
    ('Response present on the left:', 'mentalis (20/20).')
    >>> answer_and_rest("No response found (left stimulation: mentalis).")
    ('No response found', '(left stimulation: mentalis).')
    """
    strong, colon, rest = text.partition(":")
    if colon and "(" not in strong:
        return strong + colon, rest.strip()
    strong, bracket, rest = text.partition(" (")
    return (strong, f"({rest}") if bracket else (text, "")


def own_text(analysis: Analysis, name: str) -> str:
    """Return what a person wrote in the place of a sentence, empty if nothing."""
    return analysis.review.texts.get(name, "").strip() if analysis.review else ""


def conclusion_text(analysis: Analysis, words: Wording) -> str:
    """Return the sentences of the conclusion: a person's, else what the answer may mean."""
    return own_text(analysis, "conclusion") or meaning(analysis, words)


def meaning(analysis: Analysis, words: Wording) -> str:
    """Return what the answer may mean, never stronger than docs/criteria.md 1 allows."""
    sides = {f.muscle_side or f.side for f in analysis.findings if is_amr(f)}
    key = analysis.amr
    if key == "present" and len(sides) == 1:
        key = next(iter(sides)) or key
    labels = {f.label for f in analysis.findings if f.verdict in FOUND}
    return " ".join([words.meaning[key], *(s for k, s in words.asides.items() if k in labels)])


def _listed(analysis: Analysis, words: Wording, chosen: Callable[[Finding], bool]) -> str:
    """List findings by site: ``Zygomatic L → Mentalis L 48/50, Orbicularis oris L 47/50``."""
    parts = []
    for site, findings in by_site(analysis):
        items = [_item(f, words) for f in findings if chosen(f)]
        if items:
            parts.append(f"{site_name(site, words)} → {', '.join(items)}")
    return "; ".join(parts)


def _item(finding: Finding, words: Wording) -> str:
    """Name one finding with its count, and with its kind where this is no AMR."""
    plain = finding.label in {AMR, ""} or finding.verdict not in FOUND
    kind = "" if plain else f" ({label(finding, words)})"
    counted = f" {count(finding)}" if finding.n_valid else ""
    return muscle_name(finding, words) + counted + kind


def notes(analysis: Analysis, words: Wording) -> tuple[str, ...]:
    """Return what stands below the table of responses: M, noise, chance rate, the other side."""
    s = words.sentences
    lines = [_direct_line(analysis, words)]
    noise = [f.noise_uv for f in analysis.findings if isfinite(f.noise_uv)]
    if noise:
        lines[0] += " " + s["noise"].format(noise=f"{np.median(noise):.1f}")
    lines.append(_chance_line(analysis, words))
    lines.append(_other_side(analysis, words))
    absent = [f for f in analysis.findings if f.verdict is Verdict.ABSENT]
    if any(isfinite(f.detectable_uv) and f.role is not Role.CONTRALATERAL for f in absent):
        lines.append(s["below"])
    return tuple(line for line in lines if line)


def _other_side(analysis: Analysis, words: Wording) -> str:
    """Say in how many pairs the other side stayed silent."""
    other = [f for f in analysis.findings if f.role is Role.CONTRALATERAL]
    silent = sum(f.verdict is Verdict.ABSENT for f in other)
    return words.sentences["contralateral"].format(k=silent, n=len(other)) if other else ""


def _direct_line(analysis: Analysis, words: Wording) -> str:
    """Say how large M was, per site and direct muscle."""
    parts = []
    for site, findings in by_site(analysis):
        items = [_direct_item(analysis, f, words) for f in findings if f.role is Role.DIRECT]
        if any(items):
            parts.append(f"{site_name(site, words)} → {', '.join(filter(None, items))}")
    if not parts:
        return words.sentences["direct_missing"]
    return words.sentences["direct"].format(list="; ".join(parts))


def _direct_item(analysis: Analysis, finding: Finding, words: Wording) -> str:
    """Name a direct muscle with size and onset of its M; empty if not measured."""
    size, onset = direct_size(analysis, finding)
    if not isfinite(size):
        return ""
    item = f"{muscle_name(finding, words)} {numbers.millivolts(size)} {words.sentences['mv']}"
    return f"{item} {onset:.1f} {words.sentences['ms']}" if isfinite(onset) else item


def _chance_line(analysis: Analysis, words: Wording) -> str:
    """Say how often sham windows are called, and how sure the findings are after correction."""
    tested = [
        f
        for f in analysis.findings
        if isfinite(f.p_value) and f.role is not Role.DIRECT and not f.overruled
    ]
    sham = [(f.sham_rate, f.n_sham) for f in tested if isfinite(f.sham_rate) and f.n_sham > 0]
    if not sham or not tested:
        return ""
    rate = sum(r * n for r, n in sham) / sum(n for _, n in sham)
    line = words.sentences["sham"].format(rate=numbers.percent(rate))
    present = [f.p_value for f in tested if f.verdict is Verdict.PRESENT]
    key = "p_present" if present else "p_none"
    p = max(present) if present else min(f.p_value for f in tested)
    return f"{line}; {words.sentences[key].format(p=numbers.p_value(p), n=len(tested))}."


def conclusion(analysis: Analysis, words: Wording) -> tuple[Field, ...]:
    """Return the lines of the conclusion: what was found, what not, what was not looked at.

    Below a person's own words only what was set by hand is listed.
    """
    s = words.sentences

    def judged(verdict: Verdict) -> Callable[[Finding], bool]:
        return lambda f: f.verdict is verdict and f.role is not Role.DIRECT

    def late(finding: Finding) -> bool:
        return judged(Verdict.PRESENT)(finding) and not is_amr(finding)

    if own_text(analysis, "conclusion"):
        by_hand = _by_hand(analysis, words)
        return (Field(s["by_hand"], by_hand),) if by_hand else ()
    lines = [
        Field(s["present_row"], _listed(analysis, words, is_amr)),
        Field(s["late_row"], _listed(analysis, words, late)),
        Field(s["absent_row"], _absent(analysis, words)),
        Field(s["indeterminate_row"], _listed(analysis, words, judged(Verdict.INDETERMINATE))),
        Field(s["not_assessable_row"], _listed(analysis, words, judged(Verdict.NOT_ASSESSABLE))),
        Field(s["by_hand"], _by_hand(analysis, words)),
        Field(s["not_tested_row"], ", ".join(not_tested(analysis, words)) + "."),
    ]
    return tuple(line for line in lines if line.value)


def _absent(analysis: Analysis, words: Wording) -> str:
    """List the silent muscles of the stimulated side, and count those of the other side."""
    listed = _listed(
        analysis,
        words,
        lambda f: f.verdict is Verdict.ABSENT and f.role not in {Role.DIRECT, Role.CONTRALATERAL},
    )
    return ". ".join(part for part in (listed, _other_side(analysis, words)) if part)


def _by_hand(analysis: Analysis, words: Wording) -> str:
    """Say how many sweeps and which verdicts a person has set."""
    n = int(analysis.responses.manual.sum())
    manual = [f for f in analysis.findings if f.source == "manual"]
    parts = [words.sentences["manual"].format(n=n)] if n else []
    parts += [f"{muscle_name(f, words)}: {verdict_words(f, words)}." for f in manual]
    return " ".join(parts)


def not_tested(analysis: Analysis, words: Wording) -> list[str]:
    """Return what the recording does not show."""
    s = words.sentences
    items = []
    if Branch.SUPRAORBITAL not in analysis.stimuli.site:
        items.append(s["blink"])
    if not any(f.cue_contingency.n for f in analysis.patterns):
        items.append(s["voluntary"])
    if not assessed(analysis):
        items.append(s["spontaneous"])
    sides = {c.side for c in analysis.responses.channels} | set(analysis.stimuli.side)
    known = [side for side in sides if side is not None]
    if len(known) == 1:
        items.append(s["other_side"].format(side=words.sides[known[0].opposite]))
    without = [
        site_name(site, words)
        for site, findings in by_site(analysis)
        if not any(f.role is Role.DIRECT for f in findings)
    ]
    if without:
        items.append(s["no_direct"].format(sites=", ".join(without)))
    return items
