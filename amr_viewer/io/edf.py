"""EDF, EDF+C, EDF+D, BDF, BDF+C and BDF+D files as recordings.

Structure, scaling, annotations, times and samples each have their own module (``edf_*``); here they
become one `Recording`. Muscles, stimuli and units laid down in a protocol are `io.assignment`'s.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from amr_viewer.core.recording import Channel, Mark, Recording
from amr_viewer.errors import ReadError
from amr_viewer.io import edf_fields, edf_identity, edf_timeline
from amr_viewer.io.edf_annotations import Annotations, read_annotations
from amr_viewer.io.edf_header import EdfHeader, EdfSignal, read_header
from amr_viewer.io.edf_scaling import Scaling, scaling
from amr_viewer.io.edf_source import EdfSource

MAX_SAMPLING_HZ = 1e7
"""No recorder of biosignals is faster; more means that the duration of a record is wrong."""


def read_edf(path: Path | str) -> Recording:
    """Read a file of the EDF family; its samples stay in the file.

    Every channel keeps its own sampling rate, equal labels are kept, and time zero is the first
    sample of a contiguous file or the header's start of a discontinuous one.

    Raises
    ------
    ReadError
        If the file cannot be read or not be trusted.
    """
    path = Path(path)
    header = read_header(path)
    warnings = list(header.warnings)
    signals = _scaled_signals(header, warnings)
    annotations = read_annotations(header, [s.label for s, _ in signals])
    _note_annotations(annotations, warnings)
    origin_s = edf_timeline.clock_origin_s(header, annotations.starts_s, warnings)
    pieces = edf_timeline.segments(header, annotations.starts_s - origin_s, warnings)
    start = edf_identity.start(
        header.recording_field, header.date_field, header.time_field, origin_s, warnings
    )
    return Recording(
        name=path.name,
        path=str(path),
        format=header.family + header.variant,
        channels=tuple(_channel(header, s, scale) for s, scale in signals),
        segments=pieces if header.record_s > 0 else (),
        marks=_on_clock(annotations.marks, origin_s),
        source=EdfSource(header, signals),
        start=start,
        patient=edf_identity.patient(header.patient_field),
        equipment=edf_identity.equipment(header.recording_field),
        size_bytes=header.size_bytes,
        warnings=tuple(warnings),
    )


def _scaled_signals(header: EdfHeader, warnings: list[str]) -> list[tuple[EdfSignal, Scaling]]:
    """Return the signals that hold samples of a known size, each with its scaling.

    Raises
    ------
    ReadError
        If there were signals and none is left, or if they have no sampling rate.
    """
    kept = []
    ordinary = [s for s in header.signals if not s.is_annotations]
    for signal in ordinary:
        if signal.samples == 0:
            warnings.append(f"channel {signal.label} holds no samples: left out")
            continue
        scale = scaling(signal, header.family, warnings)
        if scale is not None:
            kept.append((signal, scale))
    if ordinary and not kept:
        raise ReadError(f"{header.path.name}: no channel can be trusted: {'; '.join(warnings)}")
    if kept and max(s.samples for s, _ in kept) > header.record_s * MAX_SAMPLING_HZ:
        raise ReadError(
            f"{header.path.name}: its data records last {header.record_s:g} s, so that the "
            "sampling rate of its channels is unknown; export the recording again"
        )
    if not kept:
        warnings.append("the file holds annotations and no signals")
    return kept


def _channel(header: EdfHeader, signal: EdfSignal, scale: Scaling) -> Channel:
    """Return the channel of a signal."""
    return Channel(
        label=signal.label,
        unit=scale.unit,
        sampling_hz=signal.samples / header.record_s,
        n_samples=signal.samples * header.n_records,
        kind=scale.kind,
        file_unit=edf_fields.unit_word(signal.unit_field),
        filters=signal.filters or None,
    )


def _note_annotations(annotations: Annotations, warnings: list[str]) -> None:
    """Warn of annotations that could not be read as the standard writes them."""
    if annotations.n_garbled:
        warnings.append(
            f"{annotations.n_garbled} pieces of the annotations are unreadable and left out: "
            "marks and stimuli may be missing"
        )
    if annotations.n_foreign:
        warnings.append(
            f"{annotations.n_foreign} annotations are not UTF-8: read as Windows-1252, check them"
        )


def _on_clock(marks: tuple[Mark, ...], origin_s: float) -> tuple[Mark, ...]:
    """Return the marks in order of time, counted from the start of the recording."""
    if origin_s:
        marks = tuple(dataclasses.replace(m, time_s=m.time_s - origin_s) for m in marks)
    return tuple(sorted(marks, key=lambda m: m.time_s))
