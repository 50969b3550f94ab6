"""What the Sweeps view says in words; the wording of answers is that of the report."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.responses import REJECTION_WORDS, Rejection, State
from amr_viewer.core.trend import BlockState
from amr_viewer.gui.document import Block, Document, Stage
from amr_viewer.gui.plot.scale import clock
from amr_viewer.gui.sweeps.panels import MARKER_NAMES, Panel
from amr_viewer.report import numbers
from amr_viewer.report.names import count, tone, verdict_words
from amr_viewer.report.sentences import meaning
from amr_viewer.report.wording import EN

ADVICE = " Clinical correlation is recommended."
BLOCK_WORDS = {
    BlockState.PRESENT: "present",
    BlockState.REDUCED: "reduced",
    BlockState.ABSENT: "absent",
    BlockState.CANNOT_SAY: "cannot say",
}
BLOCK_TONES = {
    BlockState.PRESENT: "present",
    BlockState.REDUCED: "present",
    BlockState.ABSENT: "absent",
    BlockState.CANNOT_SAY: "unsure",
}
SHORTER = {
    "Lateral spread as can": "As can",
    "it may also occur after facial palsy": "also after facial palsy",
}
"""The report's sentence in the few words that a strip above the sweeps has room for."""


def microvolts(value_uv: float) -> str:
    """Return a voltage with its unit, in mV from 1000 uV.

    Examples
    --------
    >>> microvolts(182.4), microvolts(-3.21), microvolts(1873.0)
    ('182 µV', '−3.2 µV', '1.9 mV')
    """
    if abs(value_uv) >= 999.5:
        text = f"{value_uv / 1e3:.1f} mV"
    else:
        text = f"{value_uv:.{1 if abs(value_uv) < 9.95 else 0}f} µV"
    return text.replace("-", "−")


def gain_words(gain_uv: float) -> str:
    """Return a sensitivity: ``50 µV/div``, ``0.5 mV/div``."""
    return f"{gain_uv / 1e3:g} mV/div" if gain_uv >= 500 else f"{gain_uv:g} µV/div"


def muscle_words(finding: Finding) -> tuple[str, str]:
    """Return the name of a panel, and its side and role."""
    name = EN.muscles[finding.muscle] if finding.muscle else finding.channel
    role = "" if finding.role is Role.OTHER else finding.role.value
    side = finding.muscle_side.value if finding.muscle_side else ""
    return name, ", ".join(part for part in (side, role) if part)


def chip_words(finding: Finding) -> tuple[str, str]:
    """Return tone and words of a panel's verdict."""
    if finding.role is Role.DIRECT:
        if isfinite(finding.m_amplitude_uv):
            return "direct", f"M {microvolts(finding.m_amplitude_uv)}"
        return "unsure", "M not measured"
    words = verdict_words(finding, EN)
    if finding.verdict is Verdict.PRESENT and finding.label == "AMR":
        words = f"AMR {words}"
    counted = f" {count(finding)}" if finding.n_valid else ""
    return tone(finding), words + counted


def panel_chip_words(panel: Panel) -> tuple[str, str]:
    """Return tone and words of a panel's verdict, or of what its block says."""
    if not panel.is_block:
        return chip_words(panel.finding)
    if panel.is_direct:
        sizes = panel.responses.m_amplitude_uv[panel.stimuli, panel.channel]
        known = sizes[np.isfinite(sizes)]
        words = f"M {microvolts(float(np.median(known)))}" if len(known) else "M not measured"
        return "direct", f"block: {words}"
    counted = block_count(panel)
    if panel.block_state is None:
        return "direct", f"block: {counted}"
    return BLOCK_TONES[panel.block_state], f"block: {BLOCK_WORDS[panel.block_state]} {counted}"


def block_count(panel: Panel) -> str:
    """Return how many of the valid sweeps that are shown carry a response."""
    valid = int(np.sum(panel.state != State.REJECTED))
    return f"{int(np.sum(panel.state == State.PRESENT))}/{valid}"


def block_title(panels: Sequence[Panel], block: Block) -> str:
    """Return which block is shown: ``Block 3 of 20: stimuli 21–30 of 200, 0:45–1:05``."""
    panel = panels[0]
    first, n = panel.before + 1, len(panel.stimuli)
    times = panel.responses.stimuli.time_s[panel.stimuli[[0, -1]]]
    when = "–".join(clock(float(t)) for t in times)
    return (
        f"Block {block.number + 1} of {len(block.firsts)}: stimuli {first}–{first + n - 1} of "
        f"{len(panel.run)}, {when}"
    )


