"""What is drawn for each stimulated branch: panels of sweeps, stacked sweeps, and the face."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from string import ascii_uppercase
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Muscle, Role, Side
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.responses import State
from amr_viewer.report import numbers
from amr_viewer.report.canvas import muscle_color
from amr_viewer.report.facemap import StimulatedBranch, face_map
from amr_viewer.report.figures import Sweeps, stacked, superimposed
from amr_viewer.report.model import Panel, SiteSection, Stack
from amr_viewer.report.names import AMR, SYMBOLS, Site, count, label, muscle_name, tone
from amr_viewer.report.rows import by_site, direct_size
from amr_viewer.report.wording import Wording

if TYPE_CHECKING:
    from amr_viewer.core.recording import Channel

WIDE_PANEL_MM = (85.0, 41.0)
NARROW_PANEL_MM = (54.6, 33.0)
STACK_MM = (43.5, 84.0)
MAX_STACKS = 4
MAX_ROWS = 60
DRAW_FROM_MS, DRAW_TO_MS = -5.0, 40.0
_TONE_ORDER = ("present", "late", "unsure", "absent", "direct")


def site_sections(
    analysis: Analysis, sweeps: Mapping[Site, Epochs], words: Wording
) -> tuple[SiteSection, ...]:
    """Return one section for each site whose sweeps are given."""
    n_panels = sum(len(findings) for site, findings in by_site(analysis) if site in sweeps)
    max_lines = 60 if n_panels <= 12 else 30
    return tuple(
        _section(analysis, site, findings, sweeps[site], words, max_lines)
        for site, findings in by_site(analysis)
        if site in sweeps and findings
    )


def _section(
    analysis: Analysis,
    site: Site,
    findings: list[Finding],
    epochs: Epochs,
    words: Wording,
    max_lines: int,
) -> SiteSection:
    """Draw one site."""
    s = words.sentences
    places = channel_places(analysis)
    drawn = [
        (f, _sweeps(analysis, f, epochs, places[f.channel_index], words))
        for f in sorted(findings, key=lambda f: f.muscle_side not in (f.side, None))
        if places[f.channel_index] in epochs.channels
    ]
    size = WIDE_PANEL_MM if len(drawn) <= 4 else NARROW_PANEL_MM
    panels = tuple(_panel(analysis, f, d, words, size, max_lines) for f, d in drawn)
    events = _events(analysis, epochs)
    shown = sorted(drawn, key=lambda pair: _stack_order(pair[0]))[:MAX_STACKS]
    stacks = tuple(_stack(f, d, words, events) for f, d in shown)
    left_out = _names_without(findings, [f for f, _ in shown], words)
    remarks = [s["stack_note"]]
    n = len(findings[0].stimulus_indices)
    if n > MAX_ROWS:
        remarks.append(s["some_rows"].format(k=min(MAX_ROWS, len(epochs.stimuli)), n=n))
    if left_out:
        remarks.append(s["left_out"].format(muscles=", ".join(left_out)))
    note = s["panel_note"]
    if n > max_lines:
        note += "; " + s["drawn"].format(n=max_lines)
    if unseen := _names_without(findings, [f for f, _ in drawn], words):
        note += "; " + s["left_out"].format(muscles=", ".join(unseen))
    return SiteSection(
        title=site_title(analysis, site, words),
        note=note,
        panels=panels,
        stacks=stacks,
        stack_note="; ".join(remarks),
        events=tuple(f"{letter}  {text}" for _, letter, text in events),
    )


def _names_without(findings: list[Finding], shown: list[Finding], words: Wording) -> list[str]:
    """Return the names of what is not shown."""
    return [muscle_name(f, words) for f in findings if all(f is not g for g in shown)]


def _stack_order(finding: Finding) -> tuple[bool, int]:
    """Return the rank of a channel for stacking: answers first, a silent other side last."""
    silent = finding.role is Role.CONTRALATERAL and finding.verdict is Verdict.ABSENT
    return silent, _TONE_ORDER.index(tone(finding))


def channel_places(analysis: Analysis) -> list[int]:
    """Return for each channel of the responses its place in the recording."""
    free = list(enumerate(analysis.recording.channels))
    places = []
    for channel in analysis.responses.channels:
        found = next(pair for pair in free if _same(pair[1], channel))
        free.remove(found)
        places.append(found[0])
    return places


def _same(a: Channel, b: Channel) -> bool:
    """Whether two channels are one; their meaning may have been changed by a protocol."""
    return (a.label, a.sampling_hz, a.n_samples) == (b.label, b.sampling_hz, b.n_samples)


def site_title(analysis: Analysis, site: Site, words: Wording) -> str:
    """Say what was stimulated, how strongly, how often: the heading of a section."""
    s, stimuli = words.sentences, analysis.stimuli
    chosen = [i for i, at in enumerate(zip(stimuli.site, stimuli.side, strict=True)) if at == site]
    title = s["site_title"].format(
        site=words.branches[site[0] or ""], side=words.sides[site[1] or ""]
    )
    parts = [title, *_pulse(stimuli.intensity_ma[chosen], s["ma"])]
    parts += _pulse(stimuli.width_ms[chosen], s["ms"])
    parts.append(s["n_stimuli"].format(n=len(chosen)))
    gaps = np.diff(stimuli.time_s[chosen])
    if gaps.size and np.median(gaps) > 0:
        parts.append(f"{1 / np.median(gaps):.2g} {s['hz']}")
    return ", ".join(parts)


def _pulse(values: NDArray[np.float64], unit: str) -> list[str]:
    """Return the range of what is known, with its unit; nothing where nothing is."""
    known = values[np.isfinite(values)]
    return [f"{numbers.span(known.min(), known.max())} {unit}"] if known.size else []


def _sweeps(
    analysis: Analysis, finding: Finding, epochs: Epochs, place: int, words: Wording
) -> Sweeps:
    """Return the sweeps of one channel with what is drawn into them."""
    window = analysis.protocol.parameters.detection
    end = max(DRAW_TO_MS, 1.25 * window.window_end_ms)
    keep = (epochs.times_ms >= DRAW_FROM_MS) & (epochs.times_ms <= end)
    k = int(np.flatnonzero(epochs.channels == place)[0])
    blank = epochs.blank_end_ms[:, k]
    direct = finding.role is Role.DIRECT
    return Sweeps(
        times_ms=epochs.times_ms[keep],
        data_uv=epochs.data_uv[:, k, keep],
        state=analysis.responses.state[epochs.stimuli, finding.channel_index],
        numbers=1 + np.searchsorted(finding.stimulus_indices, epochs.stimuli),
        color=muscle_color(finding.muscle),
        window_ms=None if direct else (window.window_start_ms, window.window_end_ms),
        blank_ms=float(np.nanmedian(blank)) if np.isfinite(blank).any() else float("nan"),
        markers=() if direct else _markers(analysis, finding, words),
        direct=direct,
        units=(words.sentences["uv"], words.sentences["mv"], words.sentences["ms"]),
    )


def _markers(
    analysis: Analysis, finding: Finding, words: Wording
) -> tuple[tuple[str, str, float], ...]:
    """Return onset, N, P and end of the sweeps with a response, medians."""
    if finding.verdict is not Verdict.PRESENT:
        return ()
    r, c = analysis.responses, finding.channel_index
    rows = np.array(finding.stimulus_indices, dtype=int)
    rows = rows[r.state[rows, c] == State.PRESENT]
    names = (
        ("onset", words.sentences["onset"], r.onset_ms),
        ("N", "N", r.peak_ms),
        ("P", "P", r.positive_peak_ms),
        ("end", words.sentences["end"], r.end_ms),
    )
    markers = []
    for kind, name, array in names:
        values = array[rows, c]
        if np.isfinite(values).any():
            markers.append((kind, name, float(np.nanmedian(values))))
    return tuple(markers)


def _panel(
    analysis: Analysis,
    finding: Finding,
    sweeps: Sweeps,
    words: Wording,
    size: tuple[float, float],
    max_lines: int,
) -> Panel:
    """Draw the sweeps of one channel over each other."""
    names = words.muscles if size == WIDE_PANEL_MM else words.muscle_short
    return Panel(
        muscle=names[finding.muscle] if finding.muscle else finding.channel,
        side=words.side_letters[finding.muscle_side or ""],
        tone=tone(finding),
        chip=_chip(analysis, finding, words),
        measures=_measures(finding, words),
        figure=superimposed(sweeps, *size, max_lines),
        alt=words.sentences["alt_panel"].format(
            muscle=muscle_name(finding, words), verdict=_chip(analysis, finding, words)
        ),
    )


def _chip(analysis: Analysis, finding: Finding, words: Wording) -> str:
    """Return the answer in a few words, with its sign."""
    if finding.role is Role.DIRECT:
        size, onset = direct_size(analysis, finding)
        if not isfinite(size):
            return f"M: {words.verdicts[finding.verdict]}"
        parts = [f"M {numbers.millivolts(size)} {words.sentences['mv']}"]
        parts += [f"{onset:.1f} {words.sentences['ms']}"] if isfinite(onset) else []
        return " ".join(parts)
    named = finding.verdict is Verdict.PRESENT or (
        finding.verdict is Verdict.INDETERMINATE and finding.label != AMR
    )
    kind = f"{label(finding, words)} " if named else ""
    word = words.verdicts[finding.verdict]
    counted = f" {count(finding)}" if finding.n_valid else ""
    return f"{SYMBOLS[finding.verdict]} {kind}{word}{counted}"


def _measures(finding: Finding, words: Wording) -> str:
    """Return the line below a panel: size, jitter, noise, rejected sweeps."""
    s, parts = words.sentences, []
    if finding.verdict is Verdict.PRESENT and isfinite(finding.amplitude_uv):
        parts.append(f"{finding.amplitude_uv:.0f} {s['uv']}")
    if finding.verdict is Verdict.PRESENT and isfinite(finding.jitter_ms):
        parts.append(f"± {finding.jitter_ms:.2f} {s['ms']}")
    if finding.verdict is Verdict.ABSENT and isfinite(finding.detectable_uv):
        parts.append(s["seen_from"].format(uv=f"{finding.detectable_uv:.0f}"))
    if isfinite(finding.noise_uv):
        parts.append(s["noise"].format(noise=f"{finding.noise_uv:.1f}").rstrip("."))
    rejected = finding.n_stimuli - finding.n_valid
    if rejected > 0:
        parts.append(s["rejected"].format(n=rejected))
    return " · ".join(parts)


def _stack(
    finding: Finding, sweeps: Sweeps, words: Wording, events: tuple[tuple[int, str, str], ...]
) -> Stack:
    """Draw the sweeps of one channel below each other."""
    lines = tuple((before, letter) for before, letter, _ in events)
    return Stack(
        muscle=words.muscle_short[finding.muscle] if finding.muscle else finding.channel,
        side=words.side_letters[finding.muscle_side or ""],
        figure=stacked(sweeps, *STACK_MM, lines, MAX_ROWS),
        alt=words.sentences["alt_stack"].format(muscle=muscle_name(finding, words)),
    )


def _events(analysis: Analysis, epochs: Epochs) -> tuple[tuple[int, str, str], ...]:
    """Return marks that fall between the sweeps of a site: sweeps before, letter, time and text."""
    times = analysis.stimuli.time_s[epochs.stimuli]
    if not times.size:
        return ()
    marks = [
        m
        for m in analysis.recording.marks
        if m.stimulus is None and m.text.strip() and times[0] < m.time_s <= times[-1]
    ]
    return tuple(
        (int(np.searchsorted(times, m.time_s)), letter, f"{m.time_s:.1f} s  {m.text.strip()}")
        for letter, m in zip(ascii_uppercase, marks, strict=False)
    )


def face(analysis: Analysis, words: Wording) -> str:
    """Draw the face: each muscle with the strongest of its answers over all sites."""
    muscles: dict[tuple[Muscle, Side], str] = {}
    for f in analysis.findings:
        side = f.muscle_side or f.side
        if f.muscle is None or side is None:
            continue
        known = muscles.get((f.muscle, side), _TONE_ORDER[-1])
        muscles[f.muscle, side] = min(known, tone(f), key=_TONE_ORDER.index)
    stimulated = []
    for (branch, side), _ in by_site(analysis):
        if branch is not None and side is not None:
            chosen = [
                at == (branch, side)
                for at in zip(analysis.stimuli.site, analysis.stimuli.side, strict=True)
            ]
            current = _pulse(analysis.stimuli.intensity_ma[chosen], words.sentences["ma"])
            name = words.branch_short[branch]
            stimulated.append(StimulatedBranch(branch, side, name, "".join(current)))
    return face_map(stimulated, muscles, words.headings)
