"""The structure of an EDF or BDF file: its header, checked field by field against the file's size.

Nothing is allocated on the word of a header. What the samples mean (units, scaling) is decided in
`amr_viewer.io.edf_scaling`, who was recorded and when in `amr_viewer.io.edf_identity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from amr_viewer.errors import ReadError
from amr_viewer.io import edf_fields

EDF_SIGNATURE = b"0       "
BDF_SIGNATURE = b"\xffBIOSEMI"
BLOCK_BYTES = 256
"""Length of the general header, and of the header of each signal."""

_WIDTHS = {
    "label": 16, "transducer": 80, "unit": 8, "physical_min": 8, "physical_max": 8,
    "digital_min": 8, "digital_max": 8, "filters": 80, "samples": 8, "reserved": 32,
}  # fmt: skip
_EXPORT_AGAIN = "export the recording again"


@dataclass(frozen=True, slots=True)
class EdfSignal:
    """A signal as its header describes it.

    Attributes
    ----------
    label : str
    filters : str
    unit_field : bytes
        As in the file; `edf_fields` knows the encodings of the micro sign.
    limits : tuple of float or None
        Physical minimum and maximum, digital minimum and maximum; None is no number.
    samples : int
        Samples in each data record.
    offset : int
        Where they begin in the record, bytes.
    """

    label: str
    filters: str
    unit_field: bytes
    limits: tuple[float | None, float | None, float | None, float | None]
    samples: int
    offset: int

    @property
    def is_annotations(self) -> bool:
        """Whether it holds text instead of samples."""
        return self.label in {"EDF Annotations", "BDF Annotations"}


@dataclass(frozen=True, slots=True)
class EdfHeader:
    """What is known of a file before its first sample is read.

    Attributes
    ----------
    path : Path
    size_bytes : int
    family : str
        "EDF" (16-bit samples) or "BDF" (24-bit).
    variant : str
        "", "+C" or "+D".
    patient_field, recording_field, date_field, time_field : bytes
    record_s : float
        Duration of a data record, maybe 0.
    n_records : int
        Whole records that the file really holds, at least 1.
    record_bytes, data_offset : int
    signals : tuple of EdfSignal
    warnings : tuple of str
    """

    path: Path
    size_bytes: int
    family: str
    variant: str
    patient_field: bytes
    recording_field: bytes
    date_field: bytes
    time_field: bytes
    record_s: float
    n_records: int
    record_bytes: int
    data_offset: int
    signals: tuple[EdfSignal, ...]
    warnings: tuple[str, ...]

    @property
    def sample_bytes(self) -> int:
        """Bytes of one sample."""
        return 3 if self.family == "BDF" else 2


def read_header(path: Path) -> EdfHeader:
    """Read and check the header of an EDF, EDF+, BDF or BDF+ file.

    Raises
    ------
    ReadError
        If the file is no such file, ends in its header, contradicts itself or holds no record.
    """
    warnings: list[str] = []
    name = path.name
    size, head, body = _header_bytes(path)
    n_signals = len(body) // BLOCK_BYTES
    family = "BDF" if head.startswith(b"\xff") else "EDF"
    sample_bytes = 3 if family == "BDF" else 2
    if b"\0" in head[8:] + body:
        warnings.append("the header is padded with NUL characters instead of spaces")
    signals = _signals(name, body, n_signals, sample_bytes, warnings)
    record_bytes = sum(s.samples for s in signals) * sample_bytes
    if record_bytes == 0:
        raise ReadError(f"{name}: its data records hold no samples; {_EXPORT_AGAIN}")
    stated = edf_fields.whole_number(head[236:244])
    offset = _data_offset(name, head, size, record_bytes * max(stated or 0, 0), warnings)
    return EdfHeader(
        path=path,
        size_bytes=size,
        family=family,
        variant=_variant(head[192:236], signals, family, warnings),
        patient_field=head[8:88],
        recording_field=head[88:168],
        date_field=head[168:176],
        time_field=head[176:184],
        record_s=_record_duration(name, head[244:252], warnings),
        n_records=_count_records(name, stated, size - offset, record_bytes, warnings),
        record_bytes=record_bytes,
        data_offset=offset,
        signals=signals,
        warnings=tuple(warnings),
    )


def _header_bytes(path: Path) -> tuple[int, bytes, bytes]:
    """Return the size of the file, its general header and the headers of its signals."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(BLOCK_BYTES)
            n_signals = _count_signals(path.name, head, size)
            return size, head, file.read(BLOCK_BYTES * n_signals)
    except OSError as error:
        raise ReadError(
            f"{path.name}: cannot be read ({error.strerror}); check the file"
        ) from error


def is_edf(head: bytes) -> bool:
    """Whether the first bytes of a file are those of EDF or BDF."""
    return head[:8] == BDF_SIGNATURE or edf_fields.trim(head[:8]) == b"0"


