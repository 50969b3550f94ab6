"""Analyses made by hand, with sweeps to match, so that reports are tested without a detector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Muscle, Role, Side, role_of
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import (
    Channel,
    ChannelKind,
    Mark,
    Recording,
    Segment,
    StimulusSource,
)
from amr_viewer.core.responses import Responses, State
from amr_viewer.core.stimuli import Stimuli

Site = tuple[Branch | None, Side | None]
Pair = tuple[Branch | None, Side | None, str]

FOUR_MUSCLES = (
    ("EMG L_Mentalis", Muscle.MENTALIS, Side.LEFT),
    ("EMG L_OrbOris", Muscle.ORBICULARIS_ORIS, Side.LEFT),
    ("EMG L_Frontalis", Muscle.FRONTALIS, Side.LEFT),
    ("EMG L_OrbOculi", Muscle.ORBICULARIS_OCULI, Side.LEFT),
)
BOTH_SIDES = FOUR_MUSCLES + tuple(
    (label.replace("L_", "R_"), muscle, Side.RIGHT) for label, muscle, _ in FOUR_MUSCLES
)


class Silence:
    """A source of zeros."""

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        return np.zeros(stop - start, np.float32)


@dataclass(frozen=True)
class Spec:
    """What a made-up channel shows on a site: share of sweeps that answer, verdict and label."""

    persistence: float = 0.0
    verdict: Verdict = Verdict.ABSENT
    label: str = "AMR"
    reason: str = "no sweep carries a response"
    amplitude_uv: float = 180.0
    onset_ms: float = 10.4


PRESENT = Spec(0.96, Verdict.PRESENT, "AMR", "48 of 50 sweeps answer, far above the sham rate")
CANNOT_SAY = Spec(0.06, Verdict.INDETERMINATE, "AMR", "3 of 50 sweeps answer: too few", 60.0)
HEADLINE = (
    "Abnormal muscle response present on the left: mentalis and orbicularis oris on zygomatic "
    "stimulation, orbicularis oculi on mandibular stimulation. Not found on the right."
)


def make_recording(
    channels: tuple[tuple[str, Muscle | None, Side | None], ...], duration_s: float
) -> Recording:
    n = int(duration_s * 20000)
    return Recording(
        name="hfs_left_preop.edf",
        path="/somewhere/secret/hfs_left_preop.edf",
        format="EDF+C",
        channels=tuple(
            Channel(label, "uV", 20000.0, n, muscle, side, ChannelKind.EMG, "uV", "HP:20Hz LP:3kHz")
            for label, muscle, side in channels
        ),
        segments=(Segment(0.0, duration_s, 0.0),),
        marks=(
            Mark(12.4, float("nan"), "dura opened"),
            Mark(31.2, float("nan"), "AICA moved off the root exit zone, Teflon placed"),
        ),
        source=Silence(),
        start="2026-11-20T09:12:00",
        patient={"name": "Sample, A.", "birthdate": "1961-05-03", "sex": "F", "id": "S-001"},
        equipment="Amplifier model 4",
        size_bytes=48_001_024,
        sha256="8d11e0" + "5a" * 29,
        warnings=("EMG L_Frontalis: unit 'µV' was read as uV",),
    )


def make_stimuli(sites: tuple[Site, ...], n_per_site: int) -> Stimuli:
    n = len(sites) * n_per_site
    order = [site for site in sites for _ in range(n_per_site)]
    return Stimuli(
        time_s=1.0 + np.arange(n, dtype=float),
        site=tuple(s[0] for s in order),
        side=tuple(s[1] for s in order),
        intensity_ma=np.full(n, 8.0),
        width_ms=np.full(n, 0.2),
        source=(StimulusSource.ANNOTATION,) * n,
        shift_ms=np.zeros(n),
    )


def make_analysis(
    sites: tuple[Site, ...] = ((Branch.ZYGOMATIC, Side.LEFT),),
    channels: tuple[tuple[str, Muscle | None, Side | None], ...] = FOUR_MUSCLES,
    specs: Mapping[Pair, Spec] | None = None,
    *,
    n_per_site: int = 50,
    amr: str = "present",
    headline: str = HEADLINE,
    protocol: Protocol | None = None,
    warnings: tuple[str, ...] = (),
) -> Analysis:
    """An analysis in which the channels of `specs` answer as said, direct ones with an M."""
    rng = np.random.default_rng(7)
    stimuli = make_stimuli(sites, n_per_site)
    recording = make_recording(channels, 3.0 + len(stimuli))
    shape = (len(stimuli), len(channels))
    arrays = {
        name: np.full(shape, np.nan, np.float32)
        for name in (
            "probability", "onset_ms", "peak_ms", "positive_peak_ms", "end_ms", "amplitude_uv",
            "area_uv_ms", "phases", "noise_uv", "snr_db", "m_amplitude_uv", "m_onset_ms",
        )
    }  # fmt: skip
    state = np.zeros(shape, np.int8)
    role = np.zeros(shape, np.int8)
    arrays["noise_uv"] = rng.normal(3.9, 0.2, shape).astype(np.float32)
    arrays["probability"][:] = 0.004
    findings = []
    for k, site in enumerate(sites):
        rows = np.arange(k * n_per_site, (k + 1) * n_per_site)
        for c, (label, muscle, side) in enumerate(channels):
            kind = role_of(muscle, side, *site)
            role[rows, c] = tuple(Role).index(kind)
            if kind is Role.DIRECT:
                arrays["m_amplitude_uv"][rows, c] = rng.normal(1900, 60, n_per_site)
                arrays["m_onset_ms"][rows, c] = rng.normal(3.1, 0.05, n_per_site)
                findings.append(_direct(recording.channels[c], c, site, rows))
                continue
            spec = (specs or {}).get((*site, label), Spec())
            hit = np.zeros(n_per_site, bool)
            hit[rng.permutation(n_per_site)[: round(spec.persistence * n_per_site)]] = True
            state[rows[hit], c] = State.PRESENT
            _fill(arrays, rows[hit], c, spec, rng)
            findings.append(_finding(recording.channels[c], c, site, rows, hit, spec, kind))
    return Analysis(
        recording=recording,
        protocol=protocol or Protocol(name="LSR 4-channel", institution="Clinical Neurophysiology"),
        stimuli=stimuli,
        responses=Responses(
            stimuli=stimuli,
            channels=recording.channels,
            role=role,
            state=state,
            rejection=np.zeros(shape, np.int8),
            afterdischarge=np.zeros(shape, bool),
            manual=np.zeros(shape, bool),
            **arrays,
        ),
        findings=tuple(findings),
        amr=amr,
        headline=headline,
        warnings=recording.warnings + warnings,
        versions={"amr-viewer": "1.0.0", "numpy": "2.4.0", "scipy": "1.17.0"},
    )


def _fill(
    arrays: dict[str, NDArray[np.float32]],
    rows: NDArray[np.intp],
    channel: int,
    spec: Spec,
    rng: np.random.Generator,
) -> None:
    onset = rng.normal(spec.onset_ms, 0.3, len(rows))
    values = {
        "onset_ms": onset,
        "peak_ms": onset + 2.5,
        "positive_peak_ms": onset + 1.4,
        "end_ms": onset + 6.2,
        "amplitude_uv": rng.normal(spec.amplitude_uv, 20, len(rows)),
        "area_uv_ms": np.full(len(rows), 220.5),
        "phases": np.full(len(rows), 4.0),
        "snr_db": np.full(len(rows), 27.0),
        "probability": np.full(len(rows), 0.9991),
    }
    for name, value in values.items():
        arrays[name][rows, channel] = value


def _direct(channel: Channel, index: int, site: Site, rows: NDArray[np.intp]) -> Finding:
    return Finding(
        *site, channel.label, index, channel.muscle, channel.side, Role.DIRECT, Verdict.PRESENT,
        "M response", "direct response in every sweep", tuple(rows.tolist()), len(rows), len(rows),
        len(rows), noise_uv=3.9, m_amplitude_uv=1900.0, m_onset_ms=3.1,
    )  # fmt: skip


def _finding(
    channel: Channel,
    index: int,
    site: Site,
    rows: NDArray[np.intp],
    hit: NDArray[np.bool_],
    spec: Spec,
    role: Role,
) -> Finding:
    n, k = len(rows), int(hit.sum())
    base = Finding(
        *site, channel.label, index, channel.muscle, channel.side, role, spec.verdict, spec.label,
        spec.reason, tuple(rows.tolist()), n, n, k, k / n, max(0.0, k / n - 0.1),
        min(1.0, k / n + 0.06), 1.0, 0.008, 4000, noise_uv=3.9, detectable_uv=11.7,
        m_amplitude_uv=1900.0, m_onset_ms=3.1,
    )  # fmt: skip
    if spec.verdict is not Verdict.PRESENT:
        return base
    onset, size = spec.onset_ms, spec.amplitude_uv
    return replace(
        base, p_value=4e-11, onset_ms=onset, onset_low_ms=onset - 0.1, onset_high_ms=onset + 0.1,
        jitter_ms=0.3, amplitude_uv=size, amplitude_low_uv=size * 0.94, duration_ms=6.2,
        amplitude_high_uv=size * 1.08, phases=4.0, amr_to_m=size / 1900,
        afterdischarge_fraction=0.0,
    )  # fmt: skip


def make_sweeps(analysis: Analysis, rate_hz: float = 20000.0) -> dict[Site, Epochs]:
    """Sweeps from -10 to 60 ms that look as the analysis says."""
    rng = np.random.default_rng(11)
    times = np.arange(-10.0, 60.0, 1e3 / rate_hz)
    pairs = list(zip(analysis.stimuli.site, analysis.stimuli.side, strict=True))
    r = analysis.responses
    sweeps: dict[Site, Epochs] = {}
    for site in dict.fromkeys(pairs):
        rows = np.array([i for i, pair in enumerate(pairs) if pair == site])
        data = rng.normal(0, 3.9, (len(rows), len(r.channels), len(times)))
        data += np.where(times >= 0, 60 * np.exp(-times.clip(0) / 0.6), 0)
        for i, row in enumerate(rows):
            for c in range(len(r.channels)):
                if r.state[row, c] == State.PRESENT:
                    phase = times - r.onset_ms[row, c]
                    shape = np.sin(2 * np.pi * phase / 2.4) * np.exp(
                        -0.5 * ((phase - 2) / 1.2) ** 2
                    )
                    data[i, c] += 0.55 * r.amplitude_uv[row, c] * shape * (phase > 0)
                if np.isfinite(r.m_amplitude_uv[row, c]):
                    phase = times - 3.1
                    m = np.sin(2 * np.pi * phase / 6) * (phase > 0) * (phase < 6)
                    data[i, c] -= r.m_amplitude_uv[row, c] / 2 * m
        sweeps[site] = Epochs(
            data.astype(np.float32), times, rows, np.arange(len(r.channels)),
            np.full((len(rows), len(r.channels)), 2.4, np.float32),
        )  # fmt: skip
    return sweeps


def study_like_the_drawing() -> Analysis:
    """Three sites, present on the left, absent on the right."""
    zl, ml, zr = (
        (Branch.ZYGOMATIC, Side.LEFT),
        (Branch.MANDIBULAR, Side.LEFT),
        (Branch.ZYGOMATIC, Side.RIGHT),
    )
    specs = {
        (*zl, "EMG L_Mentalis"): PRESENT,
        (*zl, "EMG L_OrbOris"): replace(PRESENT, persistence=0.94, amplitude_uv=141.0),
        (*ml, "EMG L_OrbOculi"): replace(
            PRESENT, persistence=0.88, amplitude_uv=96.0, onset_ms=9.2
        ),
        (*ml, "EMG L_Frontalis"): CANNOT_SAY,
    }
    return make_analysis((zl, ml, zr), BOTH_SIDES, specs)
