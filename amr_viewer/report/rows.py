"""The tables of a report: responses, all channels at a glance, and what each verdict rests on."""

from __future__ import annotations

from math import isfinite

import numpy as np

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.stimuli import sites_in
from amr_viewer.report import numbers
from amr_viewer.report.model import DetailRow, Matrix, MatrixCell, MatrixRow, ResponseRow
from amr_viewer.report.names import (
    SYMBOLS,
    Site,
    count,
    is_amr,
    muscle_name,
    site_name,
    tone,
    verdict_words,
)
from amr_viewer.report.wording import Wording


def sites_of(analysis: Analysis) -> tuple[Site, ...]:
    """Return the branches that were stimulated, in order of time."""
    return sites_in(analysis.stimuli)


def by_site(analysis: Analysis) -> list[tuple[Site, list[Finding]]]:
    """Return the findings of each stimulated branch."""
    groups: dict[Site, list[Finding]] = {site: [] for site in sites_of(analysis)}
    for finding in analysis.findings:
        groups.setdefault((finding.site, finding.side), []).append(finding)
    return list(groups.items())


def direct_size(analysis: Analysis, finding: Finding) -> tuple[float, float]:
    """Return size (uV) and onset (ms) of M in this very channel, medians; NaN if not measured."""
    r, rows = analysis.responses, list(finding.stimulus_indices)
    sizes = r.m_amplitude_uv[rows, finding.channel_index]
    onsets = r.m_onset_ms[rows, finding.channel_index]
    if not np.isfinite(sizes).any():
        return finding.m_amplitude_uv, finding.m_onset_ms
    onset = float(np.nanmedian(onsets)) if np.isfinite(onsets).any() else float("nan")
    return float(np.nanmedian(sizes)), onset


def response_rows(analysis: Analysis, words: Wording) -> tuple[ResponseRow, ...]:
    """Return the table of page 1: all but direct muscles and a silent other side."""
    rows: list[ResponseRow] = []
    for site, findings in by_site(analysis):
        name = site_name(site, words)
        for finding in findings:
            silent = finding.role is Role.CONTRALATERAL and finding.verdict is Verdict.ABSENT
            if finding.role is Role.DIRECT or silent:
                continue
            rows.append(_response_row(finding, name, words))
            name = ""
    return tuple(rows)


def _response_row(finding: Finding, site: str, words: Wording) -> ResponseRow:
    """Return one line of the table of responses."""
    f = finding
    amplitude = numbers.microvolts(f.amplitude_uv, f.amplitude_low_uv, f.amplitude_high_uv)
    if not amplitude and f.verdict is Verdict.ABSENT and isfinite(f.detectable_uv):
        amplitude = f"< {f.detectable_uv:.0f}"
    counted = f.n_valid > 0
    return ResponseRow(
        site=site,
        muscle=muscle_name(f, words, short=True),
        tone=tone(f),
        symbol=SYMBOLS[f.verdict],
        verdict=verdict_words(f, words),
        persistence=numbers.persistence(
            f.n_present, f.n_valid, f.persistence_low, f.persistence_high
        )
        if counted
        else f"0 / {f.n_stimuli}",
        onset=numbers.interval(f.onset_ms, f.onset_low_ms, f.onset_high_ms, 1),
        amplitude=amplitude,
        amr_to_m=numbers.percent(f.amr_to_m) if is_amr(f) else "",
    )


def matrix(analysis: Analysis, words: Wording) -> Matrix:
    """Return all pairs of site and channel; empty where the table of responses tells the same."""
    groups = by_site(analysis)
    channels = dict.fromkeys(f.channel_index for _, findings in groups for f in findings)
    two_sided = any(f.role is Role.CONTRALATERAL for f in analysis.findings)
    if not channels or (len(groups) < 2 and not two_sided):
        return Matrix((), ())
    names = {f.channel_index: muscle_name(f, words, short=True) for f in analysis.findings}
    rows = []
    for site, findings in groups:
        found = {f.channel_index: f for f in findings}
        cells = tuple(_cell(analysis, found.get(c), words) for c in channels)
        rows.append(MatrixRow(site_name(site, words), cells))
    return Matrix(tuple(names[c] for c in channels), tuple(rows))


def _cell(analysis: Analysis, finding: Finding | None, words: Wording) -> MatrixCell:
    """Return one cell of the matrix."""
    if finding is None:
        return MatrixCell("none", "", "")
    if finding.role is Role.DIRECT:
        size, _ = direct_size(analysis, finding)
        text = f"{numbers.millivolts(size)} {words.sentences['mv']}" if isfinite(size) else ""
        return MatrixCell("direct", "M", text)
    return MatrixCell(tone(finding), SYMBOLS[finding.verdict], count(finding))


def detail_rows(analysis: Analysis, words: Wording) -> tuple[DetailRow, ...]:
    """Return every pair of site and channel with its reason."""
    rows: list[DetailRow] = []
    for site, findings in by_site(analysis):
        name = site_name(site, words)
        for finding in findings:
            rows.append(_detail_row(finding, name, words))
            name = ""
    return tuple(rows)


def _detail_row(finding: Finding, site: str, words: Wording) -> DetailRow:
    """Return one line of the table of details."""
    f = finding
    direct = f.role is Role.DIRECT
    reason = f.reason
    if isfinite(f.afterdischarge_fraction) and f.afterdischarge_fraction > 0:
        share = numbers.percent(f.afterdischarge_fraction, 0)
        reason = f"{reason}. {words.sentences['afterdischarge'].format(percent=share)}"
    return DetailRow(
        site=site,
        muscle=muscle_name(f, words, short=True),
        valid=f"{f.n_valid}/{f.n_stimuli}",
        p_value="" if direct else numbers.p_value(f.p_value).removeprefix("= "),
        jitter=numbers.fixed(f.jitter_ms, 2),
        duration=numbers.fixed(f.duration_ms, 1),
        phases=numbers.fixed(f.phases, 0),
        noise=numbers.fixed(f.noise_uv, 1),
        tone=tone(f),
        symbol="M" if direct else SYMBOLS[f.verdict],
        verdict=words.headings["legend_direct"] if direct else verdict_words(f, words),
        reason=reason,
    )
