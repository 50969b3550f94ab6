"""What was found for every stimulated branch and channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import nan

from amr_viewer.core.anatomy import Branch, Muscle, Role, Side


class Verdict(StrEnum):
    """The answer for one stimulated branch and channel."""

    PRESENT = "present"
    ABSENT = "absent"
    INDETERMINATE = "indeterminate"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One stimulated branch and side x one channel; NaN: not measurable.

    Attributes
    ----------
    site, side : Branch, Side or None
        What was stimulated.
    channel : str
        Label of the channel as in the file.
    channel_index : int
        Index into `Responses.channels`.
    stimulus_indices : tuple of int
        The stimuli of this site and side.
    n_stimuli, n_valid, n_present : int
    persistence, persistence_low, persistence_high : float
        Fraction of valid sweeps with a response, 95 % Clopper-Pearson interval.
    p_value : float
        Against the sham rate, corrected over all findings but the direct ones (Holm).
    sham_rate : float
        Fraction of sham windows called by the same rule.
    n_sham : int
        Sham windows that the rate rests on.
    verdict : Verdict
    label : str
        What the verdict is about: ``"AMR"``, ``"late response"``, ``"M response"``, ``"reflex"``.
    reason : str
        In words, one or two sentences.
    onset_ms, onset_low_ms, onset_high_ms, jitter_ms : float
        Median with 95 % bootstrap interval; robust spread (1.4826 MAD).
    amplitude_uv, amplitude_low_uv, amplitude_high_uv : float
        Median peak to peak with 95 % bootstrap interval.
    detectable_uv : float
        Peak-to-peak amplitude that would have been seen (the limit that "absent" rests on).
    m_amplitude_uv, m_onset_ms : float
        Direct response of the same site and side (median).
    amr_to_m : float
        Ratio of the medians.
    source : str
        ``"manual"`` where a person decided on a sweep or on the verdict, else ``"auto"``.
    automatic_verdict : Verdict or None
        What the program found, where a person's decisions are in the finding; None elsewhere.
    overruled : bool
        Whether the verdict itself is a person's.
    comment : str
        Why a person put another verdict in the program's place.
    """

    site: Branch | None
    side: Side | None
    channel: str
    channel_index: int
    muscle: Muscle | None
    muscle_side: Side | None
    role: Role
    verdict: Verdict
    label: str
    reason: str
    stimulus_indices: tuple[int, ...] = ()
    n_stimuli: int = 0
    n_valid: int = 0
    n_present: int = 0
    persistence: float = nan
    persistence_low: float = nan
    persistence_high: float = nan
    p_value: float = nan
    sham_rate: float = nan
    n_sham: int = 0
    onset_ms: float = nan
    onset_low_ms: float = nan
    onset_high_ms: float = nan
    jitter_ms: float = nan
    amplitude_uv: float = nan
    amplitude_low_uv: float = nan
    amplitude_high_uv: float = nan
    duration_ms: float = nan
    phases: float = nan
    noise_uv: float = nan
    detectable_uv: float = nan
    m_amplitude_uv: float = nan
    m_onset_ms: float = nan
    amr_to_m: float = nan
    afterdischarge_fraction: float = nan
    source: str = "auto"
    automatic_verdict: Verdict | None = None
    overruled: bool = False
    comment: str = ""
