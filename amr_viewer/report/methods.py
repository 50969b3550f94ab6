"""Methods, provenance and header of a report: how the numbers came about, and from what."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from amr_viewer._version import __version__
from amr_viewer.core.analysis import Analysis
from amr_viewer.core.parameters import ParameterDescription
from amr_viewer.core.protocol import Protocol
from amr_viewer.report import numbers
from amr_viewer.report.model import ChannelRow, Field, ParameterRow
from amr_viewer.report.rows import sites_of
from amr_viewer.report.sections import site_title
from amr_viewer.report.wording import Wording


def protocol_hash(protocol: Protocol) -> str:
    """Return the SHA-256 of a protocol with all of its parameters."""
    return hashlib.sha256(protocol.model_dump_json().encode()).hexdigest()


def header(analysis: Analysis, words: Wording) -> tuple[Field, ...]:
    """Return the block of patient and recording; what the file does not say is left open."""
    recording, names = analysis.recording, words.fields
    patient, unknown = recording.patient, words.sentences["unknown"]
    minutes, seconds = divmod(round(recording.duration_s), 60)
    return (
        Field(names["patient"], patient.get("name", "")),
        Field(names["born"], patient.get("birthdate", "")),
        Field(names["sex"], patient.get("sex", "")),
        Field(names["id"], patient.get("id", "")),
        Field(names["study"], (recording.start or unknown).replace("T", " ")[:16]),
        Field(names["duration"], f"{minutes}:{seconds:02d} min"),
        Field(names["stimuli"], str(len(analysis.stimuli))),
        Field(names["device"], recording.equipment or unknown),
        Field(names["spasm"], ""),
        Field(names["palsy"], ""),
        Field(names["botulinum"], ""),
        Field(names["recording"], recording.name),
    )


def methods(analysis: Analysis, words: Wording) -> tuple[Field, ...]:
    """Return in words how the study was done and judged."""
    s, names = words.sentences, words.fields
    p = analysis.protocol.parameters
    sources = dict.fromkeys(x.value for x in analysis.stimuli.source)
    lines = [Field(names["protocol"], analysis.protocol.name)]
    lines += [
        Field("" if i else names["stimulation"], site_title(analysis, site, words))
        for i, site in enumerate(sites_of(analysis))
    ]
    if sources:
        lines.append(Field(names["placing"], ", ".join(s[f"source_{x}"] for x in sources)))
    window = s["window"].format(
        low=f"{p.detection.window_start_ms:g}", high=f"{p.detection.window_end_ms:g}"
    )
    return (
        *lines,
        Field(names["search"], window),
        Field(names["criterion"], s["criterion"].format(alpha=f"{p.criteria.present_alpha:g}")),
        Field(names["polarity"], s["polarity"]),
    )


def channels(analysis: Analysis, words: Wording) -> tuple[ChannelRow, ...]:
    """Return how every channel that was analyzed was understood."""
    unknown = words.sentences["unknown"]
    return tuple(
        ChannelRow(
            label=c.label,
            muscle=words.muscles[c.muscle] if c.muscle else words.sentences["unknown_muscle"],
            side=words.sides[c.side or ""],
            sampling=f"{c.sampling_hz:g} {words.sentences['hz']}",
            unit=c.file_unit or c.unit or unknown,
            filters=c.filters or unknown,
        )
        for c in analysis.responses.channels
    )


def parameters(analysis: Analysis, words: Wording) -> tuple[ParameterRow, ...]:
    """Return every parameter with its value and source."""
    described: Sequence[ParameterDescription] = tuple(analysis.protocol.parameters.describe())
    return tuple(
        ParameterRow(
            name=f"{d.group}.{d.name}",
            value=f"{_value(d.value)} {d.unit}".strip(),
            default=words.headings["changed"].format(default=_value(d.default))
            if d.changed
            else "",
            help=d.help,
            source=d.source,
        )
        for d in described
    )


def _value(value: object) -> str:
    """Return a parameter's value without needless digits."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def provenance(analysis: Analysis, words: Wording, printed: str) -> tuple[Field, ...]:
    """Return what the report was made from and with."""
    recording, names = analysis.recording, words.fields
    unknown = words.sentences["unknown"]
    libraries = ", ".join(f"{k} {v}" for k, v in analysis.versions.items())
    return (
        Field(names["program"], f"AMR Viewer {__version__}"),
        Field(names["libraries"], libraries or unknown),
        Field(names["recording"], f"{recording.name}, {recording.format}"),
        Field(names["size"], numbers.size(recording.size_bytes)),
        Field(names["recording_hash"], recording.sha256 or unknown),
        Field(names["protocol_hash"], protocol_hash(analysis.protocol)),
        Field(names["printed"], printed),
    )


def footer(analysis: Analysis, words: Wording) -> str:
    """Return what stands at the foot of every page."""
    short = analysis.recording.sha256[:6]
    parts = [
        f"AMR Viewer {__version__}",
        f"{words.fields['protocol'].lower()} {analysis.protocol.name} "
        f"(sha {protocol_hash(analysis.protocol)[:6]})",
        f"{words.fields['recording'].lower()} sha {short}" if short else analysis.recording.name,
        words.headings["aid"],
    ]
    return " · ".join(parts)
