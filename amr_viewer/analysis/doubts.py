"""Say what makes the findings of a recording doubtful as a whole."""

from __future__ import annotations

import numpy as np

from amr_viewer.core.anatomy import FACIAL_BRANCHES, Role
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.responses import Responses

LEAST_SAMPLING_HZ = 5000.0
"""Below this the edges of a response and of the artefact lie between too few samples."""

MOST_UV = 30_000.0
MOST_NOISE_UV = 500.0
"""More than any facial muscle gives, and more noise than any amplifier: a unit stated wrongly."""


def doubts(responses: Responses, findings: tuple[Finding, ...]) -> list[str]:
    """Return warnings about rates, sides, units, and stimulation that nothing verifies.

    Parameters
    ----------
    responses : Responses
    findings : tuple of Finding

    Returns
    -------
    list of str
        One line each.
    """
    return [
        *_slow(responses),
        *_sides(findings),
        *_sizes(findings),
        *_unverified(findings),
    ]


def _slow(responses: Responses) -> list[str]:
    """Name channels that are sampled too slowly for latencies."""
    slow = {c.label: c.sampling_hz for c in responses.channels if c.sampling_hz < LEAST_SAMPLING_HZ}
    if not slow:
        return []
    return [
        f"channel {', '.join(slow)}: sampled at {min(slow.values()):.5g} Hz only; latencies may be "
        f"off by more than a millisecond, record at {LEAST_SAMPLING_HZ:g} Hz or more"
    ]


def _sides(findings: tuple[Finding, ...]) -> list[str]:
    """Name channels whose side was taken to be that of the stimulus."""
    assumed = [
        f.channel
        for f in findings
        if f.role in {Role.DIRECT, Role.LATERAL} and (f.muscle_side is None or f.side is None)
    ]
    if not assumed:
        return []
    return [
        f"channel {', '.join(dict.fromkeys(assumed))}: side of the muscle or of the stimulus "
        "unknown, the two are taken as equal; state it in a protocol"
    ]


def _sizes(findings: tuple[Finding, ...]) -> list[str]:
    """Name channels whose sizes no muscle has."""
    large = {
        f.channel: max(np.nan_to_num(f.amplitude_uv), np.nan_to_num(f.noise_uv))
        for f in findings
        if f.amplitude_uv > MOST_UV or f.noise_uv > MOST_NOISE_UV
    }
    return [
        f"channel {label}: {size:.3g} uV is more than electrodes give; check its unit"
        for label, size in large.items()
    ]


def _unverified(findings: tuple[Finding, ...]) -> list[str]:
    """Name stimulation of which no direct muscle was recorded and that nothing answered."""
    sites = {
        (f.site, f.side) for f in findings if f.role is Role.DIRECT or f.verdict is Verdict.PRESENT
    }
    open_sites = dict.fromkeys(
        (f.site, f.side)
        for f in findings
        if f.site in FACIAL_BRANCHES and (f.site, f.side) not in sites
    )
    return [
        f"{' '.join(w.value for w in (side, site) if w)} stimulation: no muscle of that branch was "
        "recorded, so that nothing shows whether the nerve answered"
        for site, side in open_sites
    ]
