"""The sample recordings that come with the program: fixed seeds, invented patients."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from amr_viewer.core.anatomy import Muscle, Side
from amr_viewer.simulate.export import Write, beside, write_with_truth
from amr_viewer.simulate.kinds import MAN_L, MAN_R, ZYG_L, ZYG_R
from amr_viewer.simulate.recordings import make
from amr_viewer.simulate.scenario import CONTROLS, FACE_BOTH, FACE_LEFT
from amr_viewer.simulate.truth import Simulation

COMPACT: dict[str, Any] = {"sampling_hz": 10_000.0, "low_pass_hz": 3000.0}
BOTH_SIDES: dict[str, Any] = {
    **COMPACT,
    "montage": tuple(c for c in FACE_BOTH if c[0] is not Muscle.FRONTALIS),
    "sites": (ZYG_L, MAN_L, ZYG_R, MAN_R),
    "n_stimuli": 80,
}
EYE_AND_CHIN = (Muscle.ORBICULARIS_OCULI, Muscle.MENTALIS)
FREE_COMPACT: dict[str, Any] = {
    "muscles": (Muscle.FRONTALIS, *EYE_AND_CHIN),
    "electrodes": "surface",
    "sampling_hz": 2000.0,
    "high_pass_hz": 10.0,
    "low_pass_hz": 600.0,
    "duration_s": 60.0,
    "snr_db": 18.0,
    "noise_uv": 3.0,
    "drift_uv": 5.0,
    "crosstalk": 0.1,
    "mains_uv": 1.0,
    "ecg_uv": 5.0,
    "movement_per_min": 1.0,
    "blinks_per_min": 12.0,
    "asleep_from": 1.0,
}
RUN = 15
PAUSE_S = 120.0
RATE_HZ = 2.7


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample recording: its kind, its seed, what differs from the kind, and its start."""

    kind: str
    seed: int
    settings: dict[str, Any]
    patient: str
    start: str


def _run_start_s(run: int) -> float:
    """Return when a run of the operation starts, nearly."""
    return float(round(run * (RUN / RATE_HZ + PAUSE_S)))


EVENTS = (
    (1.0, "Baseline after positioning"),
    (_run_start_s(3) - 60.0, "Skin incision"),
    (_run_start_s(5) - 60.0, "Dural opening"),
    (_run_start_s(6) - 60.0, "CSF drainage"),
    (_run_start_s(7) - 60.0, "Retractor on"),
    (_run_start_s(8) - 60.0, "Arachnoid dissection"),
    (_run_start_s(10) - 40.0, "Vessel moved off (AICA)"),
    (_run_start_s(12) - 50.0, "Retractor repositioned, vessel back on nerve"),
    (_run_start_s(14) - 40.0, "Teflon placed, decompression complete"),
    (_run_start_s(16) - 60.0, "Retractor off"),
    (_run_start_s(18) - 60.0, "Dural closure"),
)

SAMPLES: dict[str, Sample] = {
    "hfs_left_preop": Sample(
        "both_sides",
        101,
        {
            **BOTH_SIDES,
            "amr_uv": 130.0,
            "amr_persistence": 0.95,
            "vc_fraction": 0.04,
            "afterdischarge": 0.3,
        },
        "Sample A",
        "2024-03-04T09:00:00",
    ),
    "healthy_control": Sample(
        "none", 102, {**BOTH_SIDES, "vc_fraction": 0.04}, "Sample B", "2024-03-05T09:00:00"
    ),
    "intermittent_weak": Sample(
        "intermittent",
        103,
        {
            **COMPACT,
            "amr_muscles": (Muscle.MENTALIS,),
            "amr_uv": 50.0,
            "amr_persistence": 0.3,
            "n_stimuli": 60,
        },
        "Sample C",
        "2024-03-06T09:00:00",
    ),
    "volume_conduction": Sample(
        "volume_conduction",
        104,
        {**COMPACT, "vc_fraction": 0.2, "n_stimuli": 40},
        "Sample D",
        "2024-03-07T09:00:00",
    ),
    "operation": Sample(
        "sweeps",
        105,
        {
            **COMPACT,
            "electrodes": "needle",
            "montage": FACE_LEFT,
            "sweep_ms": 100.0,
            "rate_hz": RATE_HZ,
            "n_stimuli": 20 * RUN,
            "run_length": RUN,
            "pause_s": PAUSE_S,
            "amr_uv": 250.0,
            "amr_muscles": (Muscle.MENTALIS, Muscle.ORBICULARIS_ORIS),
            "course": ((0, 1, 1), (0.4, 0.9, 0.5), (0.5, 0, 1), (0.6, 0.9, 0.6), (0.7, 0, 1)),
            "m_end_fraction": 0.8,
            "events": EVENTS,
        },
        "Sample E",
        "2024-03-08T10:15:00",
    ),
    "ttl_stimuli": Sample(
        "ttl",
        106,
        {**COMPACT, "montage": CONTROLS[:3], "n_stimuli": 40},
        "Sample F",
        "2024-03-11T09:00:00",
    ),
    "hfs_clonic_tonic": Sample(
        "hfs_clonic_tonic",
        107,
        {**FREE_COMPACT, "side": Side.LEFT, "blinks_per_min": 10.0},
        "Sample G",
        "2024-03-12T09:00:00",
    ),
    "blepharospasm": Sample(
        "blepharospasm",
        108,
        {**FREE_COMPACT, "muscles": EYE_AND_CHIN, "duration_s": 90.0},
        "Sample H",
        "2024-03-13T09:00:00",
    ),
    "myokymia": Sample(
        "myokymia",
        109,
        {**FREE_COMPACT, "side": Side.RIGHT, "blinks_per_min": 0.0},
        "Sample I",
        "2024-03-14T09:00:00",
    ),
    "synkinesis": Sample(
        "synkinesis",
        110,
        {**FREE_COMPACT, "muscles": EYE_AND_CHIN, "side": Side.RIGHT, "duration_s": 90.0},
        "Sample J",
        "2024-03-15T09:00:00",
    ),
    "rest": Sample(
        "no_activity",
        111,
        {**FREE_COMPACT, "cued": True, "blinks_per_min": 14.0},
        "Sample K",
        "2024-03-18T09:00:00",
    ),
}


def make_sample(name: str) -> Simulation:
    """Make one of `SAMPLES`; raises KeyError for an unknown name."""
    sample = SAMPLES[name]
    simulation = make(sample.kind, sample.seed, **sample.settings)
    code = sample.patient.replace(" ", "-").upper()
    recording = replace(
        simulation.recording,
        name=f"{name}.edf",
        patient={"id": code, "name": sample.patient},
        equipment="simulation",
        start=sample.start,
    )
    return replace(simulation, recording=recording)


def write_samples(directory: Path, *, write: Write) -> list[Path]:
    """Write every sample with its truth, and a protocol where the stimuli carry no text.

    Parameters
    ----------
    directory : Path
    write : callable
        Writes a recording to a path; must be allowed to replace the samples of before.

    Returns
    -------
    list of Path
        The recordings.

    Raises
    ------
    ExportError
        A file cannot be written.
    """
    paths = []
    for name in SAMPLES:
        simulation = make_sample(name)
        path = directory / f"{name}.edf"
        write_with_truth(simulation, path, write)
        protocol = simulation.protocol
        if protocol.site is not None and protocol.side is not None:
            words = {"name": name, "site": protocol.site.value, "side": protocol.side.value}
            text = "".join(f'{key} = "{value}"\n' for key, value in words.items())
            beside(path, ".protocol.toml").write_text(text, encoding="utf-8")
        paths.append(path)
    return paths