def missing_words(document: Document | None, *, has_panels: bool) -> str:
    """Return why there are no sweeps, and what to do; empty where there are some."""
    if document is None:
        return "Drop a recording here, or open one, to see its sweeps."
    if document.analysis is None:
        if document.stage is Stage.FAILED:
            return f"No sweeps: {document.fault}."
        return "The sweeps appear when the analysis is done."
    if not len(document.analysis.stimuli):
        return (
            "No stimuli were found: there are no sweeps. Say in the assignment table which "
            "markers or which trigger channel tell of stimuli."
        )
    return "" if has_panels else "No EMG channel of this recording could be analyzed."


def headline_words(analysis: Analysis) -> tuple[str, str, str, str]:
    """Return the answer: its tone, what is strong, the rest, and the line below."""
    strong, colon, rest = analysis.headline.partition(":")
    if not colon or "(" in strong:
        mark = " (" if "(" in strong else ". "
        strong, colon, rest = analysis.headline.partition(mark)
        rest, colon = (f"({rest}", "") if mark == " (" else (rest, colon.strip())
    means = meaning(analysis, EN).replace(ADVICE, "")
    for long, short in SHORTER.items():
        means = means.replace(long, short)
    parts = [means, _chance(analysis), _other(analysis)]
    muted = " ".join(part for part in parts if part)
    tone_of = analysis.amr if analysis.amr in ("present", "absent") else "unsure"
    return tone_of, strong + colon, rest.strip(), muted


def _chance(analysis: Analysis) -> str:
    """Say how sure the answer is against sham windows."""
    own = (Role.LATERAL, Role.OTHER)
    tested = [f for f in analysis.findings if f.role in own and isfinite(f.p_value)]
    if not tested:
        return ""
    n = sum(f.n_sham for f in tested)
    present = [f.p_value for f in tested if f.verdict is Verdict.PRESENT]
    p = max(present) if present else min(f.p_value for f in tested)
    lead = "p" if present else "Smallest p"
    if not n:
        return f"{lead} {numbers.p_value(p)}; no room for sham windows, 5 % assumed by chance."
    rate = sum(f.sham_rate * f.n_sham for f in tested if f.n_sham) / n
    return f"{lead} {numbers.p_value(p)} against sham windows ({numbers.percent(rate)})."


def _other(analysis: Analysis) -> str:
    """Say what the other side did."""
    other = [f for f in analysis.findings if f.role is Role.CONTRALATERAL]
    if not other:
        return ""
    found = sum(f.verdict is Verdict.PRESENT for f in other)
    silent = sum(f.verdict is Verdict.ABSENT for f in other)
    if silent == len(other):
        return "Other side: none."
    if found:
        return f"Other side: response in {found} of {len(other)} pairs."
    return f"Other side: none in {silent} of {len(other)} pairs, the rest cannot be said."


def state_words(panel: Panel, row: int) -> str:
    """Return the state of a sweep and who says so."""
    state, reason = State(int(panel.state[row])), Rejection(int(panel.rejection[row]))
    if state is State.REJECTED:
        words = "unsure" if reason is Rejection.UNSURE else f"rejected: {REJECTION_WORDS[reason]}"
        if reason is Rejection.MANUAL:
            words = "rejected"
    elif panel.is_direct:
        words = "M present" if state is State.PRESENT else "no M"
    else:
        words = "response present" if state is State.PRESENT else "response absent"
    return f"{words} (by hand)" if panel.manual[row] else words


def sweep_words(panel: Panel, row: int, *, where: bool) -> str:
    """Return a sweep's number, time, current, state, probability, onset and amplitude."""
    stimulus, c = int(panel.stimuli[row]), panel.channel
    r, s = panel.responses, panel.responses.stimuli
    parts = []
    if where:
        number = panel.before + row + 1
        parts = [f"Sweep {number} of {len(panel.run)}", clock(float(s.time_s[stimulus]), 3)]
        if isfinite(s.intensity_ma[stimulus]):
            parts.append(f"{s.intensity_ma[stimulus]:g} mA")
    parts.append(state_words(panel, row))
    probability = float(r.probability[stimulus, c])
    if isfinite(probability) and not panel.is_direct:
        parts.append(f"probability {_probability(probability)}")
    onset, size = float(r.onset_ms[stimulus, c]), float(r.amplitude_uv[stimulus, c])
    if isfinite(onset):
        parts.append(f"onset {onset:.2f} ms")
    if isfinite(size):
        parts.append(microvolts(size))
    return " · ".join(parts)


