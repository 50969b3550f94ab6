"""The course over the session: which muscles are drawn, and the changes of state in words."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from math import isfinite
from string import ascii_uppercase

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.recording import Mark
from amr_viewer.core.trend import SEEN, BlockState, Trend
from amr_viewer.report import numbers
from amr_viewer.report.canvas import muscle_color
from amr_viewer.report.model import ChangeRow, Course, CoursePanel, Field
from amr_viewer.report.names import site_name
from amr_viewer.report.trend_figures import CourseDrawing, course_figure
from amr_viewer.report.wording import Wording

LEAST_BLOCKS = 3
MOST_CHANGES = 12
FIGURE_MM = (176.0, 52.0)
MARGIN = 0.015
"""Part of the time that is drawn before the first and after the last stimulus."""

TONES = {
    BlockState.PRESENT: "present",
    BlockState.REDUCED: "late",
    BlockState.ABSENT: "absent",
    BlockState.CANNOT_SAY: "unsure",
}
SIGNS = {
    BlockState.PRESENT: "●",
    BlockState.REDUCED: "▼",
    BlockState.ABSENT: "○",
    BlockState.CANNOT_SAY: "◐",
}

Lettered = tuple[tuple[str, Mark], ...]


def course(analysis: Analysis, words: Wording) -> Course:
    """Return the course of every muscle with a response or a change in three blocks or more.

    Empty where a recording is too short for a course.
    """
    shown = tuple(t for t in analysis.trends if _tells(t))
    if not shown:
        return Course("", (), (), "", ())
    start, end = min(t.start_s[0] for t in shown), max(t.end_s[-1] for t in shown)
    marks = _lettered(analysis, float(start), float(end))
    margin = MARGIN * (end - start)
    span = (max(0.0, float(start - margin)), float(end + margin))
    rows = _without_repeats([r for t in shown for r in _changes(t, marks, words)])
    s = words.course
    p = analysis.protocol.parameters.trend
    more = sum(max(0, len(t.changes()) - MOST_CHANGES) for t in shown)
    return Course(
        note=s["note"].format(n=p.block_size, percent=f"{100 * p.reduced_fraction:.0f}"),
        panels=tuple(_panel(t, span, marks, p.reduced_fraction, words) for t in shown),
        changes=rows,
        remark=s["more"].format(n=more) if more else "" if rows else s["no_changes"],
        events=tuple(f"{x}  {clock(m.time_s)}  {m.text.strip()}" for x, m in marks),
    )


def closing(analysis: Analysis, words: Wording) -> tuple[Field, ...]:
    """Return the line of the conclusion that says how the muscles with a course end."""
    items = [f"{_name(t, words)} {_ending(t, words)}" for t in analysis.trends if _tells(t)]
    return (Field(words.course["at_end_row"], ", ".join(items)),) if items else ()


def clock(time_s: float) -> str:
    """Return a time from the start of the recording.

    Examples
    --------
    >>> clock(75.4), clock(3725.0)
    ('1:15', '1:02:05')
    """
    minutes, seconds = divmod(int(time_s + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _tells(trend: Trend) -> bool:
    """Whether a course is worth a drawing."""
    long = trend.role is not Role.DIRECT and len(trend) >= LEAST_BLOCKS
    return long and (bool(SEEN & set(trend.state)) or bool(trend.changes()))


def _lettered(analysis: Analysis, start_s: float, end_s: float) -> Lettered:
    """Return what happened between the first and the last stimulus, with letters."""
    marks = [
        m
        for m in analysis.recording.marks
        if m.stimulus is None and m.text.strip() and start_s < m.time_s <= end_s
    ]
    return tuple(zip(ascii_uppercase, marks, strict=False))


def _name(trend: Trend, words: Wording) -> str:
    """Name the muscle of a course with the letter of its side."""
    if trend.muscle is None:
        return trend.channel
    return (
        f"{words.muscle_short[trend.muscle]} {words.side_letters[trend.muscle_side or '']}".strip()
    )


def _panel(
    trend: Trend,
    span_s: tuple[float, float],
    marks: Lettered,
    reduced_fraction: float,
    words: Wording,
) -> CoursePanel:
    """Draw one course."""
    s = words.course
    drawing = CourseDrawing(
        trend=trend,
        color=muscle_color(trend.muscle),
        span_s=span_s,
        marks=tuple((m.time_s, letter) for letter, m in marks),
        reduced_fraction=reduced_fraction,
        names=(s["persistence"], s["amplitude"], s["min"], s["s"]),
        states={state: s[state.value] for state in BlockState},
    )
    last = trend.state[-1]
    runs = [state for state, _ in groupby(trend.state)]
    return CoursePanel(
        muscle=_name(trend, words),
        site=site_name((trend.site, trend.side), words),
        tone=TONES[last],
        chip=f"{s['at_end']}: {_ending(trend, words)}",
        measures=_measures(trend, words),
        figure=course_figure(drawing, *FIGURE_MM),
        alt=s["alt"].format(muscle=_name(trend, words), states=", ".join(s[x.value] for x in runs)),
    )


def _ending(trend: Trend, words: Wording) -> str:
    """Return the state of the last block, with its count."""
    last = trend.state[-1]
    return f"{SIGNS[last]} {words.course[last.value]} {_count(trend, len(trend) - 1)}"


def _count(trend: Trend, block: int) -> str:
    """Return how many of the valid sweeps of a block answer."""
    return f"{trend.n_present[block]}/{trend.n_valid[block]}"


def _measures(trend: Trend, words: Wording) -> str:
    """Say what the baseline was, and how large M is at the end against it."""
    s, base = words.course, trend.baseline_block
    if base < 0:
        return s["no_baseline"]
    which = "baseline_own" if trend.baseline_is_own else "baseline"
    parts = [
        s[which].format(
            block=base + 1, count=_count(trend, base), uv=f"{trend.amplitude_uv[base]:.0f}"
        )
    ]
    m = float(trend.m_amplitude_uv[-1] / trend.m_amplitude_uv[base])
    if isfinite(m):
        parts.append(s["m_end"].format(percent=f"{100 * m:.0f}"))
    return " · ".join(parts)


def _changes(trend: Trend, marks: Lettered, words: Wording) -> list[ChangeRow]:
    """Return the changes of state of one course."""
    rows = []
    for before, after in trend.changes()[:MOST_CHANGES]:
        start, end = float(trend.end_s[before]), float(trend.start_s[after])
        between = [f"{letter} {m.text.strip()}" for letter, m in marks if start < m.time_s <= end]
        state = trend.state[after]
        rows.append(
            ChangeRow(
                muscle=_name(trend, words),
                site=site_name((trend.site, trend.side), words),
                tone=TONES[state],
                symbol=SIGNS[state],
                change=words.course[_kind(trend, before, after)],
                between=f"{clock(start)}–{clock(end)}",
                before=_measured(trend, before, words),
                after=_measured(trend, after, words),
                marks=", ".join(between),
            )
        )
    return rows


def _without_repeats(rows: list[ChangeRow]) -> tuple[ChangeRow, ...]:
    """Leave out names that repeat the line above."""
    out = []
    last = ("", "")
    for row in rows:
        name = (row.site, row.muscle)
        same = name == last
        site = "" if row.site == last[0] else row.site
        out.append(replace(row, site=site, muscle="" if same else row.muscle))
        last = name
    return tuple(out)


def _kind(trend: Trend, before: int, after: int) -> str:
    """Return what kind of change it is."""
    was, now = trend.state[before], trend.state[after]
    if now is BlockState.ABSENT:
        return "vanished"
    if was is not BlockState.ABSENT:
        return "fell" if now is BlockState.REDUCED else "recovered"
    again = bool(SEEN & set(trend.state[:before]))
    if not again:
        return "appeared"
    return "back_reduced" if now is BlockState.REDUCED else "reappeared"


def _measured(trend: Trend, block: int, words: Wording) -> str:
    """Return count and amplitude of a block."""
    uv, percent = float(trend.amplitude_uv[block]), float(trend.amplitude_percent[block])
    parts = [_count(trend, block)]
    if isfinite(uv):
        parts.append(f"{uv:.0f} {words.sentences['uv']}")
    if isfinite(percent):
        parts.append(numbers.percent(percent / 100.0, 0))
    return ", ".join(parts)
