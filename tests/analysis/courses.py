"""Courses made by hand: blocks of sweeps with stated counts, sizes and direct responses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from amr_viewer.analysis.examination import Examination
from amr_viewer.analysis.judgement import judge
from amr_viewer.analysis.trend import find_trends
from amr_viewer.core.anatomy import Muscle, Role, Side, role_of
from amr_viewer.core.evidence import RunEvidence
from amr_viewer.core.findings import Finding
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.responses import ARRAY_NAMES, Rejection, Responses, State
from amr_viewer.core.trend import Trend
from tests.analysis.builders import DEFAULT, ZYGOMATIC_LEFT, channel_of, stimuli_of

MENTALIS, OCULI, OTHER_SIDE = 0, 1, 2
MUSCLES = (
    ("L mentalis", Muscle.MENTALIS, Side.LEFT),
    ("L oculi", Muscle.ORBICULARIS_OCULI, Side.LEFT),
    ("R mentalis", Muscle.MENTALIS, Side.RIGHT),
)


@dataclass(frozen=True)
class Stretch:
    """Some stimuli: how many the mentalis answers, and what is wrong with them."""

    k: int
    n: int = 10
    uv: float = 200.0
    m_uv: float = 2000.0
    noise_uv: float = 5.0
    failed: int = 0
    other_side: int = 0
    pause_s: float = 0.0
    onset_ms: float = 10.0


def responses_of(stretches: Sequence[Stretch], n_channels: int = 2) -> Responses:
    """Return sweeps in which responses lie evenly within each stretch; the last ones fail."""
    n = sum(s.n for s in stretches)
    shape = (n, n_channels)
    arrays: dict[str, Any] = {name: np.full(shape, np.nan, np.float32) for name in ARRAY_NAMES}
    for name in ("role", "state", "rejection"):
        arrays[name] = np.zeros(shape, np.int8)
    del arrays["by_hand"]
    for name in ("afterdischarge", "manual"):
        arrays[name] = np.zeros(shape, bool)
    roles = [tuple(Role).index(role_of(m, side, *ZYGOMATIC_LEFT)) for _, m, side in MUSCLES]
    arrays["role"][:] = roles[:n_channels]
    rng, times, start = np.random.default_rng(5), [], 0
    now = 0.0
    for s in stretches:
        rows = np.arange(start, start + s.n)
        now += s.pause_s
        times += [now + i for i in range(s.n)]
        now, start = now + s.n, start + s.n
        arrays["noise_uv"][rows] = s.noise_uv
        _answer(arrays, rows, MENTALIS, s.k, s, rng)
        if n_channels > OTHER_SIDE:
            _answer(arrays, rows, OTHER_SIDE, s.other_side, s, rng)
        arrays["state"][rows, OCULI] = State.PRESENT
        for name in ("m_amplitude_uv", "amplitude_uv"):
            arrays[name][rows, OCULI] = s.m_uv
        arrays["m_onset_ms"][rows, OCULI] = arrays["onset_ms"][rows, OCULI] = 3.0
        lost = rows[s.n - s.failed :]
        arrays["state"][lost] = State.REJECTED
        arrays["rejection"][lost] = Rejection.DIRECT_RESPONSE_MISSING
        for name in ("m_amplitude_uv", "amplitude_uv", "onset_ms"):
            arrays[name][lost] = np.nan
    return Responses(
        stimuli=stimuli_of(np.array(times) + 1.0, ZYGOMATIC_LEFT),
        channels=tuple(channel_of(*muscle) for muscle in MUSCLES[:n_channels]),
        **arrays,
    )


def _answer(
    arrays: dict[str, Any], rows: np.ndarray, channel: int, k: int, s: Stretch, rng: Any
) -> None:
    chosen = rows[np.linspace(0, s.n - s.failed - 1, k).round().astype(int)] if k else rows[:0]
    arrays["state"][chosen, channel] = State.PRESENT
    arrays["amplitude_uv"][chosen, channel] = s.uv * rng.normal(1.0, 0.1, len(chosen))
    arrays["onset_ms"][chosen, channel] = s.onset_ms


def judged(
    responses: Responses, parameters: Parameters = DEFAULT, shams: tuple[int, int] = (9, 998)
) -> tuple[Responses, tuple[Finding, ...]]:
    """Judge sweeps; sham windows are called `shams[0]` times of `shams[1]`."""
    runs = tuple(
        RunEvidence(
            site=ZYGOMATIC_LEFT[0], side=ZYGOMATIC_LEFT[1], channel=j,
            stimuli=np.arange(len(responses.stimuli)), n_shams=shams[1], n_shams_called=shams[0],
            strength=5.0, conducted_uv=0.0, doubtful_until_ms=float("nan"), off="",
        )
        for j in range(len(responses.channels))
    )  # fmt: skip
    return judge(Examination(responses, runs), parameters)


def trends_of(
    stretches: Sequence[Stretch], parameters: Parameters = DEFAULT, n_channels: int = 2
) -> tuple[Trend, ...]:
    """Follow every channel of some stretches."""
    responses, findings = judged(responses_of(stretches, n_channels), parameters)
    return find_trends(responses, findings, parameters)


def course_of(stretches: Sequence[Stretch], parameters: Parameters = DEFAULT) -> Trend:
    """Follow the mentalis over some stretches."""
    return trends_of(stretches, parameters)[MENTALIS]


def scaled(responses: Responses, gain: float) -> Responses:
    """Return the same sweeps recorded with another gain."""
    names = ("amplitude_uv", "m_amplitude_uv", "noise_uv")
    return replace(responses, **{name: gain * getattr(responses, name) for name in names})
