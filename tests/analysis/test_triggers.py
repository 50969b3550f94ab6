"""Pulses of trigger, TTL and status channels."""

from __future__ import annotations

import numpy as np
import pytest

from amr_viewer.analysis.triggers import Pulses, find_triggers
from amr_viewer.core.recording import Segment
from tests.analysis.stimulation import RATE, noise, recording, regular

TIMES = regular(12)


def line(rest: float, height: float | list[float], width: int = 20, n: int = 70_000):
    """Return a channel at rest with a pulse at each of `TIMES`."""
    out = np.full(n, rest)
    heights = height if isinstance(height, list) else [height]
    for k, t in enumerate(TIMES):
        at = int(np.ceil(t * RATE))
        out[at : at + width] = rest + heights[k % len(heights)]
    return out


def found(trigger, unit: str | None = "uV", wanted: str | None = None) -> tuple[Pulses, list[str]]:
    warnings: list[str] = []
    made = recording(noise(7.0, 1), trigger=trigger, trigger_unit=unit)
    return find_triggers(made, wanted, warnings), warnings


@pytest.mark.parametrize(("rest", "height"), [(0.0, 5e6), (5e6, -5e6), (-2.5e6, 5e6)])
def test_pulses_leave_the_resting_level(rest: float, height: float) -> None:
    pulses, warnings = found(line(rest, height))
    assert pulses.time_s == pytest.approx(np.ceil(np.array(TIMES) * RATE) / RATE)
    assert warnings == []


def test_noise_on_a_line_is_no_pulse() -> None:
    hum = 2e5 * np.random.default_rng(0).standard_normal(70_000)
    assert len(found(line(0.0, 5e6) + hum)[0].time_s) == 12


def test_small_codes_beside_large_ones_are_seen() -> None:
    pulses, _ = found(line(0.0, [1.0, 255.0, 2.0]), unit=None)
    assert pulses.code.tolist() == [1, 255, 2] * 4


def test_the_upper_bits_of_a_status_channel_are_no_code() -> None:
    pulses, _ = found(line(float(0x1F0000), [3.0, 1.0]), unit=None)
    assert pulses.code.tolist() == [3, 1] * 6


def test_a_pulse_that_stands_at_the_start_of_a_segment_has_no_edge() -> None:
    trigger = line(0.0, 5e6)
    trigger[:50] = trigger[35_000:35_050] = 5e6
    segments = (Segment(0.0, 3.5, 0.0), Segment(100.0, 3.5, 3.5))
    made = recording(noise(7.0, 1), trigger=trigger, segments=segments)
    times = find_triggers(made, None, []).time_s
    assert len(times) == 12
    assert times[-1] == pytest.approx(96.5 + TIMES[-1], abs=1 / RATE)


def test_a_single_pulse_is_no_stimulation_unless_the_protocol_says_so() -> None:
    trigger = np.zeros(70_000)
    trigger[30_000:30_020] = 5e6
    pulses, warnings = found(trigger)
    assert len(pulses.time_s) == 0
    assert 'trigger = "TRIG"' in warnings[0]
    assert len(found(trigger, wanted="trig*")[0].time_s) == 1


def test_a_missing_channel_of_the_protocol_is_reported() -> None:
    pulses, warnings = found(line(0.0, 5e6), wanted="STIM")
    assert len(pulses.time_s) == 0
    assert "'STIM'" in warnings[0]


def test_a_flat_line_has_no_pulses() -> None:
    assert len(found(np.full(70_000, 5e6))[0].time_s) == 0
