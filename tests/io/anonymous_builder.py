"""Recordings that name people, for tests of de-identified files."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import nan
from pathlib import Path

import numpy as np

from amr_viewer.core.analysis import Analysis
from amr_viewer.core.recording import Mark, Recording
from amr_viewer.io.anonymize import Anonymity, write_anonymous
from amr_viewer.io.edf_header import read_header
from amr_viewer.report.annotations import annotated
from amr_viewer.simulate import make
from amr_viewer.workflow import analyze

PATIENT = {
    "id": "4711-08", "name": "Ivanova Anna", "sex": "F", "birthdate": "1960-03-12",
    "comment": "sent by Sidorova",
}  # fmt: skip
TELLING = ("ivanov", "anna", "4711", "1960", "sidorov", "cadwell", "8812", "2024", "petrov", "kb17")
REMARKS = (
    Mark(0.21, nan, "Ivanova Anna moves"),
    Mark(0.52, nan, "Decompression"),
    Mark(0.73, 0.1, "Dr. Petrov: Teflon"),
    Mark(0.94, nan, "Teflon inserted"),
    Mark(1.05, nan, "  "),
)


@cache
def plain() -> Analysis:
    """An analysis of a short recording that names nobody."""
    return analyze(make("clear", 3, n_stimuli=4, sampling_hz=5000.0).recording)


def of(analysis: Analysis, **changes: object) -> Analysis:
    return replace(analysis, recording=replace(analysis.recording, **changes))


def named(**changes: object) -> Analysis:
    """The same analysis of a recording whose header, labels and remarks name people."""
    recording = plain().recording
    first, *others = recording.channels
    channels = (replace(first, label="Ivanova 1", filters="HP:20Hz Ivanova"), *others)
    marks = tuple(sorted((*recording.marks, *REMARKS), key=lambda m: m.time_s))
    findings = tuple(
        replace(f, channel="Ivanova 1") if f.channel == first.label else f for f in plain().findings
    )
    wanted = {
        "channels": channels, "marks": marks, "patient": PATIENT,
        "start": "2024-03-04T09:00:01.250000", "equipment": "Cadwell 8812",
        "warnings": ("Ivanova is guessed",),
    } | changes  # fmt: skip
    return of(replace(plain(), findings=findings), **wanted)


def written(analysis: Analysis, path: Path, code: str = "") -> tuple[Path, tuple[str, ...]]:
    made = write_anonymous(analysis, annotated, path, Anonymity(code))
    return made.path, made.notes


def texts_of(path: Path) -> str:
    """Everything in a file that is not a sample: header, and annotations behind the samples."""
    header = read_header(path)
    raw = path.read_bytes()
    records = np.frombuffer(raw[header.data_offset :], np.uint8).reshape(-1, header.record_bytes)
    texts = records[:, header.signals[-1].offset :].tobytes()
    assert header.signals[-1].is_annotations
    return (raw[: header.data_offset] + texts).decode("utf-8", "replace").casefold()


def samples(recording: Recording, channel: int) -> np.ndarray:
    return recording.source.read(channel, 0, recording.channels[channel].n_samples)


def assert_same_signals(a: Recording, b: Recording) -> None:
    assert len(a.channels) == len(b.channels)
    assert a.segments == b.segments
    for k in range(len(a.channels)):
        np.testing.assert_array_equal(samples(a, k), samples(b, k))