def short_sweep_words(panel: Panel, row: int) -> str:
    """Return what matters most of a sweep in as few words as can be."""
    stimulus, c, r = int(panel.stimuli[row]), panel.channel, panel.responses
    words = state_words(panel, row).split(":")[0].replace("response ", "")
    parts = [f"{panel.before + row + 1}", words.replace(" (by hand)", ", by hand")]
    if isfinite(r.onset_ms[stimulus, c]):
        parts.append(f"{float(r.onset_ms[stimulus, c]):.2f} ms")
    if isfinite(r.amplitude_uv[stimulus, c]):
        parts.append(microvolts(float(r.amplitude_uv[stimulus, c])))
    return " · ".join(parts)


def _probability(p: float) -> str:
    """Return a probability without pretending that it is 0 or 1."""
    if p > 0.999:
        return "> 0.999"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def run_words(panel: Panel) -> str:
    """Return the medians of a run, or of a block of it, in one line."""
    if panel.is_block:
        return " · ".join(_block_parts(panel))
    f = panel.finding
    n_manual = int(panel.manual.sum())
    parts = []
    if panel.is_direct:
        if isfinite(f.m_onset_ms):
            parts.append(f"M onset {f.m_onset_ms:.1f} ms")
        parts.append(f"{len(panel.stimuli)} sweeps")
    elif isfinite(f.onset_ms):
        parts.append(f"onset {numbers.interval(f.onset_ms, f.onset_low_ms, f.onset_high_ms, 1)} ms")
        if isfinite(f.jitter_ms):
            parts.append(f"jitter {f.jitter_ms:.2f} ms")
        parts.append(microvolts(f.amplitude_uv))
    elif isfinite(f.detectable_uv):
        parts.append(f"seen from {microvolts(f.detectable_uv)} peak to peak")
    rejected = int(np.sum(panel.state == State.REJECTED))
    if rejected:
        parts.append(f"{rejected} not counted")
    if n_manual:
        parts.append(f"{n_manual} by hand")
    return " · ".join(parts)


def run_wordings(panel: Panel) -> list[str]:
    """Return the same, and shorter for narrow cards."""
    if not panel.is_block:
        return [run_words(panel)]
    parts = _block_parts(panel)
    short = [part.replace("block: ", "").replace("median ", "") for part in parts]
    return [" · ".join(parts), " · ".join(short), " · ".join(short[:2])]


def _block_parts(panel: Panel) -> list[str]:
    """Return count and medians of the sweeps of a block."""
    onset, size = panel.typical["onset_ms"], panel.typical["amplitude_uv"]
    counted = f"{len(panel.stimuli)} sweeps" if panel.is_direct else block_count(panel)
    parts = [f"block: {counted}"]
    if isfinite(onset):
        parts.append(f"median onset {onset:.1f} ms")
    if isfinite(size):
        parts.append(microvolts(size))
    rejected, n_manual = int(np.sum(panel.state == State.REJECTED)), int(panel.manual.sum())
    if rejected:
        parts.append(f"{rejected} not counted")
    if n_manual:
        parts.append(f"{n_manual} by hand")
    return parts


def why_words(panel: Panel) -> str:
    """Return what the sweeps' verdict rests on, in one line."""
    e, f = panel.evidence, panel.finding
    if panel.is_direct:
        return "Direct muscle: M is measured, not tested against sham windows."
    if e is None:
        return "The evidence of this run is not known."
    if e.off:
        return f"Not judged: {e.off}."
    if e.n_shams:
        rate = numbers.percent(e.n_shams_called / e.n_shams)
        words = f"Sham windows called {e.n_shams_called} of {e.n_shams} ({rate}); "
    else:
        words = "No room for sham windows: 5 % assumed by chance; "
    if panel.is_block:
        present, valid = block_count(panel).split("/")
        return f"{words}sweeps of this block {present} of {valid}."
    words += f"sweeps {f.n_present} of {f.n_valid}"
    # No line break within the p-value.
    p = f"; p {numbers.p_value(f.p_value)}".replace(" ", "\u00a0")
    return words + (p.replace(";\u00a0", "; ") if isfinite(f.p_value) else "") + "."


def marker_words(marker: str, at_ms: float) -> str:
    """Return a marker's name and time, as it stands beside its line."""
    name = MARKER_NAMES[marker]
    if not isfinite(at_ms):
        return name
    return (
        f"{name} {at_ms:.1f} ms"
        if marker == "onset_ms"
        else (f"{name} {at_ms:.1f}" if marker == "end_ms" else name)
    )
