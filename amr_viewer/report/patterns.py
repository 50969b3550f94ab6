"""The section on free-running EMG: the pattern, what it rests on, and what limits it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite

import numpy as np

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.bursts import BurstKind, Electrode
from amr_viewer.core.patterns import HFS, Conclusion, Evidence, PatternFinding
from amr_viewer.report.model import Drawing, Field, Headline, PatternSection
from amr_viewer.report.pattern_figures import (
    ASIDE,
    Pairs,
    Raster,
    RasterRow,
    busiest,
    matrix_figure,
    raster_figure,
)
from amr_viewer.report.pattern_measures import (
    assessed,
    burst_rows,
    channel_name,
    estimate_words,
    focus,
    measures,
    ordered,
    pair_name,
    together,
)
from amr_viewer.report.wording import Wording

RASTER_MM, MATRIX_MM = 182.0, 88.0
DETAIL_S = 6.0
LEAST_LAGS = 5
LEAST_PART = 1.0 / 3.0
"""Part of the time asked for below which a single line is printed."""

NOT_MEANT = ("not looked for", "no EMG channel")
"""Reasons that are not worth a line: free-running EMG was not meant to be there."""

OPERATION = "operation"
"""The rule of a recording that was made during an operation."""

_TONES = dict.fromkeys(HFS, "present") | {
    Conclusion.NO_ACTIVITY: "absent",
    Conclusion.INDETERMINATE: "unsure",
    Conclusion.INSUFFICIENT: "not_assessable",
}


def pattern_section(analysis: Analysis, words: Wording) -> PatternSection:
    """Return what free-running EMG shows; one line where there was too little of it."""
    s, bursts = words.patterns, analysis.bursts
    if not analysis.patterns:
        if bursts.not_assessed in {"", *NOT_MEANT}:
            return PatternSection("")
        return PatternSection(s["not_assessed"].format(reason=phrase(bursts.not_assessed, words)))
    first = analysis.patterns[0]
    if short := _too_short(analysis, words):
        return PatternSection(short)
    return PatternSection(
        remark="",
        tone=_TONES.get(first.conclusion, "late"),
        answer=_answer(first, words),
        chip=s[f"sure_{first.confidence}"] if first.confidence else "",
        sentence=_sentence(analysis, words),
        caution=_about(first, words),
        rows=burst_rows(analysis, words),
        raster=_raster(analysis, words),
        matrix=_matrix(analysis, words),
        measures=measures(analysis, words),
        supporting=_told(first.evidence_for(), words),
        opposing=_told(first.evidence_against(), words),
        told=_told((e for e in first.evidence if not e.weight), words),
        closing=_closing_rows(analysis, words),
        limits=_limits(analysis, words),
    )


def pattern_line(analysis: Analysis, words: Wording) -> tuple[Field, ...]:
    """Return the line of the conclusion that names the pattern."""
    if not assessed(analysis):
        return ()
    first = analysis.patterns[0]
    sure = words.patterns[f"sure_{first.confidence}"] if first.confidence else ""
    text = _answer(first, words) + (f" ({sure})" if sure else "")
    return (Field(words.patterns["row_conclusion"], text),)


def pattern_headline(analysis: Analysis, headline: Headline, words: Wording) -> Headline:
    """Return the answer of a recording: without stimuli, that of its free-running EMG."""
    if analysis.amr != "no_stimuli" or not assessed(analysis) or not headline.strong:
        return headline
    (line,) = pattern_line(analysis, words)
    tone = _TONES.get(analysis.patterns[0].conclusion, "late")
    return Headline(
        tone="indeterminate" if tone == "unsure" else tone,
        strong=f"{line.label}:",
        rest=line.value[0].lower() + line.value[1:] + ".",
        wording=f"{_about(analysis.patterns[0], words)} {headline.wording}",
    )


def phrase(text: str, words: Wording) -> str:
    """Return words of the analysis in the language of the report, as far as it knows them."""
    for pattern, replacement in words.phrases:
        text = re.sub(pattern, replacement, text)
    return text


def _too_short(analysis: Analysis, words: Wording) -> str:
    """Return one line where the time is too short for any statement, else nothing."""
    first, asked = analysis.patterns[0], analysis.protocol.parameters.patterns.min_rest_s
    seconds = analysis.bursts.duration_s
    if first.conclusion is not Conclusion.INSUFFICIENT or seconds >= LEAST_PART * asked:
        return ""
    return words.patterns["too_short"].format(
        seconds=f"{seconds:.0f}", least=f"{LEAST_PART * asked:.0f}", asked=f"{asked:g}"
    )


def _answer(first: PatternFinding, words: Wording) -> str:
    """Return the name of the pattern and its side."""
    name = words.patterns[f"is_{first.conclusion}"]
    open_end = {Conclusion.NO_ACTIVITY, Conclusion.INDETERMINATE, Conclusion.INSUFFICIENT}
    if not first.pattern_side or first.conclusion in open_end:
        return name
    return f"{name}: {words.patterns[f'place_{first.pattern_side}']}"


def _sentence(analysis: Analysis, words: Wording) -> str:
    """Return what was counted, and how the muscles go together."""
    s, f = words.patterns, focus(analysis)
    kinds = {c.electrode for c in analysis.bursts.channels}
    electrodes = "mixed" if len(kinds) > 1 else str(next(iter(kinds), Electrode.SURFACE))
    found, timing = together(analysis, f, words), ""
    if found is not None and isfinite(found.lag_ms.median):
        lag = f"{found.lag_ms.median:.1f}".replace("-", "−")
        timing = s["timing"].format(si=f"{found.index.value:.2f}", lag=lag)
        timing = f"; {found.pair}: {timing}" if found.pair else f"; {timing}"
    return s["sentence"].format(
        minutes=f"{analysis.bursts.duration_s / 60:.1f}",
        electrodes=s[electrodes],
        counts=_counts(f, words),
        timing=timing,
    )


def _counts(f: PatternFinding, words: Wording) -> str:
    """Count clonic and tonic bursts of the muscle with most of them."""
    s = words.patterns
    top = max(f.muscles, key=lambda m: m.n_bursts, default=None)
    if top is None or not top.n_bursts:
        return s["none_counted"]

    def median(value: float) -> str:
        return s["median_ms"].format(ms=f"{value:.0f}") if isfinite(value) else ""

    return s["counts"].format(
        clonic=s["n_clonic"].format(n=top.n_clonic),
        clonic_ms=median(f.clonic_duration_ms.median) if top.n_clonic else "",
        tonic=s["n_tonic"].format(n=top.n_tonic),
        tonic_ms=median(f.tonic_duration_ms.median) if top.n_tonic else "",
        muscle=channel_name(top, words),
    )


def _about(first: PatternFinding, words: Wording) -> str:
    """Return how far the pattern may be read."""
    key = "hfs" if first.conclusion in HFS else first.conclusion.value
    if first.evidence and first.evidence[0].rule == OPERATION:
        key = OPERATION
    return words.patterns[f"about_{key}"].format(minutes=f"{first.assessed_s / 60:.1f}")


def _told(evidence: Iterable[Evidence], words: Wording) -> tuple[str, ...]:
    """Return evidence in words with its points, each phrase once."""
    said: dict[str, float] = {}
    for e in evidence:
        text = phrase(e.words, words)
        said[text] = said.get(text, 0.0) + e.points
    return tuple(f"{t} [{p:+.1f}]".replace("[-", "[−") if p else t for t, p in said.items())


def _closing_rows(analysis: Analysis, words: Wording) -> tuple[Field, ...]:
    """Return what comes next, what was not tested, and what limits trust."""
    s, first = words.patterns, analysis.patterns[0]
    lines = []
    if first.runner_up is not None:
        lines.append(Field(s["row_runner_up"], s[f"is_{first.runner_up}"]))
    elif first.confidence is not None:
        lines.append(Field(s["row_runner_up"], s["no_runner_up"]))
    lines += [
        Field(s["row_missing"], "; ".join(phrase(x, words) for x in first.missing)),
        Field(s["row_quality"], _quality(analysis, words)),
        Field(s["row_crosstalk"], _crosstalk(analysis, words)),
    ]
    return tuple(line for line in lines if line.value)


def _quality(analysis: Analysis, words: Wording) -> str:
    """Say what limits trust in the channels, each reason once with its channels."""
    by_flag: dict[str, list[str]] = {}
    for channel in ordered(analysis):
        for flag in channel.flags:
            by_flag.setdefault(flag, []).append(channel_name(channel, words))
    n = len(analysis.bursts.channels)
    everywhere = words.patterns["all_channels"]
    return "; ".join(
        f"{words.patterns[f'flag_{flag}']}: {everywhere if len(who) == n else ', '.join(who)}"
        for flag, who in by_flag.items()
    )


def _crosstalk(analysis: Analysis, words: Wording) -> str:
    """List the pairs of which one may hold a copy of the other."""
    suspected = [p for p in analysis.patterns[0].synchrony if p.crosstalk]
    return "; ".join(pair_name(analysis, p, words) for p in suspected)


def _raster(analysis: Analysis, words: Wording) -> Drawing:
    """Draw all bursts."""
    b, s = analysis.bursts, words.patterns
    known = {m.channel: m for f in analysis.patterns for m in f.muscles}
    kind = np.where(b.counted, b.kind, ASIDE)
    rows = []
    for c in ordered(analysis):
        mine = b.channel == c.index
        activity = known.get(c.index)
        rate = f"{activity.bursts_per_min.value:.1f}" if activity else ""
        rows.append(
            RasterRow(
                channel_name(c, words), str(c.side or ""), rate, b.start_s[mine], b.end_s[mine],
                kind[mine],
            )
        )  # fmt: skip
    segments = analysis.recording.segments
    span = (segments[0].start_s, segments[-1].end_s)
    seen = sorted(set(kind.tolist()), key=lambda k: (k == ASIDE, k == BurstKind.OTHER, k))
    raster = Raster(
        rows=tuple(rows),
        span_s=span,
        detail_s=busiest(b.start_s[b.counted], span, DETAIL_S),
        names=(s["min"], s["s"], f"/{s['min']}"),
        kinds={k: s["kind_aside" if k == ASIDE else f"kind_{k}"] for k in seen},
    )
    note = "raster_note" if raster.detailed else "raster_note_one"
    return Drawing(
        figure=raster_figure(raster, RASTER_MM),
        alt=s["raster_alt"].format(
            n=len(rows),
            minutes=f"{b.duration_s / 60:.1f}",
            counts=_counts(focus(analysis), words),
        ),
        note=s[note].format(s=f"{DETAIL_S:g}"),
    )


def _matrix(analysis: Analysis, words: Wording) -> Drawing | None:
    """Draw how far each pair of channels bursts together; none where no pair was asked about."""
    channels = ordered(analysis)
    at = {c.index: k for k, c in enumerate(channels)}
    found = {(p.a, p.b): p for f in analysis.patterns for p in f.synchrony}
    known = [p for p in found.values() if p.index.known]
    if not known:
        return None
    n = len(channels)
    index, lag = np.full((n, n), np.nan), np.full((n, n), np.nan)
    crosstalk = np.zeros((n, n), dtype=np.bool_)
    for p in found.values():
        i, k = at[p.a], at[p.b]
        index[i, k] = index[k, i] = p.index.value
        if p.lag_ms.n >= LEAST_LAGS:
            lag[k, i], lag[i, k] = p.lag_ms.median, -p.lag_ms.median
        crosstalk[i, k] = crosstalk[k, i] = p.crosstalk
    names = tuple(channel_name(c, words) for c in channels)
    pairs = Pairs(names, tuple(str(c.side or "") for c in channels), index, lag, crosstalk)
    best = max(known, key=lambda p: p.index.value)
    s = words.patterns
    return Drawing(
        figure=matrix_figure(pairs, MATRIX_MM),
        alt=s["matrix_alt"].format(
            pair=pair_name(analysis, best, words), si=estimate_words(best.index)
        ),
        note=s["matrix_note"],
    )


def _limits(analysis: Analysis, words: Wording) -> tuple[str, ...]:
    """Return what limits the section, with the thresholds that are this program's own."""
    s, own = words.patterns, analysis.protocol.parameters
    b, p = own.bursts, own.patterns
    defaults = s["limit_defaults"].format(
        on=f"{b.on_sigma:g}", off=f"{b.off_sigma:g}", floor=f"{b.floor:g}",
        clonic=f"{b.clonic_max_ms:g}", tonic=f"{b.tonic_min_ms:g}", salvo=f"{b.salvo_gap_ms:g}",
        episode=f"{b.episode_gap_s:g}", n_clonic=p.min_clonic, n_tonic=p.min_tonic,
        rest=f"{p.min_rest_s:g}", sync=f"{p.sync_ms:g}", si=f"{p.synchronous:g}",
        asi=f"{p.asynchronous:g}", uni=f"{p.unilateral:g}", bil=f"{p.bilateral:g}",
        obs_ms=f"{p.babinski_ms:g}", obs=f"{p.babinski_present:g}", no_obs=f"{p.babinski_absent:g}",
        reg=f"{p.regular_cv:g}", irr=f"{p.irregular_cv:g}",
    )  # fmt: skip
    others = ("crosstalk", "surface", "short", "kinds", "aid")
    return (defaults, *(s[f"limit_{key}"] for key in others))
