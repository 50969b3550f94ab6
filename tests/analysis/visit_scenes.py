"""Visits made by hand: what each shows is known without a detector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from amr_viewer.analysis.intervals import clopper_pearson
from amr_viewer.analysis.visit_points import VisitFacts, visit_facts
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Muscle, Role, Side
from amr_viewer.core.bursts import BurstChannel, Bursts, Electrode, SetAside, no_bursts
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.patterns import Conclusion, Confidence, PatternFinding
from amr_viewer.core.recording import Mark
from tests.report.builders import PRESENT, Spec, make_analysis

ZYG = (Branch.ZYGOMATIC, Side.LEFT)
MEN, OCULI = "EMG L_Mentalis", "EMG L_OrbOculi"
FACE = (
    (MEN, Muscle.MENTALIS, Side.LEFT),
    (OCULI, Muscle.ORBICULARIS_OCULI, Side.LEFT),
)
PATIENT = {"name": "Sample, A.", "id": "S-001", "sex": "F", "birthdate": "1961-05-03"}
NAN = float("nan")


@dataclass(frozen=True)
class Made:
    """What a visit shows: an AMR in mentalis, M in orbicularis oculi, bursts at rest.

    `bursts` are onset and duration (s) in every channel, `rest_s` of 0 means that none was judged.
    """

    start: str | None = "2024-03-04T09:00:00"
    k: int = 18
    n: int = 20
    uv: float = 150.0
    m_uv: float = 2000.0
    current_ma: float = 8.0
    channels: tuple[tuple[str, Muscle | None, Side | None], ...] = FACE
    patient: tuple[tuple[str, str], ...] = tuple(PATIENT.items())
    bursts: tuple[tuple[float, float], ...] = ()
    rest_s: float = 0.0
    marks: tuple[tuple[float, str], ...] = ()
    label: str = ""
    sha256: str = ""
    finding: tuple[tuple[str, Any], ...] = ()


def analysis_of(made: Made) -> Analysis:
    """Return the analysis of a visit."""
    present = made.k >= 3
    specs = {(*ZYG, label): PRESENT if present else Spec() for label, _, _ in made.channels}
    base = make_analysis((ZYG,), made.channels, specs, n_per_site=made.n)
    findings = tuple(_changed(f, made, present) for f in base.findings)
    recording = replace(
        base.recording,
        start=made.start,
        patient=dict(made.patient),
        sha256=made.sha256,
        marks=tuple(Mark(t, NAN, text) for t, text in made.marks),
    )
    stimuli = replace(base.stimuli, intensity_ma=np.full(made.n, made.current_ma))
    pattern = PatternFinding(
        side=None,
        conclusion=Conclusion.HFS_CLONIC,
        confidence=Confidence.MODERATE,
        pattern_side="left",
        assessed_s=made.rest_s,
    )
    return replace(
        base,
        findings=findings,
        recording=recording,
        stimuli=stimuli,
        bursts=bursts_of(made) if made.rest_s else no_bursts(),
        patterns=(pattern,) if made.rest_s else (),
        amr="present" if present else "absent",
    )


def _changed(f: Finding, made: Made, present: bool) -> Finding:
    """Give a finding the counts and sizes of the visit."""
    if f.role is Role.DIRECT:
        answers = made.m_uv > 0.0
        size = made.m_uv if answers else NAN
        return replace(
            f, n_stimuli=made.n, n_valid=made.n, n_present=made.n if answers else 0,
            amplitude_uv=size, amplitude_low_uv=0.98 * size, amplitude_high_uv=1.02 * size,
            m_amplitude_uv=size, verdict=Verdict.NOT_ASSESSABLE,
        )  # fmt: skip
    low, high = clopper_pearson(made.k, made.n)
    size = made.uv if present else NAN
    own: Mapping[str, Any] = dict(made.finding)
    return replace(
        f, **{
            "n_valid": made.n, "n_present": made.k, "persistence": made.k / made.n,
            "persistence_low": low, "persistence_high": high, "amplitude_uv": size,
            "amplitude_low_uv": 0.9 * size, "amplitude_high_uv": 1.1 * size,
            "verdict": Verdict.PRESENT if present else Verdict.ABSENT, "detectable_uv": 15.0,
            **own,
        },
    )  # fmt: skip


def bursts_of(made: Made) -> Bursts:
    """Return bursts that come in every channel at once."""
    n, channels = len(made.bursts), range(len(made.channels))
    start = np.repeat(np.array([b[0] for b in made.bursts]), len(channels))
    lasting = np.repeat(np.array([b[1] for b in made.bursts]), len(channels))
    total = n * len(channels)
    return Bursts(
        channels=tuple(
            BurstChannel(
                i, label, muscle, side, Electrode.SURFACE, analyzed_s=made.rest_s, noise_uv=4.0
            )
            for i, (label, muscle, side) in enumerate(made.channels)
        ),
        channel=np.tile(np.array(channels, np.intp), n),
        start_s=start,
        duration_ms=1e3 * lasting,
        peak_uv=np.full(total, 80.0),
        area_uv_s=50.0 * lasting,
        kind=np.ones(total, np.int8),
        salvo=np.zeros(total, np.intp),
        episode=np.zeros(total, np.intp),
        n_discharges=np.full(total, NAN),
        rate_hz=np.full(total, NAN),
        rate_reliable=np.zeros(total, np.bool_),
        set_aside=np.full(total, SetAside.NONE, np.int8),
        manual=np.zeros(total, np.bool_),
        duration_s=made.rest_s,
    )


def facts_of(made: Made) -> VisitFacts:
    """Return what a visit says."""
    return visit_facts(analysis_of(made), made.label)
