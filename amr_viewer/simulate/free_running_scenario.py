"""The settings of a free-running recording, and the wide distributions that they are drawn from.

What the muscles do is left to `free_running_spasm` and `free_running_others`.

References
----------
.. [1] van Boxtel A. Optimal signal bandwidth for the recording of surface EMG activity of facial
       muscles. Psychophysiology 2001;38:22 (band of surface electrodes).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from pydantic import Field, ValidationError

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.core.parameters import OWN, Group, explain, number
from amr_viewer.errors import ParameterError

FACIAL = (
    Muscle.FRONTALIS,
    Muscle.CORRUGATOR,
    Muscle.ORBICULARIS_OCULI,
    Muscle.ZYGOMATICUS,
    Muscle.ORBICULARIS_ORIS,
    Muscle.MENTALIS,
)
LOWER = FACIAL[3:]
JAW = (Muscle.MASSETER, Muscle.TEMPORALIS)
SIDES = (Side.LEFT, Side.RIGHT)


class FreeRunning(Group):
    """All settings of a recording without stimuli; every muscle is recorded on both sides."""

    muscles: tuple[Muscle, ...] = Field(
        (Muscle.ORBICULARIS_OCULI, Muscle.MENTALIS),
        min_length=2,
        description="Muscles recorded, each on both sides.",
    )
    side: Side = Field(Side.LEFT, description="The side affected, where one is.")
    electrodes: Literal["surface", "needle"] = Field("surface", description="What records.")
    sampling_hz: float = number(2000.0, "Hz", "Sampling rate.", OWN, ge=1e3, le=1e5)
    high_pass_hz: float = number(10.0, "Hz", "Amplifier high-pass.", OWN, ge=0.1, le=100.0)
    low_pass_hz: float = number(500.0, "Hz", "Amplifier low-pass.", OWN, ge=500.0, le=2e4)
    duration_s: float = number(120.0, "s", "Length.", OWN, ge=20.0, le=3600.0)
    snr_db: float = number(
        15.0, "dB", "RMS of a channel's median burst against its noise.", OWN, ge=0.0, le=40.0
    )
    noise_uv: float = number(4.0, "uV", "RMS of 1/f and white noise.", OWN, ge=0.1, le=50.0)
    heavy_tail: float = number(0.1, "", "Unrest of the noise level.", OWN, ge=0.0, le=1.0)
    drift_uv: float = number(
        5.0, "uV", "RMS of the slow baseline before the amplifier.", OWN, ge=0.0, le=500.0
    )
    crosstalk: float = number(
        0.1, "", "Largest part of a neighbour's RMS that a channel holds.", OWN, ge=0.0, le=0.9
    )
    mains_uv: float = number(1.0, "uV", "Amplitude at 50 Hz.", OWN, ge=0.0, le=500.0)
    ecg_uv: float = number(0.0, "uV", "Heart beat, peak to peak.", OWN, ge=0.0, le=500.0)
    movement_per_min: float = number(1.0, "1/min", "Movement artefacts.", OWN, ge=0.0, le=60.0)
    blinks_per_min: float = number(12.0, "1/min", "Spontaneous blinks.", OWN, ge=0.0, le=60.0)
    asleep_from: float = number(
        1.0, "", "Part of the time after which the patient sleeps; 1 is never.", OWN, ge=0.0, le=1.0
    )
    cued: bool = Field(True, description="Whether marks tell of the movements asked for.")


@dataclass(frozen=True, slots=True)
class Scene:
    """Settings and channels, as the patterns see them.

    Attributes
    ----------
    settings : FreeRunning
    channels : tuple of (Muscle, Side)
        Left channels first.
    """

    settings: FreeRunning
    channels: tuple[tuple[Muscle, Side], ...]

    @property
    def needle(self) -> bool:
        """Whether needles record."""
        return self.settings.electrodes == "needle"

    @property
    def asleep_s(self) -> float:
        """When sleep begins."""
        return self.settings.asleep_from * self.settings.duration_s

    def of(self, side: Side, muscles: tuple[Muscle, ...]) -> list[int]:
        """Return the channels of some muscles of one side, in order of `muscles`."""
        index = {c: i for i, c in enumerate(self.channels)}
        return [index[m, side] for m in muscles if (m, side) in index]


def scene_of(settings: FreeRunning) -> Scene:
    """Lay the channels out."""
    return Scene(settings, tuple((m, s) for s in SIDES for m in settings.muscles))


def draw_settings(
    rng: np.random.Generator,
    *,
    jaw: bool,
    sleeps: bool,
    given: dict[str, Any],
    short: bool = False,
) -> FreeRunning:
    """Draw the settings of one recording.

    Parameters
    ----------
    rng : Generator
    jaw : bool
        The masseter must be recorded; otherwise it is in a quarter of the recordings.
    sleeps : bool
        The patient may fall asleep.
    given : dict
        Settings that are not drawn.
    short : bool
        Recordings stay short.

    Raises
    ------
    ParameterError
        A setting is unknown, or a value is not allowed.
    """
    unknown = sorted(set(given) - set(FreeRunning.model_fields))
    if unknown:
        known = ", ".join(sorted(FreeRunning.model_fields))
        raise ParameterError(
            f"{unknown[0]}: no such setting of a free-running simulation; known are {known}"
        )
    try:
        return FreeRunning.model_validate(_drawn(rng, jaw, sleeps, short, given) | given)
    except ValidationError as error:
        raise ParameterError(f"simulation: {explain(error)}") from error


def _drawn(
    rng: np.random.Generator, jaw: bool, sleeps: bool, short: bool, given: dict[str, Any]
) -> dict[str, Any]:
    """Draw every setting; what depends on the electrode follows the one that is given."""
    drawn_needle = rng.random() < 0.3
    needle = given.get("electrodes", "needle" if drawn_needle else "surface") == "needle"
    sampling_hz = (
        20_000.0 if needle else float(rng.choice((2000.0, 2048.0, 2500.0, 4000.0, 5000.0)))
    )
    longest_s = 90.0 if short else 180.0 if needle else 360.0
    asleep = sleeps and rng.random() < 0.2
    snr_db = float(rng.uniform(6.0, 25.0))
    noise_uv = float(rng.uniform(5.0, 15.0) if needle else rng.uniform(1.5, 7.0))
    return {
        "muscles": _muscles(rng, jaw=jaw, most=3 if needle else 5),
        "side": SIDES[int(rng.integers(2))],
        "electrodes": "needle" if needle else "surface",
        "sampling_hz": sampling_hz,
        "high_pass_hz": float(rng.choice((1.0, 5.0, 10.0, 20.0))),
        "low_pass_hz": 8000.0 if needle else float(min(sampling_hz * 0.4, rng.uniform(500, 1200))),
        "duration_s": float(round(rng.uniform(60.0, longest_s))),
        "snr_db": snr_db,
        "noise_uv": noise_uv,
        "heavy_tail": float(rng.uniform(0.0, 0.2)),
        "drift_uv": float(rng.uniform(0.0, 5.0) * noise_uv),
        "crosstalk": float(rng.uniform(0.0, 0.35) * (0.4 if needle else 1.0)),
        "mains_uv": float(noise_uv * rng.choice((0.0, 0.3, 1.0)) * rng.uniform(0.2, 1.0)),
        "ecg_uv": float(noise_uv * (rng.uniform(1.0, 4.0) if rng.random() < 0.4 else 0.0)),
        "movement_per_min": float(rng.choice((0.0, 1.0, 3.0)) * rng.uniform(0.3, 1.0)),
        "blinks_per_min": float(rng.uniform(8.0, 21.0) if rng.random() < 0.7 else 0.0),
        "asleep_from": float(rng.uniform(0.4, 0.6)) if asleep else 1.0,
        "cued": bool(rng.random() < 0.7),
    }


def _muscles(rng: np.random.Generator, *, jaw: bool, most: int) -> tuple[Muscle, ...]:
    """Draw the muscles: orbicularis oculi, one of the lower face, others; 2 to `most` in all."""
    chosen = {Muscle.ORBICULARIS_OCULI, LOWER[int(rng.integers(1, 3))]}
    if jaw or rng.random() < 0.2:
        chosen.add(Muscle.MASSETER)
        if jaw and rng.random() < 0.5 and most > 3:
            chosen.add(Muscle.TEMPORALIS)
    others = [m for m in FACIAL if m not in chosen]
    chance = np.array([3.0 if m is Muscle.FRONTALIS else 1.0 for m in others])
    n = int(rng.integers(0, most - len(chosen) + 1))
    extra = rng.choice(len(others), n, replace=False, p=chance / chance.sum())
    chosen |= {others[i] for i in extra}
    return tuple(m for m in (*FACIAL, *JAW) if m in chosen)
