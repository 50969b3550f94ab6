"""A block in words: for the status bar, tips and the screen reader."""

from __future__ import annotations

from math import isfinite

from amr_viewer.core.anatomy import Role
from amr_viewer.core.trend import BlockState
from amr_viewer.gui.plot.scale import clock, tick_label
from amr_viewer.gui.plot.state_sign import Sign
from amr_viewer.gui.trend.picture import Course

STATE_WORDS = {
    BlockState.PRESENT: "present",
    BlockState.REDUCED: "reduced",
    BlockState.ABSENT: "absent",
    BlockState.CANNOT_SAY: "cannot say",
}
STATE_SIGNS = {
    BlockState.PRESENT: Sign.FULL,
    BlockState.REDUCED: Sign.HALF,
    BlockState.ABSENT: Sign.HOLLOW,
    BlockState.CANNOT_SAY: Sign.HATCHED,
}


def block_time(course: Course, block: int) -> str:
    """Return from when to when a block lasts."""
    start, end = course.trend.start_s[block], course.trend.end_s[block]
    return f"{clock(float(start))}–{clock(float(end))}"


def block_words(course: Course, block: int) -> str:
    """Return every number of a block in one line.

    Parameters
    ----------
    course : Course
    block : int
        From 0; people count from 1.
    """
    t = course.trend
    parts = [f"{course.full_name}, block {block + 1} of {len(t)}, {block_time(course, block)}"]
    if t.role is Role.DIRECT:
        parts.append(f"direct response, {t.n_valid[block]} valid sweeps")
    else:
        parts.append(f"{STATE_WORDS[t.state[block]]}: {_persistence(course, block)}")
        parts += _response(course, block)
    if isfinite(t.m_amplitude_uv[block]):
        parts.append(f"M {_number(t.m_amplitude_uv[block])} µV")
    if block == t.baseline_block:
        parts.append("baseline of this branch, by hand" if t.baseline_is_own else "baseline")
    return "; ".join(parts)


def _persistence(course: Course, block: int) -> str:
    """Return count and persistence with its interval."""
    t = course.trend
    counted = f"{t.n_present[block]} of {t.n_valid[block]} valid sweeps"
    if not isfinite(t.persistence[block]):
        return counted
    percent, low, high = (
        100 * float(x[block]) for x in (t.persistence, t.persistence_low, t.persistence_high)
    )
    return f"{counted} ({percent:.0f} %, 95 % interval {low:.0f}–{high:.0f} %)"


def _response(course: Course, block: int) -> list[str]:
    """Return amplitude and onset of a block with a response."""
    t, parts = course.trend, []
    amplitude = float(t.amplitude_uv[block])
    if isfinite(amplitude):
        text = f"{_number(amplitude)} µV"
        if isfinite(t.amplitude_low_uv[block]):
            low, high = (
                _number(float(x[block])) for x in (t.amplitude_low_uv, t.amplitude_high_uv)
            )
            text += f" ({low}–{high})"
        if isfinite(t.amplitude_percent[block]):
            text += f", {t.amplitude_percent[block]:.0f} % of baseline"
        parts.append(text)
    if isfinite(t.onset_ms[block]):
        text = f"onset {t.onset_ms[block]:.1f} ms"
        if isfinite(t.onset_shift_ms[block]):
            text += f" ({_signed(float(t.onset_shift_ms[block]))} ms)"
        parts.append(text)
    return parts


def _number(value: float) -> str:
    """Return a voltage with three digits that count."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _signed(value: float) -> str:
    """Return a difference with its sign."""
    text = f"{value:+.2f}"
    return tick_label(0.0) if float(text) == 0 else text.replace("-", "−")