def _count_signals(name: str, head: bytes, size: int) -> int:
    """Return the number of signals, after checking that the file is long enough for it."""
    if len(head) < BLOCK_BYTES:
        raise ReadError(
            f"{name}: ends inside its header ({len(head)} of {BLOCK_BYTES} bytes); "
            "copy it again from the device"
        )
    if not is_edf(head):
        raise ReadError(f"{name}: is no EDF or BDF file (wrong first 8 bytes); check the file")
    count = edf_fields.whole_number(head[252:256])
    if count is None or count < 1:
        raise ReadError(f"{name}: its header does not say how many signals it has; {_EXPORT_AGAIN}")
    if BLOCK_BYTES * (count + 1) > size:
        raise ReadError(
            f"{name}: its header claims {count} signals, for which the file is too short "
            f"({size} bytes); copy or export it again"
        )
    return count


def _signals(
    name: str, body: bytes, count: int, sample_bytes: int, warnings: list[str]
) -> tuple[EdfSignal, ...]:
    """Cut the signals' part of the header into one value per signal."""
    columns: dict[str, list[bytes]] = {}
    at = 0
    for key, width in _WIDTHS.items():
        columns[key] = [body[at + i * width : at + (i + 1) * width] for i in range(count)]
        at += width * count
    signals: list[EdfSignal] = []
    offset = 0
    for i in range(count):
        fields = {key: column[i] for key, column in columns.items()}
        signal = _signal(name, i, fields, offset, warnings)
        offset += signal.samples * sample_bytes
        signals.append(signal)
    return tuple(signals)


def _signal(
    name: str, index: int, fields: dict[str, bytes], offset: int, warnings: list[str]
) -> EdfSignal:
    """Return one signal's header; limits that are no numbers are None."""
    label = edf_fields.text(fields["label"])
    samples = edf_fields.whole_number(fields["samples"])
    if samples is None or samples < 0:
        raise ReadError(
            f"{name}: its header does not say how many samples a record of signal {index + 1} "
            f"({label!r}) holds; {_EXPORT_AGAIN}"
        )
    if edf_fields.is_foreign(fields["label"]):
        warnings.append(f"the label {label!r} is neither ASCII nor UTF-8: its encoding was guessed")
    physical_min, physical_max, digital_min, digital_max = (
        edf_fields.number(fields[key], f"the {key.replace('_', ' ')} of channel {label}", warnings)
        for key in ("physical_min", "physical_max", "digital_min", "digital_max")
    )
    return EdfSignal(
        label=label,
        filters=edf_fields.text(fields["filters"]),
        unit_field=edf_fields.trim(fields["unit"]),
        limits=(physical_min, physical_max, digital_min, digital_max),
        samples=samples,
        offset=offset,
    )


def _variant(
    reserved: bytes, signals: tuple[EdfSignal, ...], family: str, warnings: list[str]
) -> str:
    """Return "", "+C" or "+D"; annotations in a file that declares no "+" make it a "+C"."""
    declared = edf_fields.text(reserved).upper()
    if declared.startswith(f"{family}+D"):
        return "+D"
    if declared.startswith(f"{family}+C"):
        return "+C"
    if any(s.is_annotations for s in signals):
        warnings.append(
            f"the header does not declare {family}+, yet the file holds annotations: "
            f"read as {family}+C"
        )
        return "+C"
    return ""


def _record_duration(name: str, field: bytes, warnings: list[str]) -> float:
    """Return the duration of a data record in seconds."""
    value = edf_fields.number(field, "the duration of a data record", warnings)
    if value is None or value < 0:
        raise ReadError(
            f"{name}: the duration of its data records ({edf_fields.text(field)!r}) is no number, "
            f"so that no time is known; {_EXPORT_AGAIN}"
        )
    return value


def _data_offset(name: str, head: bytes, size: int, data_bytes: int, warnings: list[str]) -> int:
    """Return where the first data record begins.

    The header says it twice: by its length field and by its number of signals. Where they differ,
    the one that fits the size of the file exactly counts.
    """
    by_signals = BLOCK_BYTES * ((edf_fields.whole_number(head[252:256]) or 0) + 1)
    by_field = edf_fields.whole_number(head[184:192])
    if by_field == by_signals:
        return by_signals
    for offset in (by_signals, by_field):
        if offset is not None and data_bytes and size == offset + data_bytes:
            warnings.append(
                f"the length of the header is contradictory: by the size of the file it is {offset}"
            )
            return offset
    raise ReadError(
        f"{name}: its header gives its length as {edf_fields.text(head[184:192])!r} bytes, its "
        f"signals need {by_signals}; where its samples begin is "
        f"unknown: {_EXPORT_AGAIN}"
    )


def _count_records(
    name: str, stated: int | None, data_bytes: int, record_bytes: int, warnings: list[str]
) -> int:
    """Return the number of whole records in the file, whatever the header states."""
    whole, rest = divmod(max(data_bytes, 0), record_bytes)
    if whole == 0:
        raise ReadError(f"{name}: holds no whole data record; copy it again from the device")
    if stated != whole:
        known = stated is not None and stated >= 0
        claim = f"states {stated} data records" if known else "does not state how many data records"
        cut = "; the recording may have been cut off" if known and (stated or 0) > whole else ""
        warnings.append(
            f"the header {claim}: by its size the file holds {whole}, all are read{cut}"
        )
    if rest:
        warnings.append(f"the file ends inside a data record: its last {rest} bytes are left out")
    return whole
