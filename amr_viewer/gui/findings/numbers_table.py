"""The numbers of a finding and of a sweep as rows of text, and what a verdict rests on."""

from __future__ import annotations

from collections import Counter
from math import isfinite

import numpy as np

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.evidence import RunEvidence
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.responses import REJECTION_WORDS, Rejection, State
from amr_viewer.gui.findings.words import direct_or_verdict, finding_title
from amr_viewer.gui.plot.scale import clock
from amr_viewer.report import numbers
from amr_viewer.report.rows import direct_size
from amr_viewer.report.wording import EN

Rows = tuple[tuple[str, str], ...]
STATE_WORDS = {
    State.ABSENT: "no response",
    State.PRESENT: "response present",
    State.REJECTED: "rejected",
}


def finding_rows(analysis: Analysis, finding: Finding) -> Rows:
    """Return the numbers of a finding; what could not be measured is left out."""
    f = finding
    direct = f.role is Role.DIRECT
    m_uv, m_onset_ms = direct_size(analysis, f) if direct else (f.m_amplitude_uv, f.m_onset_ms)
    rows = [
        ("Verdict", _verdict(f)),
        ("Sweeps", _sweeps(analysis, f)),
        ("Persistence", _persistence(f)),
        *([] if direct else _response_rows(f)),
        ("Detectable from", _unit(numbers.fixed(f.detectable_uv, 0), "µV")),
        ("M amplitude", _unit(numbers.millivolts(m_uv), "mV")),
        ("M onset", _unit(numbers.fixed(m_onset_ms, 1), "ms")),
        ("AMR / M", numbers.percent(f.amr_to_m)),
        ("Noise", _unit(numbers.fixed(f.noise_uv, 1), "µV RMS")),
        ("SNR", _unit(numbers.fixed(_snr(analysis, f), 0), "dB")),
        ("After-discharge", _afterdischarge(f)),
        ("Sham rate", _sham(f)),
        ("p, corrected", "" if direct else numbers.p_value(f.p_value).removeprefix("= ")),
        ("Source", "a person" if f.source == "manual" else "automatic"),
    ]
    return tuple((name, value) for name, value in rows if value)


def _response_rows(f: Finding) -> list[tuple[str, str]]:
    """Return what was measured on the responses."""
    onset = numbers.interval(f.onset_ms, f.onset_low_ms, f.onset_high_ms, 1)
    amplitude = numbers.microvolts(f.amplitude_uv, f.amplitude_low_uv, f.amplitude_high_uv)
    return [
        ("Onset", _unit(onset, "ms")),
        ("Jitter", _unit(numbers.fixed(f.jitter_ms, 2), "ms")),
        ("Amplitude", _unit(amplitude, "µV")),
        ("Duration", _unit(numbers.fixed(f.duration_ms, 1), "ms")),
        ("Phases", numbers.fixed(f.phases, 0)),
    ]


def _unit(value: str, unit: str) -> str:
    """Return a value with its unit, empty where there is no value."""
    return f"{value} {unit}" if value else ""


def _verdict(f: Finding) -> str:
    """Return the verdict, and the program's own where a person took or caused another."""
    words = direct_or_verdict(f)
    is_same = f.automatic_verdict in (None, f.verdict) and not f.overruled
    if is_same or f.automatic_verdict is None or f.role is Role.DIRECT:
        return words
    return f"{words} (automatic: {EN.verdicts[f.automatic_verdict]})"


def _sweeps(analysis: Analysis, f: Finding) -> str:
    """Return how many sweeps count, and why the others do not."""
    if not f.n_stimuli:
        return ""
    chosen = analysis.responses.rejection[list(f.stimulus_indices), f.channel_index]
    counts = Counter(
        dict(zip(*(v.tolist() for v in np.unique(chosen, return_counts=True)), strict=True))
    )
    reasons = [
        f"{n} {REJECTION_WORDS[Rejection(r)]}"
        for r, n in counts.most_common()
        if r != Rejection.NONE
    ]
    return "; ".join([f"{f.n_valid} of {f.n_stimuli} valid", *reasons])


def _persistence(f: Finding) -> str:
    """Return count, percent and interval."""
    if not f.n_valid:
        return ""
    text = f"{f.n_present}/{f.n_valid}"
    if isfinite(f.persistence):
        text += f" · {100 * f.persistence:.0f} %"
    if isfinite(f.persistence_low) and isfinite(f.persistence_high):
        text += f" ({100 * f.persistence_low:.0f}–{100 * f.persistence_high:.0f})"
    return text


def _snr(analysis: Analysis, f: Finding) -> float:
    """Return the median of the responses' own, dB."""
    r, rows = analysis.responses, list(f.stimulus_indices)
    values = r.snr_db[rows, f.channel_index][r.state[rows, f.channel_index] == State.PRESENT]
    values = values[np.isfinite(values)]
    return float(np.median(values)) if values.size else float("nan")


def _afterdischarge(f: Finding) -> str:
    """Return in how many of the responses activity went on."""
    share = f.afterdischarge_fraction
    if not isfinite(share) or f.role is Role.DIRECT:
        return ""
    return f"in {round(share * f.n_present)} of {f.n_present} responses"


def _sham(f: Finding) -> str:
    """Return how often the same rule calls windows without a stimulus."""
    if not isfinite(f.sham_rate) or f.role is Role.DIRECT:
        return ""
    basis = f" of {f.n_sham} windows" if f.n_sham > 0 else " (assumed)"
    return numbers.percent(f.sham_rate) + basis


