"""Put the findings of a recording into one word and one sentence."""

from __future__ import annotations

from math import isnan

from amr_viewer.core.anatomy import Role, Side
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.trend import BlockState, Trend

LEAST_BLOCKS = 3
"""Blocks from which a course is told."""


def conclude(
    findings: tuple[Finding, ...], n_stimuli: int, trends: tuple[Trend, ...] = ()
) -> tuple[str, str]:
    """Return the recording's answer and its headline.

    Parameters
    ----------
    findings : tuple of Finding
    n_stimuli : int
    trends : tuple of Trend
        Where a response that was there is not there at the end, the headline says so.

    Returns
    -------
    str
        ``present | absent | indeterminate | not_assessable | no_stimuli``.
    str
        One or two sentences.
    """
    if n_stimuli == 0:
        return "no_stimuli", "No stimuli were found: lateral spread was not tested."
    lateral = [f for f in findings if f.role is Role.LATERAL]
    present = [f for f in lateral if f.verdict is Verdict.PRESENT]
    if present:
        return "present", f"{_present(present, lateral)} {_at_the_end(present, trends)}".strip()
    judged = [f for f in lateral if f.verdict is not Verdict.NOT_ASSESSABLE]
    if judged and all(f.verdict is Verdict.ABSENT for f in judged):
        where = _muscles(judged)
        return "absent", f"No abnormal muscle response found ({where})."
    if judged:
        return "indeterminate", _open(judged)
    late = [f for f in findings if f.role is Role.OTHER and f.verdict is Verdict.PRESENT]
    if late:
        return "not_assessable", (
            f"Late response in {', '.join(f.channel for f in late)}; without the branch "
            "stimulated and the muscle it cannot be identified as an abnormal muscle response."
        )
    return "not_assessable", _not_assessable(findings)


def _present(present: list[Finding], lateral: list[Finding]) -> str:
    """Say where a response is present, side by side."""
    sentences = []
    for side in (Side.LEFT, Side.RIGHT, None):
        here = [f for f in present if f.side is side]
        if not here:
            continue
        where = f" on the {side.value}" if side else ""
        sentences.append(f"Abnormal muscle response present{where}: {_by_site(here)}.")
    for side in (Side.LEFT, Side.RIGHT):
        tested = [f for f in lateral if f.side is side]
        if tested and all(f.verdict is Verdict.ABSENT for f in tested):
            sentences.append(f"Not found on the {side.value}.")
    return " ".join(sentences)


def _at_the_end(present: list[Finding], trends: tuple[Trend, ...]) -> str:
    """Say which responses were gone or smaller at the end, empty if none was."""
    ends = []
    for f in present:
        key = (f.site, f.side, f.channel_index)
        trend = next((t for t in trends if (t.site, t.side, t.channel_index) == key), None)
        known = [s for s in trend.state if s is not BlockState.CANNOT_SAY] if trend else []
        if len(known) >= LEAST_BLOCKS and known[-1] in (BlockState.ABSENT, BlockState.REDUCED):
            ends.append((known[-1], f))
    words = []
    for state in (BlockState.ABSENT, BlockState.REDUCED):
        names = [_name(f) for s, f in ends if s is state]
        if names:
            words.append(f"{state.value} in {_list(list(dict.fromkeys(names)))}")
    return f"At the end of the recording {', '.join(words)}." if words else ""


def _by_site(findings: list[Finding]) -> str:
    """List muscles by the branch stimulated, each with its numbers."""
    parts = []
    for site in dict.fromkeys(f.site for f in findings):
        here = [f for f in findings if f.site is site]
        names = [_name(f) for f in here]
        words = _list(
            [
                f"{f.channel if names.count(name) > 1 else name} {_numbers(f)}"
                for f, name in zip(here, names, strict=True)
            ]
        )
        parts.append(f"{words} on {site.value if site else 'unknown'} stimulation")
    return "; ".join(parts)


def _name(finding: Finding) -> str:
    """Name the muscle, or the channel where it is unknown."""
    return finding.muscle.title if finding.muscle else finding.channel


def _numbers(finding: Finding) -> str:
    """Give count, onset and amplitude."""
    parts = [f"{finding.n_present}/{finding.n_valid}"]
    if not isnan(finding.onset_ms):
        parts.append(f"{finding.onset_ms:.1f} ms")
    if not isnan(finding.amplitude_uv):
        parts.append(f"{finding.amplitude_uv:.0f} µV")
    return f"({', '.join(parts)})"


def _list(words: list[str]) -> str:
    """Join words with commas and a last 'and'."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _muscles(findings: list[Finding]) -> str:
    """Say which muscles were tested on which stimulation."""
    parts = []
    for key in dict.fromkeys((f.side, f.site) for f in findings):
        here = [f for f in findings if (f.side, f.site) == key]
        side = f"{key[0].value} " if key[0] else ""
        site = key[1].value if key[1] else "unknown"
        parts.append(f"{side}{site} stimulation: {_list([_name(f) for f in here])}")
    return "; ".join(parts)


def _open(judged: list[Finding]) -> str:
    """Say what stays open."""
    reflexes = [f for f in judged if f.label == "reflex"]
    if reflexes:
        names = _list([_name(f) for f in reflexes])
        return (
            f"Responses on both sides ({names}): an abnormal muscle response cannot be told apart "
            "from a reflex."
        )
    names = _list(list(dict.fromkeys(
        _name(f) for f in judged if f.verdict is Verdict.INDETERMINATE
    )))  # fmt: skip
    return f"It cannot be said whether an abnormal muscle response is present ({names})."


def _not_assessable(findings: tuple[Finding, ...]) -> str:
    """Say why nothing could be judged."""
    if any(f.role is Role.OTHER for f in findings):
        return (
            "Lateral spread could not be assessed: the branch stimulated or the muscles are "
            "unknown. No late response was found."
        )
    if not any(f.role is Role.LATERAL for f in findings):
        return (
            "Lateral spread could not be assessed: no muscle of another branch was recorded on the "
            "side stimulated."
        )
    return "Lateral spread could not be assessed: no muscle of another branch gave valid sweeps."
