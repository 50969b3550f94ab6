"""Recordings made by hand, analyzed already, with their sweeps, put onto a desk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amr_viewer.analysis.trend import find_trends
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Branch, Role, Side
from amr_viewer.core.epochs import Epochs
from amr_viewer.core.evidence import RunEvidence
from amr_viewer.gui.actions import ActionSpec
from amr_viewer.gui.desk import Desk
from amr_viewer.gui.document import Document, Selection, Stage
from amr_viewer.gui.sweeps import SweepsView
from tests.report.builders import BOTH_SIDES, PRESENT, Site, Spec, make_analysis

ZYGOMATIC: Site = (Branch.ZYGOMATIC, Side.LEFT)
MANDIBULAR: Site = (Branch.MANDIBULAR, Side.LEFT)
MENTALIS, ORIS, FRONTALIS, OCULI = range(4)
N_SWEEPS = 12


def with_evidence(analysis: Analysis) -> Analysis:
    """Give every run evidence that agrees with its states."""
    rng = np.random.default_rng(3)
    runs = []
    for f in analysis.findings:
        rows = np.array(f.stimulus_indices, np.intp)
        direct = f.role is Role.DIRECT
        called = analysis.responses.state[rows, f.channel_index] == 1
        own = np.where(called, rng.normal(12, 2, len(rows)), rng.normal(-4, 1, len(rows)))
        runs.append(
            RunEvidence(
                f.site, f.side, f.channel_index, rows, 0 if direct else 400, 0 if direct else 2,
                0.0 if direct else 9.0, 0.0, float("nan"), "",
                np.empty(0, np.float32) if direct else rng.normal(-5, 2, 400).astype(np.float32),
                np.empty(0, np.float32) if direct else own.astype(np.float32),
                float("nan") if direct else 1.5, 3.9,
            )
        )  # fmt: skip
    return replace(analysis, evidence=tuple(runs))


def small_study(n: int = N_SWEEPS, sites: tuple[Site, ...] = (ZYGOMATIC, MANDIBULAR)) -> Analysis:
    """Two sites; on zygomatic stimulation mentalis answers in half of the sweeps."""
    specs = {
        (*ZYGOMATIC, "EMG L_Mentalis"): replace(PRESENT, persistence=0.5),
        (*MANDIBULAR, "EMG L_OrbOculi"): replace(PRESENT, persistence=0.5),
        (*ZYGOMATIC, "EMG L_OrbOris"): Spec(),
    }
    made = with_evidence(make_analysis(sites, BOTH_SIDES, specs, n_per_site=n))
    parameters = made.protocol.parameters
    return replace(made, trends=find_trends(made.responses, made.findings, parameters))


def made_sweeps(
    analysis: Analysis, site: Site, channels: list[int], rate_hz: float = 10_000.0,
    before_ms: float = 10.0, after_ms: float = 60.0,
) -> Epochs:  # fmt: skip
    """Sweeps that look as the analysis says: a sine where there is a response, M in direct ones."""
    s, r = analysis.stimuli, analysis.responses
    pairs = list(zip(s.site, s.side, strict=True))
    rows = np.array([i for i, pair in enumerate(pairs) if pair == site], np.intp)
    times = np.arange(-before_ms, after_ms, 1e3 / rate_hz)
    data = np.empty((len(rows), len(channels), len(times)), np.float32)
    noise = np.random.default_rng(5).normal(0, 3.9, (64, len(times))).astype(np.float32)
    for k, c in enumerate(channels):
        data[:, k] = noise[(np.arange(len(rows)) * 7 + c) % 64]
        present = np.flatnonzero(r.state[rows, c] == 1)
        onset = np.nan_to_num(r.onset_ms[rows[present], c])
        size = np.nan_to_num(r.amplitude_uv[rows[present], c])
        for part in np.array_split(np.arange(len(present)), max(1, len(present) // 256)):
            data[present[part], k] += _response(times, onset[part], size[part])
        if np.isfinite(r.m_amplitude_uv[rows, c]).all() and len(rows):
            phase = times - 3.1
            m = np.sin(2 * np.pi * phase / 6) * (phase > 0) * (phase < 6)
            data[:, k] -= (950 * m).astype(np.float32)
    return Epochs(
        data, times, rows, np.array(channels, np.intp),
        np.full((len(rows), len(channels)), 2.0, np.float32),
    )  # fmt: skip


def _response(
    times: NDArray[np.float64], onset: NDArray[np.float32], size: NDArray[np.float32]
) -> NDArray[np.float32]:
    """First down, then up: negative peak 1.2 ms, positive peak 3.6 ms after the onset."""
    phase = times - onset[:, None]
    wave = -np.sin(2 * np.pi * phase / 4.8) * (phase > 0) * (phase < 4.8)
    return (wave * size[:, None] / 2).astype(np.float32)


def put_on(desk: Desk, analysis: Analysis, selection: Selection | None = None) -> Document:
    """Make a desk show an analysis as if its recording had been opened."""
    document = Document(
        len(desk.session.documents) + 1,
        Path("/nowhere/study.edf"),
        Stage.READY,
        analysis.recording,
        automatic=analysis,
        analysis=analysis,
        selection=selection or Selection(site=ZYGOMATIC, channel=MENTALIS),
    )
    desk.session.documents = (*desk.session.documents, document)
    desk.session.show(document.key)
    return document


class Hands:
    """Presses the keys of a view: runs the actions of its table by their names."""

    def __init__(self, view: SweepsView) -> None:
        self.table: dict[str, ActionSpec] = {a.name: a for a in view.actions()}

    def __call__(self, *names: str) -> None:
        for name in names:
            spec = self.table[f"sweeps.{name}"]
            assert not spec.blocked(), spec.blocked()
            spec.run()


def state_of(desk: Desk, row: int, channel: int) -> tuple[int, int, bool]:
    """State, rejection and by-hand flag of a sweep as they stand."""
    document: Any = desk.session.document
    r = document.analysis.responses
    return int(r.state[row, channel]), int(r.rejection[row, channel]), bool(r.manual[row, channel])