def sweep_rows(analysis: Analysis, finding: Finding, stimulus: int | None) -> Rows:
    """Return the numbers of one sweep, none where it is not one of the finding's."""
    if stimulus is None or stimulus not in finding.stimulus_indices:
        return ()
    r, s, at = analysis.responses, analysis.stimuli, (stimulus, finding.channel_index)
    state, rejection = State(int(r.state[at])), Rejection(int(r.rejection[at]))
    current = float(s.intensity_ma[stimulus])
    rows = [
        ("Stimulus at", f"{clock(float(s.time_s[stimulus]), 3)}{_current(current)}"),
        ("State", STATE_WORDS[state]),
        ("Rejected because", REJECTION_WORDS[rejection]),
        ("Probability", numbers.percent(float(r.probability[at]))),
        ("Onset", _unit(numbers.fixed(float(r.onset_ms[at]), 2), "ms")),
        ("Negative peak", _unit(numbers.fixed(float(r.peak_ms[at]), 2), "ms")),
        ("Positive peak", _unit(numbers.fixed(float(r.positive_peak_ms[at]), 2), "ms")),
        ("End", _unit(numbers.fixed(float(r.end_ms[at]), 2), "ms")),
        ("Amplitude", _unit(numbers.fixed(float(r.amplitude_uv[at]), 1), "µV")),
        ("Area", _unit(numbers.fixed(float(r.area_uv_ms[at]), 0), "µV·ms")),
        ("Phases", numbers.fixed(float(r.phases[at]), 0)),
        ("M amplitude", _unit(numbers.millivolts(float(r.m_amplitude_uv[at])), "mV")),
        ("M onset", _unit(numbers.fixed(float(r.m_onset_ms[at]), 2), "ms")),
        ("Noise", _unit(numbers.fixed(float(r.noise_uv[at]), 1), "µV RMS")),
        ("SNR", _unit(numbers.fixed(float(r.snr_db[at]), 0), "dB")),
        ("After-discharge", "yes" if r.afterdischarge[at] else ""),
        ("Source", "a person" if r.manual[at] else "automatic"),
    ]
    return tuple((name, value) for name, value in rows if value)


def _current(current_ma: float) -> str:
    """Return the current of a stimulus, empty if unknown."""
    return f", {current_ma:g} mA" if isfinite(current_ma) else ""


def sweep_title(finding: Finding, stimulus: int) -> str:
    """Return the number of a sweep among those of its site, from 1."""
    place = finding.stimulus_indices.index(stimulus) + 1
    return f"Sweep {place} of {len(finding.stimulus_indices)}"


def why_lines(analysis: Analysis, finding: Finding) -> tuple[str, ...]:
    """Return what a verdict rests on, one sentence per line."""
    f, lines = finding, []
    run = _evidence(analysis, f)
    if f.role is not Role.DIRECT and isfinite(f.sham_rate):
        if f.n_sham > 0:
            called = round(f.sham_rate * f.n_sham)
            lines.append(
                f"The same rule called {called} of {f.n_sham} sham windows, where nothing was "
                f"stimulated ({numbers.percent(f.sham_rate)})."
            )
        else:
            lines.append(
                f"There was no room for sham windows; {numbers.percent(f.sham_rate)} by chance "
                "was assumed."
            )
    if f.role is not Role.DIRECT and isfinite(f.p_value):
        alpha = analysis.protocol.parameters.criteria.present_alpha
        lines.append(
            f"Chance would give so many responses with p {numbers.p_value(f.p_value)}, corrected "
            f"over all pairs; present below {alpha:g}."
        )
    if f.verdict is Verdict.ABSENT and isfinite(f.detectable_uv):
        lines.append(f"A response from {f.detectable_uv:.0f} µV would have been seen.")
    if run is not None:
        lines += _run_lines(run)
    return tuple(lines)


def _run_lines(run: RunEvidence) -> list[str]:
    """Return what the sweeps showed beyond the table."""
    lines = []
    if isfinite(run.strength) and run.strength > 0:
        lines.append(f"A typical response stands out of the noise by d′ {run.strength:.1f}.")
    if run.conducted_uv > 0:
        lines.append(f"Volume-conducted M of {run.conducted_uv:.0f} µV was taken into account.")
    if isfinite(run.doubtful_until_ms):
        lines.append(f"Until {run.doubtful_until_ms:.1f} ms early activity may hide a response.")
    if run.off:
        lines.append(f"The channel says nothing: {run.off}.")
    return lines


def _evidence(analysis: Analysis, f: Finding) -> RunEvidence | None:
    """Return the evidence of a finding's run with the most sweeps."""
    runs = [
        e
        for e in analysis.evidence
        if (e.site, e.side, e.channel) == (f.site, f.side, f.channel_index)
    ]
    return max(runs, key=lambda e: len(e.stimuli), default=None)


def as_tsv(analysis: Analysis, finding: Finding, stimulus: int | None) -> str:
    """Return the numbers as lines of name and value, parted by tabs, for a spreadsheet."""
    lines = [("Finding", finding_title(finding)), *finding_rows(analysis, finding)]
    lines.append(("Reason", finding.reason))
    sweep = sweep_rows(analysis, finding, stimulus)
    if sweep and stimulus is not None:
        lines += [(sweep_title(finding, stimulus), ""), *sweep]
    return "\n".join(f"{name}\t{value}" for name, value in lines)
