"""The named scenarios: what each shows and which settings make it."""

from __future__ import annotations

from typing import Any

from amr_viewer.core.anatomy import Branch, Muscle
from amr_viewer.errors import ParameterError
from amr_viewer.simulate.free_running_kinds import FREE_RUNNING
from amr_viewer.simulate.scenario import FACE_BOTH, FACE_LEFT, L, R, Scenario

NO_AMR: dict[str, Any] = {"amr_uv": 0.0}
ZYG_L, MAN_L = (Branch.ZYGOMATIC, L), (Branch.MANDIBULAR, L)
ZYG_R, MAN_R = (Branch.ZYGOMATIC, R), (Branch.MANDIBULAR, R)

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "clear": ("AMR of 100 uV after every stimulus", {}),
    "weak": ("AMR of 4.5-9 x noise RMS, peak to peak", {"amr_uv": 40.0, "amr_persistence": 0.9}),
    "intermittent": ("AMR after 35 % of the stimuli", {"amr_uv": 70.0, "amr_persistence": 0.35}),
    "vanishing": (
        "AMR until the middle of the recording",
        {"course": ((0.0, 1.0, 1.0), (0.5, 0.0, 1.0)), "n_stimuli": 60},
    ),
    "reappearing": (
        "AMR that goes and comes back smaller",
        {"course": ((0.0, 1.0, 1.0), (0.35, 0.0, 1.0), (0.7, 0.8, 0.5)), "n_stimuli": 60},
    ),
    "none": ("healthy: direct responses only", NO_AMR),
    "volume_conduction": (
        "no AMR; 15 % of the direct response reaches the other muscles",
        {**NO_AMR, "vc_fraction": 0.15},
    ),
    "on_m_tail": (
        "AMR that rides on the end of the volume-conducted direct response",
        {"vc_fraction": 0.08, "amr_onset_ms": 7.8, "amr_uv": 120.0},
    ),
    "early": ("AMR from 7 ms on", {"amr_onset_ms": 7.0}),
    "late": (
        "AMR at 18 ms, as after facial palsy",
        {"amr_onset_ms": 18.0, "amr_uv": 70.0, "m_uv": 800.0},
    ),
    "needle": (
        "needle electrodes: short potentials, many phases",
        {"electrodes": "needle", "amr_units": 5, "amr_uv": 250.0, "amr_dispersion_ms": 4.0},
    ),
    "polyphasic": (
        "dispersed response of many phases with 0.6 ms jitter",
        {"amr_dispersion_ms": 6.0, "amr_units": 12, "amr_jitter_ms": 0.6},
    ),
    "afterdischarge": ("AMR followed by afterdischarges", {"afterdischarge": 0.7}),
    "artefact_tails": (
        "no AMR; artefact tails with time constants up to 6 ms",
        {**NO_AMR, "artefact_uv": 5000.0, "tail_fraction": 0.2, "tail_ms": 2.0},
    ),
    "saturation": (
        "no AMR; the amplifier saturates and rings",
        {**NO_AMR, "artefact_uv": 12000.0, "saturation_uv": 5000.0, "ringing_uv": 300.0},
    ),
    "alternating_polarity": (
        "clear AMR, polarity alternates",
        {"alternating": True, "tail_ms": 1.5},
    ),
    "voluntary": ("no AMR; voluntary EMG", {**NO_AMR, "voluntary_uv": 20.0}),
    "clonic": ("no AMR; clonic spasm bursts, not time-locked", {**NO_AMR, "clonic_uv": 150.0}),
    "tonic": ("no AMR; a tonic spasm", {**NO_AMR, "tonic_uv": 80.0}),
    "reflex": (
        "no AMR; R1- and R2-like reflexes on both sides",
        {**NO_AMR, "r1_uv": 100.0, "r2_uv": 60.0},
    ),
    "f_wave": ("no AMR; F-waves in the direct muscle", {**NO_AMR, "f_wave_uv": 80.0}),
    "failed": ("clear AMR; 20 % of the stimuli fail", {"failed": 0.2}),
    "ramp": ("the current rises from 2 mA", {"ramp_from_ma": 2.0, "n_stimuli": 40}),
    "heart": ("no AMR; ECG in all channels", {**NO_AMR, "ecg_uv": 60.0}),
    "pops": ("no AMR; electrode pops", {**NO_AMR, "pops_per_min": 40.0}),
    "mains_locked": (
        "no AMR; mains, and a stimulus rate that divides it",
        {**NO_AMR, "mains_uv": 25.0, "mains_locked": True, "rate_hz": 2.5},
    ),
    "unrest": (
        "no AMR; noise with heavy tails and drift",
        {**NO_AMR, "heavy_tail": 0.6, "drift_uv": 150.0},
    ),
    "electrode_off": (
        "clear AMR; the mentalis electrode is off",
        {"electrode_off": Muscle.MENTALIS},
    ),
    "doubled": ("clear AMR; 30 % of the markers are written twice", {"doubled": 0.3}),
    "missing": ("clear AMR; 20 % of the stimuli have no marker", {"missing": 0.2}),
    "ttl": ("clear AMR; stimuli on a TTL channel only", {"markers": "ttl"}),
    "unmarked": ("clear AMR; nothing marks the stimuli", {"markers": "none"}),
    "both_sides": (
        "left AMR; two branches of both sides are stimulated, one after the other",
        {"montage": FACE_BOTH, "sites": (ZYG_L, MAN_L, ZYG_R, MAN_R), "n_stimuli": 80},
    ),
    "alternating_sites": (
        "left AMR; two branches are stimulated in turn",
        {"sites": (ZYG_L, MAN_L), "order": "alternating", "n_stimuli": 60},
    ),
    "sweeps": (
        "clear AMR; only sweeps are stored, as in theatre (EDF+D)",
        {"sweep_ms": 120.0, "montage": FACE_LEFT},
    ),
    "slow": ("clear AMR at 5 kHz", {"sampling_hz": 5000.0, "low_pass_hz": 2000.0}),
}


def kinds() -> dict[str, str]:
    """Return the kinds of recordings that `make` knows, with one line on each.

    Examples
    --------
    >>> kinds()["none"]
    'healthy: direct responses only'
    """
    return evoked_kinds() | free_running_kinds()


def evoked_kinds() -> dict[str, str]:
    """Return the kinds with stimuli."""
    return {name: text for name, (text, _) in KINDS.items()}


def free_running_kinds() -> dict[str, str]:
    """Return the kinds without stimuli: what the muscles do on their own or on command."""
    return {name: kind.text for name, kind in FREE_RUNNING.items()}


def scenario_of(kind: str, **settings: Any) -> Scenario:
    """Return the settings of a kind, some of them replaced.

    Raises
    ------
    ParameterError
        The kind or a setting is unknown, or a value is not allowed.
    """
    if kind not in KINDS:
        raise ParameterError(f"{kind}: no such kind of simulation; known are {', '.join(kinds())}")
    return Scenario().replaced(**{**KINDS[kind][1], **settings})
