"""Every parameter is declared whole, and changing it changes what it says it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from amr_viewer.analysis.judgement import judge
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.anatomy import Role
from amr_viewer.core.findings import Finding, Verdict
from amr_viewer.core.parameters import ParameterDescription
from amr_viewer.core.responses import Rejection, State
from amr_viewer.core.trend import BlockState
from amr_viewer.workflow import analyze, report_sweeps
from tests.analysis.builders import (
    DEFAULT,
    Case,
    analysis,
    changed,
    examination,
    finding,
    protocol_of,
)
from tests.analysis.courses import Stretch, course_of
from tests.analysis.free_changes import FREE_CHANGES
from tests.analysis.scenes import LATERAL, Scene, column

KNOWN = {f"{d.group}.{d.name}": d for d in DEFAULT.describe()}


@dataclass(frozen=True)
class Change:
    """A value of a parameter, a recording on which it tells, and what must become of a figure."""

    name: str
    value: float | str
    kind: str | Scene
    figure: Callable[[Analysis], float]
    expected: str
    settings: dict[str, Any] = field(default_factory=dict)

    def figures(self) -> tuple[float, float]:
        """Return the figure under the default and under the changed value."""
        parameters = (
            changed(**{self.name: self.value})
            if "." not in self.name
            else (DEFAULT.replaced({self.name: str(self.value)}))
        )
        if isinstance(self.kind, Scene):
            recording = self.kind.recording()
            both = [analyze(recording, protocol_of(p)) for p in (DEFAULT, parameters)]
        else:
            both = [
                analysis(self.kind, parameters=p, **self.settings) for p in (DEFAULT, parameters)
            ]
        return self.figure(both[0]), self.figure(both[1])


def lateral(answer: Analysis) -> Finding:
    return finding(answer, LATERAL)


def n_stimuli(answer: Analysis) -> float:
    return len(answer.stimuli)


def total_shift(answer: Analysis) -> float:
    return float(np.abs(answer.stimuli.shift_ms).sum())


def blank_end(answer: Analysis) -> float:
    epochs = next(iter(report_sweeps(answer).values()))
    return float(np.median(epochs.blank_end_ms))


def n_called(answer: Analysis) -> float:
    return lateral(answer).n_present


def noise_uv(answer: Analysis) -> float:
    return lateral(answer).noise_uv


def n_shams(answer: Analysis) -> float:
    return lateral(answer).n_sham


def probability(answer: Analysis) -> float:
    return float(np.nansum(answer.responses.probability[:, column(answer.responses)]))


def is_present(answer: Analysis) -> float:
    return lateral(answer).verdict == "present"


def is_absent(answer: Analysis) -> float:
    return lateral(answer).verdict == "absent"


def is_amr(answer: Analysis) -> float:
    return answer.amr == "present"


def is_reproducible(answer: Analysis) -> float:
    return "reproducible" in lateral(answer).reason


def is_below_custom(answer: Analysis) -> float:
    return "customary" in lateral(answer).reason


def n_failed(answer: Analysis) -> float:
    return float((answer.responses.rejection == Rejection.DIRECT_RESPONSE_MISSING).sum())


def n_noisy(answer: Analysis) -> float:
    return float((answer.responses.rejection == Rejection.NOISE).sum())


def doubtful_until(answer: Analysis) -> float:
    words = [f.reason for f in answer.findings if f.role is Role.LATERAL]
    return sum(float(w.split("up to ")[1].split(" ms")[0]) for w in words if "up to " in w)


OFF = Scene(onsets_ms=dict.fromkeys(range(2, 24, 5), 14.0))
BURST = Scene(burst_before={6: 30.0})
HUM = {"mains_uv": 30.0}

CHANGES = [
    Change("merge_ms", 0.0, "doubled", n_stimuli, "more"),
    Change("align_ms", 0.0, "clear", total_shift, "none"),
    Change("blank_min_ms", 3.0, "clear", blank_end, "more"),
    Change("blank_max_ms", 1.0, Scene(pulse_ms=2.5), blank_end, "less"),
    Change("carry_over", 2.0, "volume_conduction", doubtful_until, "more"),
    Change("low_pass_hz", 500.0, "none", noise_uv, "less"),
    Change("mains_hz", "off", "none", noise_uv, "more", HUM),
    Change("mains_hz", "60", "none", noise_uv, "more", HUM),
    Change("window_start_ms", 16.0, Scene(onset_ms=9.0), n_called, "none"),
    Change("window_end_ms", 12.0, Scene(onset_ms=18.0), n_called, "none"),
    Change("response_ms", 30.0, "none", n_shams, "less"),
    Change("coherence_ms", 6.0, OFF, n_called, "more"),
    Change("detection.jitter_ms", 3.0, "weak", probability, "other"),
    Change("probability_min", 0.999, "weak", n_called, "less", {"noise_uv": 9.0}),
    Change("present_alpha", 1e-9, "intermittent", is_present, "none"),
    Change("absent_min_n", 30, "none", is_absent, "none"),
    Change("absent_upper", 0.05, "none", is_absent, "none"),
    Change("detectable_max_uv", 10.0, "none", is_absent, "none"),
    Change("reproducible_from", 1.0, "weak", is_reproducible, "none"),
    Change("amplitude_min_uv", 500.0, "clear", is_below_custom, "more"),
    Change("noise_multiple", 40.0, "clear", is_below_custom, "more"),
    Change("m_valid_fraction", 0.0, "failed", n_failed, "none"),
    Change("noise_reject", 50.0, BURST, n_noisy, "none"),
    Change("reflex_fraction", 5.0, "reflex", is_amr, "more"),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: f"{c.name}={c.value}")
def test_changing_a_parameter_changes_the_result(change: Change) -> None:
    before, after = change.figures()
    if change.expected == "more":
        assert after > before
    elif change.expected == "less":
        assert after < before
    elif change.expected == "none":
        assert before > 0
        assert after == 0
    else:
        assert after != before


def test_blind_until_ms_decides_what_may_be_called_absent() -> None:
    hidden = examination(Case(doubtful_until_ms=15.0))
    verdicts = [judge(hidden, p)[1][0].verdict for p in (DEFAULT, changed(blind_until_ms=16))]
    assert verdicts == [Verdict.INDETERMINATE, Verdict.ABSENT]


P, R, A, C = BlockState.PRESENT, BlockState.REDUCED, BlockState.ABSENT, BlockState.CANNOT_SAY
FULL, NONE, SMALL = Stretch(10), Stretch(0), Stretch(10, uv=60.0)
RUN = Stretch(6, n=6, pause_s=50.0)

COURSES = [
    ("block_size", 20, [FULL, FULL, NONE, NONE], (P, P, A, A), (P, A)),
    ("pause_s", 100, [RUN, RUN], (P, P), (P,)),
    ("min_valid", 8, [FULL, Stretch(7, failed=3), NONE, NONE], (P, P, A, A), (P, C, A, A)),
    ("baseline_block", 1, [SMALL, FULL, NONE, NONE], (P, P, A, A), (R, P, A, A)),
    ("reduced_fraction", 0.05, [FULL, SMALL], (P, R), (P, P)),
    ("block_upper", 0.1, [FULL, FULL, NONE, NONE], (P, P, A, A), (P, P, C, C)),
]


@pytest.mark.parametrize(
    ("name", "value", "stretches", "before", "after"), COURSES, ids=[c[0] for c in COURSES]
)
def test_changing_a_parameter_changes_the_course(
    name: str,
    value: float,
    stretches: list[Stretch],
    before: tuple[BlockState, ...],
    after: tuple[BlockState, ...],
) -> None:
    assert course_of(stretches).state == before
    assert course_of(stretches, changed(**{name: value})).state == after


def test_every_parameter_is_tried() -> None:
    tried = {c.name.split(".")[-1] for c in CHANGES} | {"blind_until_ms"} | {c[0] for c in COURSES}
    tried |= set(FREE_CHANGES)
    assert tried == {d.name for d in KNOWN.values()}


@pytest.mark.parametrize("name", KNOWN)
def test_every_parameter_is_declared_whole(name: str) -> None:
    told = KNOWN[name]
    assert told.help.endswith(".")
    assert told.source
    assert told.value == told.default
    if isinstance(told.default, (int, float)):
        assert told.low is not None
        assert told.high is not None
        assert told.low <= told.default <= told.high
    assert _has_unit(told)


def _has_unit(told: ParameterDescription) -> bool:
    """Whether the unit is stated where the name carries one; shares and counts have none."""
    endings = {"ms": "ms", "s": "s", "uv": "uV", "hz": "Hz"}
    if told.name.endswith("_per_min"):
        return told.unit == "1/min"
    ending = told.name.rsplit("_", 1)[-1]
    return told.unit == endings[ending] if ending in endings else told.unit in {"", "x RMS"}


def test_a_changed_parameter_knows_that_it_is() -> None:
    told = {d.name: d for d in changed(window_end_ms=25).describe()}
    assert told["window_end_ms"].changed
    assert told["window_end_ms"].value == 25.0
    assert sum(d.changed for d in told.values()) == 1


def test_states_are_those_of_the_threshold() -> None:
    responses = analysis("weak", parameters=changed(probability_min=0.9)).responses
    called = responses.state == State.PRESENT
    lateral_role = responses.role == tuple(Role).index(Role.LATERAL)
    assert (responses.probability[called & lateral_role] >= 0.9).all()
