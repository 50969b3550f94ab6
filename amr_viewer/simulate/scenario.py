"""The settings that describe a simulated recording; what they do to the signal is elsewhere.

Ranges and the response anatomy that they imitate are in docs/criteria.md 12.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, ValidationError

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.parameters import OWN, Group, explain, number
from amr_viewer.errors import ParameterError

GENERATOR = "default of this program: docs/criteria.md 12"
COMPONENTS = "response anatomy: docs/criteria.md 1"
PROTOCOLS = "default of this program: custom of laboratories and theatres (docs/criteria.md 12)"

L, R = Side.LEFT, Side.RIGHT
FACE_LEFT = (
    (Muscle.ORBICULARIS_OCULI, L),
    (Muscle.ORBICULARIS_ORIS, L),
    (Muscle.MENTALIS, L),
    (Muscle.FRONTALIS, L),
)
FACE_BOTH = tuple((muscle, side) for side in (L, R) for muscle, _ in FACE_LEFT)
CONTROLS = (*FACE_LEFT[:3], (Muscle.ORBICULARIS_OCULI, R), (Muscle.MENTALIS, R))


class Acquisition(Group):
    """Channels, amplifier, and which part of time is kept."""

    montage: tuple[tuple[Muscle, Side], ...] = Field(
        CONTROLS, min_length=1, description="Muscle and side of each channel."
    )
    sampling_hz: float = number(20_000.0, "Hz", "Sampling rate.", PROTOCOLS, ge=1e3, le=1e5)
    high_pass_hz: float = number(10.0, "Hz", "Amplifier high-pass.", PROTOCOLS, ge=0.1, le=100.0)
    low_pass_hz: float = number(5_000.0, "Hz", "Amplifier low-pass.", PROTOCOLS, ge=500.0, le=2e4)
    electrodes: Literal["surface", "needle"] = Field(
        "surface", description="Needles see motor unit potentials of a third of the duration."
    )
    saturation_uv: float = number(
        0.0, "uV", "Rail of the amplifier; 0 is none.", OWN, ge=0.0, le=1e6
    )
    ringing_uv: float = number(
        0.0, "uV", "Ringing when the amplifier leaves its rail.", OWN, ge=0.0, le=1e4
    )
    electrode_off: Muscle | None = Field(
        None, description="This muscle's electrode is off: mains and thermal noise, no muscle."
    )
    sweep_ms: float = number(
        0.0, "ms", "Only sweeps of this length are kept; 0 keeps all.", PROTOCOLS, ge=0.0, le=500.0
    )
    pre_ms: float = number(20.0, "ms", "Part of a sweep before the stimulus.", PROTOCOLS, ge=5.0)


class Stimulation(Group):
    """When, where and how strongly the nerve is stimulated, and how that is marked in the file."""

    sites: tuple[tuple[Branch, Side], ...] = Field(
        ((Branch.ZYGOMATIC, L),), min_length=1, description="Branch and side of each site."
    )
    order: Literal["blocks", "alternating"] = Field(
        "blocks", description="One site after the other, or in turn."
    )
    n_stimuli: int = number(30, "", "Number of stimuli, over all sites.", PROTOCOLS, ge=1)
    rate_hz: float = number(
        2.7, "Hz", "Stimuli per second; no divisor of 50 Hz.", PROTOCOLS, ge=0.1, le=12.0
    )
    run_length: int = number(
        0, "", "Stimuli before a pause; 0 makes no pause.", PROTOCOLS, ge=0, le=10_000
    )
    pause_s: float = number(60.0, "s", "Pause between runs.", PROTOCOLS, ge=0.0, le=3600.0)
    intensity_ma: float = number(8.0, "mA", "Current.", PROTOCOLS, ge=0.1, le=100.0)
    ramp_from_ma: float = number(
        0.0, "mA", "The current rises from here; 0 keeps it constant.", PROTOCOLS, ge=0.0, le=100.0
    )
    threshold_ma: float = number(
        4.0, "mA", "Current of the half-maximal direct response.", PROTOCOLS, ge=0.1, le=100.0
    )
    failed: float = number(
        0.0, "", "Fraction of stimuli that excite no fibre.", OWN, ge=0.0, le=1.0
    )
    markers: Literal["annotation", "ttl", "none"] = Field(
        "annotation", description="How the file tells where the stimuli are."
    )
    marker_lag_ms: float = number(
        0.3, "ms", "Marker behind the artefact's edge.", OWN, ge=-3.0, le=3.0
    )
    marker_jitter_ms: float = number(0.1, "ms", "SD of that lag.", OWN, ge=0.0, le=2.0)
    doubled: float = number(0.0, "", "Fraction of markers written twice.", OWN, ge=0.0, le=1.0)
    missing: float = number(0.0, "", "Fraction of stimuli without marker.", OWN, ge=0.0, le=1.0)
    events: tuple[tuple[float, str], ...] = Field(
        (), description="Time in seconds and text of annotations that are no stimuli."
    )


class Lateral(Group):
    """The abnormal muscle response, in muscles of branches that were not stimulated."""

    affected_side: Side = Field(L, description="The side of the spasm.")
    amr_muscles: tuple[Muscle, ...] = Field(
        tuple(muscle for muscle, _ in FACE_LEFT), description="Muscles that answer."
    )
    amr_uv: float = number(
        100.0, "uV", "Median peak-to-peak amplitude; 0 is none.", GENERATOR, ge=0.0, le=5e3
    )
    amr_onset_ms: float = number(10.0, "ms", "Median onset.", GENERATOR, ge=6.5, le=25.0)
    amr_jitter_ms: float = number(
        0.25, "ms", "SD of the onset, common to all units of a sweep.", GENERATOR, ge=0.0, le=1.5
    )
    amr_persistence: float = number(
        1.0, "", "Fraction of stimuli that are answered.", GENERATOR, ge=0.0, le=1.0
    )
    amr_units: int = number(8, "", "Motor units of the response.", OWN, ge=1, le=60)
    amr_dispersion_ms: float = number(
        2.5, "ms", "The units' delays spread over this range.", COMPONENTS, ge=0.0, le=10.0
    )
    unit_jitter_ms: float = number(
        0.06, "ms", "SD of a unit's own delay from sweep to sweep.", OWN, ge=0.0, le=0.5
    )
    unit_failure: float = number(0.08, "", "Chance that a unit stays out.", OWN, ge=0.0, le=0.9)
    amr_cv: float = number(0.2, "", "Lognormal SD of the amplitude.", GENERATOR, ge=0.0, le=1.0)
    afterdischarge: float = number(
        0.0, "", "Fraction of responses that are followed by more.", COMPONENTS, ge=0.0, le=1.0
    )
    course: tuple[tuple[float, float, float], ...] = Field(
        ((0.0, 1.0, 1.0),),
        min_length=1,
        description="From which fraction of the stimuli on, persistence and amplitude have which "
        "part of their values.",
    )


class Direct(Group):
    """The direct response (M) of the stimulated branch, its shadow elsewhere, and the F-wave."""

    m_uv: float = number(2000.0, "uV", "Peak to peak.", GENERATOR, ge=0.0, le=1e4)
    m_onset_ms: float = number(3.0, "ms", "Onset.", GENERATOR, ge=1.5, le=5.0)
    m_duration_ms: float = number(6.0, "ms", "Duration.", COMPONENTS, ge=2.0, le=12.0)
    m_end_fraction: float = number(
        1.0, "", "Part of M that is left at the end (muscle relaxant).", GENERATOR, ge=0.05, le=1.5
    )
    vc_fraction: float = number(
        0.02, "", "Volume-conducted part of M in other muscles.", GENERATOR, ge=0.0, le=0.5
    )
    f_wave_uv: float = number(
        0.0, "uV", "F-wave of the direct muscle; 0 is none.", COMPONENTS, ge=0.0, le=1e3
    )


class Artefact(Group):
    """The stimulus artefact: a pulse and its tails."""

    artefact_uv: float = number(
        3000.0, "uV", "Pulse, for the full current.", GENERATOR, ge=0.0, le=1e5
    )
    tail_fraction: float = number(0.1, "", "Tails, as part of the pulse.", GENERATOR, ge=0.0, le=1)
    tail_ms: float = number(
        0.6, "ms", "Middle of three time constants, a factor 3 apart.", GENERATOR, ge=0.05, le=5.0
    )
    alternating: bool = Field(False, description="Polarity alternates from stimulus to stimulus.")


class Background(Group):
    """What is there without stimuli."""

    noise_uv: float = number(6.0, "uV", "RMS of 1/f and white noise.", GENERATOR, ge=0.1, le=100.0)
    heavy_tail: float = number(0.15, "", "Unrest of the noise level.", OWN, ge=0.0, le=1.0)
    drift_uv: float = number(5.0, "uV", "RMS of the slow baseline.", OWN, ge=0.0, le=2e3)
    mains_uv: float = number(3.0, "uV", "Amplitude at 50 Hz.", GENERATOR, ge=0.0, le=500.0)
    mains_locked: bool = Field(False, description="The stimulus rate is a divisor of 50 Hz.")
    ecg_uv: float = number(0.0, "uV", "Heart beat, peak to peak.", OWN, ge=0.0, le=500.0)
    pops_per_min: float = number(0.0, "1/min", "Electrode pops.", OWN, ge=0.0, le=600.0)
    voluntary_uv: float = number(0.0, "uV", "RMS of voluntary EMG.", OWN, ge=0.0, le=500.0)
    clonic_uv: float = number(
        0.0, "uV", "Discharges of clonic spasm bursts.", COMPONENTS, ge=0.0, le=2e3
    )
    tonic_uv: float = number(0.0, "uV", "Discharges of a tonic spasm.", COMPONENTS, ge=0.0, le=2e3)
    r1_uv: float = number(0.0, "uV", "R1-like reflex, on both sides.", COMPONENTS, ge=0.0, le=1e3)
    r2_uv: float = number(0.0, "uV", "R2-like reflex, on both sides.", COMPONENTS, ge=0.0, le=1e3)


class Scenario(Group):
    """All settings of a simulated recording."""

    acquisition: Acquisition = Acquisition()
    stimulation: Stimulation = Stimulation()
    lateral: Lateral = Lateral()
    direct: Direct = Direct()
    artefact: Artefact = Artefact()
    background: Background = Background()

    def replaced(self, **settings: Any) -> Scenario:
        """Return a copy with some settings replaced; their names are unique over the groups.

        Raises
        ------
        ParameterError
            A name is unknown, or a value is not allowed.

        Examples
        --------
        >>> Scenario().replaced(noise_uv=12).background.noise_uv
        12.0
        """
        values = {name: dict(getattr(self, name)) for name in type(self).model_fields}
        for key, value in settings.items():
            group = next((g for g in values.values() if key in g), None)
            if group is None:
                known = ", ".join(sorted(k for g in values.values() for k in g))
                raise ParameterError(f"{key}: no such setting of a simulation; known are {known}")
            group[key] = value
        try:
            return Scenario.model_validate(values)
        except ValidationError as error:
            raise ParameterError(f"simulation: {explain(error)}") from error
