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

FILLABLE = {
    "name": "patient",
    "birthdate": "born",
    "sex": "sex",
    "id": "id",
    "study": "study",
    "device": "device",
    "spasm": "spasm",
    "palsy": "palsy",
    "botulinum": "botulinum",
    "examiner": "examiner",
    "referred": "referred",
}
"""Fields of the head that a person may fill in: key in a review, key of the label."""

WHERE_FILLED = ("examiner", "referred")
"""Of these, the ones that are left out as long as nothing stands in them."""


FREE_RUNNING_GROUPS = ("bursts", "patterns")
"""Parameters that only bursts and patterns rest on."""


def protocol_hash(protocol: Protocol) -> str:
    """Return the SHA-256 of a protocol with all of its parameters."""
    return hashlib.sha256(protocol.model_dump_json().encode()).hexdigest()


def header(analysis: Analysis, words: Wording) -> tuple[Field, ...]:
    """Return the block of patient and recording; what the file does not say is left open."""
    recording, names = analysis.recording, words.fields
    own = fillable(analysis, words)
    minutes, seconds = divmod(round(recording.duration_s), 60)
    if own["spasm"]:
        own["spasm"] = words.sides.get(own["spasm"], own["spasm"])
    fields = [Field(names[FILLABLE[k]], own[k]) for k in FILLABLE if k not in WHERE_FILLED]
    extra = [Field(names[FILLABLE[key]], own[key]) for key in WHERE_FILLED if own[key]]
    facts = (
        Field(names["duration"], f"{minutes}:{seconds:02d} min"),
        Field(names["stimuli"], str(len(analysis.stimuli))),
    )
    recorded = Field(names["recording"], recording.name)
    return (*fields[:5], *facts, *fields[5:], recorded, *extra)


def institution(analysis: Analysis) -> str:
    """Return what stands at the head of every report: a person's word, else the protocol's."""
    own = analysis.review.fields if analysis.review else {}
    return own.get("institution", analysis.protocol.institution)


def fillable(analysis: Analysis, words: Wording) -> dict[str, str]:
    """Return the fields of the head that a person may fill in, with what stands in them.

    The keys are those of `Review.fields`, the labels those of `FILLABLE` in `Wording.fields`.
    """
    recording, unknown = analysis.recording, words.sentences["unknown"]
    values = {key: recording.patient.get(key, "") for key in FILLABLE}
    values["study"] = (recording.start or unknown).replace("T", " ")[:16]
    values["device"] = recording.equipment or unknown
    own = analysis.review.fields if analysis.review else {}
    return values | {key: own[key] for key in FILLABLE if key in own}


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
        if analysis.patterns or d.group not in FREE_RUNNING_GROUPS
    )


def _value(value: object) -> str:
    """Return a parameter's value without needless digits."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def provenance(
    analysis: Analysis, words: Wording, printed: str, hidden: Sequence[str] = ()
) -> tuple[Field, ...]:
    """Return what the report was made from and with, and which sections it leaves out."""
    recording, names = analysis.recording, words.fields
    unknown = words.sentences["unknown"]
    libraries = ", ".join(f"{k} {v}" for k, v in analysis.versions.items())
    left_out = ", ".join(words.headings[section] for section in hidden)
    return (
        Field(names["program"], f"AMR Viewer {__version__}"),
        Field(names["libraries"], libraries or unknown),
        Field(names["recording"], f"{recording.name}, {recording.format}"),
        Field(names["size"], numbers.size(recording.size_bytes)),
        Field(names["recording_hash"], recording.sha256 or unknown),
        Field(names["protocol_hash"], protocol_hash(analysis.protocol)),
        Field(names["printed"], printed),
        *([Field(names["left_out"], left_out)] if left_out else []),
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
